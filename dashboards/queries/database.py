"""The only reader of DuckDB here: the published build → polars frames.

Each question is one file in `sql/`. Answers are kept in memory under the build they were asked of, so a
newly published build is read at once and an old answer never meets a new page. Frames are shared between
visitors; polars frames do not change.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import and_
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import polars as pl
from polars import selectors

from dashboards.queries.memory import remember
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import Situation
from pipelines.warehouse import published_build, table_registry
from pipelines.warehouse.published_build import Build

SQL: Final = Path(__file__).resolve().parent / "sql"


def find_data_dir() -> DataDir:
    """The data folder that the app serves: $LIBEROMETRO_DATA, else the checkout's `data`."""
    return DataDir(ROOT / os.environ.get("LIBEROMETRO_DATA", "data"))


def find_current_build() -> Build:
    """The build to show now. Raises published_build.NoBuildError."""
    return published_build.find_current(find_data_dir())


def find_today(timezone: str) -> date:
    """Today where the situation is; $LIBEROMETRO_TODAY (YYYY-MM-DD) shows the pages as of another day."""
    stated = os.environ.get("LIBEROMETRO_TODAY")
    return date.fromisoformat(stated) if stated else datetime.now(ZoneInfo(timezone)).date()


@lru_cache(maxsize=2)
def open_connection(build: Build) -> duckdb.DuckDBPyConnection:
    con = published_build.connect(build)
    con.execute((SQL / "settings" / "reader.sql").read_text(encoding="utf-8"))
    return con


@lru_cache
def _read_sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def ask(build: Build, question: str, **parameters: Any) -> pl.DataFrame:
    """The answer of `sql/<question>.sql`, on a cursor of its own: threads share no cursor.

    A question as known on a day (`known_on`) reads `table_as_known_on($known_on)`; where that is None it
    reads the table itself, which is the same with everything published so far.
    """
    sql = _read_sql(question)
    if parameters.get("known_on", False) is None:
        del parameters["known_on"]
        sql = sql.replace("_as_known_on($known_on)", "")
    cursor = open_connection(build).cursor()
    try:
        frame: pl.DataFrame = cursor.sql(sql, params=parameters or None).pl()
    finally:
        cursor.close()
    return frame.with_columns(selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))


@remember
def read_situations(build: Build) -> list[Situation]:
    """Every situation of the build, the default one first, then by id."""
    settings = ask(build, "situation_settings")["settings"]
    return [msgspec.json.decode(text, type=Situation) for text in settings]


@remember
def list_days_of_change(build: Build, situation: str) -> list[date]:
    """The days from which what is known of a situation differs from the day before, the earliest first."""
    days: list[date] = ask(build, "days_of_change", situation=situation)["day"].to_list()
    return days


Equal = tuple[
    tuple[str, str | bool | date | None], ...
]  # columns and the values that they must hold; None is null


@remember
def read_mart(
    build: Build,
    situation: str,
    name: str,
    order: str,
    limit: int | None = None,
    skip: int = 0,
    known_on: date | None = None,
    equal: Equal = (),
) -> pl.DataFrame:
    """Rows of one published mart (docs/marts.md) in `order`; as known on a day where one is given."""
    with _open_mart(build, situation, name, known_on, equal) as rows:
        ordered = rows.order(order)
        frame: pl.DataFrame = (ordered if limit is None else ordered.limit(limit, skip)).pl()
    return frame.with_columns(selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))


@remember
def count_mart_rows(
    build: Build, situation: str, name: str, known_on: date | None = None, equal: Equal = ()
) -> int:
    """How many rows of a mart hold these values."""
    with _open_mart(build, situation, name, known_on, equal) as rows:
        return int(rows.count("*").fetchall()[0][0])


@remember
def list_mart_days(build: Build, situation: str, name: str, known_on: date | None = None) -> list[date]:
    """The days that a mart has rows of, newest first."""
    with _open_mart(build, situation, name, known_on, ()) as rows:
        return [day for (day,) in rows.project("as_of").distinct().order("as_of DESC").fetchall()]


@contextmanager
def _open_mart(
    build: Build, situation: str, name: str, known_on: date | None, equal: Equal
) -> Iterator[duckdb.DuckDBPyRelation]:
    cursor = open_connection(build).cursor()
    try:
        rows = cursor.table(name) if known_on is None else _as_known_on(cursor, name, known_on, equal)
        asked = [_hold(name_, value) for name_, value in (("situation", situation), *equal)]
        yield rows.filter(reduce(and_, asked))  # at once: each filter would be planned anew
    finally:
        cursor.close()


def _hold(column: str, value: str | bool | date | None) -> duckdb.Expression:
    held = duckdb.ColumnExpression(column)
    return held.isnull() if value is None else held == duckdb.ConstantExpression(value)


def _as_known_on(
    cursor: duckdb.DuckDBPyConnection, name: str, known_on: date, equal: Equal
) -> duckdb.DuckDBPyRelation:
    """The mart as known on that day; of what is asked for alone, where its rows rest on nothing else."""
    narrowed = {
        parameter: dict(equal)[column]
        for column, parameter in table_registry.NARROWED_BY.get(name, {}).items()
        if column in dict(equal)
    }
    if not narrowed:
        return cursor.table_function(f"{name}_as_known_on", [known_on])
    named = "".join(f", {parameter} := ${parameter}" for parameter in narrowed)
    return cursor.sql(f"FROM {name}_as_known_on($known_on{named})", params={"known_on": known_on, **narrowed})
