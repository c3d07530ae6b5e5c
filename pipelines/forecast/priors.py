"""The outlook's settings and how likely each is beforehand; how long waves last in an interval.

A setting says how releases scatter, how the pace moves between waves, and how waves come. The numbers are
those with the best scores on simulated processes (docs/outlook.md); no series of any situation chose them.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import log

import numpy as np

from pipelines.pace.known_values import Floats


@dataclass(frozen=True)
class Bank:
    """Settings as columns of one length; `prior` sums to one.

    `dispersion`: variance beyond Poisson, as a multiple of the mean (a negative binomial whose sum over
    days keeps its form). `drift`: decline of the pace per day. `wander`: relative random walk of the pace
    per square root of a day. `shift`: chance per day of a new pace. `height`, `share`: pace within a wave,
    as multiple of the series' largest excess or as share of the people concerned per day. `begin`, `end`:
    chances per day that a wave begins and that it ends; no wave where `begin` is zero.
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

    @property
    def size(self) -> int:
        """How many settings."""
        return self.prior.size


DISPERSION = ((0.0, 0.30), (2.0, 0.30), (10.0, 0.25), (50.0, 0.15))  # value, prior
CALM = (  # drift, wander, shift, prior: a process without waves
    (0.0, 0.0, 0.0, 0.16),
    (0.0, 0.02, 0.0, 0.05),
    (0.0, 0.06, 0.0, 0.05),
    (0.0, 0.15, 0.0, 0.05),
    (0.0, 0.0, 1 / 150, 0.25),
    (0.0, 0.0, 1 / 60, 0.12),
    (log(2) / 140, 0.0, 0.0, 0.07),
    (log(2) / 80, 0.0, 0.0, 0.07),
    (log(2) / 45, 0.0, 0.0, 0.06),
    (log(2) / 25, 0.0, 0.0, 0.06),
    (log(2) / 60, 0.03, 0.0, 0.06),
)
BETWEEN_WAVES = ((0.0, 0.0, 0.0, 0.6), (0.0, 0.04, 0.0, 0.2), (0.0, 0.0, 1 / 150, 0.2))  # the same
WAVES = (  # height, share, begin, end, prior
    *(
        (h, 0.0, b, e, 1 / 36)
        for h, b, e in product((0.4, 0.8), (1 / 15, 1 / 35, 1 / 80), (1 / 2.5, 1 / 6, 1 / 14))
    ),
    *(
        (0.0, s, b, e, 1 / 12)
        for (s, e), b in product(((0.02, 1 / 3), (0.006, 1 / 8), (0.0025, 1 / 20)), (1 / 30, 1 / 60))
    ),
)
WAVES_PRIOR = 0.4  # of a process with waves
HEIGHT_SPREAD = 0.8  # standard deviation of a wave's pace, relative to its mean
NOVELTY = 0.5  # how far the size and frequency of waves to come differ from those of the past, relative
ENDING = 0.7  # of the shifts: they end the releases
HAZARD = 1 / 1000  # chance per day, whatever the setting, that releases end: nothing that lasted must last
TEMPER = 0.8  # power of the evidence: a setting is only near the truth, and certainty about it is false


@lru_cache(maxsize=1)
def make_bank() -> Bank:
    """All the settings: dispersions × (calm moves, and moves between waves × waves)."""
    calm = [(*move[:3], 0.0, 0.0, 0.0, 1.0, move[3] * (1 - WAVES_PRIOR)) for move in CALM]
    waving = [
        (*move[:3], *wave[:4], move[3] * wave[4] * WAVES_PRIOR)
        for move, wave in product(BETWEEN_WAVES, WAVES)
    ]
    rows = [(d, *row[:-1], row[-1] * prior) for d, prior in DISPERSION for row in calm + waving]
    return Bank(*np.ascontiguousarray(np.array(rows).T))


@dataclass(frozen=True)
class Exposure:
    """Days in a wave during an interval, for each setting (last axis), in five cases (first axis).

    The cases: no day in a wave; and at least one, by state at start and end: off-off, off-on, on-off, on-on.
    `chance` given the state at the start; `mean` and `square` of the days, given the case.
    """

    chance: Floats
    mean: Floats
    square: Floats


CASE_STARTS = np.array([0, 0, 0, 1, 1])  # state before the interval: 0 off, 1 on
CASES_ENDING = (np.array([0, 1, 3]), np.array([2, 4]))  # cases that leave a wave off, on


@lru_cache(maxsize=1024)
def compute_exposure(days: int) -> Exposure:
    """First two moments of the time that a two-state Markov chain spends on, by recursion over the days."""
    settings = make_bank()
    begin, end = settings.begin, settings.end
    chance, mean, square = (
        np.zeros((5, settings.size)),
        np.zeros((5, settings.size)),
        np.zeros((5, settings.size)),
    )
    for start, cases in ((0, (1, 2)), (1, (3, 4))):
        p, m, q = np.zeros((2, settings.size)), np.zeros((2, settings.size)), np.zeros((2, settings.size))
        p[start] = 1
        for _ in range(days):
            p, m, q = (
                np.stack([v[0] * (1 - begin) + v[1] * end, v[0] * begin + v[1] * (1 - end)])
                for v in (p, m, q)
            )
            q[1] += 2 * m[1] + p[1]
            m[1] += p[1]
        chance[cases, :], mean[cases, :], square[cases, :] = p, m, q
    chance[0] = (1 - begin) ** days
    chance[1] = np.maximum(chance[1] - chance[0], 0)
    some = np.maximum(chance, 1e-12)
    return Exposure(chance, mean / some, square / some)
