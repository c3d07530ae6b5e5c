"""All attacks, one after the other, each in a process of its own: `python -m tests.attacks [NAME …]`.

Every module beside this one with a `main` is one. What it prints is shown as it comes; the table at the end
says which of them got something through.
"""

import subprocess
import sys
import time
from pathlib import Path

from pipelines.core.paths import ROOT


def list_attacks() -> list[str]:
    """The names of all attacks."""
    beside = sorted(Path(__file__).parent.glob("*.py"))
    return [
        path.stem for path in beside if not path.stem.startswith("_") and "\ndef main(" in path.read_text()
    ]


def main() -> int:
    """Run those that are named, or all; 1 where one got something through."""
    chosen = sys.argv[1:] or list_attacks()
    table = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        ended = subprocess.run([sys.executable, "-m", f"tests.attacks.{name}"], cwd=ROOT)
        table.append(
            (name, "held" if ended.returncode == 0 else "BROKEN", f"{time.monotonic() - start:.0f} s")
        )
    print()
    for row in table:
        print("{:<24}{:<10}{:>8}".format(*row))
    return int(any(result != "held" for _, result, _ in table))


if __name__ == "__main__":
    sys.exit(main())
