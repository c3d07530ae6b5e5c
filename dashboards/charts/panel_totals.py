"""What a panel of totals is made from: who counts how many, which two compare, what may not be subtracted."""

from dataclasses import dataclass
from datetime import date

from dashboards.charts.axes import Tick
from dashboards.charts.theme import Look


@dataclass(frozen=True)
class Point:
    """One exact total: its day, people, what is said when it is touched, the claim behind it."""

    day: date
    value: int
    hover: str
    claim_id: str


@dataclass(frozen=True)
class Total:
    """One speaker's total: its points in time order, its look, its name, the words at its end, its start,
    the words at its first point where that is told, and other points that are told: number and words.
    """

    points: tuple[Point, ...]
    look: Look
    name: str
    number: str
    told: str
    start: date | None
    began: str = ""
    also: tuple[tuple[Point, str, str], ...] = ()


@dataclass(frozen=True)
class Compared:
    """One of two totals of one start and one day: its look, its number, who says so and when."""

    point: Point
    look: Look
    number: str
    said: str


@dataclass(frozen=True)
class PanelWords:
    """What else stands in the picture; each of `starts` is a flag on the axis, with the names of those
    who count from it.
    """

    tick: Tick
    separators: str
    warning: str  # in bold: different starts
    notes: tuple[str, ...]  # what follows it
    starts: tuple[tuple[date, str], ...]  # day, its words
