"""When a figure is stale: the one rule, for the pages, the news and `status`.

An organisation's rhythm, days between its figures of one measure, comes from `5_marts/24_rhythms.sql`. How
old a figure may be for a pace (`rates.find_patience`), and when a source is silent, are other rules in other
words.
"""

from datetime import date
from typing import Final

NO_RHYTHM_DAYS: Final = 30  # after which a figure is stale where no rhythm is known


def stale_after(rhythm_days: float | None) -> float:
    """Days after which a figure is stale: twice the rhythm."""
    return NO_RHYTHM_DAYS if rhythm_days is None else 2 * rhythm_days


def is_stale(as_of: date, today: date, rhythm_days: float | None) -> bool:
    """Whether a figure is older than that."""
    return (today - as_of).days > stale_after(rhythm_days)
