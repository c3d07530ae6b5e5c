"""How good a forecast was: the weighted interval score and the coverage of its intervals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

ALPHAS = (0.05, 0.2, 0.5)  # of the 95, 80 and 50 % interval, outermost first as in the levels


def weighted_interval_score(levels: ArrayLike, truth: ArrayLike) -> NDArray[np.float64]:
    """Score in people, lower is better; 0 is a sure and right forecast.

    `levels` has the quantiles 2.5, 10, 25, 50, 75, 90 and 97.5 % on its last axis, `truth` the shape of the
    others. (|y − m| / 2 + Σ α/2 · IS_α) / (K + 1/2), with IS_α the width plus 2/α times the miss (Bracher,
    Ray, Gneiting and Reich 2021, PLOS Computational Biology 17(2), e1008618, equations 1 to 3).
    """
    quantiles, y = np.asarray(levels, np.float64), np.asarray(truth, np.float64)
    score = np.abs(y - quantiles[..., 3]) / 2
    for place, alpha in enumerate(ALPHAS):
        low, high = quantiles[..., place], quantiles[..., 6 - place]
        miss = np.maximum(low - y, 0) + np.maximum(y - high, 0)
        score = score + alpha / 2 * (high - low) + miss
    return np.asarray(score / (len(ALPHAS) + 0.5))


def covered(levels: Sequence[float], truth: float) -> tuple[bool, bool, bool]:
    """Whether the 50, 80 and 95 % interval held the truth; their ends belong to them."""
    inner, middle, outer = (bool(levels[place] <= truth <= levels[6 - place]) for place in (2, 1, 0))
    return inner, middle, outer
