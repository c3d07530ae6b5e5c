"""The outlook: where people held and releases may stand on a day ahead, or the reason why it is not said."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.known_values import Floats, Known, known, since_break
from pipelines.model import Kind
from pipelines.outlook.futures import STEP, futures, partly
from pipelines.outlook.process import Belief, Counts, counts, observe
from pipelines.outlook.refusals import Reason, refusal, too_wide

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


@dataclass(frozen=True)
class Refused:
    """No outlook for this target and horizon, and why."""

    horizon: int
    target: str
    refused: Reason


def counts_of(everything: Known, target: Kind) -> Counts:
    """The counts between the comparable statements of a target."""
    comparable = since_break(everything.of(target), everything.breaks)
    reach = 2 * float(comparable.values[-1]) if everything.held is None else everything.held
    return counts(comparable, signed=target is Kind.STOCK, detentions=everything.detentions, concerned=reach)


def look_ahead(
    rows: pl.DataFrame,
    as_known_on: date,
    horizons: Sequence[int] = HORIZONS,
    breaks: Sequence[date] = (),
    targets: Sequence[Kind] = TARGETS,
) -> list[Outlook | Refused]:
    """Outlook or refusal for each horizon (days, at least 1) and target, stock first.

    `rows` are the observations of one organisation (`known_values.SCHEMA`), in any order; only those
    published by `as_known_on` count. `breaks` are days from which something else was counted.
    """
    everything = Known(known(rows, as_known_on), as_known_on, breaks)
    return [result for target in targets for result in _target(everything, target, horizons)]


def _target(everything: Known, target: Kind, horizons: Sequence[int]) -> list[Outlook | Refused]:
    seen, today = everything.of(target), everything.as_known_on
    refused = {h: refusal(seen, today, h, everything.breaks) for h in horizons}
    answered = [h for h in horizons if refused[h] is None]
    levels: dict[int, Floats] = {}
    if answered:
        age = today.toordinal() - int(seen.days[-1])
        belief = observe(counts_of(everything, target))
        paths = simulate(everything, target, [h + age for h in answered], belief)
        levels = {h: _quantiles(paths[h + age], belief.waves) for h in answered}
    concerned = everything.held if everything.held is not None else float(seen.values[-1:].sum())
    results: list[Outlook | Refused] = []
    for h in horizons:
        reason = refused[h]
        if reason is None and too_wide(levels[h][1], levels[h][5], concerned):
            reason = Reason.TOO_WIDE
        if reason is not None:
            results.append(Refused(h, str(target), reason))
            continue
        lo95, lo80, lo50, median, hi50, hi80, hi95 = (int(value) for value in levels[h])
        results.append(Outlook(h, str(target), median, lo50, hi50, lo80, hi80, lo95, hi95))
    return results


def _quantiles(values: Floats, waves: float) -> Floats:
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
    weeks = futures(belief, -(-max(aheads) // STEP), PATHS, rng)
    levels = levels_of(start, weeks, target)
    values = {}
    for ahead in aheads:
        step, days = divmod(ahead, STEP)
        value = levels[step]
        if days:
            part = partly(weeks[step], days, np.random.default_rng([source.seed, step]))
            value = np.maximum(value - part, 0) if target is Kind.STOCK else value + part
        if target is Kind.CUMULATIVE and everything.held is not None:
            most = start + everything.held + everything.detentions * ahead
            value = np.minimum(value, np.maximum(most, start))
        values[ahead] = value
    return values


def levels_of(start: Floats, weeks: Floats, target: Kind) -> Floats:
    """The value after each week, shape (steps + 1, paths). Nobody leaves a prison that is empty."""
    levels = [start]
    for week in weeks:
        levels.append(np.maximum(levels[-1] - week, 0) if target is Kind.STOCK else levels[-1] + week)
    return np.stack(levels)


def record(result: Outlook | Refused) -> dict[str, Any]:
    """A result as plain values; dates become ISO text."""
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(result).items()
    }
