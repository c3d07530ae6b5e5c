"""The primary organisation's reporting intervals and pace on a day, from the rows of the build.

Nothing is simulated, so a page that tells only of the past needs no forecaster.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from dashboards.metrics.headline import Figure, find_headlines, select_confirmed
from dashboards.queries import series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from pipelines.core.model import Kind
from pipelines.pace.known_values import (
    EXACT,
    LEAST_OBSERVATIONS,
    Known,
    choose_baseline,
    read_values,
    select_known,
)
from pipelines.pace.rates import (
    SCHEMA,
    WEEK,
    PaceChange,
    PeopleRange,
    bound_levels,
    compare,
    drop_across_breaks,
    drop_overlaps,
    find_intervals,
    find_patience,
    find_whole_start,
    sum_within,
)
from pipelines.warehouse.published_build import Build

WINDOW: Final = 28  # days that "now" stands for, nearly, and of the comparison before and after
WINDOWS: Final = (7, 28, 90)  # days, nearly: counted from figure to figure
MEAN_WEEKS: Final = 4
LONG_WEEKS: Final = 3  # whole weeks that one count spans, from which on it is told as one
SOON: Final = 7  # the horizon whose patience says whether a figure is fresh

Levels = Mapping[
    date, tuple[float, float, float]
]  # the lowest, stated and highest number by the figure of a day


@dataclass(frozen=True)
class PaceSide:
    """Releases, the fall of the number held, or new detentions: intervals and what they say of the pace."""

    kind: Kind
    made: pl.DataFrame  # pipelines.pace.rates.SCHEMA
    patience: float = 0.0  # days after which the newest figure is too old to speak of now
    age: int = 0  # days since the newest figure
    opening: pl.DataFrame | None = None  # as `made`: what a running total counted up to its first figure
    levels: Levels = field(default_factory=dict)
    outlook_from: date | None = None  # the newest figure that is exact enough to look ahead from

    @property
    def counted(self) -> pl.DataFrame:
        """The intervals, after the one from the day that a running total begins on to its first figure."""
        return self.made if self.opening is None else pl.concat([self.opening, self.made])

    @property
    def newest(self) -> date | None:
        """The last day that an interval reaches."""
        return max(self.made["end"].to_list(), default=None)

    @property
    def too_old(self) -> bool:
        """Whether the newest figure is too old for a pace now: the outlook's patience, not what is stale."""
        return self.age > self.patience

    def over(self, days: int) -> PeopleRange | None:
        """People over about the last days before the newest figure: from figure to figure, as what happened
        within an interval is not known; of new detentions, counted with gaps, over just these days.
        """
        if self.newest is None:
            return None
        if self.kind is Kind.FLOW:
            return sum_within(self.counted, self.newest - timedelta(days=days), self.newest)
        start = find_whole_start(self.counted, self.newest, days)
        assert start is not None
        return self.since(start)

    def since(self, start: date) -> PeopleRange:
        """People from the end of a day that an interval begins with up to the newest figure: by both figures
        alone where intervals cover every day between, whatever those in the middle leave open.
        """
        assert self.newest is not None
        amount = sum_within(self.counted, start, self.newest)
        if self.newest not in self.levels or amount.central is None or amount.covered < amount.days:
            return amount
        ends = (
            self.levels.get(start, (0.0, 0.0, 0.0)),
            self.levels[self.newest],
        )  # a total is zero at its start
        before, after = ends if self.kind is Kind.CUMULATIVE else ends[::-1]
        low, high = after[0] - before[2], after[2] - before[0]
        low = max(low, 0.0) if self.kind is Kind.CUMULATIVE else low
        central = min(max(amount.central, low), high)
        bounds = (bound if math.isfinite(bound) else None for bound in (low, high))
        return replace(amount, low=next(bounds), central=central, high=next(bounds))

    def trend(self) -> PaceChange | None:
        """The last weeks against the ones before; None without these."""
        if self.newest is None:
            return None
        middle = find_whole_start(self.counted, self.newest, WINDOW)
        assert middle is not None
        start = find_whole_start(self.made, middle, WINDOW)
        if start is None:
            return None
        before, after = sum_within(self.made, start, middle), sum_within(self.made, middle, self.newest)
        return compare(self.made, before, after)


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
    if kind is Kind.STOCK:  # no hedge between close exact figures, no returning jump; not just recent ones
        told = read_values(rows, kind, LEAST_OBSERVATIONS, whole=True)
        moments = [date.fromordinal(day) for day in told.days.tolist()]
        rows = rows.filter(pl.col("as_of").is_in(moments))
    made = drop_across_breaks(find_intervals(rows, today, kind), everything.breaks)
    outlook_from = date.fromordinal(int(seen.days[-1])) if seen.size else None
    if made.is_empty() or seen.size == 0:
        return PaceSide(kind, made.clear(), outlook_from=outlook_from)
    newest = max(made["end"].to_list())
    opening = find_opening(rows) if kind is Kind.CUMULATIVE else None
    if opening is not None:
        opening = drop_across_breaks(opening, everything.breaks)
    return PaceSide(
        kind,
        made,
        find_patience(seen, SOON),
        (today - newest).days,
        opening,
        _read_levels(rows, kind),
        outlook_from,
    )


