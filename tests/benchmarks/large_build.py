"""How a build grows: `python -m tests.benchmarks.large_build 10000000`. Too long a run for `make bench`.

The figures stand in sheets of a quarter of a million rows, since `core.file_limits` bounds each file. Each
million is of 200 organisations of its own: nobody publishes ten figures of each moment, as more figures of
the same ones would.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipelines.core.paths import ROOT
from tests.benchmarks.generated import ORGANISATIONS, figures, write_situation

SHEET = 250_000
SHEETS_OF_ONE_MILLION = 4
_SPENT = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
begun = time.perf_counter()
{work}
spent = resource.getrusage(resource.RUSAGE_SELF)
seconds, processor = time.perf_counter() - begun, spent.ru_utime + spent.ru_stime
print(json.dumps({{"seconds": seconds, "processor": processor, "peak_mb": spent.ru_maxrss / 1024}}))
"""
BARE = """
import duckdb
con = duckdb.connect(str(Path(sys.argv[1]) / "bare.duckdb"))
con.execute("CREATE TABLE figures AS FROM read_csv($1)", [sys.argv[1] + "/generated/transcriptions/*.csv"])
con.close()
(Path(sys.argv[1]) / "bare.duckdb").unlink()
"""
BUILD = """
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
build.build(DataDir(Path(sys.argv[1])), today=date(2026, 11, 27))
"""


def main(rows: int) -> list[dict[str, Any]]:
    """The bare read and the build of so many figures: seconds, peak memory, the most that was spilled."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        count = -(-rows // SHEET)
        groups = -(-count // SHEETS_OF_ONE_MILLION)
        sheets = write_situation(root, organisations=groups * ORGANISATIONS) / "transcriptions"
        for number in range(count):
            group = number // SHEETS_OF_ONE_MILLION
            part = figures(min(SHEET, rows - number * SHEET), number + 1, group * ORGANISATIONS)
            part.write_csv(sheets / f"sheet_{number:03}.csv")
        bare, built = _measure(BARE, root), _measure(BUILD, root)
        ratio = built["processor"] / bare["processor"]
        return [
            {"what": f"bare read_csv of {rows:,} figures", **bare},
            {"what": "build of the same", **built, "ratio of processor time": ratio},
        ]


def _measure(work: str, root: Path) -> dict[str, float]:
    told, spilled = root / "told.txt", 0  # no pipe: the progress that DuckDB draws fills it, and all wait
    with told.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-c", _SPENT.format(work=work), str(root)], cwd=ROOT, stdout=out
        )
        while child.poll() is None:
            time.sleep(1)
            spilled = max(spilled, sum(map(_size, (root / "build").glob(".building-*.tmp/*"))))
    if child.returncode:
        raise RuntimeError("it stopped")
    return {**json.loads(told.read_bytes().splitlines()[-1]), "spilled_mb": spilled / 2**20}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    for row in main(int(sys.argv[1])):
        print(row)
