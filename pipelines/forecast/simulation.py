"""What the past leaves possible, and many simulated futures from there, in weekly steps.

Between two statements a count is known, never its days. A Kalman step with the negative binomial's
variance updates the pace outside waves; a two-state chain says how much of the interval a wave may have
taken (an interacting mixture collapsed to one mean and variance for each state after each interval; Kim
1994, West and Harrison 1997).
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from pipelines.forecast.priors import (
    CASE_STARTS,
    CASES_ENDING,
    ENDING,
    HAZARD,
    HEIGHT_SPREAD,
    NOVELTY,
    TEMPER,
    Bank,
    Exposure,
    compute_exposure,
    make_bank,
)
from pipelines.pace.known_values import Floats, KnownValues

ROUNDING = 0.1  # variance of a count that is a whole number, people squared
LEAST = 0.02  # of the usual spread of paces: no pace is taken to be surer than this
TINY = 1e-300
CALM_DAYS = 60  # an interval longer than this weighs no more in the median pace


@dataclass(frozen=True)
class Departures:
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
        return float(self.weight[:, make_bank().begin > 0].sum())

    @property
    def pace(self) -> float:
        """Expected pace outside waves, people a day."""
        return float((self.weight * self.mean).sum())


def count_departures(seen: KnownValues, *, signed: bool, detentions: float, concerned: float) -> Departures:
    """Differences between at least two values: people out of a stock, or onto a cumulative."""
    change = np.diff(seen.values)
    squares = seen.errors**2
    return Departures(
        np.diff(seen.days).astype(np.float64),
        -change if signed else change,
        squares[1:] + squares[:-1],
        signed,
        detentions if signed else 0.0,
        concerned,
    )


def observe(seen: Departures) -> Belief:
    """Filter all intervals, oldest first."""
    belief = _make_prior(seen)
    for days, people, error in zip(seen.days, seen.people, seen.errors, strict=True):
        belief = _step(belief, float(days), float(people), float(error))
    return belief


def _make_prior(seen: Departures) -> Belief:
    """Scales from the whole series (empirical Bayes), everything else from the bank."""
    settings = make_bank()
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
    settings, waves = make_bank(), compute_exposure(int(days))
    weight, mean, variance = _branch(belief, days, waves)
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


def _branch(belief: Belief, days: float, waves: Exposure) -> tuple[Floats, Floats, Floats]:
    """Weight, mean and variance of the pace, shape (3, 5, settings): kept, new or ended × case of wave."""
    settings = make_bank()
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


STEP = 7  # days
Generator = np.random.Generator


def simulate_futures(belief: Belief, steps: int, paths: int, rng: Generator) -> Floats:
    """People who leave in each week ahead, shape (steps, paths); negative where more come in than leave."""
    settings = make_bank()
    wave, chosen = _draw_starts(belief, paths, rng)
    mean, variance = belief.mean[wave.astype(int), chosen], belief.variance[wave.astype(int), chosen]
    pace = _draw_pace(mean, variance, belief.signed, rng)
    height = belief.height[chosen] * _draw_relative(NOVELTY, paths, rng)
    begin = settings.begin[chosen] * _draw_relative(NOVELTY, paths, rng)
    wave_pace = height * _draw_relative(HEIGHT_SPREAD, paths, rng)
    dispersion, churn = settings.dispersion[chosen], belief.detentions * STEP
    drawn = np.empty((steps, paths))
    for step in range(steps):
        pace = _move_pace(pace, belief, settings, chosen, rng)
        inside = np.zeros(paths)
        for chance in rng.random((STEP, paths)):
            begins = ~wave & (chance < begin)
            which = np.flatnonzero(begins)
            wave_pace[which] = height[which] * _draw_relative(HEIGHT_SPREAD, which.size, rng)
            wave = begins | (wave & (chance >= settings.end[chosen]))
            inside += wave * wave_pace
        expected = pace * STEP + inside
        drawn[step] = _draw_counts(np.maximum(expected, 0) + churn, dispersion, rng)
        if belief.signed:
            drawn[step] -= _draw_counts(np.maximum(-expected, 0) + churn, dispersion, rng)
    return drawn


def _draw_starts(belief: Belief, paths: int, rng: Generator) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """State of wave and setting of each path: drawn evenly over the weights, so that few paths suffice."""
    cumulative = np.cumsum(belief.weight.ravel())
    places = (np.arange(paths) + rng.random(paths)) / paths * cumulative[-1]
    picked = np.minimum(np.searchsorted(cumulative, places), cumulative.size - 1)
    size = belief.weight.shape[1]
    return picked >= size, picked % size


def _move_pace(
    pace: Floats, belief: Belief, settings: Bank, chosen: NDArray[np.int64], rng: Generator
) -> Floats:
    """The pace outside waves a week later: drift, wander, and now and then a new pace or none."""
    paths, spread = pace.size, belief.spread[chosen]
    pace = pace * np.exp(-settings.drift[chosen] * STEP)
    size = settings.wander[chosen] * np.maximum(np.abs(pace), LEAST * spread) * STEP**0.5
    pace = pace + size * rng.standard_normal(paths)
    fresh = _draw_pace(belief.usual[chosen], spread**2, belief.signed, rng)
    fresh = np.where(rng.random(paths) < ENDING, -belief.detentions, fresh)
    pace = np.where(rng.random(paths) < -np.expm1(-settings.shift[chosen] * STEP), fresh, pace)
    pace = np.where(rng.random(paths) < -np.expm1(-HAZARD * STEP), -belief.detentions, pace)
    return pace if belief.signed else np.maximum(pace, 0)


def _draw_pace(mean: Floats, variance: Floats, signed: bool, rng: Generator) -> Floats:
    """A pace with these moments: normal where it may be negative, gamma where it may not."""
    if signed:
        return mean + np.sqrt(variance) * rng.standard_normal(mean.size)
    mean = np.maximum(mean, 1e-9)
    shape = np.minimum(mean**2 / np.maximum(variance, 1e-12), 1e8)
    return rng.gamma(shape) * mean / shape


def _draw_relative(spread: float, size: int, rng: Generator) -> Floats:
    shape = 1 / spread**2
    return rng.gamma(shape, 1 / shape, size)


def _draw_counts(mean: Floats, dispersion: Floats, rng: Generator) -> Floats:
    """Negative binomial with variance (1 + dispersion) × mean; Poisson where the dispersion is zero."""
    scattered = rng.gamma(np.maximum(mean, 1e-9) / np.maximum(dispersion, 1e-9)) * dispersion
    return rng.poisson(np.where(dispersion > 0, scattered, mean)).astype(np.float64)


def thin_week(drawn: Floats, days: int, rng: Generator) -> Floats:
    """People of a week who fall on its first `days` days: thinned day by day, so that days never cross."""
    left = np.abs(drawn).astype(np.int64)
    for day in range(STEP - 1, days - 1, -1):
        left = rng.binomial(left, day / (day + 1))
    return np.sign(drawn) * left
