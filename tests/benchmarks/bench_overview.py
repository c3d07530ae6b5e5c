"""The Overview over ten thousand figures and over a million: a first visit, and a visit to a warm server."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboards.queries import memory
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.benchmarks.generated import figures, write_situation

SIZES = (10_000, 1_000_000)
DAY = date(2026, 11, 24)


def main(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio to the smallest size."""
    times: dict[str, list[float]] = {"first visit": [], "warm visit": []}
    with tempfile.TemporaryDirectory() as scratch:
        folders = []
        for rows in sizes:
            data = DataDir(Path(scratch) / str(rows))
            folder = write_situation(data.root)
            figures(rows).write_csv(folder / "transcriptions" / "sheet.csv")
            build.build(data, today=DAY)
            folders.append(data.root)
        _visit(folders[0])  # imports and fonts are nobody's figures
        for root in folders:
            times["first visit"].append(statistics.median(_timed(lambda r=root: _fresh(r)) for _ in range(5)))
            times["warm visit"].append(statistics.median(_timed(lambda r=root: _visit(r)) for _ in range(9)))
    return [
        {"what": f"Overview, {what}, {rows:,} figures", "seconds": seconds, "ratio": seconds / taken[0]}
        for what, taken in times.items()
        for rows, seconds in zip(sizes, taken, strict=True)
    ]


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _fresh(root: Path) -> None:
    """A visit that finds no answer in memory."""
    memory.forget()
    _visit(root)


def _visit(root: Path) -> None:
    os.environ["LIBEROMETRO_DATA"] = str(root)
    os.environ["LIBEROMETRO_TODAY"] = DAY.isoformat()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].value)


if __name__ == "__main__":
    for row in main():
        print(row)
