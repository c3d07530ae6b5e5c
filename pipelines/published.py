"""The read side: the build that the pointer names, opened read-only.

Readers always see a whole build. Each build is a file of its own, so a build that is published while a
page is being drawn changes nothing under that page.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from pipelines.paths import SQL, DataDir

TABLES: Final = (
    "announcements",
    "bands",
    "breakdowns",
    "breaks",
    "claims",
    "contradictions",
    "corrections",
    "decisions",
    "definitions",
    "events",
    "figures",
    "files",
    "findings",
    "gaps",
    "headline",
    "law",
    "observations",
    "organisations",
    "origins",
    "own_corrections",
    "pending",
    "publishers",
    "quality",
    "quarantine",
    "reconciliation",
    "releases_by_role",
    "reports",
    "revisions",
    "revolving_door",
    "series",
    "situations",
    "statements",
    "track_record",
    "verifications",
)
AS_KNOWN_ON: Final = (
    "announcements",
    "bands",
    "breakdowns",
    "breaks",
    "claims",
    "contradictions",
    "gaps",
    "headline",
    "origins",
    "reconciliation",
    "releases_by_role",
    "revisions",
    "revolving_door",
    "series",
    "statements",
)


class NoBuildError(RuntimeError):
    """There is no published build yet; the message says which command makes one."""


class UnknownTableError(KeyError):
    """No published table has that name; the message lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Build:
    """One published build."""

    id: str
    path: Path
    built_at: str  # UTC, ISO


def current(data: DataDir) -> Build:
    """The build that the pointer names. Raises NoBuildError."""
    try:
        pointer: dict[str, Any] = json.loads(data.pointer.read_text(encoding="utf-8"))
        build = Build(pointer["id"], data.build / pointer["file"], pointer["built_at"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError) as error:
        raise NoBuildError(f"{data.pointer}: no published build; run `python -m pipelines build`") from error
    if not build.path.exists():
        raise NoBuildError(f"{build.path}: the published build is gone; run `python -m pipelines build`")
    return build


def connected(build: Build) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a build: one process must open a file with one configuration."""
    return duckdb.connect(str(build.path), read_only=True, config={"autoinstall_known_extensions": "false"})


@contextmanager
def opened(data: DataDir) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current build, closed at the end. Raises NoBuildError."""
    con = connected(current(data))
    try:
        yield con
    finally:
        con.close()


def read_table(
    con: duckdb.DuckDBPyConnection,
    name: str,
    *,
    situations: list[str] | None = None,
    as_known_on: date | None = None,
) -> pl.DataFrame:
    """One published table as a frame, in a fixed order of rows. Raises UnknownTableError."""
    if name not in TABLES:
        raise UnknownTableError(f"no table {name!r}; there are: {', '.join(TABLES)}")
    if as_known_on is not None and name not in AS_KNOWN_ON:
        raise UnknownTableError(f"{name!r} has no view as known on a day; these do: {', '.join(AS_KNOWN_ON)}")
    relation = (
        con.table(name) if as_known_on is None else con.table_function(f"{name}_as_known_on", [as_known_on])
    )
    if situations is not None and "situation" in relation.columns:
        column = duckdb.ColumnExpression("situation")
        relation = relation.filter(column.isin(*(duckdb.ConstantExpression(s) for s in situations)))
    frame = relation.pl()
    nested = {name for name, kind in frame.schema.items() if isinstance(kind, pl.List | pl.Struct)}
    return frame.sort([c for c in frame.columns if c not in nested], nulls_last=True)


def query(name: str) -> str:
    """The text of one named query of `sql/queries/`."""
    return (SQL / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def outlook_rows(
    con: duckdb.DuckDBPyConnection, situation: str, organisation: str, as_known_on: date
) -> pl.DataFrame:
    """What a pace can be read from: as_of, published, kind (stock, cumulative or flow of new detentions),
    value, value_high, qualifier, period_start; one organisation's totals as known on a day.
    """
    params = {"situation": situation, "organisation": organisation, "as_known_on": as_known_on}
    return con.sql(query("outlook_series"), params=params).pl()


def outlook_breaks(
    con: duckdb.DuckDBPyConnection, situation: str, organisation: str, as_known_on: date
) -> list[date]:
    """Days from which an organisation counts people held, or releases, differently, with no bridge across.

    A bridge counts from the day on which it was decided.
    """
    params = {"situation": situation, "organisation": organisation, "as_known_on": as_known_on}
    days: list[date] = con.sql(query("outlook_breaks"), params=params).pl()["happened"].to_list()
    return days
