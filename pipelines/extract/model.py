"""A claim while it is being read, and what earlier sentences leave behind for later ones."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipelines.extract.labels import Head
from pipelines.extract.measures import Reading
from pipelines.extract.number import Number
from pipelines.extract.periods import Period
from pipelines.extract.speakers import Attribution
from pipelines.model import Basis, Measure, Precision

Day = tuple[date | None, Basis | None, Precision]


class Claim(NamedTuple):
    """A claim before it is shaped into a candidate, with what the rules leaned on."""

    number: Number
    measure: Measure
    family: str
    breakdown: str
    attribution: Attribution
    as_of: date | None
    basis: Basis | None
    precision: Precision
    start: date | None
    start_basis: str | None
    head: Head
    reading: Reading
    period: Period
    sentence: int
    inherited: bool
    held_against: bool = False  # the other count of a comparison: "uno menos que los 275"


def group(family: str) -> str:
    """Bulletins date those held, running counts date those out: neither day speaks for the other."""
    return "in" if family in ("custody", "arrest", "restricted", "death") else "out"


@dataclass(slots=True)
class State:
    """What earlier sentences leave behind."""

    speaker: Attribution | None = None
    claims: list[Claim] = field(default_factory=list)
    cut: dict[tuple[str, str], Day] = field(default_factory=dict)
    cut_sentence: dict[tuple[str, str], int] = field(default_factory=dict)
    here: dict[tuple[str, str], tuple[int, Day]] = field(default_factory=dict)  # sentence and day
    day: dict[tuple[str, str], date] = field(default_factory=dict)  # the latest day of each
    title: Day | None = None
    title_family: str = ""  # what a title without figures speaks of
    amnesty: bool = False
    died: bool = False  # deaths in custody have been counted
    heard: list[int] = field(default_factory=list)  # first tokens of the sentences read so far
    told_day: list[tuple[int, Day]] = field(default_factory=list)  # sentences that only name a cut-off
    header: tuple[int, int] | None = None  # "Desde la semana pasada:" speaks for the lines below it


class Ask(NamedTuple):
    """One number with all that was read about it."""

    number: Number
    head: Head
    reading: Reading
    attribution: Attribution
    period: Period
    anchor: Claim | None
    inherited: bool
    sentence: int
    span: tuple[int, int]
    last: Claim | None = None  # the claim read just before
    against: bool = False  # the older count of a comparison: only its own words date it
