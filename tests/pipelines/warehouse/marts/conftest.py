"""Tiny situations from rows: organisations `primary`, `other`, `third` (ngo), `state` (government)."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.core.paths import DataDir
from pipelines.sheets.transcription_sheet import COLUMNS
from pipelines.warehouse import build, published_build, table_registry

DAY = date(2026, 3, 1)
SITUATION = """
id = "demo"
default = true
timezone = "UTC"
baseline = 2026-01-08
primary_organisation = "primary"
default_population = "detainees"
baseline_tolerance_days = 1
name = { es = "Demo", en = "Demo" }
summary = { es = "Demo.", en = "Demo." }
baseline_text = { es = "el comienzo", en = "the start" }
[populations]
detainees = { es = "personas detenidas", en = "people detained" }
beneficiaries = { es = "beneficiarios", en = "beneficiaries" }
[breakdown_values]
age = ["adolescent", "adult"]
sex = ["female", "male"]
service = ["civilian", "military"]
facility = ["north", "south", "east"]
prior_status = ["detained", "precautionary"]
affiliation = ["party"]
"""
ORGANISATIONS = "".join(
    f'[[organisation]]\nid = "{name}"\nname = "{name.title()}"\nrole = "{role}"\n'
    for name, role in (
        ("primary", "ngo"),
        ("other", "ngo"),
        ("third", "ngo"),
        ("state", "government"),
        ("ministry", "government"),
    )
)
JOINT = (
    '[[organisation]]\nid = "primary+other"\nname = "Both"\nrole = "ngo"\nmembers = ["primary", "other"]\n'
)
# The stated change of a stock, as in `changes.toml`.
CHANGE = """
[[change]]
organisation = "primary"
measure = "in_custody"
population = "detainees"
period_start = 2026-03-01
as_of = 2026-03-08
change = 3
published = 2026-03-08
publisher = "Demo Daily"
"""


def day(offset: int) -> date:
    """A day counted from the first of March 2026."""
    return DAY + timedelta(days=offset)


def figure(organisation: str, measure: str, value: int, as_of: int, **more: Any) -> dict[str, Any]:
    """One row of a sheet; `as_of`, `since` and `published` are days from the first of March 2026."""
    since, said = more.pop("since", None), more.pop("published", as_of)
    row = dict.fromkeys(COLUMNS)
    return row | {
        "organisation": organisation,
        "measure": measure,
        "breakdown": "total",
        "qualifier": "exact",
        "value": value,
        "as_of": day(as_of).isoformat(),
        "as_of_basis": "explicit",
        "period_start": None if since is None else day(since).isoformat(),
        "published": day(said).isoformat(),
        "published_basis": "stated",
        "publisher": "Demo Daily",
        "provenance": "press",
        "url": "https://example.org/report",
        **more,
    }


# A week: one person was released, none detained, three more are held: four are unexplained.
WEEK = [
    figure("primary", "in_custody", 454, 0),
    figure("primary", "in_custody", 457, 7),
    figure("primary", "released", 1, 7, since=0),
    figure("primary", "detained", 0, 7, since=0),
]


def write(root: Path, rows: Iterable[dict[str, Any]], situation: str = "demo", **files: str) -> DataDir:
    """A data folder with one situation more. `files` are further files by stem, as TOML."""
    folder = root / situation
    (folder / "transcriptions").mkdir(parents=True, exist_ok=True)
    (folder / "situation.toml").write_text(SITUATION.replace('"demo"', f'"{situation}"', 1))
    (folder / "organisations.toml").write_text(ORGANISATIONS + JOINT)
    for stem, text in files.items():
        (folder / f"{stem}.toml").write_text(text)
    schema = dict.fromkeys(COLUMNS, pl.String)
    texts = [{key: None if cell is None else str(cell) for key, cell in row.items()} for row in rows]
    pl.DataFrame(texts, schema=schema).write_csv(folder / "transcriptions" / "sheet.csv")
    return DataDir(root)


def _definition(measure: str, since: int) -> str:
    return (
        f'[[organisation.counts]]\nmeasure = "{measure}"\npopulation = "detainees"\n'
        f"since = {day(since).isoformat()}\n"
        'text = { es = "otra cosa", en = "something else" }\n'
        'break_reason = { es = "cambió", en = "it changed" }\n'
    )


def with_break(measures: Iterable[str], at: int, organisation: str = "primary") -> str:
    """The organisations file with a break of one organisation in each measure."""
    breaks = "".join(_definition(measure, at) for measure in measures)
    first, rest = ORGANISATIONS.split(f'[[organisation]]\nid = "{organisation}"\n', 1)
    own, *others = rest.split("[[organisation]]")
    return (
        "[[organisation]]".join([f'{first}[[organisation]]\nid = "{organisation}"\n{own}{breaks}', *others])
        + JOINT
    )


def with_bridge(measures: Iterable[str], at: int) -> str:
    """The file of bridges that documents a break of `primary` in each measure."""
    return "".join(
        f'[[bridge]]\norganisation = "primary"\nmeasure = "{measure}"\npopulation = "detainees"\n'
        f"at = {day(at).isoformat()}\ndecided = 2026-03-02\n"
        'reason = { es = "Recontado hacia atrás.", en = "Recounted backwards." }\n'
        for measure in measures
    )


def tables(rows: Iterable[dict[str, Any]], names: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Build a situation of its own from rows and read tables, for tests that make many."""
    with tempfile.TemporaryDirectory() as scratch:
        data = write(Path(scratch), rows)
        build.build(data, today=date(2026, 12, 31))
        with published_build.open_current(data) as con:
            return {name: table_registry.read_table(con, name) for name in names}


def built(data: DataDir, table: str, known_on: int | None = None) -> pl.DataFrame:
    """Build and read one table."""
    build.build(data, today=date(2026, 12, 31))
    with published_build.open_current(data) as con:
        return table_registry.read_table(con, table, as_known_on=None if known_on is None else day(known_on))


def side_by_side(root: Path, table: str, cases: Iterable[Iterable[dict[str, Any]]]) -> list[pl.DataFrame]:
    """One build in which each case is a situation of its own; of each the rows of a table."""
    names = []
    for rows in cases:
        names.append(f"case_{len(names)}")
        data = write(root, rows, names[-1])
    found = built(data, table)
    return [found.filter(situation=name) for name in names]


@pytest.fixture
def mart(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """mart("gaps", rows, …) builds a situation from rows and returns the mart."""

    def read(table: str, rows: Iterable[dict[str, Any]], **more: Any) -> pl.DataFrame:
        return built(write(tmp_path, rows, **more), table)

    return read
