"""Simulated futures of a belief: paths of counts in steps of a week."""

import numpy as np
from numpy.typing import NDArray

from pipelines.outlook.process import HEIGHT_SPREAD, ZERO_SHARE, Belief, bank

Floats = NDArray[np.float64]
STEP = 7


def _gamma(rng: np.random.Generator, mean: Floats, variance: Floats) -> Floats:
    mean = np.maximum(mean, 1e-9)
    variance = np.maximum(variance, 1e-12)
    return rng.gamma(np.minimum(mean**2 / variance, 1e8), 1.0) * np.where(mean**2 / variance < 1e8, variance / mean, mean / 1e8)


def _counts(rng: np.random.Generator, mean: Floats, dispersion: Floats) -> Floats:
    lam = np.where(
        dispersion > 0, rng.gamma(np.maximum(mean, 1e-9) / np.maximum(dispersion, 1e-9), 1.0) * dispersion, mean
    )
    return rng.poisson(np.minimum(lam, 1e9)).astype(np.float64)


def draw(belief: Belief, steps: int, paths: int, rng: np.random.Generator, signed: bool) -> Floats:
    """Counts of each week ahead, shape (steps, paths); negative only where `signed`."""
    b = bank()
    n = b.prior.size
    cumulative = np.cumsum(belief.weight.ravel())
    # stratified: evenly spread over the weights, so that few paths represent them well
    u = (np.arange(paths) + rng.random(paths)) / paths
    pick = np.minimum(np.searchsorted(cumulative, u * cumulative[-1]), 2 * n - 1)
    on, s = pick // n == 1, pick % n
    mean, variance = belief.mean.ravel()[pick], belief.variance.ravel()[pick]
    pace = mean + np.sqrt(variance) * rng.standard_normal(paths) if signed else _gamma(rng, mean, variance)
    height = belief.height[s]
    wave = height * _spread(rng, paths)
    out = np.empty((steps, paths))
    for step in range(steps):
        pace = pace * np.exp(-b.drift[s] * STEP)
        pace = pace + b.wander[s] * np.maximum(np.abs(pace), 0.02 * belief.spread[s]) * STEP**0.5 * rng.standard_normal(paths)
        shifted = rng.random(paths) < -np.expm1(-b.shift[s] * STEP)
        fresh = (
            belief.typical[s] + belief.spread[s] * rng.standard_normal(paths)
            if signed
            else _gamma(rng, belief.typical[s], belief.spread[s] ** 2)
        )
        fresh = np.where(rng.random(paths) < ZERO_SHARE, -belief.churn / 2, fresh)
        pace = np.where(shifted, fresh, pace)
        if not signed:
            pace = np.maximum(pace, 0)
        days_on = np.zeros(paths)
        waved = np.zeros(paths)
        u = rng.random((STEP, paths))
        for day in range(STEP):
            starts = ~on & (u[day] < b.begin[s])
            began = np.flatnonzero(starts)
            wave[began] = height[began] * _spread(rng, began.size)
            on = starts | (on & (u[day] >= b.end[s]))
            days_on += on
            waved += on * wave
        mu = pace * STEP + waved
        if signed:
            extra = belief.churn * STEP / 2
            out[step] = _counts(rng, np.maximum(mu, 0) + extra, b.dispersion[s]) - _counts(
                rng, np.maximum(-mu, 0) + extra, b.dispersion[s]
            )
        else:
            out[step] = _counts(rng, mu, b.dispersion[s])
    return out


def _spread(rng: np.random.Generator, paths: int) -> Floats:
    shape = 1 / HEIGHT_SPREAD**2
    return rng.gamma(shape, 1 / shape, paths)
