"""What speaks against a figure, from what else is known: a doubt never decides, it is told to a person.

Two figures are compared as the intervals that their words allow, so "more than 600" and 800 agree.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import polars as pl

from pipelines.core.bounds import find_bounds
from pipelines.core.model import Kind, Measure, Qualifier
from pipelines.core.situation import Situation

NEAR: Final = timedelta(days=14)  # how far a figure of another measure may lie to be the same news
COINCIDENCE: Final = 20  # people; below this two measures share a number by chance


class Against(StrEnum):
    """What speaks against a figure, gravest first."""

    OTHER_MEASURE = "other_measure"
    CONTRADICTS = "contradicts"
    FALLS = "falls"
    JUMP = "jump"
    REPEATS = "repeats"


@dataclass(frozen=True)
class Doubt:
    """One thing that speaks against a figure, in a sentence."""

    against: Against
    says: str


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure to compare with: accepted, or waiting in the queue (`waits`)."""

    claim_id: str
    organisation: str
    measure: Measure
    population: str
    breakdown: str
    qualifier: Qualifier
    value: int
    value_high: int | None
    period_start: date | None
    as_of: date | None
    published: date | None
    publisher: str | None
    url: str | None
    waits: bool = False

    @property
    def interval(self) -> tuple[float, float]:
        """The fewest and most people that the words allow; an open side is zero, or without end."""
        low, high = find_bounds(self.qualifier, self.value, self.value_high)
        return low or 0, math.inf if high is None else high

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """Who counts what."""
        return self.organisation, self.measure, self.population, self.breakdown

    @property
    def window(self) -> date | None:
        """Where a flow or a cumulative starts; a stock has no window."""
        return self.period_start if self.measure.kind in (Kind.FLOW, Kind.CUMULATIVE) else None

    @property
    def told(self) -> str:
        """The figure and its source in a few words."""
        high = f"-{self.value_high}" if self.value_high is not None else ""
        hedge = "" if self.qualifier in (Qualifier.EXACT, Qualifier.RANGE) else f"{self.qualifier} "
        where = f"{self.publisher}, {self.published}" + (", waiting too" if self.waits else "")
        return f"{hedge.replace('_', ' ')}{self.value}{high} on {self.as_of} ({where})"


def read_stated(rows: pl.DataFrame, *, waits: bool = False) -> list[StatedFigure]:
    """Rows with `claim_id` and the columns of CLAIM_SCHEMA that can be compared: those typed in full."""
    words = (
        pl.col("measure").is_in([each.value for each in Measure])
        & pl.col("qualifier").is_in([each.value for each in Qualifier])
        & pl.col("value").is_not_null()
        & pl.col("organisation").is_not_null()
    )
    return [_read_row(row, waits) for row in rows.filter(words).iter_rows(named=True)]


def _read_row(row: dict[str, Any], waits: bool) -> StatedFigure:
    return StatedFigure(
        claim_id=row["claim_id"],
        organisation=row["organisation"],
        measure=Measure(row["measure"]),
        population=row["population"],
        breakdown=row["breakdown"],
        qualifier=Qualifier(row["qualifier"]),
        value=row["value"],
        value_high=row["value_high"],
        period_start=row["period_start"],
        as_of=row["as_of"],
        published=row["published"],
        publisher=row["publisher"],
        url=row["url"],
        waits=waits,
    )


def find_doubts(claim: StatedFigure, known: Iterable[StatedFigure], situation: Situation) -> list[Doubt]:
    """Everything that speaks against a figure, gravest first.

    `known`: accepted figures, and those of the same report that wait as well. Figures of other organisations
    are never compared.
    """
    own = [each for each in known if each.organisation == claim.organisation]
    others = [each for each in own if each.claim_id != claim.claim_id]
    found = [
        *_find_other_measures(claim, others),
        *_find_contradictions(claim, others),
        *_find_falls(claim, others),
        *_find_jumps(claim, others, situation.jump_threshold),
    ]
    if any(each.claim_id == claim.claim_id and not each.waits for each in own):
        found.append(Doubt(Against.REPEATS, "the same claim counts already, from the same report"))
    return found