def _read_levels(rows: pl.DataFrame, kind: Kind) -> Levels:
    counted = rows.filter(pl.col("kind") == kind, pl.col("value").is_not_null())
    if kind is Kind.CUMULATIVE:
        start = pl.lit(choose_baseline(counted, LEAST_OBSERVATIONS), pl.Date)
        counted = counted.filter(pl.col("period_start").eq_missing(start))
    days, *levels = bound_levels(counted, grows=kind is Kind.CUMULATIVE)
    return MappingProxyType(
        dict(zip(days, zip(*(each.tolist() for each in levels), strict=True), strict=True))
    )


def find_opening(rows: pl.DataFrame) -> pl.DataFrame | None:
    """People whom a running total counts from its own start, where it is zero, to its first figure."""
    totals = rows.filter(pl.col("kind") == Kind.CUMULATIVE, pl.col("value").is_not_null())
    start = choose_baseline(totals, LEAST_OBSERVATIONS)
    if start is None:
        return None
    days, low, central, high = bound_levels(totals.filter(pl.col("period_start") == start), grows=True)
    covered = (days[0] - start).days + 1
    if covered <= 0:
        return None
    most = float(high[0]) if high[0] < float("inf") else None
    row = (start - timedelta(days=1), days[0], covered, float(low[0]), float(max(central[0], low[0])), most)
    return pl.DataFrame([row], schema=SCHEMA, orient="row")


def list_unconfirmed(view: View, side: PaceSide, first: date, last: date) -> Sequence[Figure]:
    """The totals that people between two days rest on and that may not head a page: of what is counted from
    figure to figure those of both ends, and both of an interval that has to be divided.
    """
    near = side.counted.filter(pl.col("end") > first, pl.col("start") < last)
    cut = near.filter((pl.col("start") < first) | (pl.col("end") > last))
    days = {near["start"].min(), near["end"].max(), *cut["start"].to_list(), *cut["end"].to_list()}
    found = find_headlines(view)
    line = (found.left if side.kind is Kind.CUMULATIVE else found.held).line
    exact = pl.col("qualifier") == EXACT  # of several of one day that counts which `bound_levels` takes
    counted = line.filter(pl.col("as_of").is_in(days)).sort("as_of", exact, "published", "value")
    counted = counted.unique("as_of", keep="last", maintain_order=True)
    sure = select_confirmed(counted)["claim_id"].implode()
    return counted.filter(~pl.col("claim_id").is_in(sure)).to_dicts()


@dataclass(frozen=True)
class Week:
    """Seven days from `first` on: their people, and those of four weeks up to it where all are covered."""

    first: date
    people: PeopleRange
    four: PeopleRange | None = None
    days: tuple[date, date] | None = None  # the first and the last that figures cover

    @property
    def last(self) -> date:
        """The last of the days."""
        return self.first + timedelta(days=WEEK - 1)

    @property
    def mean(self) -> float | None:
        """People a week, the mean of the four."""
        return None if self.four is None else self.four.per_week()[1]

    @property
    def whole(self) -> bool:
        """Whether figures cover every day and none had to be divided."""
        return not self.people.derived and self.people.covered == WEEK

    @property
    def exact(self) -> bool:
        """Whether the figures leave one number of people, and none had to be divided."""
        return not self.people.derived and self.people.low == self.people.high is not None


