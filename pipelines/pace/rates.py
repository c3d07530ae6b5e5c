"""The pace that statements show: people between two statements, with the bounds that they set.

An interval is never spread over its days: a window that cuts one takes between none and all of its people,
and a central share in proportion to its days that is marked as derived. No simulation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.core.bounds import find_bounds
from pipelines.core.model import Kind
from pipelines.pace.known_values import (
    EXACT,
    LEAST_OBSERVATIONS,
    Floats,
    KnownValues,
    choose_baseline,
    select_known,
)

SCHEMA = {
    "start": pl.Date,
    "end": pl.Date,
    "days": pl.Int64,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
}
WEEK = 7
Z80 = 1.2816  # half the 80 % interval of a normal distribution, in standard deviations
PATIENCE = 3  # usual gaps between figures after which the newest one is too old
FRESH, OLD = 14, 45  # days: never too old before, always after
NEAR = 21  # days: the newest figure is never older than the horizon and this


def find_intervals(rows: pl.DataFrame, as_known_on: date, kind: Kind) -> pl.DataFrame:
    """One row for each reporting interval, `SCHEMA`: people released (cumulative), newly detained (flow), or
    by whom the stock fell (negative where it rose). `high` is null where a statement sets no upper limit.
    """
    seen = select_known(rows, as_known_on).filter(pl.col("kind") == kind, pl.col("value").is_not_null())
    if kind is Kind.FLOW:
        return _find_windows(seen)
    if kind is Kind.CUMULATIVE:
        start = pl.lit(choose_baseline(seen, LEAST_OBSERVATIONS), pl.Date)
        seen = seen.filter(pl.col("period_start").eq_missing(start))
    days, low, central, high = bound_levels(seen, grows=kind is Kind.CUMULATIVE)
    sign = 1 if kind is Kind.CUMULATIVE else -1
    first, second = (
        (low[1:] - high[:-1], high[1:] - low[:-1])
        if sign == 1
        else (low[:-1] - high[1:], high[:-1] - low[1:])
    )
    least = np.maximum(first, 0) if sign == 1 else first
    made = pl.DataFrame(
        {
            "start": days[:-1],
            "end": days[1:],
            "days": [(after - before).days for before, after in pairwise(days)],
            "low": least,
            "central": np.minimum(np.maximum(sign * np.diff(central), least), second),
            "high": second,
        },
        schema=SCHEMA,
    )
    finite = [
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name)
        for name in ("low", "central", "high")
    ]
    return made.with_columns(finite)


def bound_levels(seen: pl.DataFrame, *, grows: bool) -> tuple[list[date], Floats, Floats, Floats]:
    """Days, and the lowest, stated and highest true level at each; the newest statement on a day counts."""
    latest: dict[date, tuple[float, float, float]] = {}
    order = seen.with_columns((pl.col("qualifier") == EXACT).alias("exact")).sort(
        "as_of", "exact", "published", "value"
    )
    for row in order.iter_rows(named=True):
        least, most = find_bounds(row["qualifier"] or EXACT, row["value"], row["value_high"])
        latest[row["as_of"]] = (least or 0, row["value"], np.inf if most is None else most)
    days = sorted(latest)
    table = np.array([latest[day] for day in days], np.float64).reshape(-1, 3)
    low, central, high = table[:, 0], table[:, 1], table[:, 2]
    if grows:  # later statements bound the earlier ones: the count cannot have been higher then
        high = np.minimum.accumulate(high[::-1])[::-1]
        central = np.minimum(np.minimum.accumulate(central[::-1])[::-1], high)
        low = np.minimum(np.maximum.accumulate(np.minimum(low, high)), high)
    return days, low, central, high


def _find_windows(seen: pl.DataFrame) -> pl.DataFrame:
    """Flows with a known window; the newest statement about a window counts."""
    latest: dict[tuple[date, date], tuple[float, float, float | None]] = {}
    for row in (
        seen.filter(pl.col("period_start").is_not_null()).sort("published", "value").iter_rows(named=True)
    ):
        low, high = find_bounds(row["qualifier"] or EXACT, row["value"], row["value_high"])
        low = low or 0
        central = float(max(row["value"], low))  # "more than 9" is ten at least
        central = central if high is None else min(central, high)
        latest[row["period_start"] - timedelta(days=1), row["as_of"]] = (low, central, high)
    made = [
        (start, end, (end - start).days, *latest[start, end]) for start, end in sorted(latest) if end > start
    ]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def drop_overlaps(made: pl.DataFrame) -> pl.DataFrame:
    """As many intervals as fit beside each other, the first to end kept: nothing is counted twice."""
    kept: list[int] = []
    end = date.min
    for place, (opened, closed) in enumerate(made.sort("end", "days").select("start", "end").iter_rows()):
        if opened >= end:
            kept.append(place)
            end = closed
    return made.sort("end", "days")[kept]


def drop_across_breaks(made: pl.DataFrame, breaks: Sequence[date]) -> pl.DataFrame:
    """Without the intervals in which something else began to be counted."""
    across = [
        any(opened < day <= closed for day in breaks)
        for opened, closed in made.select("start", "end").iter_rows()
    ]
    return made.filter(~pl.Series(across, dtype=pl.Boolean))


@dataclass(frozen=True)
class PeopleRange:
    """People over some days: lowest, central and highest number. None where a bound is not known.

    `covered` of the `days` lie between two statements; `derived` is whether an interval had to be cut.
    """

    days: int
    covered: int
    low: float | None
    central: float | None
    high: float | None
    derived: bool

    def per_week(self) -> tuple[float | None, float | None, float | None]:
        """The three numbers per week of covered days; None where nothing is covered."""
        return tuple(  # type: ignore[return-value]
            None if value is None or not self.covered else value * WEEK / self.covered
            for value in (self.low, self.central, self.high)
        )


@dataclass(frozen=True)
class PaceChange:
    """The pace before and after a day, people a day. `low80`, `high80`: the difference with the scatter of
    the intervals and the bounds of the statements; None where a side has no statements.

    `shared`: one interval makes most of both sides, which then are not compared: it would be with itself.
    """

    before: PeopleRange
    after: PeopleRange
    difference: float | None
    low80: float | None
    high80: float | None
    shared: bool = False


def sum_within(made: pl.DataFrame, start: date, end: date) -> PeopleRange:
    """People after the day `start` up to the day `end`, from intervals that do not overlap."""
    covered, derived = 0, False
    lows: list[float | None] = []
    centrals: list[float] = []
    highs: list[float | None] = []
    for opened, closed, days, least, middle, most in made.select(list(SCHEMA)).iter_rows():
        inside = (min(closed, end) - max(opened, start)).days
        if inside <= 0:
            continue
        covered += inside
        cut = inside < days
        derived = derived or cut
        lows.append(min(least, 0.0) if cut and least is not None else least)
        highs.append(max(most, 0.0) if cut and most is not None else most)
        centrals.append(middle * inside / days)
    days = (end - start).days
    if not centrals:
        return PeopleRange(days, 0, None, None, None, derived=False)
    return PeopleRange(days, covered, _sum_bounds(lows), sum(centrals), _sum_bounds(highs), derived)


def _sum_bounds(people: list[float | None]) -> float | None:
    """A bound of a sum: none where one part has none."""
    known_parts = [value for value in people if value is not None]
    return sum(known_parts) if len(known_parts) == len(people) else None


def find_whole_start(made: pl.DataFrame, end: date, days: int) -> date | None:
    """From which figure to count the last days up to the figure of a day, so that no interval is divided: the
    one that comes nearest to so many days, half of them at least where there are; None without an interval.
    """
    starts = made.filter(pl.col("end") <= end)["start"].to_list()
    enough = [start for start in starts if 2 * (end - start).days >= days]
    return min(enough or starts, key=lambda start: (abs((end - start).days - days), start), default=None)


def compare_around(made: pl.DataFrame, event: date, days: int) -> PaceChange:
    """The pace over so many days before an event and after it, and the difference with its uncertainty."""
    before, after = (
        sum_within(made, event - timedelta(days=days), event),
        sum_within(made, event, event + timedelta(days=days)),
    )
    if before.central is None or after.central is None:
        return PaceChange(before, after, None, None, None)
    across = made.filter(pl.col("start") < event, pl.col("end") > event)
    left, right = (
        sum_within(across, event - timedelta(days=days), event).covered,
        sum_within(across, event, event + timedelta(days=days)).covered,
    )
    if 2 * left > before.covered and 2 * right > after.covered:
        return PaceChange(before, after, None, None, None, shared=True)
    return compare(made, before, after)


def compare(made: pl.DataFrame, before: PeopleRange, after: PeopleRange) -> PaceChange:
    """Two paces that share no interval: the difference with its uncertainty, by the scatter of intervals."""
    if before.central is None or after.central is None:
        return PaceChange(before, after, None, None, None)
    difference = after.central / after.covered - before.central / before.covered
    margin = Z80 * (_estimate_noise(made, before) + _estimate_noise(made, after)) ** 0.5
    lows = _compute_rate(after.low, after.covered), _compute_rate(before.high, before.covered)
    highs = _compute_rate(after.high, after.covered), _compute_rate(before.low, before.covered)
    low = None if None in lows else min(lows[0] - lows[1], difference) - margin  # type: ignore[operator]
    high = None if None in highs else max(highs[0] - highs[1], difference) + margin  # type: ignore[operator]
    return PaceChange(before, after, difference, low, high)


def find_margin(made: pl.DataFrame, people: PeopleRange) -> tuple[float, float] | None:
    """The 80 % interval of a pace, people a day: the bounds of its statements and the scatter of the
    intervals, as `compare_around` reckons with both. None where a bound is not known.
    """
    if people.low is None or people.high is None:
        return None
    margin = Z80 * _estimate_noise(made, people) ** 0.5
    return people.low / people.covered - margin, people.high / people.covered + margin


def _estimate_noise(made: pl.DataFrame, people: PeopleRange) -> float:
    """The variance of a pace, people a day."""
    return estimate_dispersion(made) * max(abs(people.central or 0), 1) / people.covered**2


def _compute_rate(people: float | None, days: int) -> float | None:
    return None if people is None else people / days


def estimate_dispersion(made: pl.DataFrame) -> float:
    """How much more than Poisson the intervals scatter around one pace: Pearson's statistic per degree of
    freedom, at least 1 (McCullagh and Nelder 1989, section 4.5). 1 where fewer than two are known.

    A number that falls and rises is held against all its change: against the net, which may be none or below
    zero, there would be no scatter to tell.
    """
    seen = made.filter(pl.col("central").is_not_null())
    days, people = seen["days"].to_numpy(), seen["central"].to_numpy()
    change = np.abs(people).sum()
    if people.size < 2 or change <= 0:
        return 1.0
    distance = people - days * (people.sum() / days.sum())
    expected = days * (change / days.sum())
    return max(float((distance**2 / expected).sum() / (people.size - 1)), 1.0)


def find_required_pace(rows: pl.DataFrame, as_known_on: date, by: date) -> tuple[float, float | None] | None:
    """People a day who would have to leave, net, for nobody to be held on a day: lowest and highest, from the
    newest stock. None where no stock is known or the day is past."""
    seen = select_known(rows, as_known_on).filter(pl.col("kind") == Kind.STOCK, pl.col("value").is_not_null())
    if seen.is_empty() or by <= as_known_on:
        return None
    _, low, _, high = bound_levels(seen, grows=False)
    days = (by - as_known_on).days
    return float(low[-1]) / days, float(high[-1]) / days if np.isfinite(high[-1]) else None


def find_patience(seen: KnownValues, horizon: int) -> float:
    """Days after which the newest figure is too old to speak of now: some usual gaps, within limits."""
    gaps = np.diff(seen.days[-10:])
    usual = float(np.median(gaps)) if gaps.size else FRESH
    return min(max(PATIENCE * usual, FRESH), OLD, NEAR + horizon)
