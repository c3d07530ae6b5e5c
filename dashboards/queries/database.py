"""The only reader of DuckDB here: the published build → polars frames.

Each question is one file in `sql/`. Answers are kept in memory under the build they were asked of, so a
newly published build is read at once and an old answer never meets a new page. Frames are shared between
visitors; polars frames do not change.
"""

import os
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
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
SHORT: Final = 256  # rows


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
        return _fetch(cursor, sql, parameters)
    finally:
        cursor.close()


def _fetch(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """By `execute`, as `pipelines.core.frames.read_rows`: a relation takes four times as long.

    A short answer is copied, because what DuckDB gives has room for thousands of rows as long as it is kept.
    """
    answer: pl.DataFrame = cursor.execute(sql, parameters).pl()
    frame = answer.with_columns(selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))
    return frame if frame.height > SHORT else pl.DataFrame(frame.to_dict(as_series=False), frame.schema)


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
    more = "" if limit is None else f" LIMIT {limit} OFFSET {skip}"
    return _ask_mart(build, situation, name, "*", f" ORDER BY {order}{more}", known_on, equal)


@remember
def count_mart_rows(
    build: Build, situation: str, name: str, known_on: date | None = None, equal: Equal = ()
) -> int:
    """How many rows of a mart hold these values."""
    return int(_ask_mart(build, situation, name, "count(*) AS rows", "", known_on, equal)["rows"][0])


@remember
def list_mart_days(build: Build, situation: str, name: str, known_on: date | None = None) -> list[date]:
    """The days that a mart has rows of, newest first."""
    days: list[date] = _ask_mart(
        build, situation, name, "DISTINCT as_of", " ORDER BY as_of DESC", known_on, ()
    )["as_of"].to_list()
    return days


def _ask_mart(
    build: Build, situation: str, name: str, told: str, order: str, known_on: date | None, equal: Equal
) -> pl.DataFrame:
    """What is told of the rows of a mart that hold these values; all names are our own, never a reader's.

    As known on a day, of what is asked for alone where its rows rest on nothing else.
    """
    whole: Equal = (("situation", situation), *equal)
    asked: dict[str, Any] = {column: value for column, value in whole if value is not None}
    held = " AND ".join(
        f"{column} = ${column}" if column in asked else f"{column} IS NULL" for column, _ in whole
    )
    source = name
    if known_on is not None:
        narrowed = table_registry.NARROWED_BY.get(name, {}).items()
        within = "".join(f", {parameter} := ${column}" for column, parameter in narrowed if column in asked)
        source, asked = f"{name}_as_known_on($known_on{within})", {**asked, "known_on": known_on}
    cursor = open_connection(build).cursor()
    try:
        return _fetch(cursor, f"FROM {source} SELECT {told} WHERE {held}{order}", asked)
    finally:
        cursor.close()
