"""What every page asks of a build of a million figures, against a bare scan of its claims.

Each page is drawn by the app's own script, with nothing remembered; each question that reaches DuckDB
is timed. `seconds` of a page is its slowest question.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
from streamlit.testing.v1 import AppTest

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.queries import database, memory, series
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build, published_build
from tests.benchmarks.generated import figures, write_situation

ROWS: Final = 1_000_000
BAR_SECONDS: Final = 0.05
TODAY: Final = date(2025, 7, 1)  # the newest generated figures are of that week
KNOWN: Final = date(2024, 7, 1)
TIMES: Final = 3  # each question; the best counts, as the first one reads the file from the disk
ASKED: Final = {
    "ask": database, "read_mart": database, "count_mart_rows": database, "list_mart_days": database,
    "read_outlook_rows": series, "read_outlook_breaks": series,
}  # fmt: skip


class Took(NamedTuple):
    """Seconds of one question: by the clock, and of the processor (both cores together)."""

    seconds: float
    processor: float


def main(rows: int = ROWS) -> list[dict[str, Any]]:
    """Rows of a table: page, its slowest question and its seconds, their ratio to a bare scan."""
    with tempfile.TemporaryDirectory() as scratch:
        data = DataDir(Path(scratch) / "data")
        folder = write_situation(data.root)
        figures(rows).write_csv(folder / "transcriptions" / "sheet.csv")
        build.build(data, today=TODAY)
        return measured(data)


def measured(data: DataDir) -> list[dict[str, Any]]:
    """The same of a build that is there."""
    scan = _bare(published_build.find_current(data).path)
    table: list[dict[str, Any]] = [{"what": "bare scan of all claims", "seconds": scan, "ratio": 1.0}]
    with _surroundings(LIBEROMETRO_DATA=str(data.root), LIBEROMETRO_TODAY=TODAY.isoformat()):
        for page, known in [
            *((name, "") for name in PAGES),
            *((name, KNOWN.isoformat()) for name, page in PAGES.items() if page.goes_back),
        ]:
            asked = _asked_by(page, known)
            slowest = max(asked, key=asked.__getitem__)
            seconds = asked[slowest].seconds
            table.append(
                {
                    "what": f"{page}{' as known on a day' if known else ''}, {len(asked)} questions",
                    "seconds": seconds,
                    "ratio": seconds / scan,
                    "processor": asked[slowest].processor,
                    "slowest": slowest,
                    "over 50 ms": sum(taken.seconds > BAR_SECONDS for taken in asked.values()),
                    "holds": "yes" if seconds <= BAR_SECONDS else "no",
                }
            )
    return table


def _bare(path: Path) -> float:
    """Every stored claim read once."""
    con = duckdb.connect(str(path), read_only=True)
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        con.execute(
            "SELECT count(*), sum(value), max(as_of), max(url), max(claim_id) FROM claims_stored"
        ).fetchall()
        taken.append(time.perf_counter() - begun)
    con.close()
    return statistics.median(taken)


def _asked_by(page: str, known: str) -> dict[str, Took]:
    """Question → the best of its times, of everything that one page asks."""
    taken: dict[str, Took] = {}
    for _ in range(TIMES):
        _forget()
        with _timed(taken):
            app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
            if known:
                app.query_params["known"] = known
            app.run()
            if page != FRONT:
                app.switch_page(f"dashboards/app/pages/{page}.py").run()
            assert not app.exception, app.exception
    return taken


def _forget() -> None:
    """Everything that the pages remember."""
    memory.forget()
    for module in [each for name, each in sys.modules.items() if name.startswith("dashboards")]:
        for held in vars(module).values():
            if hasattr(held, "cache_clear"):
                held.cache_clear()


@contextmanager
def _timed(taken: dict[str, Took]) -> Iterator[None]:
    """Each way to DuckDB is timed; of several times the best is kept."""
    before = {name: getattr(module, name) for name, module in ASKED.items()}

    def timing(name: str) -> Callable[..., Any]:
        def asked(build: published_build.Build, *what: Any, **parameters: Any) -> Any:
            begun, worked = time.perf_counter(), time.process_time()
            answer = before[name](build, *what, **parameters)
            took = Took(time.perf_counter() - begun, time.process_time() - worked)
            told = " ".join(str(each) for each in (name, *what, *parameters.values()) if each)
            taken[told] = min(took, taken.get(told, took))
            return answer

        return asked

    try:
        for name in ASKED:
            setattr(ASKED[name], name, timing(name))
        yield
    finally:
        for name, own in before.items():
            setattr(ASKED[name], name, own)


@contextmanager
def _surroundings(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


if __name__ == "__main__":
    for row in main():
        print(row)
