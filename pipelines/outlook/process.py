"""What the past says: each setting of the bank filtered over the statements, and weighed by its foresight.

Between two statements a count is known, never its days. A Kalman step with the negative binomial's
variance updates the pace outside waves; a two-state chain says how much of the interval a wave may have
taken (an interacting mixture collapsed to one mean and variance for each state after each interval; Kim
1994, West and Harrison 1997).
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from pipelines.known_values import Floats, KnownValues
from pipelines.outlook.bank import (
    CASE_STARTS,
    CASES_ENDING,
    ENDING,
    HEIGHT_SPREAD,
    TEMPER,
    Exposure,
    bank,
    exposure,
)

ROUNDING = 0.1  # variance of a count that is a whole number, people squared
LEAST = 0.02  # of the usual spread of paces: no pace is taken to be surer than this
TINY = 1e-300
CALM_DAYS = 60  # an interval longer than this weighs no more in the median pace


@dataclass(frozen=True)
class Counts:
    """People who left between consecutive statements; `signed` where others came in (a stock)."""

    days: Floats
    people: Floats
    errors: Floats  # variance, people squared
    signed: bool
    detentions: float  # new ones a day, as far as known: they scatter without moving the net
    concerned: float  # people whom a wave can reach

    @property
    def seed(self) -> int:
        """A number that only these counts have, for drawing the same futures from the same input."""
        digest = blake2b(digest_size=8)
        for part in (self.days, self.people, self.errors):
            digest.update(np.ascontiguousarray(part, np.float64).tobytes())
        digest.update(repr((self.signed, round(self.detentions, 9), self.concerned)).encode())
        return int.from_bytes(digest.digest())


@dataclass(frozen=True)
class Belief:
    """What is held possible at the last statement.

    `weight`, `mean`, `variance` have shape (2, settings): no wave and a wave running; mean and variance are
    of the pace outside waves, people a day. `usual` and `spread` describe where a shifted pace falls,
    `height` the pace of waves, all for each setting. `detentions` and `signed` as in the counts.
    """

    weight: Floats
    mean: Floats
    variance: Floats
    usual: Floats
    spread: Floats
    height: Floats
    detentions: float
    signed: bool

    @property
    def waves(self) -> float:
        """How likely it is held that releases come in waves, from 0 to 1."""
        return float(self.weight[:, bank().begin > 0].sum())

    @property
    def pace(self) -> float:
        """Expected pace outside waves, people a day."""
        return float((self.weight * self.mean).sum())


def counts(seen: KnownValues, *, signed: bool, detentions: float, concerned: float) -> Counts:
    """Differences between at least two values: people out of a stock, or onto a cumulative."""
    change = np.diff(seen.values)
    squares = seen.errors**2
    return Counts(
        np.diff(seen.days).astype(np.float64),
        -change if signed else change,
        squares[1:] + squares[:-1],
        signed,
        detentions if signed else 0.0,
        concerned,
    )


def observe(seen: Counts) -> Belief:
    """Filter all intervals, oldest first."""
    belief = _before(seen)
    for days, people, error in zip(seen.days, seen.people, seen.errors, strict=True):
        belief = _step(belief, float(days), float(people), float(error))
    return belief


def _before(seen: Counts) -> Belief:
    """Scales from the whole series (empirical Bayes), everything else from the bank."""
    settings = bank()
    rates, least = seen.people / seen.days, 0.5 / seen.days.sum()
    overall = float((seen.people.sum() + 0.5) / seen.days.sum())
    calm = float(np.median(np.repeat(rates, np.minimum(seen.days, CALM_DAYS).astype(np.int64))))
    spread = max(float(np.sqrt(np.average((rates - overall) ** 2, weights=seen.days))), abs(overall), least)
    calm_spread = max(float(np.average(np.abs(rates - calm), weights=seen.days)), abs(calm), least)
    excess = max(float(rates.max()) - calm, 0.05 * spread)
    waving = settings.begin > 0
    usual = np.where(waving, calm, overall)
    spreads = np.where(waving, min(calm_spread, spread), spread)
    on = settings.prior * settings.begin / (settings.begin + settings.end)
    return Belief(
        weight=np.stack([settings.prior - on, on]),
        mean=np.tile(usual, (2, 1)),
        variance=np.tile(spreads**2, (2, 1)),
        usual=usual,
        spread=spreads,
        height=settings.height * excess + settings.share * seen.concerned,
        detentions=seen.detentions,
        signed=seen.signed,
    )


def _step(belief: Belief, days: float, people: float, error: float) -> Belief:
    """One interval: branch over shifts and waves, weigh by the count, update, collapse to two states."""
    settings, waves = bank(), exposure(int(days))
    weight, mean, variance = _branches(belief, days, waves)
    inside = belief.height * waves.mean  # people expected in the wave, by case
    expected = mean * days + inside
    churn = 2 * belief.detentions
    base = np.maximum(np.abs(mean), LEAST * belief.spread) + churn
    scatter = (
        variance * days**2
        + (1 + settings.dispersion) * (base * days + inside)
        + belief.height**2 * (waves.square * (1 + HEIGHT_SPREAD**2) - waves.mean**2)
        + error
        + ROUNDING
    )
    gap = people - expected
    after = weight * (np.exp(-0.5 * gap * gap / scatter) / np.sqrt(scatter) + TINY)
    gain = variance * days / scatter
    mean = mean + gain * gap
    if not belief.signed:
        mean = np.maximum(mean, 0)
    variance = variance * (1 - gain * days)
    evidence = after.sum((0, 1)) / np.maximum(weight.sum((0, 1)), TINY)
    tempered = (np.maximum(evidence, TINY) / max(evidence.max(), TINY)) ** (TEMPER - 1)
    total = np.stack([after[:, cases].sum((0, 1)) for cases in CASES_ENDING])
    known = np.maximum(total, TINY)
    first = np.stack([(after * mean)[:, cases].sum((0, 1)) for cases in CASES_ENDING]) / known
    second = (
        np.stack([(after * (variance + mean**2))[:, cases].sum((0, 1)) for cases in CASES_ENDING]) / known
    )
    total = total * tempered
    return Belief(
        total / total.sum(),
        first,
        np.maximum(second - first**2, 1e-12),
        belief.usual,
        belief.spread,
        belief.height,
        belief.detentions,
        belief.signed,
    )


def _branches(belief: Belief, days: float, waves: Exposure) -> tuple[Floats, Floats, Floats]:
    """Weight, mean and variance of the pace, shape (3, 5, settings): kept, new or ended × case of wave."""
    settings = bank()
    decay = np.exp(-settings.drift * days)
    mean = belief.mean * decay
    walk = (settings.wander * np.maximum(np.abs(mean), LEAST * belief.spread)) ** 2 * days
    variance = belief.variance * decay**2 + walk
    kept = np.exp(-settings.shift * days)
    ended = (LEAST * belief.spread) ** 2
    weights = np.stack([kept, (1 - kept) * (1 - ENDING), (1 - kept) * ENDING])[:, None] * belief.weight
    means = np.stack([mean, np.tile(belief.usual, (2, 1)), np.full_like(mean, -belief.detentions)])
    variances = np.stack([variance, np.tile(belief.spread**2, (2, 1)), np.tile(ended, (2, 1))])
    return weights[:, CASE_STARTS] * waves.chance, means[:, CASE_STARTS], variances[:, CASE_STARTS]
