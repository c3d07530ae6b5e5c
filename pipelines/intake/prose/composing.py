"""Readings become claims: the likeliest choice of each field, and how likely all of them are together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from pipelines.core.model import TOTAL, Basis, Kind, Measure, Precision, Qualifier, Role
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.mentions import NumberMention, Span
from pipelines.intake.prose.pointing import NONE
from pipelines.intake.prose.readings import Reading

_SECOND: Final = 0.33  # a figure may have two meanings: "84 left prison, all under measures"
_LIKELY: Final = 0.5  # of what it counts, not only that it is a claim
_LIKELY_PART: Final = 0.4  # of t2 and t8 more parts are right than from 0.5 on, which leaves too many out
_LEFT: Final = frozenset({Measure.RELEASED, Measure.RELEASED_TO_DATE})
_HOW_THEY_LIVE: Final = frozenset({Measure.UNDER_MEASURES, Measure.FULL_FREEDOM_TO_DATE})
_TOLD: Final = ("measure", "organisation", "breakdown", "as_of", "qualifier")
_SHOWN, _SHOWN_AT_MOST = 0.02, 4  # choices that a person is shown
_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """One claim as read; `probability` is that of all its fields together. `choices` are what each field
    may be, the likeliest first, with its probability. The spans are the characters of the plain text that say
    when and who; None where nothing does."""

    number: NumberMention
    measure: Measure
    organisation: str
    breakdown: str
    qualifier: Qualifier
    as_of: date | None
    as_of_basis: Basis | None
    as_of_precision: Precision
    period_start: date | None
    period_start_basis: str | None
    probability: float
    choices: dict[str, list[tuple[str, float]]]
    day_span: Span | None
    speaker_span: Span | None

    @property
    def identity(self) -> tuple[object, ...]:
        """What two readings must share to be one claim."""
        return (
            self.measure, self.organisation, self.breakdown, self.qualifier, self.as_of, self.number.value,
        )  # fmt: skip


def find_difference(claim: ReadClaim, alone: Sequence[ReadClaim]) -> dict[str, str]:
    """Where a reader alone says otherwise of a claim's number, field by field; its measure is NONE where it
    takes the number for no claim. `alone` are all claims of that reader."""
    if any(each.identity == claim.identity for each in alone):
        return {}
    own = [each for each in alone if each.number.span == claim.number.span]
    said = [
        {name: str(getattr(each, name)) for name in _TOLD if getattr(each, name) != getattr(claim, name)}
        for each in own
    ]
    return min(said, key=len, default={"measure": NONE})


def compose_claims(
    readings: Sequence[Reading], situation: Situation, organisations: Sequence[Organisation]
) -> list[ReadClaim]:
    """The claims of a text in reading order, each once, at the place where it is likeliest."""
    roles = {organisation.id: organisation.role for organisation in organisations}
    best: dict[tuple[object, ...], ReadClaim] = {}
    for reading in readings:
        meanings = _find_meanings(reading.measures)
        if sum(probability for probability, _ in meanings) <= _LIKELY:
            continue
        for probability, measure in meanings:
            claim = _compose(reading, measure, probability, situation, roles)
            known = best.get(claim.identity)
            if known is None or claim.probability > known.probability:
                best[claim.identity] = claim
    return sorted(best.values(), key=lambda claim: claim.number.span)


def _find_meanings(measures: Mapping[str, float]) -> list[tuple[float, Measure]]:
    """What a number may count: the likeliest measure, and a second one that it may be too, as those who left
    prison are under measures or fully free."""
    ranked = sorted(((p, Measure(name)) for name, p in measures.items() if name != NONE), reverse=True)
    both = {measure for probability, measure in ranked[:2] if probability > _SECOND}
    return ranked[: 2 if both & _LEFT and both & _HOW_THEY_LIVE else 1]


def _compose(
    reading: Reading, measure: Measure, probability: float, situation: Situation, roles: dict[str, Role]
) -> ReadClaim:
    organisation, of_speaker = _likeliest(reading.organisations)
    day, of_day = _likeliest(reading.days) if reading.days else (None, 0.0)
    start, _ = _likeliest(reading.starts)
    breakdown, of_part = _choose_parts(reading.parts, situation)
    qualifier, of_hedge = _choose_qualifier(reading)
    told = reading.told.get(day) if day else None
    spoken = reading.spoken.get(organisation)
    start_basis: str | None = "explicit" if start else None
    official = roles.get(organisation) is Role.GOVERNMENT
    if start is None and measure is Measure.RELEASED_TO_DATE and not official:
        start, start_basis = situation.baseline, "context"
    if measure.kind in (Kind.STOCK, Kind.PROMISE) or (start and day and start > day):
        start, start_basis = None, None
    return ReadClaim(
        reading.number,
        measure,
        organisation,
        breakdown,
        qualifier,
        day,
        told.basis if told else Basis.PUBLICATION_DATE if day else None,
        told.precision if told else Precision.DAY,
        start,
        start_basis,
        probability * of_speaker * of_day * of_part * of_hedge,
        {
            "measure": _rank({name: p for name, p in reading.measures.items() if name != NONE}),
            "organisation": _rank(reading.organisations),
            "as_of": _rank(reading.days),
            "breakdown": _rank(_listed(reading.parts, situation)),
            "qualifier": _rank(reading.qualifiers),
        },
        told.span if told else None,
        spoken.span if spoken else None,
    )


def _rank(choices: Mapping[_Choice, float]) -> list[tuple[str, float]]:
    """The choices that are worth a look, the likeliest first."""
    ranked = sorted(((p, str(choice)) for choice, p in choices.items() if p >= _SHOWN), reverse=True)
    return [(choice, round(p, 3)) for p, choice in ranked[:_SHOWN_AT_MOST]]


def _choose_parts(parts: dict[str, float], situation: Situation) -> tuple[str, float]:
    """The likely values, one a key, of those that the situation lists; and how likely the choice is."""
    listed = _listed(parts, situation)
    chosen: dict[str, str] = {}
    for value in sorted(listed, key=lambda each: listed[each]):
        if listed[value] > _LIKELY_PART:
            chosen[value.partition("=")[0]] = value
    sure = math.prod(p if value in chosen.values() else 1 - p for value, p in listed.items())
    return ";".join(sorted(chosen.values())) or TOTAL, sure


def _listed(parts: dict[str, float], situation: Situation) -> dict[str, float]:
    return {
        value: p for value, p in parts.items()
        if value.partition("=")[2] in situation.breakdown_values.get(value.partition("=")[0], ())
    }  # fmt: skip


def _choose_qualifier(reading: Reading) -> tuple[Qualifier, float]:
    """The hedge; a range is one where the text writes two ends, and nowhere else."""
    if reading.number.high is not None:
        return Qualifier.RANGE, 1.0
    rest = {name: p for name, p in reading.qualifiers.items() if name != Qualifier.RANGE}
    name, probability = _likeliest(rest)
    return Qualifier(name), probability


def _likeliest(choices: dict[_Choice, float]) -> tuple[_Choice, float]:
    choice = max(choices, key=choices.__getitem__)
    return choice, min(1.0, choices[choice])
