"""From `ingest` to a published build: invented figures, against DuckDB's bare read_csv of the same sheet; and
one sheet of one figure into the bundled situations. Seconds are by the clock, of the whole command.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from pipelines.core.paths import ROOT
from tests.benchmarks import commands
from tests.benchmarks.commands import Took
from tests.benchmarks.generated import figures, write_situation

SIZES: Final = (100_000, 1_000_000)
MOST_SECONDS: Final = {100_000: 6.0}  # by the clock
MOST_READS: Final = {1_000_000: 10.0}  # times the bare read
MOST_MB: Final = 1500.0
ONE_SHEET_SECONDS: Final = 2.0
TIMES: Final = 5


def main(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio to the bare read, of the processor, peak memory."""
    return [row for rows in sizes for row in _build_figures(rows)] + [_add_one_sheet()]


def _build_figures(rows: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_situation(root / "data")
        sheet = root / "sheet.csv"
        figures(rows).write_csv(sheet)
        bare = min(_read_barely(sheet, root / f"bare-{n}.duckdb") for n in range(3))
        took = _ingest(sheet, root / "data")
    ratio = took.seconds / bare
    held = (
        took.seconds <= MOST_SECONDS.get(rows, took.seconds)
        and ratio <= MOST_READS.get(rows, ratio)
        and took.peak_mb <= MOST_MB
    )
    facts = {"processor": took.processor, "peak_mb": took.peak_mb, "holds": "yes" if held else "no"}
    return [
        {"what": f"bare read_csv of {rows:,} figures", "seconds": bare, "ratio": 1.0},
        {"what": f"ingest of {rows:,} figures", "seconds": took.seconds, "ratio": ratio, **facts},
    ]


def _add_one_sheet() -> dict[str, Any]:
    """The median of several sheets, each of one figure of the bundled situation that has most of them."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "inbox"))
        commands.run("pipelines", "build", "--data-dir", data)
        row = pl.read_csv(data / "venezuela" / "transcriptions" / "2026-01.csv", infer_schema=False).head(1)
        times = []
        for number in range(TIMES):
            sheet = Path(scratch) / f"another-{number}.csv"
            row.with_columns(
                value=pl.lit(700 + number), url=pl.lit(f"https://outlet.example/{number}")
            ).write_csv(sheet)
            times.append(_ingest(sheet, data, "--situation", "venezuela"))
    seconds, processor, peak = (statistics.median(each) for each in zip(*times, strict=True))
    return {
        "what": "ingest of one figure into the bundled situations", "seconds": seconds,
        "processor": processor, "peak_mb": peak, "bar": ONE_SHEET_SECONDS,
        "holds": "yes" if seconds <= ONE_SHEET_SECONDS else "no",
    }  # fmt: skip


def _ingest(sheet: Path, data: Path, *more: str) -> Took:
    return commands.run("pipelines", "ingest", sheet, "--data-dir", data, *more)


def _read_barely(sheet: Path, target: Path) -> float:
    begun = time.perf_counter()
    con = duckdb.connect(str(target))
    con.execute("CREATE TABLE figures AS FROM read_csv($1)", [str(sheet)])
    con.close()
    return time.perf_counter() - begun


if __name__ == "__main__":
    for row in main():
        print(row)
