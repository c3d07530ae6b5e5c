"""How long people are held: the share still held after so many days, with its band.

The estimate of Kaplan and Meier (1958), Greenwood's variance, the band on the log-log scale. No library of
ours has it (docs/libraries.md); it is a product of a dozen lines over counts by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final, NamedTuple

HORIZONS: Final = (30, 90, 180, 365, 730)  # days at which the share still held is told
Z: Final = 1.959963984540054  # of a band that holds 95 in 100 times


class Duration(NamedTuple):
    """Stays of one length: how many ended after it, and how many there are, those still going on included."""

    days: int
    exits: int
    stays: int


class Step(NamedTuple):
    """The share still held after `days`, with its band, and how many had not left before."""

    days: int
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True)
class StayLength:
    """What may be told: counts of people; the median in days with its band (None: not reached); for a
    day of HORIZONS the share still held, with its band.
    """

    stays: int
    ended: int
    still_held: int
    median: int | None
    median_low: int | None
    median_high: int | None
    shares: dict[int, tuple[float, float, float]]


def estimate(durations: Sequence[Duration]) -> list[Step]:
    """A step for each length with an exit. `durations`: by days, one row a length."""
    at_risk = sum(each.stays for each in durations)
    share, variance, steps = 1.0, 0.0, []
    for each in durations:
        if each.exits:
            left = at_risk - each.exits
            share *= left / at_risk
            variance += each.exits / (at_risk * left) if left else 0.0
            steps.append(Step(each.days, share, *_make_band(share, variance), at_risk))
        at_risk -= each.stays
    return steps


def _make_band(share: float, variance: float) -> tuple[float, float]:
    if share <= 0.0:
        return 0.0, 0.0
    if share >= 1.0:
        return 1.0, 1.0
    reach = Z * sqrt(variance) / abs(log(share))
    return exp(log(share) * exp(reach)), exp(log(share) * exp(-reach))


def sum_up(durations: Sequence[Duration], few: int) -> StayLength | None:
    """Median and shares, or None where so few left or are still held (below `few`) that it tells of them.

    A share is told only where at least `few` have been held so long and as many left before.
    """
    stays, ended = sum(each.stays for each in durations), sum(each.exits for each in durations)
    if ended < few or 0 < stays - ended < few:
        return None
    steps = estimate(durations)
    shares = {}
    for days in HORIZONS:
        before = [step for step in steps if step.days <= days]
        longer = sum(each.stays for each in durations if each.days > days)
        gone = sum(each.exits for each in durations if each.days <= days)
        if before and longer >= few and gone >= few:
            shares[days] = before[-1][1:4]
    return StayLength(
        stays,
        ended,
        stays - ended,
        _first([(step.days, step.share) for step in steps]),
        _first([(step.days, step.low) for step in steps]),
        _first([(step.days, step.high) for step in steps]),
        shares,
    )


def _first(steps: Sequence[tuple[int, float]]) -> int | None:
    return next((days for days, share in steps if share <= 0.5 + 1e-12), None)
