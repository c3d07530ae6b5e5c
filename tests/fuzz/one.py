"""One target under atheris: `python -m tests.fuzz.one TARGET [libFuzzer's options and folders]`."""

import sys

import atheris

with atheris.instrument_imports(include=["pipelines"]):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]][0])
    atheris.Fuzz()
