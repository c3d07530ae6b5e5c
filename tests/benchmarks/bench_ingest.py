"""One million figures: from `ingest` to a published build, against DuckDB's bare read_csv into a table."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.generated import figures, write_situation

ROWS = 1_000_000
_MEASURED = """
import resource, runpy, sys
sys.argv = ["pipelines", *sys.argv[1:]]
try:
    runpy.run_module("pipelines", run_name="__main__")
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def main(rows: int = ROWS) -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio to the bare read, peak memory in MB."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_situation(root / "data")
        sheet = root / "sheet.csv"
        figures(rows).write_csv(sheet)
        bare = min(_bare(sheet, root / f"bare-{n}.duckdb") for n in range(3))
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, "ingest", str(sheet), "--data-dir", str(root / "data")],
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - begun
        peak = int(done.stderr.strip().splitlines()[-1]) / 1024
        print(done.stdout[:300])
    return [
        {"what": f"bare read_csv of {rows:,} figures", "seconds": bare, "ratio": 1.0},
        {"what": "ingest to published build", "seconds": seconds, "ratio": seconds / bare, "peak_mb": peak},
    ]


def _bare(sheet: Path, target: Path) -> float:
    begun = time.perf_counter()
    con = duckdb.connect(str(target))
    con.execute("CREATE TABLE figures AS FROM read_csv($1)", [str(sheet)])
    con.close()
    return time.perf_counter() - begun


if __name__ == "__main__":
    for row in main():
        print(row)