def _find_other_measures(claim: StatedFigure, known: Sequence[StatedFigure]) -> list[Doubt]:
    """The number is where another measure of the same organisation stood, or what it said in those days."""
    if claim.as_of is None or claim.value < COINCIDENCE:
        return []
    last: dict[tuple[object, ...], StatedFigure] = {}
    near: dict[Measure, StatedFigure] = {}
    for each in sorted(known, key=lambda one: (one.as_of or date.min, one.published or date.min)):
        if each.measure == claim.measure or each.breakdown != claim.breakdown or each.as_of is None:
            continue
        if each.as_of <= claim.as_of and each.measure.kind in (Kind.STOCK, Kind.CUMULATIVE):
            last[each.subject, each.window] = each
        if each.value == claim.value and abs(each.as_of - claim.as_of) <= NEAR:
            near.setdefault(each.measure, each)
    for each in last.values():
        if each.value == claim.value:
            near.setdefault(each.measure, each)
    return [
        Doubt(
            Against.OTHER_MEASURE,
            f"{claim.value} equals that organisation's other measure: {each.organisation} stated "
            f"{each.measure} {each.told}; one may have been taken for the other",
        )
        for each in near.values()
    ]


def _find_contradictions(claim: StatedFigure, known: Sequence[StatedFigure]) -> list[Doubt]:
    """The same organisation says of the same moment what cannot be true with it."""
    low, high = claim.interval
    found = []
    for each in known:
        same = each.subject == claim.subject and each.as_of == claim.as_of and each.window == claim.window
        if claim.as_of is None or not same or claim.measure.kind is Kind.PROMISE:
            continue
        if each.interval[0] > high or low > each.interval[1]:
            found.append(Doubt(Against.CONTRADICTS, f"contradicts {each.told} of the same moment"))
    return list(dict.fromkeys(found))


def _find_falls(claim: StatedFigure, known: Sequence[StatedFigure]) -> list[Doubt]:
    """A running total is below what it was."""
    if claim.measure.kind is not Kind.CUMULATIVE or claim.window is None or claim.as_of is None:
        return []
    before = [each for each in _select_series(claim, known) if each.as_of and each.as_of < claim.as_of]
    highest = max(before, key=lambda each: each.interval[0], default=None)
    if highest is None or highest.interval[0] <= claim.interval[1]:
        return []
    return [Doubt(Against.FALLS, f"a running total cannot fall: it was {highest.told}")]


def _find_jumps(claim: StatedFigure, known: Sequence[StatedFigure], threshold: float) -> list[Doubt]:
    jump = find_jump(claim, known, threshold)
    if jump is None:
        return []
    before, share = jump
    return [
        Doubt(
            Against.JUMP,
            f"jumps by {share:.0%} from {before.told}, beyond {threshold:.0%}: it needs a second reviewer",
        )
    ]


def find_jump(
    claim: StatedFigure, known: Iterable[StatedFigure], threshold: float
) -> tuple[StatedFigure, float] | None:
    """How far a stock or a running total lies from the last figure of its series, where beyond the threshold.

    The last figure: of the latest moment up to the claim's own, published by the day of the claim, so that a
    later report changes no earlier judgement; where that moment has several, the nearest. The share is 0.25
    for a quarter; None where there is no such figure or the distance is not beyond the threshold.
    """
    if claim.measure.kind not in (Kind.STOCK, Kind.CUMULATIVE) or claim.as_of is None:
        return None
    day = claim.published or date.max
    earlier = [
        each
        for each in _select_series(claim, known)
        if not each.waits and each.as_of and each.as_of <= claim.as_of and (each.published or day) <= day
    ]
    latest = max((each.as_of for each in earlier if each.as_of), default=None)
    last = min(
        (each for each in earlier if each.as_of == latest),
        key=lambda each: (_measure_distance(claim, each), each.claim_id),
        default=None,
    )
    if last is None:
        return None
    share = _measure_distance(claim, last)
    return (last, share) if share > threshold else None


def _measure_distance(claim: StatedFigure, last: StatedFigure) -> float:
    """How far two intervals are apart, as a share of the nearer end of the second; 0 where they meet."""
    (low, high), (last_low, last_high) = claim.interval, last.interval
    distance, end = max((low - last_high, last_high), (last_low - high, last_low))
    if distance <= 0:
        return 0.0
    return distance / end if end else math.inf


def _select_series(claim: StatedFigure, known: Iterable[StatedFigure]) -> list[StatedFigure]:
    """Figures of the same series: two baselines are two series, a flow's window is not."""
    cumulative = claim.measure.kind is Kind.CUMULATIVE
    return [
        each
        for each in known
        if each.subject == claim.subject
        and each.claim_id != claim.claim_id
        and (not cumulative or each.window == claim.window)
    ]
