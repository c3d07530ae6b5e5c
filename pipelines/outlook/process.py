"""A release process as a pace that drifts, shifts and is broken by waves; what the past says about it.

A bank of settings (how overdispersed, how fast the pace moves, how waves come) is filtered side by side;
each setting is weighed by how well it foresaw every statement from the ones before it.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bank:
    """Settings as columns of equal length, `prior` sums to one.

    dispersion: variance beyond Poisson, as a multiple of the mean. drift: decline of the pace per day.
    wander: relative random walk of the pace, per square root of a day. shift: chance per day of a new pace.
    height: pace of a wave, as a multiple of the series' own largest excess (0: no waves).
    begin, end: chances per day that a wave starts and that it ends.
    """

    dispersion: Floats
    drift: Floats
    wander: Floats
    shift: Floats
    height: Floats
    share: Floats
    begin: Floats
    end: Floats
    prior: Floats


DISPERSIONS = ((0.0, 0.35), (1.0, 0.35), (4.0, 0.2), (16.0, 0.1))
STEADY = (  # drift, wander, shift, prior: without waves
    (0.0, 0.0, 0.0, 0.30),
    (0.0, 0.02, 0.0, 0.08),
    (0.0, 0.06, 0.0, 0.06),
    (0.0, 0.0, 1 / 150, 0.26),
    (np.log(2) / 90, 0.0, 0.0, 0.14),
    (np.log(2) / 35, 0.0, 0.0, 0.08),
    (np.log(2) / 60, 0.03, 0.0, 0.08),
)
BETWEEN = ((0.0, 0.0, 0.0, 0.6), (0.0, 0.04, 0.0, 0.2), (0.0, 0.0, 1 / 150, 0.2))  # the same, between waves
WAVES = (  # height, share, begin, end, prior
    *((h, 0.0, b, e, 0.7 / 27) for h, b, e in product((0.5, 1.0, 2.0), (1 / 15, 1 / 35, 1 / 80), (1 / 2.5, 1 / 6, 1 / 15))),
    *((0.0, h, b, e, 0.3 / 6) for (h, e), b in product(((0.02, 1 / 3), (0.006, 1 / 8), (0.0025, 1 / 20)), (1 / 30, 1 / 60))),
)
WAVE_PRIOR = 0.4
TEMPER = 1.0
ZERO_SHARE = 0.5  # of shifts: they end the releases
HEIGHT_SPREAD = 0.5  # of a wave's pace, relative


@lru_cache(maxsize=1)
def bank() -> Bank:
    """Every combination of the above."""
    calm = [(*move[:3], 0.0, 0.0, 0.0, 1.0, move[3] * (1 - WAVE_PRIOR)) for move in STEADY]
    waving = [
        (*move[:3], *wave[:4], move[3] * wave[4] * WAVE_PRIOR) for move, wave in product(BETWEEN, WAVES)
    ]
    table = np.array([(d, *row[:-1], row[-1] * p) for d, p in DISPERSIONS for row in calm + waving])
    table[:, 8] /= table[:, 8].sum()
    return Bank(*np.ascontiguousarray(table.T))


@dataclass(frozen=True)
class Exposure:
    """Days of an interval spent in a wave, for each setting: by whether one runs at its start and end.

    `chance`, `mean`, `square` have shape (2, 2, settings); mean and square are of the days, given start
    and end, and given at least one day in a wave. `calm` is the chance of none at all (start and end off).
    """

    chance: Floats
    mean: Floats
    square: Floats
    calm: Floats


@lru_cache(maxsize=512)
def exposure(days: int) -> Exposure:
    """By forward recursion over the days of the moments of the time spent in a wave."""
    b, e = bank().begin, bank().end
    chance, mean, square = (np.zeros((2, 2, b.size)) for _ in range(3))
    for start in (0, 1):
        p = np.zeros((2, b.size))
        p[start] = 1
        m, q = np.zeros_like(p), np.zeros_like(p)
        for _ in range(days):
            p, m, q = (np.stack([v[0] * (1 - b) + v[1] * e, v[0] * b + v[1] * (1 - e)]) for v in (p, m, q))
            q[1] += 2 * m[1] + p[1]
            m[1] += p[1]
        chance[start], mean[start], square[start] = p, m, q
    calm = (1 - b) ** days
    chance[0, 0] -= calm
    return Exposure(
        np.maximum(chance, 0), mean / np.maximum(chance, 1e-12), square / np.maximum(chance, 1e-12), calm
    )


@dataclass(frozen=True)
class Belief:
    """What is known at the last statement: for each wave state (2) and setting a weight, and of the pace
    outside waves its mean and variance (people a day)."""

    weight: Floats
    mean: Floats
    variance: Floats
    typical: Floats  # overall pace, people a day
    spread: Floats  # how far paces lie from it
    height: Floats  # of waves, people a day, for each setting
    excess: float  # the largest pace of an interval beyond the typical one
    churn: float  # people a day who come and go without showing in the net
    z: Floats  # past one-step errors as standard scores


def observe(days: Ints, counts: Floats, errors: Floats, churn: float, signed: bool, people: float) -> Belief:
    """Filter the counts of consecutive intervals (days long, error variances in people squared)."""
    b = bank()
    rates = counts / days
    typical = float((counts.sum() + 0.5) / days.sum())
    spread = max(float(np.sqrt(np.average((rates - typical) ** 2, weights=days))), abs(typical), 0.5 / days.sum())
    calm_pace = float(np.median(np.repeat(rates, np.minimum(days, 60))))
    excess = max(float(rates.max()) - calm_pace, 0.05 * spread)
    height = b.height * excess + b.share * people
    least = 0.02 * spread
    n = b.prior.size
    waving = b.begin > 0
    calm_spread = max(float(np.average(np.abs(rates - calm_pace), weights=days)), abs(calm_pace), 0.5 / days.sum())
    centre = np.where(waving, calm_pace, typical)
    spreads = np.where(waving, min(calm_spread, spread), spread)
    start_mean, start_variance = centre, spreads**2
    w = np.stack([b.prior * b.end / (b.begin + b.end), b.prior * b.begin / (b.begin + b.end)])
    m, p = np.tile(start_mean, (2, 1)), np.tile(start_variance, (2, 1))
    z = np.empty(counts.size)
    for i in range(counts.size):
        d, y = int(days[i]), float(counts[i])
        ex = exposure(d)
        keep = np.exp(-b.drift * d)
        m, p = m * keep, p * keep**2 + (b.wander * np.maximum(np.abs(m), least)) ** 2 * d
        stay = np.exp(-b.shift * d)
        # branches: (shift or not) x (calm, 00, 01, 10, 11)
        zero = -churn / 2
        bm = np.stack([m, np.tile(centre, (2, 1)), np.full_like(m, zero)])  # shift, start, n
        bp = np.stack([p, np.tile(spreads**2, (2, 1)), np.full_like(p, least**2)])
        bw = np.stack([w * stay, w * (1 - stay) * (1 - ZERO_SHARE), w * (1 - stay) * ZERO_SHARE])
        k1 = np.stack([np.zeros(n), ex.mean[0, 0], ex.mean[0, 1], ex.mean[1, 0], ex.mean[1, 1]])
        k2 = np.stack([np.zeros(n), ex.square[0, 0], ex.square[0, 1], ex.square[1, 0], ex.square[1, 1]])
        kw = np.stack([ex.calm, ex.chance[0, 0], ex.chance[0, 1], ex.chance[1, 0], ex.chance[1, 1]])
        s = np.array([0, 0, 0, 1, 1])
        bm, bp, bw = bm[:, s], bp[:, s], bw[:, s] * kw  # 2, 5, n
        base = np.maximum(np.abs(bm), least) + churn
        mean = bm * d + height * k1
        var = (
            bp * d * d
            + (1 + b.dispersion) * (base * d + height * k1)
            + height**2 * (k2 * (1 + HEIGHT_SPREAD**2) - k1**2)
            + errors[i]
            + 0.1
        )
        gap = y - mean
        like = np.exp(-0.5 * gap * gap / var) / np.sqrt(var)
        total0 = bw.sum()
        z[i] = (y - (bw * mean).sum() / total0) / np.sqrt(
            (bw * (var + mean**2)).sum() / total0 - ((bw * mean).sum() / total0) ** 2
        )
        bw_before = bw
        bw = bw * (like + 1e-300)
        gain = bp * d / var
        bm = bm + gain * gap
        bp = bp * (1 - gain * d)
        if not signed:
            bm = np.maximum(bm, 0)
        ends = ([0, 1, 3], [2, 4])
        w = np.stack([bw[:, e].sum((0, 1)) for e in ends])
        before = bw_before.sum((0, 1))
        evidence = np.maximum(w.sum(0), 1e-300) / np.maximum(before, 1e-300)
        tiny = np.maximum(w, 1e-300)
        m = np.stack([(bw[:, e] * bm[:, e]).sum((0, 1)) for e in ends]) / tiny
        p = (
            np.stack([(bw[:, e] * (bp[:, e] + bm[:, e] ** 2)).sum((0, 1)) for e in ends]) / tiny - m**2
        )
        p = np.maximum(p, 1e-12)
        w = w * (evidence / evidence.max()) ** (TEMPER - 1)
        w /= w.sum()
    return Belief(w, m, p, centre, spreads, height, excess, churn, z)
