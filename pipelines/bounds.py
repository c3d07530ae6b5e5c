"""The fewest and the most people that a statement's words allow: one rule, as `sql/06_bounds.sql` has it."""

from pipelines.model import Qualifier

Bounds = tuple[int | None, int | None]


def bounds(qualifier: str, value: int | None, value_high: int | None = None) -> Bounds:
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
