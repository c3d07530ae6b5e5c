"""One target under atheris: `python -m tests.fuzz.one TARGET [libFuzzer's options and folders]`."""

import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines"]):
    from tests.fuzz.targets import TARGETS


def main(name: str, options: list[str]) -> None:
    """Fuzz a target; an input that fails is kept beside libFuzzer's own, which writes none for some."""
    target = TARGETS[name][0]
    kept = next(word.partition("=")[2] for word in options if word.startswith("-artifact_prefix="))

    def attempt(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            Path(f"{kept}failed-{sha256(data).hexdigest()[:8]}").write_bytes(data)
            raise

    atheris.Setup([sys.argv[0], *options], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
