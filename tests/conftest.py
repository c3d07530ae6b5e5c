"""What all tests share: a small situation of their own, and the rule that CI skips nothing."""

import csv
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.core.paths import DataDir
from pipelines.sheets import verifications
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build, table_registry
from tests.builds import (
    builds_made_once,
    made_anew,
)
from tests.chromium import chromium

__all__ = ["builds_made_once", "chromium", "made_anew"]  # fixtures, for every test

TODAY = date(2026, 11, 24)

SITUATION = """
id = "islandia"
timezone = "America/Caracas"
baseline = 2026-01-08
primary_organisation = "lista"
default_population = "held"
name = { es = "Islandia", en = "Islandia" }
summary = { es = "De prueba.", en = "For tests." }
baseline_text = { es = "el anuncio", en = "the announcement" }
caveats = [{ es = "Son totales.", en = "These are totals." }]
[populations]
held = { es = "personas detenidas", en = "people held", pt = "pessoas detidas" }
pardoned = { es = "personas indultadas", en = "people pardoned", pt = "pessoas indultadas" }
[measure_populations]
amnesty_granted_to_date = "pardoned"
[breakdown_values]
sex = ["female", "male"]
service = ["civilian", "military"]
age = ["adolescent", "adult"]
"""
ORGANISATIONS = """
[[organisation]]
id = "lista"
name = "La Lista"
role = "ngo"
rhythm_days = 7
[[organisation]]
id = "gobierno"
name = "Gobierno"
role = "government"
"""
LAW = """
title = { es = "La ley de prueba", en = "The test law", pt = "A lei de prova" }
lead = { es = "Qué dice.", en = "What it says." }
[[section]]
title = { es = "Qué cubre", en = "What it covers", pt = "O que cobre" }
[[section.item]]
text = { es = "Cubre el deshielo.", en = "It covers the thaw.", pt = "Cobre o degelo." }
source = { publisher = "El Diario", url = "https://diario.example/ley", published = 2026-02-20 }
read_on = 2026-03-01
[[section.item]]
text = { es = "No cubre el invierno.", en = "It leaves out winter." }
source = { publisher = "La Tarde", url = "https://tarde.example/ley" }
read_on = 2026-03-02
[[section]]
title = { es = "Plazo", en = "Deadline", pt = "Prazo" }
[[section.item]]
text = { es = "Son tres días.", en = "Three days.", pt = "São três dias." }
source = { publisher = "El Diario", url = "https://diario.example/plazo", published = 2026-02-21 }
read_on = 2026-03-01
"""
GOOD_ROW: dict[str, str] = {
    "organisation": "lista",
    "measure": "in_custody",
    "breakdown": "total",
    "qualifier": "exact",
    "value": "800",
    "value_high": "",
    "period_start": "",
    "as_of": "2026-01-05",
    "as_of_basis": "stated",
    "published": "2026-01-05",
    "published_basis": "stated",
    "publisher": "El Diario",
    "provenance": "press",
    "url": "https://diario.example/1",
    "note": "",
}


def row(**cells: object) -> dict[str, str]:
    """A row that would be accepted, with some cells changed."""
    return {**GOOD_ROW, **{name: str(value) for name, value in cells.items()}}


def write_sheet(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """A transcription sheet as CSV; its columns are those of the rows."""
    rows = list(rows)
    columns = list(dict.fromkeys(column for each in rows for column in each)) or list(GOOD_ROW)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_readings(folder: Path, rows: Iterable[dict[str, str]]) -> Path:
    """The verifications of a situation: each of these figures was read again on the day of its publication.

    A row may state its `verdict` and `checked_on` otherwise; one without a number or a day of publication
    is left out.
    """
    readings = []
    for each in rows:
        if each["value"].isdigit() and each["published"]:
            named = {name: each[name] for name in verifications.IDENTITY}
            found = {"verdict": "states_it", "checked_on": each["published"], "checked_by": "mg"}
            readings.append({**named, **{name: each.get(name, cell) for name, cell in found.items()}})
    path = folder / verifications.FILE
    path.unlink(missing_ok=True)
    return write_sheet(path, readings) if readings else path


def write_situation(root: Path) -> Path:
    """The settings of a situation without figures; returns its folder."""
    folder = root / "islandia"
    (folder / "transcriptions").mkdir(parents=True)
    (folder / "situation.toml").write_text(SITUATION, encoding="utf-8")
    (folder / "organisations.toml").write_text(ORGANISATIONS, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A data folder with one small situation and no figures yet."""
    write_situation(tmp_path / "data")
    return DataDir(tmp_path / "data")


Built = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture
def built(data: DataDir, request: pytest.FixtureRequest) -> Built:
    """Build from rows and open the result: `built([row(), …])`."""

    def build(rows: list[dict[str, str]], *, today: date = TODAY) -> duckdb.DuckDBPyConnection:
        write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
        outcome = warehouse_build.build(data, today=today)
        con = published_build.connect(outcome.build)
        request.addfinalizer(con.close)
        return con

    return build


def rows_of(con: duckdb.DuckDBPyConnection, name: str, **options: Any) -> list[dict[str, Any]]:
    """A published table as a list of rows."""
    return table_registry.read_table(con, name, **options).to_dicts()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser failed at is tried once more and listed: two cores can be slow for a while."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test is a failure: CI has everything that a test needs."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if os.environ.get("CI") == "true" and skipped and session.exitstatus == 0:
        print(f"\n{skipped} skipped: nothing may be skipped where CI=true")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
