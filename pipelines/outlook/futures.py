"""Simulated futures: many paths of people leaving, in weekly steps, from what the past left possible."""

import numpy as np
from numpy.typing import NDArray

from pipelines.known_values import Floats
from pipelines.outlook.bank import ENDING, HAZARD, HEIGHT_SPREAD, NOVELTY, Bank, bank
from pipelines.outlook.process import LEAST, Belief

STEP = 7  # days
Generator = np.random.Generator


def futures(belief: Belief, steps: int, paths: int, rng: Generator) -> Floats:
    """People who leave in each week ahead, shape (steps, paths); negative where more come in than leave."""
    settings = bank()
    wave, chosen = _starts(belief, paths, rng)
    mean, variance = belief.mean[wave.astype(int), chosen], belief.variance[wave.astype(int), chosen]
    pace = _pace(mean, variance, belief.signed, rng)
    height = belief.height[chosen] * _relative(NOVELTY, paths, rng)
    begin = settings.begin[chosen] * _relative(NOVELTY, paths, rng)
    wave_pace = height * _relative(HEIGHT_SPREAD, paths, rng)
    dispersion, churn = settings.dispersion[chosen], belief.detentions * STEP
    drawn = np.empty((steps, paths))
    for step in range(steps):
        pace = _moved(pace, belief, settings, chosen, rng)
        inside = np.zeros(paths)
        for chance in rng.random((STEP, paths)):
            begins = ~wave & (chance < begin)
            which = np.flatnonzero(begins)
            wave_pace[which] = height[which] * _relative(HEIGHT_SPREAD, which.size, rng)
            wave = begins | (wave & (chance >= settings.end[chosen]))
            inside += wave * wave_pace
        expected = pace * STEP + inside
        drawn[step] = _counts(np.maximum(expected, 0) + churn, dispersion, rng)
        if belief.signed:
            drawn[step] -= _counts(np.maximum(-expected, 0) + churn, dispersion, rng)
    return drawn


def _starts(belief: Belief, paths: int, rng: Generator) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """State of wave and setting of each path: drawn evenly over the weights, so that few paths suffice."""
    cumulative = np.cumsum(belief.weight.ravel())
    places = (np.arange(paths) + rng.random(paths)) / paths * cumulative[-1]
    picked = np.minimum(np.searchsorted(cumulative, places), cumulative.size - 1)
    size = belief.weight.shape[1]
    return picked >= size, picked % size


def _moved(pace: Floats, belief: Belief, settings: Bank, chosen: NDArray[np.int64], rng: Generator) -> Floats:
    """The pace outside waves a week later: drift, wander, and now and then a new pace or none."""
    paths, spread = pace.size, belief.spread[chosen]
    pace = pace * np.exp(-settings.drift[chosen] * STEP)
    size = settings.wander[chosen] * np.maximum(np.abs(pace), LEAST * spread) * STEP**0.5
    pace = pace + size * rng.standard_normal(paths)
    fresh = _pace(belief.usual[chosen], spread**2, belief.signed, rng)
    fresh = np.where(rng.random(paths) < ENDING, -belief.detentions, fresh)
    pace = np.where(rng.random(paths) < -np.expm1(-settings.shift[chosen] * STEP), fresh, pace)
    pace = np.where(rng.random(paths) < -np.expm1(-HAZARD * STEP), -belief.detentions, pace)
    return pace if belief.signed else np.maximum(pace, 0)


def _pace(mean: Floats, variance: Floats, signed: bool, rng: Generator) -> Floats:
    """A pace with these moments: normal where it may be negative, gamma where it may not."""
    if signed:
        return mean + np.sqrt(variance) * rng.standard_normal(mean.size)
    mean = np.maximum(mean, 1e-9)
    shape = np.minimum(mean**2 / np.maximum(variance, 1e-12), 1e8)
    return rng.gamma(shape) * mean / shape


def _relative(spread: float, size: int, rng: Generator) -> Floats:
    shape = 1 / spread**2
    return rng.gamma(shape, 1 / shape, size)


def _counts(mean: Floats, dispersion: Floats, rng: Generator) -> Floats:
    """Negative binomial with variance (1 + dispersion) × mean; Poisson where the dispersion is zero."""
    scattered = rng.gamma(np.maximum(mean, 1e-9) / np.maximum(dispersion, 1e-9)) * dispersion
    return rng.poisson(np.where(dispersion > 0, scattered, mean)).astype(np.float64)


def partly(drawn: Floats, days: int, rng: Generator) -> Floats:
    """People of a week who fall on its first `days` days: thinned day by day, so that days never cross."""
    left = np.abs(drawn).astype(np.int64)
    for day in range(STEP - 1, days - 1, -1):
        left = rng.binomial(left, day / (day + 1))
    return np.sign(drawn) * left