@dataclass(frozen=True)
class LongCount:
    """One interval that spans whole weeks, of which none is known by itself: its days, its people and the
    bounds of these; None without a limit.
    """

    first: date
    last: date
    people: float
    low: float | None
    high: float | None

    @property
    def span(self) -> tuple[date, date]:
        """The days of the two figures."""
        return self.first - timedelta(days=1), self.last

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def rate(self) -> float:
        """People a week."""
        return self.people * WEEK / self.days


@dataclass(frozen=True)
class Mean:
    """People a week, of four weeks or of one longer count: its last day, its days and its bounds.

    `other`: the same by counts of the same speaker that contradict it.
    """

    last: date
    days: int
    rate: float
    low: float
    high: float
    other: float | None = None

    @property
    def rates(self) -> tuple[float, float]:
        """The lower and the higher pace; twice the same where nothing contradicts it."""
        both = self.rate, self.rate if self.other is None else self.other
        return min(both), max(both)

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest pace that any of its counts allows."""
        low, high = self.rates
        return min(low, self.low), max(high, self.high)


def count_weeks(made: pl.DataFrame, since: date, until: date) -> tuple[list[Week], list[LongCount]]:
    """The weeks that a span touches, and the counts of several weeks, whose people are of no week; from
    intervals (SCHEMA of rates) that do not overlap.

    A week ends on the weekday that most intervals end on, so that few are divided; without one, on Sunday.
    """
    ends = [day.weekday() for day in made.filter(pl.col("end") > since)["end"].to_list()]
    usual = next((day for day in range(7) if 2 * ends.count(day) > len(ends)), 6)
    opening = since - timedelta(days=(since.weekday() - usual - 1) % 7)
    firsts = [opening + timedelta(days=n) for n in range(0, (until - opening).days + 1, WEEK)]
    is_long = [_spans_weeks(row["start"], row["end"], firsts) for row in made.to_dicts()]
    long = [_make_long_count(row) for row in made.filter(pl.Series(is_long, dtype=pl.Boolean)).to_dicts()]
    short = made.filter(~pl.Series(is_long, dtype=pl.Boolean))
    sums = [sum_within(short, day - timedelta(days=1), day + timedelta(days=WEEK - 1)) for day in firsts]
    found = []
    for place, (first, people) in enumerate(zip(firsts, sums, strict=True)):
        last = sums[max(place - MEAN_WEEKS + 1, 0) : place + 1]
        whole = len(last) == MEAN_WEEKS and all(each.covered == WEEK for each in last)
        end = first + timedelta(days=WEEK - 1)
        four = sum_within(short, end - timedelta(days=MEAN_WEEKS * WEEK), end) if whole else None
        found.append(Week(first, people, four, _find_covered(short, first)))
    return found, long


def _find_covered(made: pl.DataFrame, first: date) -> tuple[date, date] | None:
    """The first and the last day of a week that intervals cover."""
    last = first + timedelta(days=WEEK - 1)
    inside = made.filter(pl.col("end") >= first, pl.col("start") < last)
    if inside.is_empty():
        return None
    start, end = min(inside["start"].to_list()), max(inside["end"].to_list())
    return max(start + timedelta(days=1), first), min(end, last)


def _spans_weeks(start: date, end: date, firsts: list[date]) -> bool:
    """Whether so many whole weeks lie between two figures that these are told as one count."""
    inside = [first for first in firsts if start < first and first + timedelta(days=WEEK - 1) <= end]
    return len(inside) >= LONG_WEEKS


def _make_long_count(row: dict[str, Any]) -> LongCount:
    first = row["start"] + timedelta(days=1)
    return LongCount(first, row["end"], row["central"], row["low"], row["high"])


def list_means(weeks: list[Week], long: list[LongCount]) -> list[Mean]:
    """Every pace a week that statements limit, in time order."""
    told = [(week.last, week.four) for week in weeks if week.four is not None]
    told += [
        (each.last, PeopleRange(each.days, each.days, each.low, each.people, each.high, derived=False))
        for each in long
    ]
    means = []
    for last, people in told:
        low, central, high = people.per_week()
        if low is not None and central is not None and high is not None:
            means.append(Mean(last, people.days, central, low, high))
    return sorted(means, key=lambda mean: mean.last)
