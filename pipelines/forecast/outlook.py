"""The outlook: where a count may stand on a day ahead, when nobody may be held, or why it is not told."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.core.model import Kind
from pipelines.forecast.refusals import RefusalReason, find_refusal, is_too_wide
from pipelines.forecast.simulation import (
    STEP,
    Belief,
    Departures,
    count_departures,
    observe,
    simulate_futures,
    thin_week,
)
from pipelines.pace.known_values import Floats, Known, KnownValues, keep_since_break, select_known

HORIZONS: Final = (7, 14, 28, 90)
TARGETS: Final = (Kind.STOCK, Kind.CUMULATIVE)
LEVELS: Final = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
PATHS = 1600
CALM_REACH: Final = (
    1.0,
    0.84,
    0.84,
    1.0,
    0.84,
    0.84,
    1.0,
)  # each level's distance from the median, calibrated
WAVE_REACH: Final = (
    1.05,
    1.04,
    1.03,
    1.0,
    1.03,
    1.04,
    1.05,
)  # the same where releases are sure to come in waves


@dataclass(frozen=True)
class Outlook:
    """Where a target may stand `horizon` days after the day it is known on, in people."""

    horizon: int
    target: str
    median: int
    lo50: int
    hi50: int
    lo80: int
    hi80: int
    lo95: int
    hi95: int

    @property
    def levels(self) -> tuple[int, ...]:
        """The seven levels, from the lowest to the highest."""
        return (self.lo95, self.lo80, self.lo50, self.median, self.hi50, self.hi80, self.hi95)


@dataclass(frozen=True)
class Refused:
    """No outlook for this target and horizon, and why."""

    horizon: int
    target: str
    refused: RefusalReason


def counts_of(everything: Known, target: Kind) -> Departures:
    """The counts between the comparable statements of a target."""
    comparable = keep_since_break(everything.of(target), everything.breaks)
    reach = 2 * float(comparable.values[-1]) if everything.held is None else everything.held
    return count_departures(
        comparable, signed=target is Kind.STOCK, detentions=everything.detentions, concerned=reach
    )


def look_ahead(
    rows: pl.DataFrame,
    as_known_on: date,
    horizons: Sequence[int] = HORIZONS,
    breaks: Sequence[date] = (),
) -> list[Outlook | Refused]:
    """Outlook or refusal for each horizon (days, at least 1) and target, stock first.

    `rows` are the observations of one organisation (`known_values.SCHEMA`), in any order; only those
    published by `as_known_on` count. `breaks` are days from which something else was counted.
    """
    everything = Known(select_known(rows, as_known_on), as_known_on, breaks)
    return [result for target in TARGETS for result in forecast_target(everything, target, horizons)]


def forecast_target(everything: Known, target: Kind, horizons: Sequence[int]) -> list[Outlook | Refused]:
    """The same for one target, from what was known."""
    seen, today = everything.of(target), everything.as_known_on
    refused = {h: find_refusal(seen, today, h, everything.breaks) for h in horizons}
    answered = [h for h in horizons if refused[h] is None]
    levels: dict[int, Floats] = {}
    if answered:
        age = today.toordinal() - int(seen.days[-1])
        belief = observe(counts_of(everything, target))
        paths = simulate(everything, target, [h + age for h in answered], belief)
        levels = {h: _compute_quantiles(paths[h + age], belief.waves) for h in answered}
    concerned = everything.held if everything.held is not None else float(seen.values[-1:].sum())
    results: list[Outlook | Refused] = []
    for h in horizons:
        reason = refused[h]
        if reason is None and is_too_wide(levels[h][1], levels[h][5], concerned):
            reason = RefusalReason.TOO_WIDE
        if reason is not None:
            results.append(Refused(h, str(target), reason))
            continue
        lo95, lo80, lo50, median, hi50, hi80, hi95 = (int(value) for value in levels[h])
        results.append(Outlook(h, str(target), median, lo50, hi50, lo80, hi80, lo95, hi95))
    return results


def _compute_quantiles(values: Floats, waves: float) -> Floats:
    """The levels of simulated values, each moved to where it covers what it promises (docs/outlook.md).

    A calm process is foreseen too widely, since most of what the bank thinks possible does not happen to it;
    one in waves a little too narrowly. `waves` is how likely they are.
    """
    plain = np.quantile(values, LEVELS)
    calm, waving = np.array(CALM_REACH), np.array(WAVE_REACH)
    moved = plain[3] + (plain - plain[3]) * (calm + (waving - calm) * waves**2)
    rounded: Floats = np.round(np.clip(moved, values.min(), values.max()))  # never beyond what can be
    return rounded


def simulate(everything: Known, target: Kind, aheads: Sequence[int], belief: Belief) -> dict[int, Floats]:
    """`PATHS` possible values of a target for each number of days after its newest statement.

    The days asked for do not change the futures: all are read off the same weekly paths.
    """
    seen, source = everything.of(target), counts_of(everything, target)
    rng = np.random.default_rng(source.seed)
    start = np.maximum(seen.values[-1] + seen.errors[-1] * rng.standard_normal(PATHS), 0)
    weeks = simulate_futures(belief, -(-max(aheads) // STEP), PATHS, rng)
    levels = compute_levels(start, weeks, target)
    values = {}
    for ahead in aheads:
        step, days = divmod(ahead, STEP)
        value = levels[step]
        if days:
            part = thin_week(weeks[step], days, np.random.default_rng([source.seed, step]))
            value = np.maximum(value - part, 0) if target is Kind.STOCK else value + part
        if target is Kind.CUMULATIVE and everything.held is not None:
            most = start + everything.held + everything.detentions * ahead
            value = np.minimum(value, np.maximum(most, start))
        values[ahead] = value
    return values


def compute_levels(start: Floats, weeks: Floats, target: Kind) -> Floats:
    """The value after each week, shape (steps + 1, paths). Nobody leaves a prison that is empty."""
    levels = [start]
    for week in weeks:
        levels.append(np.maximum(levels[-1] - week, 0) if target is Kind.STOCK else levels[-1] + week)
    return np.stack(levels)


def make_record(result: Outlook | Refused) -> dict[str, Any]:
    """A result as plain values; dates become ISO text."""
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(result).items()
    }


REACH = 3 * 365  # days looked ahead
RECENT: Final = (28, 90)  # days over which the number must have fallen


@dataclass(frozen=True)
class ByWhen:
    """When the number of people held may reach zero. Never one date: a range, and the share that never do.

    `earliest` and `latest` hold the middle 80 % of all futures between them; `latest` is None when more than
    a tenth do not get there within `looked_ahead` days, and both when nine tenths do not.
    """

    earliest: date | None
    latest: date | None
    never: float
    looked_ahead: int


def estimate_by_when(rows: pl.DataFrame, as_known_on: date, breaks: Sequence[date] = ()) -> ByWhen | Refused:
    """When nobody may be held any more, as a range of dates; refused where the number is not falling."""
    everything = Known(select_known(rows, as_known_on), as_known_on, breaks)
    seen, target = everything.stock, str(Kind.STOCK)
    reason = find_refusal(seen, as_known_on, max(RECENT), breaks)
    if reason is None and not _is_falling(keep_since_break(seen, breaks)):
        reason = RefusalReason.NOT_FALLING
    if reason is not None:
        return Refused(REACH, target, reason)
    source = counts_of(everything, Kind.STOCK)
    rng = np.random.default_rng(source.seed)
    weeks = simulate_futures(observe(source), REACH // STEP, PATHS // 2, rng)
    levels = compute_levels(np.full(PATHS // 2, seen.values[-1]), weeks, Kind.STOCK)
    arrived = (levels <= 0).any(axis=0)
    when = np.sort(np.where(arrived, (levels <= 0).argmax(axis=0) * STEP, np.iinfo(np.int64).max))
    day = {share: when[int(share * (when.size - 1))] for share in (0.1, 0.9)}
    dates = {s: date.fromordinal(int(seen.days[-1] + d)) if d <= REACH else None for s, d in day.items()}
    return ByWhen(dates[0.1], dates[0.9], float(1 - arrived.mean()), REACH)


def _is_falling(seen: KnownValues) -> bool:
    """Whether the number fell over each of the recent windows, as far as statements reach."""
    newest = int(seen.days[-1])
    starts = [max(int(np.searchsorted(seen.days, newest - days, side="right")) - 1, 0) for days in RECENT]
    return all(seen.values[start] > seen.values[-1] for start in starts)
