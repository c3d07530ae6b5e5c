"""What can be chosen on a page, and what is chosen when the address says nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboards import queries, sides
from dashboards.latest import LEAD_DAYS
from dashboards.view import View
from dashboards.words import Words
from pipelines.model import Measure
from pipelines.situation import Situation

UNSTATED: Final = "unstated"  # in the address: a total whose start nobody stated


def heads_of(view: View, measures: Sequence[Measure]) -> pl.DataFrame:
    """Series of totals of these measures, in the population that the situation counts under each."""
    heads = queries.series_heads(view.build, view.situation_id, view.known_on)
    return heads.filter(
        pl.any_horizontal(
            [
                (pl.col("measure") == measure.value) & (pl.col("population") == view.population(measure))
                for measure in measures
            ]
        )
    )


def organisations(heads: pl.DataFrame, primary: str) -> list[str]:
    """Organisations with a series, the primary one first, then by how many figures they have."""
    ranked = (
        heads.group_by("organisation")
        .agg(pl.col("points").sum())
        .sort(["points", "organisation"], descending=[True, False])["organisation"]
        .to_list()
    )
    return sorted(ranked, key=lambda each: each != primary)


def default_organisations(heads: pl.DataFrame, primary: str) -> list[str]:
    """The primary organisation, or the one that published most where the primary has no series."""
    return organisations(heads, primary)[:1]


def baselines(heads: pl.DataFrame, organisations: Sequence[str]) -> list[str]:
    """The starts that these organisations' running totals count from, newest first."""
    own = heads.filter(pl.col("kind") == "cumulative", pl.col("organisation").is_in(organisations))
    days = sorted(own["baseline"].drop_nulls().unique().to_list(), reverse=True)
    unstated = [UNSTATED] if own["baseline"].null_count() else []
    return [day.isoformat() for day in days] + unstated


def default_baselines(heads: pl.DataFrame, organisations: Sequence[str], situation: Situation) -> list[str]:
    """The situation's baseline within its tolerance, else all there are."""
    offered = baselines(heads, organisations)
    tolerance = situation.baseline_tolerance_days
    near = [
        value
        for value in offered
        if value != UNSTATED and abs((date.fromisoformat(value) - situation.baseline).days) <= tolerance
    ]
    return near or offered


def baseline_day(value: str) -> date | None:
    """The day of a choice; None for a start that nobody stated."""
    return None if value == UNSTATED else date.fromisoformat(value)


def baseline_label(value: str, words: Words) -> str:
    """A choice of start in words."""
    day = baseline_day(value)
    return words("window.unknown") if day is None else words("window.since", day=words.short_day(day))


def split_label(view: View, split: str) -> str:
    """A division (`builder.splits`) in words."""
    words = view.words
    if split == "none":
        return words("builder.split_whole")
    organisation, key = split.split(" ")
    named = sides.part_label(view, key)
    return words(
        "builder.split_label", key=named[:1].upper() + named[1:], organisation=view.names[organisation]
    )


def days(view: View, heads: pl.DataFrame) -> tuple[date, date, tuple[date, date]]:
    """The first and the last day that can be chosen, and the range shown at first."""
    first = min(heads["first"].to_list())
    newest = max(heads["last"].to_list())
    since = min(view.situation.baseline, newest) - timedelta(days=LEAD_DAYS)
    return first, view.today, (max(first, since), view.today)


def event_kinds(view: View) -> list[str]:
    """Kinds of events that the situation has."""
    return queries.events(view.build, view.situation_id)["kind"].unique().sort().to_list()


def event_label(kind: str, words: Words) -> str:
    """A kind of event in words; a kind that no catalogue knows is shown as it is written."""
    return words(f"event.{kind}") if words.has(f"event.{kind}") else kind.replace("_", " ")
