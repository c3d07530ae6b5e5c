"""From statements to known values: what was known on a day, one value and its error for each moment.

Revisions replace what they revise, a hedge becomes an error, a figure that jumps and comes straight back
is set aside. A cumulative is read from one baseline only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.core.bounds import guess
from pipelines.core.model import Kind, Qualifier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "as_of": pl.Date(),
        "published": pl.Date(),
        "kind": pl.String(),
        "value": pl.Int64(),
        "value_high": pl.Int64(),
        "qualifier": pl.String(),
        "period_start": pl.Date(),
    }
)
EXACT: Final = str(Qualifier.EXACT)
LEAST_OBSERVATIONS = 8  # of one series: with fewer nothing is said of what comes
GAP_WITHOUT_EXACT = 35  # days after which a hedged figure is worth more than its error costs
JUMP = 0.15  # of the level: a jump of this size that comes straight back is no release wave
QUOTED_DAYS = 7  # the same figure again within these days is the same statement, quoted
QUOTED_CHANGE = 0.03  # a return to an older figure by more than this share is a quotation of it
UNCONFIRMED = 0.3  # of the level: a newest figure that jumps this far waits for a second one
MOST = 60  # moments, and
MEMORY = 400  # days before the newest one: older ones say nothing of today's pace
FLOW_MEMORY = 200  # days of reported detentions that tell today's rate
LOOSE = 0.015  # of the value: a hedge with a larger error says less than an exact figure of last month


@dataclass(frozen=True)
class KnownValues:
    """Values at moments: `days` are ordinals and increase, `errors` are standard deviations in people."""

    days: Ints
    values: Floats
    errors: Floats

    @property
    def size(self) -> int:
        """How many moments."""
        return self.days.size

    def since(self, day: int) -> "KnownValues":
        """Only the moments on or after `day`."""
        return self.where(self.days >= day)

    def where(self, keep: NDArray[np.bool_]) -> "KnownValues":
        """Only the moments that `keep` marks."""
        return KnownValues(self.days[keep], self.values[keep], self.errors[keep])


def select_known(rows: pl.DataFrame, as_known_on: date) -> pl.DataFrame:
    """The rows that were public on a day, in one order whatever theirs was. Missing columns become null."""
    absent = [pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items() if name not in rows.columns]
    return (
        rows.with_columns(absent)
        .select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()])
        .filter(pl.col("published") <= as_known_on, pl.col("as_of") <= as_known_on)
        .sort(list(SCHEMA), nulls_last=False)
    )


def choose_baseline(rows: pl.DataFrame, least: int) -> date | None:
    """The baseline to read a cumulative from: the newest one with `least` moments, or the best known."""
    counted = (
        rows.filter(pl.col("kind") == Kind.CUMULATIVE)
        .group_by("period_start")
        .agg(pl.col("as_of").n_unique().alias("moments"), pl.col("as_of").max().alias("newest"))
        .rows()
    )
    first = date.min
    enough = [row for row in counted if row[1] >= least]
    if enough:
        best = max(enough, key=lambda row: (row[2], row[1], row[0] or first))
    else:
        best = max(counted, key=lambda row: (row[1], row[2], row[0] or first), default=(None,))
    start: date | None = best[0]
    return start


def read_values(rows: pl.DataFrame, kind: Kind, least: int, *, whole: bool = False) -> KnownValues:
    """One value a moment of a stock or a cumulative, from rows that `known` has put in order.

    Those that a forecast remembers, unless `whole`: all there are, also where an older figure came back.
    """
    chosen = rows.filter(pl.col("kind") == kind, pl.col("value").is_not_null())
    if kind is Kind.CUMULATIVE:
        chosen = chosen.filter(
            pl.col("period_start").eq_missing(pl.lit(choose_baseline(rows, least), pl.Date()))
        )
    moments: dict[int, list[tuple[date, bool, float, float]]] = {}
    columns = ("as_of", "published", "value", "value_high", "qualifier")
    for as_of, published, value, high, qualifier in chosen.select(columns).iter_rows():
        centre, error = guess(qualifier or EXACT, value, high)
        moments.setdefault(as_of.toordinal(), []).append(
            (published, (qualifier or EXACT) == EXACT, centre, error)
        )
    days = sorted(moments)
    pairs = [_settle_moment(moments[day]) for day in days]
    made = KnownValues(
        np.array(days, np.int64), np.array([v for v, _ in pairs]), np.array([e for _, e in pairs])
    )
    made = _drop_needless_hedges(made)
    made = _supersede(made) if kind is Kind.CUMULATIVE else _drop_returning_jumps(made)
    made = _drop_quotations(made, returns=not whole)
    if whole:
        return made
    recent = (np.arange(made.size) >= made.size - MOST) & (made.days > made.days[-1:].sum() - MEMORY)
    return made.where(recent)


def _settle_moment(said: list[tuple[date, bool, float, float]]) -> tuple[float, float]:
    """The last word on one moment; an exact one outranks a hedge, a tie is averaged and its spread kept."""
    exact = [statement for statement in said if statement[1]] or said
    newest = max(statement[0] for statement in exact)
    values = [value for published, _, value, _ in exact if published == newest]
    errors = [error for published, _, _, error in exact if published == newest]
    return float(np.mean(values)), float(max(*errors, (max(values) - min(values)) / 12**0.5))


def _drop_needless_hedges(made: KnownValues) -> KnownValues:
    """Drop a hedged figure between exact ones that stand close: it adds error, not knowledge."""
    exact = np.flatnonzero(made.errors == 0)
    if exact.size < 4:
        return made
    after = np.searchsorted(exact, np.arange(made.size))
    inside = (after > 0) & (after < exact.size)
    left = made.days[exact[np.clip(after - 1, 0, None)]]
    right = made.days[exact[np.clip(after, None, exact.size - 1)]]
    close = np.where(inside, right - left, made.days - made.days[exact[-1]]) <= GAP_WITHOUT_EXACT
    loose = inside | ((after == exact.size) & (made.errors > LOOSE * made.values))
    return made.where((made.errors == 0) | ~(close & loose))


def _drop_quotations(made: KnownValues, *, returns: bool) -> KnownValues:
    """Drop what only repeats a figure: the newest one within a week; with `returns` also an older one after
    a clear change."""
    keep = np.ones(made.size, bool)
    first, earlier = 0, set[float]()
    for place in range(1, made.size):
        value, newest = made.values[place], made.values[first]
        if value == newest:
            keep[place] = made.days[place] - made.days[first] >= QUOTED_DAYS
            if not keep[place]:
                continue
        elif returns and value in earlier and abs(value - newest) > QUOTED_CHANGE * newest:
            keep[place] = False
            continue
        earlier.add(float(newest))
        first = place
    return made.where(keep)


def _supersede(made: KnownValues) -> KnownValues:
    """A cumulative cannot fall: a later, lower figure corrects the ones before it."""
    return KnownValues(made.days, np.minimum.accumulate(made.values[::-1])[::-1], made.errors)


def _drop_returning_jumps(made: KnownValues) -> KnownValues:
    """Set aside a stock that jumps by more than `JUMP` and is back at the next statement."""
    keep = np.ones(made.size, bool)
    for i in range(1, made.size - 1):
        before, here, after = made.values[i - 1 : i + 2]
        out, back = here - before, after - here
        if min(abs(out), abs(back)) > JUMP * max(before, 1) and abs(after - before) < 0.5 * min(
            abs(out), abs(back)
        ):
            keep[i] = out * back > 0
    made = made.where(keep)
    if made.size < 4:
        return made
    steps = np.abs(np.diff(made.values))
    unconfirmed = steps[-1] > UNCONFIRMED * made.values[-2] and steps[-1] > 1.5 * steps[:-1].max()
    return made.where(np.arange(made.size) < made.size - unconfirmed)


def estimate_detentions(rows: pl.DataFrame, stock: KnownValues, cumulative: KnownValues) -> float:
    """New detentions a day: from reported flows, else from what releases leave unexplained in the stock.

    Zero where neither is known, which takes the whole scatter of the stock for that of releases.
    """
    flows = rows.filter(
        pl.col("kind") == Kind.FLOW, pl.col("value").is_not_null(), pl.col("period_start").is_not_null()
    ).filter(pl.col("as_of") >= pl.col("as_of").max() - timedelta(days=FLOW_MEMORY))
    days = (flows["as_of"] - flows["period_start"]).dt.total_days() + 1
    if flows.height and int(days.sum()) > 0:
        return float(flows["value"].sum()) / float(days.sum())
    if min(stock.size, cumulative.size) < 2:
        return 0.0
    start, end = max(stock.days[0], cumulative.days[0]), min(stock.days[-1], cumulative.days[-1])
    if end <= start:
        return 0.0
    left = np.diff(np.interp([start, end], cumulative.days, cumulative.values))[0]
    change = np.diff(np.interp([start, end], stock.days, stock.values))[0]
    return max(float(left + change), 0.0) / float(end - start)


def keep_since_break(seen: KnownValues, breaks: Sequence[date]) -> KnownValues:
    """Only what was counted the same way as today: nothing from before the last break that is past."""
    past = [day.toordinal() for day in breaks if seen.size and day.toordinal() <= seen.days[-1]]
    return seen.since(max(past)) if past else seen


@dataclass(frozen=True)
class Known:
    """Everything that was known of one organisation on a day."""

    rows: pl.DataFrame
    as_known_on: date
    breaks: Sequence[date] = ()

    @cached_property
    def stock(self) -> KnownValues:
        """People held."""
        return read_values(self.rows, Kind.STOCK, LEAST_OBSERVATIONS)

    @cached_property
    def cumulative(self) -> KnownValues:
        """People released since the baseline."""
        return read_values(self.rows, Kind.CUMULATIVE, LEAST_OBSERVATIONS)

    def of(self, target: Kind) -> KnownValues:
        """The values of a target."""
        return self.stock if target is Kind.STOCK else self.cumulative

    @cached_property
    def detentions(self) -> float:
        """New detentions a day, as far as they are known: zero where nothing is."""
        return estimate_detentions(self.rows, self.stock, self.cumulative)

    @cached_property
    def held(self) -> float | None:
        """People held at the newest statement, where there is one."""
        return float(self.stock.values[-1]) if self.stock.size else None
