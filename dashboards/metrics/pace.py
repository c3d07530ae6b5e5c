"""The primary organisation's reporting intervals and pace on a day, from the rows of the build.

Nothing is simulated, so a page that tells only of the past needs no forecaster.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboards.queries import series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from pipelines.core.model import Kind
from pipelines.pace.known_values import Known, select_known
from pipelines.pace.rates import (
    PaceChange,
    PeopleRange,
    compare_around,
    drop_across_breaks,
    drop_overlaps,
    find_intervals,
    find_patience,
    sum_last_days,
)
from pipelines.warehouse.published_build import Build

WINDOW: Final = 28  # days that "now" stands for, and of the comparison before and after
WINDOWS: Final = (7, 28, 90)
SOON: Final = 7  # the horizon whose patience says whether a figure is fresh


@dataclass(frozen=True)
class PaceSide:
    """Releases, the fall of the number held, or new detentions: intervals and what they say of the pace."""

    kind: Kind
    made: pl.DataFrame  # pipelines.pace.rates.SCHEMA
    patience: float = 0.0  # days after which the newest figure is too old to speak of now
    age: int = 0  # days since the newest figure

    @property
    def newest(self) -> date | None:
        """The last day that an interval reaches."""
        return max(self.made["end"].to_list(), default=None)

    @property
    def too_old(self) -> bool:
        """Whether the newest figure is too old for a pace now: the outlook's patience, not what is stale."""
        return self.age > self.patience

    def over(self, days: int) -> PeopleRange | None:
        """People over the last days before the newest figure."""
        return None if self.newest is None else sum_last_days(self.made, self.newest, days)

    def trend(self) -> PaceChange | None:
        """The last weeks against the ones before."""
        return (
            None
            if self.newest is None
            else compare_around(self.made, self.newest - timedelta(days=WINDOW), WINDOW)
        )


@dataclass(frozen=True)
class PaceFacts:
    """All that is told of the pace of one organisation, as known on a day."""

    organisation: str
    rows: pl.DataFrame
    released: PaceSide
    held: PaceSide
    detained: PaceSide

    def sides(self) -> list[PaceSide]:
        """Releases and the number held, as far as they have an interval, the fresher one first."""
        there = [side for side in (self.released, self.held) if side.newest is not None]
        return sorted(there, key=lambda side: (side.too_old, side.age if side.too_old else 0))


def compute_facts(view: View) -> PaceFacts:
    """The facts of a view, computed once for all languages."""
    return _compute_facts(
        view.build,
        view.situation_id,
        view.situation.primary_organisation,
        view.today,
        view.known_on or view.today,
    )


@remember
def _compute_facts(build: Build, situation: str, organisation: str, today: date, known_on: date) -> PaceFacts:
    rows = series.read_outlook_rows(build, situation, organisation, known_on)
    breaks = series.read_outlook_breaks(build, situation, organisation, known_on)
    everything = Known(select_known(rows, today), today, breaks)
    return PaceFacts(
        organisation,
        rows,
        _compute_side(everything, Kind.CUMULATIVE),
        _compute_side(everything, Kind.STOCK),
        PaceSide(Kind.FLOW, drop_overlaps(find_intervals(rows, today, Kind.FLOW))),
    )


def _compute_side(everything: Known, kind: Kind) -> PaceSide:
    seen, today = everything.of(kind), everything.as_known_on
    rows = everything.rows
    if kind is Kind.STOCK:  # as the outlook reads it: no hedge between close exact figures, no returning jump
        moments = [date.fromordinal(day) for day in seen.days.tolist()]
        rows = rows.filter(pl.col("as_of").is_in(moments))
    made = drop_across_breaks(find_intervals(rows, today, kind), everything.breaks)
    if made.is_empty() or seen.size == 0:
        return PaceSide(kind, made.clear())
    newest = max(made["end"].to_list())
    return PaceSide(kind, made, find_patience(seen, SOON), (today - newest).days)
