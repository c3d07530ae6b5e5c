"""What changed up to a series' newest moment: computed here, so always worded as computed.

The difference of two figures is taken only within one series, and refused where it would say more than the
two statements do. Where the figure before is only a bound, the last exact one before it tells the direction.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import polars as pl

from pipelines.core.model import Qualifier


class Refusal(StrEnum):
    """Why no difference is given."""

    CONTRADICTED = "contradicted"  # two values stand for one of the moments
    ABOUT = "about"  # an approximate figure: its difference has no meaning of its own
    BREAK = "break"  # the organisation changed what it counts in between
    BOUNDS = "bounds"  # the bounds allow a rise and a fall


@dataclass(frozen=True)
class Change:
    """From one moment to a later one of one series; counts of people.

    `least` and `most` bound the difference; None is unbounded. Where `refusal` is set they say nothing.
    `since_exact`: other figures lie between, and `before` is the last exact one.
    """

    before: list[dict[str, object]]
    after: list[dict[str, object]]
    least: int | None = None
    most: int | None = None
    refusal: Refusal | None = None
    since_exact: bool = False

    @property
    def outcome(self) -> str:
        """same, rose, fell, rose_at_least or fell_at_least, where nothing is refused."""
        if self.least == self.most == 0:
            return "same"
        outcome = "rose" if self.least is not None and self.least > 0 else "fell"
        return outcome if self.least == self.most else f"{outcome}_at_least"

    @property
    def people(self) -> int:
        """By how many people the figure rose or fell, at least."""
        sure = self.least if self.outcome.startswith("rose") else self.most
        return abs(sure or 0)


def last_change(series: pl.DataFrame, breaks: list[date]) -> Change | None:
    """The change up to the last moment of one series; None where it has fewer than two.

    It is taken from the moment before, or, where that one refuses it, from the last exact figure of all.
    `breaks` are the days from which the organisation counts differently.
    """
    moments = series["as_of"].unique().sort()
    if len(moments) < 2:
        return None
    earlier, later = moments[-2], moments[-1]
    change = _subtract(series, earlier, later, breaks)
    exact = series.filter(pl.len().over("as_of") == 1, pl.col("qualifier") == Qualifier.EXACT)[
        "as_of"
    ].unique()
    before = exact.filter(exact < earlier).sort()
    if change.refusal is None or before.is_empty():
        return change
    longer = replace(_subtract(series, before[-1], later, breaks), since_exact=True)
    return longer if longer.refusal is None else change


def _subtract(series: pl.DataFrame, earlier: date, later: date, breaks: list[date]) -> Change:
    before = series.filter(pl.col("as_of") == earlier).to_dicts()
    after = series.filter(pl.col("as_of") == later).to_dicts()
    refusal = _find_refusal(before, after, any(earlier < day <= later for day in breaks))
    if refusal is not None:
        return Change(before, after, refusal=refusal)
    old, new = before[0], after[0]
    least = None if new["low"] is None or old["high"] is None else new["low"] - old["high"]
    most = None if new["high"] is None or old["low"] is None else new["high"] - old["low"]
    certain = (least is not None and least > 0) or (most is not None and most < 0) or least == most == 0
    return Change(before, after, least, most, None if certain else Refusal.BOUNDS)


def _find_refusal(
    before: list[dict[str, object]], after: list[dict[str, object]], broken: bool
) -> Refusal | None:
    if len(before) > 1 or len(after) > 1:
        return Refusal.CONTRADICTED
    if Qualifier.ABOUT in (before[0]["qualifier"], after[0]["qualifier"]):
        return Refusal.ABOUT
    return Refusal.BREAK if broken else None
