"""What a panel of totals is made from: who counts how many, what was announced, which two compare."""

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
    the words at its first point where that is told, and what is in doubt beside it.
    """

    points: tuple[Point, ...]
    look: Look
    name: str
    number: str
    told: str
    start: date | None
    began: str = ""
    doubted: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Promise:
    """An announcement: its day, its label, what is said of it."""

    day: date
    label: str
    hover: str
    people: int
    claim_id: str


@dataclass(frozen=True)
class Compared:
    """Two totals of one start and one day; `told` says that these two compare."""

    upper: Point
    lower: Point
    looks: tuple[Look, Look]
    numbers: tuple[str, str]
    told: str


@dataclass(frozen=True)
class PanelWords:
    """What else stands in the picture; each of `starts` is a flag on the axis, with the names of those
    who count from it.
    """

    tick: Tick
    separators: str
    announced: str
    warning: str  # in bold: different starts
    notes: tuple[str, ...]  # what follows it
    starts: tuple[tuple[date, str], ...]  # day, its words
    doubt: str = ""  # what the grey rings are
