"""What can be chosen on a page, and what is chosen when the address says nothing."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text.labels import UNSTATED
from pipelines.core.model import Measure
from pipelines.core.situation import Situation


def select_heads(view: View, measures: Sequence[Measure]) -> pl.DataFrame:
    """Series of totals of these measures, in the population that the situation counts under each."""
    heads = series.read_heads(view.build, view.situation_id, view.known_on)
    return heads.filter(
        pl.any_horizontal(
            [
                (pl.col("measure") == measure.value) & (pl.col("population") == view.population(measure))
                for measure in measures
            ]
        )
    )


def list_organisations(heads: pl.DataFrame, primary: str) -> list[str]:
    """Organisations with a series, the primary one first, then by how many figures they have."""
    ranked = (
        heads.group_by("organisation")
        .agg(pl.col("points").sum())
        .sort(["points", "organisation"], descending=[True, False])["organisation"]
        .to_list()
    )
    return sorted(ranked, key=lambda each: each != primary)


def choose_organisations(heads: pl.DataFrame, primary: str) -> list[str]:
    """The primary organisation, or the one that published most where the primary has no series."""
    return list_organisations(heads, primary)[:1]


def list_baselines(heads: pl.DataFrame, organisations: Sequence[str]) -> list[str]:
    """The starts that these organisations' running totals count from, newest first."""
    own = heads.filter(pl.col("kind") == "cumulative", pl.col("organisation").is_in(organisations))
    days = sorted(own["baseline"].drop_nulls().unique().to_list(), reverse=True)
    unstated = [UNSTATED] if own["baseline"].null_count() else []
    return [day.isoformat() for day in days] + unstated


def choose_baselines(heads: pl.DataFrame, organisations: Sequence[str], situation: Situation) -> list[str]:
    """The situation's baseline within its tolerance, else all there are."""
    offered = list_baselines(heads, organisations)
    tolerance = situation.baseline_tolerance_days
    near = [
        value
        for value in offered
        if value != UNSTATED and abs((date.fromisoformat(value) - situation.baseline).days) <= tolerance
    ]
    return near or offered


def choose_days(view: View, heads: pl.DataFrame) -> tuple[date, date, tuple[date, date]]:
    """The first and the last day that can be chosen, and the range shown at first: all of it."""
    first = min(heads["first"].to_list())
    return first, view.today, (first, view.today)


def list_event_kinds(view: View) -> list[str]:
    """Kinds of events that the situation has."""
    return series.read_events(view.build, view.situation_id)["kind"].unique().sort().to_list()
