"""The fewest and the most people that a statement's words allow, and where a forecast takes the truth to lie.

`0_vocabulary/07_value_bounds.sql` has the first rule for what is loaded; a test holds the two together.
"""

from pipelines.core.model import Qualifier

HEDGE_SHARE = 0.03  # how far beyond a one-sided bound the true value may lie, as a share of it
ABOUT_SHARE = 0.02  # of a forecast; what the words allow is a twentieth

Bounds = tuple[int | None, int | None]


def find_bounds(qualifier: str, value: int | None, value_high: int | None = None) -> Bounds:
    """Lowest and highest number that a qualifier allows, None where open; both None for a withheld value.

    "About" allows a twentieth either way, rounded outwards. Raises ValueError for an unknown qualifier.
    """
    if value is None:
        return None, None
    match Qualifier(qualifier):
        case Qualifier.EXACT:
            return value, value
        case Qualifier.RANGE:
            return value, value_high
        case Qualifier.ABOUT:
            return value * 19 // 20, -(-value * 21 // 20)
        case Qualifier.AT_LEAST:
            return value, None
        case Qualifier.MORE_THAN:
            return value + 1, None
        case Qualifier.AT_MOST:
            return None, value
        case Qualifier.LESS_THAN:
            return None, value - 1


def guess(qualifier: str, value: int, value_high: int | None) -> tuple[float, float]:
    """Centre and standard deviation of a statement: uniform over where the truth plausibly lies.

    Not what the words allow: an open side is closed where its rounding shows it, and
    "about" is as wide as its rounding.
    """
    slack = max(_find_rounding(value), HEDGE_SHARE * value)
    if qualifier == Qualifier.ABOUT:
        half = max(_find_rounding(value) / 2, ABOUT_SHARE * value)
        return float(value), 2 * half / 12**0.5
    low, high = find_bounds(qualifier, value, value_high)
    least = max((high or 0) - slack, 0) if low is None else low
    most = least + slack if high is None else high
    return (least + most) / 2, (most - least) / 12**0.5


def _find_rounding(value: float) -> float:
    """The rounding that a hedged figure shows: 10 for 640, 50 for 650, 100 for 600, 1 for 863."""
    for unit in (1000, 500, 100, 50, 10, 5):
        if value >= 2 * unit and value % unit == 0:
            return unit
    return 1
