"""A day, a month or a window as a text names it."""

from datetime import date
from typing import NamedTuple

from pipelines.model import Basis, Precision


class Moment(NamedTuple):
    """A day or a month that the text names. `first`, `last` are its days; tokens `start` to `stop`.

    `role` says what the text does with it: on, since, until, after. A relative moment in a text without
    a publication day has no days.
    """

    start: int
    stop: int
    first: date | None
    last: date | None
    basis: Basis = Basis.EXPLICIT
    precision: Precision = Precision.DAY
    role: str = "on"
    kind: str = "day"  # day, month, year, week, weekend, election
    pair: bool = False  # the first of two: its window's end is the next moment
    reach: int = -1  # first token of its role words
    closes: bool = False  # the end of a window whose start the text names just before
