"""One situation from the build: series, headlines, rhythm, breaks, events, law, pace rows, names."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboards.i18n.translations import FIRST_LANGUAGE
from dashboards.queries.database import ask, open_connection, read_situations
from dashboards.queries.memory import remember
from pipelines.warehouse import published_build
from pipelines.warehouse.published_build import Build


@remember
def read_roles(build: Build, situation: str) -> Mapping[str, str]:
    """Organisation → its role."""
    found = read_organisations(build, situation)
    return dict(found.select("organisation", "role").iter_rows())


@remember
def read_organisations(build: Build, situation: str) -> pl.DataFrame:
    """organisation, name, role, rhythm_days, website; by name."""
    return ask(build, "organisations_listed", situation=situation)


@remember
def read_definitions(build: Build, situation: str) -> pl.DataFrame:
    """organisation, measure, population, since, until, text_es, text_en, text_pt: who counts what."""
    return ask(build, "definitions_stated", situation=situation)


@remember
def read_rhythm(
    build: Build, situation: str, organisation: str, measure: str, known_on: date | None = None
) -> float | None:
    """Days between an organisation's totals of one measure, as the mart of rhythms has it."""
    of = {"situation": situation, "organisation": organisation, "measure": measure}
    days: float | None = ask(build, "rhythm_of_series", known_on=known_on, **of).item()
    return days


Counted = tuple[str, str, str]  # organisation, measure, population


@remember
def read_unbridged_breaks(
    build: Build, situation: str, known_on: date | None = None
) -> Mapping[Counted, list[date]]:
    """What is counted → the days across which nothing is computed and no line drawn."""
    found = ask(build, "breaks_unbridged", situation=situation, known_on=known_on or date.max)
    return MappingProxyType({(who, what, whom): days for who, what, whom, days in found.iter_rows()})


@remember
def read_heads(build: Build, situation: str, known_on: date | None = None) -> pl.DataFrame:
    """One row a series of totals: organisation, measure, kind, population, baseline, points, first, last."""
    return ask(build, "series_offered", situation=situation, known_on=known_on)


@remember
def read_first_published(build: Build, situation: str) -> date | None:
    """The day of the oldest report; None without any."""
    day: date | None = ask(build, "first_published", situation=situation)["published"][0]
    return day


def read_series(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str | None,
    breakdown: str = "total",
    known_on: date | None = None,
) -> pl.DataFrame:
    """What stands without a doubt for each moment, by organisation, baseline, as_of; bounds in low and high.

    Without a `population`, of whichever people: several series. `known_on` gives what stood on that day, from
    what had been published by then.
    """
    told = _read_statements(build, situation, measure, organisations, population, breakdown, known_on)
    return told.filter(pl.col("doubt").is_null())


def read_doubts(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str | None,
    breakdown: str = "total",
    known_on: date | None = None,
) -> pl.DataFrame:
    """What is in doubt beside a series, likewise; `doubt` names the rule. It is on no line, in no sum."""
    told = _read_statements(build, situation, measure, organisations, population, breakdown, known_on)
    return told.filter(pl.col("doubt").is_not_null())


@remember
def _read_statements(
    build: Build,
    situation: str,
    measure: str,
    organisations: tuple[str, ...],
    population: str | None,
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
    return ask(build, "series_points", known_on=known_on, **chosen)


@remember
def read_measures_told(
    build: Build, situation: str, organisation: str, known_on: date | None = None
) -> frozenset[str]:
    """The measures of which a figure of an organisation stands, a total or a part."""
    of = {"situation": situation, "organisation": organisation}
    return frozenset(ask(build, "measures_told", known_on=known_on, **of)["measure"])


@remember
def read_totals_after(
    build: Build, situation: str, measure: str, after: date, known_on: date | None = None
) -> pl.DataFrame:
    """Totals of a measure that are of after a day, whoever states them, in doubt or not: newest first."""
    return ask(build, "totals_after", situation=situation, measure=measure, after=after, known_on=known_on)


HeadlineRow = Mapping[str, Any]  # a row of the mart `headline` (docs/marts.md)


@remember
def read_headlines(
    build: Build, situation: str, known_on: date | None = None
) -> Mapping[tuple[str, str], HeadlineRow]:
    """Organisation and measure → its headline, of those of which a total stands."""
    found = ask(build, "headline_rows", situation=situation, known_on=known_on)
    return MappingProxyType({(row["organisation"], row["measure"]): row for row in found.to_dicts()})


@remember
def read_events(build: Build, situation: str) -> pl.DataFrame:
    """happened, kind, title_es, title_en, title_pt, url; in time order."""
    return ask(build, "events_to_mark", situation=situation)


@remember
def read_law(build: Build, situation: str) -> pl.DataFrame:
    """The facts about the situation's law in order: title, lead, section and text by language, source."""
    return ask(build, "law_facts", situation=situation)


@remember
def read_outlook_rows(build: Build, situation: str, organisation: str, as_known_on: date) -> pl.DataFrame:
    """What a pace can be read from: `published_build.read_pace_statements` of this build."""
    cursor = open_connection(build).cursor()
    try:
        return published_build.read_pace_statements(cursor, situation, organisation, as_known_on)
    finally:
        cursor.close()


@remember
def read_outlook_breaks(build: Build, situation: str, organisation: str, as_known_on: date) -> list[date]:
    """Days across which no pace and no outlook is computed, as known on a day."""
    cursor = open_connection(build).cursor()
    try:
        return published_build.read_pace_breaks(cursor, situation, organisation, as_known_on)
    finally:
        cursor.close()


@remember
def read_organisation_names(build: Build, situation: str, language: str) -> Mapping[str, str]:
    """Organisation → the name to show: the situation's own in the language, else as it calls itself."""
    frame = read_organisations(build, situation)
    settings = next(each for each in read_situations(build) if each.id == situation)
    told = {
        organisation: texts[language]
        for organisation, texts in settings.organisation_names.items()
        if language in texts
    }
    return MappingProxyType({**dict(zip(frame["organisation"], frame["name"], strict=True)), **told})


@remember
def read_publisher_names(build: Build, situation: str, language: str) -> Mapping[str, str]:
    """Publisher → the name to show: the one given beside the figures in the language, else in Spanish."""
    frame = ask(build, "publishers_listed", situation=situation)
    column = f"name_{language}" if f"name_{language}" in frame.columns else f"name_{FIRST_LANGUAGE}"
    return MappingProxyType(dict(zip(frame["publisher"], frame[column], strict=True)))


@remember
def list_outlets(build: Build, situation: str) -> tuple[str, ...]:
    """Every publisher of a situation's claims, by its name in the sheets."""
    return tuple(ask(build, "outlets", situation=situation)["publisher"])


def find_first_day(frame: pl.DataFrame, column: str = "as_of") -> date | None:
    """The earliest day of a column; None where it has none."""
    return min(frame[column].drop_nulls().to_list(), default=None)


def find_last_day(frame: pl.DataFrame, column: str = "as_of") -> date | None:
    """The latest day of a column; None where it has none."""
    return max(frame[column].drop_nulls().to_list(), default=None)


def select_rows(frame: pl.DataFrame, **equal: object) -> pl.DataFrame:
    """Rows whose columns hold exactly these values; None selects nulls."""
    return frame.filter([pl.col(name).eq_missing(pl.lit(value)) for name, value in equal.items()])
