"""`python -m tests.fuzz [RUNS] [SEED] [TARGET…]`: coverage-guided fuzzing of each target by atheris.

RUNS are divided among the targets by their shares. What fails is written to `…-crash-…` in the folder that
the last line names; put it into `tests/fuzz/corpus/<target>/`, where the ordinary tests replay it. Exit code
1 when something failed.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.fuzz.corpus import CORPUS

RUNS: Final = 100_000
_MEMORY: Final = 1_500  # MB of one target's process
_SECONDS: Final = 20  # of one input


def main(runs: int = RUNS, seed: int = 1, only: tuple[str, ...] = ()) -> int:
    """How many targets failed."""
    from tests.fuzz.targets import TARGETS

    found = Path(tempfile.mkdtemp(prefix="liberometro-fuzz-"))
    failed = total = 0
    for name, (_, share) in TARGETS.items():
        if only and name not in only:
            continue
        wanted = runs if only else max(1, runs * share // 100)
        done, passed, seconds = run(name, wanted, seed, found)
        total += done
        failed += not passed
        print(f"{'ok    ' if passed else 'FAILED'} {name:10} {done:8,} inputs {seconds:7.1f} s", flush=True)
    print(f"{total:,} inputs, {failed} targets failed; what was found is in {found}")
    return failed


def run(name: str, runs: int, seed: int, found: Path) -> tuple[int, bool, float]:
    """How many inputs one target took, whether all went well, and the seconds."""
    begun = time.monotonic()
    grown = found / name
    grown.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.one", name, str(grown), str(CORPUS / name), f"-runs={runs}",
         f"-seed={seed}", "-max_len=4096", f"-rss_limit_mb={_MEMORY}", f"-timeout={_SECONDS}",
         f"-artifact_prefix={found}/{name}-", "-print_final_stats=1"],
        capture_output=True, check=False,
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    count = re.search(r"number_of_executed_units:\s*(\d+)", said) or re.search(r"Done (\d+) runs", said)
    if done.returncode:
        (found / f"{name}.log").write_text(said, encoding="utf-8")
    return int(count[1]) if count else 0, done.returncode == 0, time.monotonic() - begun


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(1 if main(*numbers, only=tuple(sys.argv[3:])) else 0)
