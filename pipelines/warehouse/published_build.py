"""The read side: the build that the pointer names, opened read-only.

Readers always see a whole build. Each build is a file of its own, so a build that is published while a
page is being drawn changes nothing under that page.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from pipelines.core.frames import read_frame, read_rows
from pipelines.core.paths import SQL, DataDir
from pipelines.warehouse import releases
from pipelines.warehouse.releases import DamagedError, Release

_log: Final = logging.getLogger("liberometro")


class NoBuildError(RuntimeError):
    """There is no published build yet; the message says which command makes one."""


@dataclass(frozen=True)
class Build:
    """One published build."""

    id: str
    path: Path
    built_at: str  # UTC, ISO


@dataclass(frozen=True)
class BuildHealth:
    """What readers get at this moment, and what is wrong with what they should get."""

    build: Build | None
    faults: tuple[str, ...]  # of the pointer and of what it names; with none of both, that there is no build
    age: timedelta | None  # since it was built
    newest_published: date | None  # of the figures that count: the day of the newest report


def find_current(data: DataDir) -> Build:
    """The build to read: what the pointer names, or the last good release where that is damaged.

    Raises NoBuildError. What was looked at once costs two looks at the disk from then on.
    """
    build, faults = _find_readable(data)
    if build is None:
        raise NoBuildError(f"{faults[0]}; run `python -m pipelines build`")
    return build


def check_build(data: DataDir, today: datetime | None = None) -> BuildHealth:
    """How the published build is. Raises nothing; `today` with its time zone, else now."""
    build, faults = _find_readable(data)
    if build is None:
        return BuildHealth(None, tuple(faults), None, None)
    age = (today or datetime.now(UTC)) - datetime.fromisoformat(build.built_at)
    try:
        newest = _find_newest_day(build)
    except (duckdb.Error, RuntimeError) as error:
        return BuildHealth(None, (*faults, f"{build.path}: cannot be read ({error})"), age, None)
    return BuildHealth(build, tuple(faults), age, newest)


def list_faults(data: DataDir) -> list[str]:
    """Everything that is wrong with the pointer and the releases, each row read; nothing is raised.

    The next `build` mends all of it.
    """
    faults = []
    try:
        named = releases.find_named(data)
    except DamagedError as error:
        faults.append(str(error))
        named = None
    for path in [*([named.path] if named else []), *(path for _, path in releases.list_releases(data))]:
        try:
            releases.check_release(path)
        except DamagedError as error:
            faults.append(str(error))
    return list(dict.fromkeys(faults))


def _find_readable(data: DataDir) -> tuple[Build | None, list[str]]:
    """The build to read, and why it is not the one that it should be."""
    try:
        return _name_build(releases.find_named(data)), []
    except DamagedError as error:
        fault = str(error)
    for release in releases.walk_good(data):
        build = _name_build(release)
        _warn(f"{fault}; the release {build.path.name} is read until the next `python -m pipelines build`")
        return build, [fault]
    return None, [f"{fault}: no published build"]


def _name_build(release: Release) -> Build:
    return Build(release.record.id, release.path, release.record.built_at.isoformat(timespec="seconds"))


@lru_cache(maxsize=16)
def _warn(message: str) -> None:
    """Say it once, and not on every page."""
    _log.warning(message)


@lru_cache(maxsize=4)
def _find_newest_day(build: Build) -> date | None:
    with connect(build) as con:
        row = con.sql(read_query("newest_published")).fetchone()
    return row[0] if row else None


def connect(build: Build) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a build."""
    return releases.open_release(build.path)


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
    return read_frame(con.sql(read_query("pace_statements"), params=params))


def read_pace_breaks(
    con: duckdb.DuckDBPyConnection, situation: str, organisation: str, as_known_on: date
) -> list[date]:
    """Days from which an organisation counts people held, or releases, differently, with no bridge across.

    A bridge counts from the day on which it was decided.
    """
    params = {"situation": situation, "organisation": organisation, "as_known_on": as_known_on}
    return [row["happened"] for row in read_rows(con, read_query("pace_breaks"), params)]
