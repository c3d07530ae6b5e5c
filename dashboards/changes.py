"""What changed between a series' last two moments: computed here, so always worded as computed.

The difference of two figures is taken only within one series, and refused where it would say more than the
two statements do.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from pipelines.model import Qualifier


class Refusal(StrEnum):
    """Why no difference is given."""

    CONTRADICTED = "contradicted"  # two values stand for one of the moments
    ABOUT = "about"  # an approximate figure: its difference has no meaning of its own
    BREAK = "break"  # the organisation changed what it counts in between
    BOUNDS = "bounds"  # the bounds allow a rise and a fall


@dataclass(frozen=True)
class Change:
    """From one moment to the next of one series; counts of people.

    `least` and `most` bound the difference; None is unbounded. Where `refusal` is set they say nothing.
    """

    before: list[dict[str, object]]
    after: list[dict[str, object]]
    least: int | None = None
    most: int | None = None
    refusal: Refusal | None = None

    @property
    def exact(self) -> bool:
        """Whether the difference is one number."""
        return self.least is not None and self.least == self.most


def last_change(series: pl.DataFrame, breaks: list[date]) -> Change | None:
    """The change between the last two moments of one series; None where it has fewer than two.

    `breaks` are the days from which the organisation counts differently.
    """
    moments = series["as_of"].unique().sort()
    if len(moments) < 2:
        return None
    earlier, later = moments[-2], moments[-1]
    before = series.filter(pl.col("as_of") == earlier).to_dicts()
    after = series.filter(pl.col("as_of") == later).to_dicts()
    refusal = _refusal(before, after, any(earlier < day <= later for day in breaks))
    if refusal is not None:
        return Change(before, after, refusal=refusal)
    old, new = before[0], after[0]
    least = None if new["low"] is None or old["high"] is None else new["low"] - old["high"]
    most = None if new["high"] is None or old["low"] is None else new["high"] - old["low"]
    certain = (least is not None and least > 0) or (most is not None and most < 0) or least == most == 0
    return Change(before, after, least, most, None if certain else Refusal.BOUNDS)


def _refusal(before: list[dict[str, object]], after: list[dict[str, object]], broken: bool) -> Refusal | None:
    if len(before) > 1 or len(after) > 1:
        return Refusal.CONTRADICTED
    if Qualifier.ABOUT in (before[0]["qualifier"], after[0]["qualifier"]):
        return Refusal.ABOUT
    return Refusal.BREAK if broken else None
