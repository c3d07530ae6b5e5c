"""The only reader of DuckDB here: the published build → polars frames.

Each question is one file in `sql/`. Answers are kept in memory under the build they were asked of, so a
newly published build is read at once and an old answer never meets a new page. Frames are shared between
visitors; polars frames do not change.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import polars as pl
from polars import selectors

from pipelines import published
from pipelines.paths import ROOT, DataDir
from pipelines.published import Build
from pipelines.situation import Situation

SQL: Final = Path(__file__).resolve().parent / "sql"


def data_dir() -> DataDir:
    """The data folder that the app serves: $LIBEROMETRO_DATA, else the checkout's `data`."""
    return DataDir(ROOT / os.environ.get("LIBEROMETRO_DATA", "data"))


def current_build() -> Build:
    """The build to show now. Raises published.NoBuildError."""
    return published.current(data_dir())


def today(timezone: str) -> date:
    """Today where the situation is; $LIBEROMETRO_TODAY (YYYY-MM-DD) shows the pages as of another day."""
    stated = os.environ.get("LIBEROMETRO_TODAY")
    return date.fromisoformat(stated) if stated else datetime.now(ZoneInfo(timezone)).date()


@lru_cache(maxsize=4)
def _connection(build: Build) -> duckdb.DuckDBPyConnection:
    con = published.connected(build)
    con.execute("SET GLOBAL dynamic_or_filter_threshold = 1000")  # few rows of many are fetched, not sought
    return con


@lru_cache
def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def ask(build: Build, question: str, **parameters: Any) -> pl.DataFrame:
    """The answer of `sql/<question>.sql`, on a cursor of its own: threads share no cursor."""
    cursor = _connection(build).cursor()
    try:
        frame: pl.DataFrame = cursor.sql(_sql(question), params=parameters or None).pl()
    finally:
        cursor.close()
    return frame.with_columns(selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))


@lru_cache(maxsize=16)
def situations(build: Build) -> list[Situation]:
    """Every situation of the build, the default one first, then by id."""
    settings = ask(build, "situations")["settings"]
    return [msgspec.json.decode(text, type=Situation) for text in settings]


@lru_cache(maxsize=64)
def organisations(build: Build, situation: str) -> pl.DataFrame:
    """organisation, name, role, rhythm_days, website; by name."""
    return ask(build, "organisations", situation=situation)


@lru_cache(maxsize=64)
def definitions(build: Build, situation: str) -> pl.DataFrame:
    """organisation, measure, population, since, until, text_es, text_en: who counts what."""
    return ask(build, "definitions", situation=situation)


@lru_cache(maxsize=64)
def rhythm(
    build: Build, situation: str, organisation: str, measure: str, known_on: date | None = None
) -> float | None:
    """Days between an organisation's totals of one measure, as `pipelines/sql/76_rhythms.sql` has it."""
    of = {"situation": situation, "organisation": organisation, "measure": measure}
    asked = (
        ask(build, "rhythm", **of)
        if known_on is None
        else ask(build, "rhythm_as_known_on", known_on=known_on, **of)
    )
    days: float | None = asked.item()
    return days


Counted = tuple[str, str, str]  # organisation, measure, population


@lru_cache(maxsize=64)
def unbridged_breaks(
    build: Build, situation: str, known_on: date | None = None
) -> Mapping[Counted, list[date]]:
    """What is counted → the days across which nothing is computed and no line drawn."""
    found = ask(build, "unbridged_breaks", situation=situation, known_on=known_on or date.max)
    return MappingProxyType({(who, what, whom): days for who, what, whom, days in found.iter_rows()})


@lru_cache(maxsize=64)
def series_heads(build: Build, situation: str, known_on: date | None = None) -> pl.DataFrame:
    """One row a series of totals: organisation, measure, kind, population, baseline, points, first, last."""
    if known_on is None:
        return ask(build, "series_heads", situation=situation)
    return ask(build, "series_heads_as_known_on", situation=situation, known_on=known_on)


@lru_cache(maxsize=64)
def first_published(build: Build, situation: str) -> date | None:
    """The day of the oldest report; None without any."""
    day: date | None = ask(build, "first_published", situation=situation)["published"][0]
    return day


