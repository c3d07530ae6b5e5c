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
from typing import Any

import duckdb
import polars as pl

from pipelines.core.paths import SQL, DataDir


class NoBuildError(RuntimeError):
    """There is no published build yet; the message says which command makes one."""


@dataclass(frozen=True)
class Build:
    """One published build."""

    id: str
    path: Path
    built_at: str  # UTC, ISO


def find_current(data: DataDir) -> Build:
    """The build that the pointer names. Raises NoBuildError."""
    try:
        pointer: dict[str, Any] = json.loads(data.pointer.read_text(encoding="utf-8"))
        build = Build(pointer["id"], data.build / pointer["file"], pointer["built_at"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError) as error:
        raise NoBuildError(f"{data.pointer}: no published build; run `python -m pipelines build`") from error
    if not build.path.exists():
        raise NoBuildError(f"{build.path}: the published build is gone; run `python -m pipelines build`")
    return build


def connect(build: Build) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a build: one process must open a file with one configuration."""
    return duckdb.connect(str(build.path), read_only=True, config={"autoinstall_known_extensions": "false"})


@contextmanager
def open_current(data: DataDir) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current build, closed at the end. Raises NoBuildError."""
    con = connect(find_current(data))
    try:
        yield con
    finally:
        con.close()


def read_query(name: str) -> str:
    """The text of one named query of `sql/queries/`."""
    return (SQL / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def read_pace_statements(
    con: duckdb.DuckDBPyConnection, situation: str, organisation: str, as_known_on: date
) -> pl.DataFrame:
    """What a pace can be read from: as_of, published, kind (stock, cumulative or flow of new detentions),
    value, value_high, qualifier, period_start; one organisation's totals as known on a day.
    """
    params = {"situation": situation, "organisation": organisation, "as_known_on": as_known_on}
    return con.sql(read_query("pace_statements"), params=params).pl()


def read_pace_breaks(
    con: duckdb.DuckDBPyConnection, situation: str, organisation: str, as_known_on: date
) -> list[date]:
    """Days from which an organisation counts people held, or releases, differently, with no bridge across.

    A bridge counts from the day on which it was decided.
    """
    params = {"situation": situation, "organisation": organisation, "as_known_on": as_known_on}
    days: list[date] = con.sql(read_query("pace_breaks"), params=params).pl()["happened"].to_list()
    return days
