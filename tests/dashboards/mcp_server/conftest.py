"""A small build that holds one of each kind of figure that a program may ask for."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest

from dashboards.queries import database
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.dashboards.mcp_server.talking import Program, connect

LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}
BROKEN = """counts = [
  { measure = "in_custody", population = "held", text = { es = "Todo.", en = "All." }, until = 2026-02-28 },
  { measure = "in_custody", population = "held", text = { es = "Menos.", en = "Less." }, since = 2026-03-01 },
]
"""
ROWS = [
    row(value=806, as_of="2026-01-05", published="2026-01-05", provenance="primary"),
    row(value=769, as_of="2026-02-01", published="2026-02-02"),
    row(value=700, qualifier="more_than", as_of="2026-02-10", published="2026-02-11"),
    row(value=601, as_of="2026-03-15", published="2026-03-16"),
    row(value=540, as_of="2026-03-25", published="2026-03-20"),  # of a day after its publication: in doubt
    row(value=3, breakdown="age=adolescent", as_of="2026-02-01", published="2026-02-02"),
    row(value=250, breakdown="sex=female", as_of="2026-02-01", published="2026-02-02"),
    row(**LEFT, value=400, as_of="2026-02-08", published="2026-02-08"),
    row(**LEFT, value=446, as_of="2026-02-15", published="2026-02-15"),
    row(organisation="gobierno", **LEFT, value=900, as_of="2026-02-15", published="2026-02-16"),
    row(measure="released", period_start="2026-02-01", value=12, as_of="2026-02-07", published="2026-02-08"),
    row(measure="released", period_start="2026-02-08", value=59, as_of="2026-02-14", published="2026-02-15"),
]


def publish(root: Path, rows: list[dict[str, str]]) -> None:
    """The build of these figures, in the place of those before."""
    data = DataDir(root)
    folder = data.situation("islandia")
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(data, today=TODAY)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program that is connected to a server over a build; La Lista counts otherwise from 1 March 2026."""
    root = tmp_path_factory.mktemp("programs") / "data"
    path = write_situation(root) / "organisations.toml"
    path.write_text(path.read_text().replace("rhythm_days = 7\n", f"rhythm_days = 7\n{BROKEN}"))
    publish(root, ROWS)
    with connect(root) as program:
        yield program


@pytest.fixture(scope="session")
def ids(small: Program) -> Mapping[str, str]:
    """Organisation, measure, part and day of each figure → its id."""
    found = database.published_build.find_current(DataDir(small.data))
    figures = database.open_connection(found).cursor().sql("FROM figures").pl()
    named = pl.concat_str("organisation", "measure", "breakdown", "as_of", separator=" ")
    return dict(figures.select(named.alias("named"), "figure_id").iter_rows())