def series(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str,
    breakdown: str = "total",
    known_on: date | None = None,
) -> pl.DataFrame:
    """What stands without a doubt for each moment, by organisation, baseline, as_of; bounds in low and high.

    `known_on` gives what stood on that day, from what had been published by then.
    """
    told = _told(build, situation, measure, organisations, population, breakdown, known_on)
    return told.filter(pl.col("doubt").is_null())


def in_doubt(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str,
    breakdown: str = "total",
    known_on: date | None = None,
) -> pl.DataFrame:
    """What is in doubt beside a series, likewise; `doubt` names the rule. It is on no line, in no sum."""
    told = _told(build, situation, measure, organisations, population, breakdown, known_on)
    return told.filter(pl.col("doubt").is_not_null())


@lru_cache(maxsize=512)
def _told(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str,
    breakdown: str,
    known_on: date | None,
) -> pl.DataFrame:
    chosen: dict[str, Any] = {
        "situation": situation,
        "measure": measure,
        "organisations": list(organisations),
        "population": population,
        "breakdown": breakdown,
    }
    if known_on is None:
        return ask(build, "series", **chosen)
    return ask(build, "series_as_known_on", known_on=known_on, **chosen)


Headline = Mapping[str, Any]  # a row of the mart `headline` (docs/marts.md)


@lru_cache(maxsize=64)
def headlines(
    build: Build, situation: str, known_on: date | None = None
) -> Mapping[tuple[str, str], Headline]:
    """Organisation and measure → its headline, of those of which a total stands."""
    if known_on is None:
        found = ask(build, "headline", situation=situation)
    else:
        found = ask(build, "headline_as_known_on", situation=situation, known_on=known_on)
    return MappingProxyType({(row["organisation"], row["measure"]): row for row in found.to_dicts()})


@lru_cache(maxsize=64)
def events(build: Build, situation: str) -> pl.DataFrame:
    """happened, kind, title_es, title_en, title_pt, url; in time order."""
    return ask(build, "events", situation=situation)


@lru_cache(maxsize=64)
def law(build: Build, situation: str) -> pl.DataFrame:
    """The facts about the situation's law in order: title, lead, section and text by language, source."""
    return ask(build, "law", situation=situation)


@lru_cache(maxsize=64)
def rows_aside(build: Build, situation: str) -> pl.DataFrame:
    """Rows read that do not count: state, file, place, reason, raw."""
    return ask(build, "rows_aside", situation=situation)


@lru_cache(maxsize=64)
def row_counts(build: Build, situation: str) -> dict[str, int]:
    """How many rows were read, accepted, pending and quarantined."""
    counts: dict[str, int] = ask(build, "row_counts", situation=situation).row(0, named=True)
    return counts


@lru_cache(maxsize=64)
def quality(build: Build, situation: str) -> Mapping[str, int] | None:
    """figures, read_again, read_again_in_copy, withdrawn; None for a situation without figures."""
    found = ask(build, "quality", situation=situation)
    return None if found.is_empty() else MappingProxyType(found.row(0, named=True))


@lru_cache(maxsize=128)
def readings(build: Build, situation: str, claims: tuple[str, ...]) -> Mapping[str, list[dict[str, Any]]]:
    """Claim → its readings (columns of `readings.sql`), the one that counts first; no other claims."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ask(build, "readings", situation=situation, claims=list(claims)).to_dicts():
        found.setdefault(row["claim_id"], []).append(row)
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def claim_choices(build: Build, situation: str) -> pl.DataFrame:
    """organisation, measure, breakdown, first, last: the combinations that have claims."""
    return ask(build, "claim_choices", situation=situation)


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which claims to list; None asks nothing of a column. `claim` names a statement by its leading claim."""

    organisation: str | None = None
    measure: str | None = None
    breakdown: str | None = None
    provenance: str | None = None
    standing: str | None = None
    reading: str | None = None  # yes, copy or no
    since: date | None = None
    until: date | None = None
    claim: str | None = None


@lru_cache(maxsize=128)
def claims(build: Build, situation: str, chosen: Filter, limit: int, skip: int) -> pl.DataFrame:
    """Claims of `limit` statements after `skip`, newest moment first, each with what became of its statement.

    One row is one claim, exactly as one report states it; `statements` repeats how many statements match.
    """
    return ask(build, "claims", situation=situation, limit=limit, skip=skip, **msgspec.structs.asdict(chosen))


