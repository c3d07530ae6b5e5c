"""The three simple forecasters that the outlook has to beat, each with intervals from its own past errors."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from pipelines.known_values import Floats, KnownValues

LEVELS: Final = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
FEW_ERRORS = 5  # below this, errors at other horizons are scaled to this one
RECENT = 28  # days


def tolerance(ahead: float) -> float:
    """Days by which a statement may miss a horizon and still count as being at it."""
    return max(3.0, ahead / 4)


def _no_change(_seen: KnownValues, _at: int) -> float:
    return 0.0


def _last_28_days(seen: KnownValues, at: int) -> float:
    start = max(int(np.searchsorted(seen.days[: at + 1], seen.days[at] - RECENT, side="right")) - 1, 0)
    return _between(seen, start, at)


def _since_baseline(seen: KnownValues, at: int) -> float:
    return _between(seen, 0, at)


def _between(seen: KnownValues, start: int, end: int) -> float:
    if start == end:
        return 0.0
    return float(seen.values[end] - seen.values[start]) / float(seen.days[end] - seen.days[start])


FORECASTERS: Final[Mapping[str, Callable[[KnownValues, int], float]]] = MappingProxyType(
    {"no_change": _no_change, "last_28_days": _last_28_days, "since_baseline": _since_baseline}
)


def simple_forecast(name: str, seen: KnownValues, ahead: int, *, falls: bool) -> Floats:
    """The seven levels, `ahead` days after the newest of at least two values.

    The median goes on at the named pace; the others stand where the errors of the same rule at earlier
    statements, taken with both signs, put them. `falls` is whether values may fall (a stock).
    """
    pace, newest = FORECASTERS[name], seen.size - 1
    at_horizon, scaled = [], []
    for at in range(1, newest):
        gaps = seen.days[at + 1 :] - seen.days[at]
        nearest = int(np.argmin(np.abs(gaps - ahead)))
        gap = float(gaps[nearest])
        error = float(seen.values[at + 1 + nearest] - seen.values[at]) - pace(seen, at) * gap
        scaled.append(error * (ahead / gap) ** 0.5)
        if abs(gap - ahead) <= tolerance(ahead):
            at_horizon.append(error)
    errors = np.array(at_horizon if len(at_horizon) >= FEW_ERRORS else scaled or [0.0])
    point = float(seen.values[-1]) + pace(seen, newest) * ahead
    levels = point + np.quantile(np.concatenate([errors, -errors]), LEVELS)
    kept: Floats = np.maximum(levels, 0.0 if falls else float(seen.values[-1]))
    return kept
