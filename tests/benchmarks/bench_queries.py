"""What every page asks of a build of a million figures, against a bare scan of its claims.

Each page is drawn by the app's own script, on the reader's own connection (one thread, its limit of memory),
today and on three days of the past; so is each chart that site and frames show. Each question that reaches
DuckDB is timed where it is asked first, several times; what pages after it ask again is remembered, as for
readers. `seconds` of a page is its slowest question; those above the bar are named, and so is what failed.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import duckdb
from streamlit.testing.v1 import AppTest

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.exhibits import chart_registry
from dashboards.queries import database, memory, series
from dashboards.queries.view import View, open_view
from dashboards.site.edition import Edition, open_edition
from dashboards.site.pages import data as data_page
from dashboards.site.pages import families, situations
from dashboards.web.figure_question import SORTS
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build, published_build
from tests.benchmarks.generated import figures, write_situation

ROWS: Final = 1_000_000
BAR_SECONDS: Final = 0.05
TODAY: Final = date(2025, 7, 1)  # the newest generated figures are of that week
KNOWN: Final = (date(2016, 3, 1), date(2020, 7, 15), date(2024, 7, 1))
# What the addresses of a page ask beside what it shows first; `claim` and `figure` are filled in.
ADDRESSES: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "doubts": (
        {"page": "40"},
        {"rule": "flow_exceeds_cumulative_change", "state": "open"},
        {"conflict": "000000000000"},
        *({"tab": tab} for tab in ("revisions", "change", "breaks", "origins")),
    ),
    "claims": (
        *({"sort": sort} for sort in SORTS[1:]),
        {"q": "Organisation 7 1200"},
        {"q": "women"},
        {"q": "1200"},
        {"who": "organisation_007", "measure": "released", "page": "3"},
        {"page": "9000"},
        {"since": "2024-01-01", "until": "2024-06-30"},
        {"state": "in_doubt"},
        {"reading": "no"},
        {"number": "1234"},
        {"claim": ""},
    ),
    "builder": (
        {"what": "in_custody", "who": "organisation_000"},
        {"what": "in_custody", "split": "sex", "who": "organisation_000"},
        {"what": "released_to_date", "part": "sex=female"},
    ),
    "compare": ({"page": "3"}, {"aside": "2"}, {"day": "2024-03-04"}),
    "parts": ({"split": "organisation_007 released sex"},),
    "figure": ({"figure": ""},),
}
TIMES: Final = 3  # each question; the best counts, as the first one reads the file from the disk
ASKED: Final = (
    database.ask, database.read_mart, database.count_mart_rows, database.list_mart_days,
    series.read_outlook_rows, series.read_outlook_breaks,
)  # fmt: skip


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
    path = published_build.find_current(data).path
    scan = _bare(path)
    table: list[dict[str, Any]] = [{"what": "bare scan of all claims", "seconds": scan, "ratio": 1.0}]
    with _surroundings(LIBEROMETRO_DATA=str(data.root), LIBEROMETRO_TODAY=TODAY.isoformat()):
        memory.forget()
        with _timed() as taken:
            for what, visit in _list_visits(path):
                taken.clear()
                failed = _try(visit)
                if taken or failed:
                    table.append(_make_row(what, taken, scan, failed))
    return table


def _try(visit: Callable[[], object]) -> str:
    """Draw a page; what went wrong, if anything did."""
    try:
        visit()
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return ""


def _make_row(what: str, taken: Mapping[str, Took], scan: float, failed: str) -> dict[str, Any]:
    slow = [question for question, took in taken.items() if took.processor > BAR_SECONDS]
    row: dict[str, Any] = {"what": f"{what}, {len(taken)} questions asked first here"}
    if taken:
        slowest = max(taken.values(), key=lambda took: took.processor)
        row |= {"seconds": slowest.seconds, "ratio": slowest.seconds / scan, "processor": slowest.processor}
    if slow:
        row["over 50 ms"] = [f"{each[:160]}: {1000 * taken[each].processor:.0f} ms" for each in slow]
    if failed:
        row["failed"] = failed
    return {**row, "holds": "no" if slow or failed else "yes"}


def _list_visits(path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each page and address, each chart, each page of the site: what it is, and how it is drawn."""
    found = _find_one(path)
    for day in (None, *KNOWN):
        known = {"known": day.isoformat()} if day else {}
        told = f" as known on {day}" if day else ""
        for name, page in PAGES.items():
            if day is not None and not page.goes_back:
                continue
            for asked in ({}, *ADDRESSES.get(name, ())):
                filled = {key: value or found[key] for key, value in asked.items()}
                about = " ".join(f"{key}={value}" for key, value in filled.items())
                yield f"{name} {about}".strip() + told, partial(_draw_page, name, {**filled, **known})
        for chart in chart_registry.CHARTS:
            yield f"chart {chart.name}{told}", partial(_draw_chart, chart.name, day)
    yield "site: families", lambda: families.make_page(*_open_site(), "index.html", "", "")
    yield "site: situations", lambda: situations.make_page(_open_site()[1])
    yield "site: data", lambda: data_page.make_page(*_open_site())


def _find_one(path: Path) -> dict[str, str]:
    """The claim and the figure that a page of one figure is drawn for."""
    with duckdb.connect(str(path), read_only=True) as con:
        row = con.execute("SELECT claim_id, figure_id FROM figures WHERE doubt IS NULL LIMIT 1").fetchone()
    assert row is not None
    return {"claim": row[0], "figure": row[1]}


def _draw_page(page: str, asked: Mapping[str, str]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    app.query_params.update({key: value for key, value in asked.items() if key == "known"})
    app.run()
    app.query_params.update(asked)
    if page != FRONT:
        app.switch_page(f"dashboards/app/pages/{page}.py").run()
    assert not app.exception, app.exception


def _draw_chart(name: str, day: date | None) -> None:
    chart_registry.find_exhibit(open_view(None, "es", day), name)


def _open_site() -> tuple[Edition, View]:
    edition = open_edition(None)
    return edition, edition.first


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


@contextmanager
def _timed() -> Iterator[dict[str, Took]]:
    """Each way to DuckDB is timed, wherever it was imported to: question → the best of its times."""
    taken: dict[str, Took] = {}
    seen = set[str]()

    def timing(own: Callable[..., Any]) -> Callable[..., Any]:
        asked_anew = getattr(own, "__wrapped__", own)  # past what remembers its answers

        def asked(build: published_build.Build, *what: Any, **parameters: Any) -> Any:
            told = " ".join(str(each) for each in (own.__name__, *what, *parameters.values()) if each)
            if told not in seen:
                seen.add(told)
                runs = (_time(asked_anew, build, *what, **parameters) for _ in range(TIMES))
                taken[told] = min(runs, key=lambda each: each.processor)
            return own(build, *what, **parameters)

        return asked

    with ExitStack() as stack:
        for own in ASKED:
            timed = timing(own)
            for module in [each for name, each in sys.modules.items() if name.startswith("dashboards")]:
                if vars(module).get(own.__name__) is own:
                    stack.enter_context(patch.object(module, own.__name__, timed))
        yield taken


def _time(question: Callable[..., Any], *what: Any, **parameters: Any) -> Took:
    begun, worked = time.perf_counter(), time.process_time()
    question(*what, **parameters)
    return Took(time.perf_counter() - begun, time.process_time() - worked)


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