Equal = tuple[
    tuple[str, str | bool | date | None], ...
]  # columns and the values that they must hold; None is null


@lru_cache(maxsize=256)
def mart(
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
    with _mart_rows(build, situation, name, known_on, equal) as rows:
        ordered = rows.order(order)
        frame: pl.DataFrame = (ordered if limit is None else ordered.limit(limit, skip)).pl()
    return frame.with_columns(selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))


@lru_cache(maxsize=256)
def mart_size(
    build: Build, situation: str, name: str, known_on: date | None = None, equal: Equal = ()
) -> int:
    """How many rows of a mart hold these values."""
    with _mart_rows(build, situation, name, known_on, equal) as rows:
        return int(rows.count("*").fetchall()[0][0])


@lru_cache(maxsize=64)
def mart_days(build: Build, situation: str, name: str, known_on: date | None = None) -> list[date]:
    """The days that a mart has rows of, newest first."""
    with _mart_rows(build, situation, name, known_on, ()) as rows:
        return [day for (day,) in rows.project("as_of").distinct().order("as_of DESC").fetchall()]


@contextmanager
def _mart_rows(
    build: Build, situation: str, name: str, known_on: date | None, equal: Equal
) -> Iterator[duckdb.DuckDBPyRelation]:
    cursor = _connection(build).cursor()
    rows = (
        cursor.table(name) if known_on is None else cursor.table_function(f"{name}_as_known_on", [known_on])
    )
    try:
        for name_, value in (("situation", situation), *equal):
            column = duckdb.ColumnExpression(name_)
            rows = rows.filter(
                column.isnull() if value is None else column == duckdb.ConstantExpression(value)
            )
        yield rows
    finally:
        cursor.close()


@lru_cache(maxsize=128)
def named_claims(build: Build, situation: str, claims: tuple[str, ...]) -> pl.DataFrame:
    """The claims of these ids, corrections applied; `withheld` where our own tables do not show the value."""
    return ask(build, "named_claims", situation=situation, claims=list(claims))


@lru_cache(maxsize=64)
def outlook_rows(build: Build, situation: str, organisation: str, as_known_on: date) -> pl.DataFrame:
    """What a pace can be read from: `published.outlook_rows` of this build."""
    cursor = _connection(build).cursor()
    try:
        return published.outlook_rows(cursor, situation, organisation, as_known_on)
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def outlook_breaks(build: Build, situation: str, organisation: str, as_known_on: date) -> list[date]:
    """Days across which no pace and no outlook is computed, as known on a day."""
    cursor = _connection(build).cursor()
    try:
        return published.outlook_breaks(cursor, situation, organisation, as_known_on)
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def organisation_names(build: Build, situation: str) -> Mapping[str, str]:
    """Organisation → the name to show."""
    frame = organisations(build, situation)
    return MappingProxyType(dict(zip(frame["organisation"], frame["name"], strict=True)))


@lru_cache(maxsize=64)
def publisher_names(build: Build, situation: str, language: str) -> Mapping[str, str]:
    """Publisher → the name to show: the one given beside the figures, else its own."""
    frame = ask(build, "publishers", situation=situation)
    return MappingProxyType({row["publisher"]: row[f"name_{language}"] for row in frame.to_dicts()})


@lru_cache(maxsize=64)
def outlets(build: Build, situation: str) -> tuple[str, ...]:
    """Every publisher of a situation's claims, by its name in the sheets."""
    return tuple(ask(build, "outlets", situation=situation)["publisher"])


def first_day(frame: pl.DataFrame, column: str = "as_of") -> date | None:
    """The earliest day of a column; None where it has none."""
    return min(frame[column].drop_nulls().to_list(), default=None)


def last_day(frame: pl.DataFrame, column: str = "as_of") -> date | None:
    """The latest day of a column; None where it has none."""
    return max(frame[column].drop_nulls().to_list(), default=None)


def only(frame: pl.DataFrame, **equal: object) -> pl.DataFrame:
    """Rows whose columns hold exactly these values; None selects nulls."""
    return frame.filter([pl.col(name).eq_missing(pl.lit(value)) for name, value in equal.items()])
