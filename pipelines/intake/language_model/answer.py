"""What a language model answered, taken for nothing more than choices of closed lists.

The text that was asked about may have told the model what to say, so nothing is taken from an answer but the
number of a mention and choices of the question's lists; the quotation must stand in the masked text and hold
the number, and is then let go. Everything else is dropped, each with a reason that is counted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import msgspec

from pipelines.intake.language_model.question import (
    LONGEST_QUOTE,
    MOST_MEASURES,
    MOST_PARTS,
    NO_DAY,
    Question,
)
from pipelines.intake.prose.mentions import (
    DayMention,
    Mentions,
    NumberMention,
    Span,
    SpeakerMention,
)
from pipelines.intake.prose.pointing import NONE
from pipelines.intake.prose.readings import Reading

CHOSEN: Final = 0.9  # no server says how sure it is: five such fields together clear no bar


class Dropped(StrEnum):
    """Why something in an answer is not taken."""

    NOT_JSON = "the answer is no JSON"
    WRONG_SHAPE = "the answer has another shape"
    CLAIM_SHAPE = "a claim has another shape"
    NUMBER = "a number that is not asked about"
    NUMBER_AGAIN = "a number that has its claim already"
    MEASURE = "a measure that is not listed, or none, or more than two"
    QUALIFIER = "a qualifier that is not listed"
    ORGANISATION = "an organisation that is not listed"
    DAY = "a day that the text does not name"
    PART = "a part that is not listed, or two of one kind, or more than four"
    QUOTE = "a quotation that does not stand in the text"
    QUOTE_ELSEWHERE = "a quotation without its number"


class _Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quote: str
    number: int
    measures: list[str]
    qualifier: str
    organisation: str
    day: int
    start: int
    parts: list[str]


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    claims: list[Any]


@dataclass(frozen=True)
class Answer:
    """One reading for each number of the text, in reading order, as the learned reader gives them; and what
    was dropped."""

    readings: list[Reading]
    dropped: Counter[Dropped]


def read_answer(content: str, question: Question) -> Answer:
    """The readings that an answer gives. Never raises, whatever the answer is."""
    dropped: Counter[Dropped] = Counter()
    taken: dict[int, _Claim] = {}
    for claim in _list_claims(content, dropped):
        reason = _find_fault(claim, question, taken)
        if reason is None:
            taken[claim.number] = claim
        else:
            dropped[reason] += 1
    by_span = {question.numbers[index].tokens: claim for index, claim in taken.items()}
    return Answer(
        [_make_reading(number, by_span.get(number.tokens), question) for number in question.mentions.numbers],
        dropped,
    )


def _list_claims(content: str, dropped: Counter[Dropped]) -> Iterator[_Claim]:
    try:
        answer = msgspec.json.decode(content.encode("utf-8", "replace"), type=_Answer, strict=True)
    except msgspec.ValidationError:
        dropped[Dropped.WRONG_SHAPE] += 1
        return
    except (msgspec.DecodeError, RecursionError, ValueError):
        dropped[Dropped.NOT_JSON] += 1
        return
    for each in answer.claims:
        try:
            yield msgspec.convert(each, _Claim, strict=True)
        except (msgspec.ValidationError, RecursionError):
            dropped[Dropped.CLAIM_SHAPE] += 1


def _find_fault(claim: _Claim, question: Question, taken: dict[int, _Claim]) -> Dropped | None:
    """The first thing for which a claim is not taken; None where it only chooses of what was listed."""
    choices = question.choices
    keys = [part.partition("=")[0] for part in claim.parts]
    measures = set(claim.measures)
    faults = (
        (claim.number not in question.numbers, Dropped.NUMBER),
        (claim.number in taken, Dropped.NUMBER_AGAIN),
        (not 1 <= len(measures) == len(claim.measures) <= MOST_MEASURES, Dropped.MEASURE),
        (not measures <= set(choices.measures), Dropped.MEASURE),
        (claim.qualifier not in choices.qualifiers, Dropped.QUALIFIER),
        (claim.organisation not in choices.organisations, Dropped.ORGANISATION),
        (not {claim.day, claim.start} <= {NO_DAY, *question.days}, Dropped.DAY),
        (len(set(keys)) < len(keys) or len(keys) > MOST_PARTS, Dropped.PART),
        (not set(claim.parts) <= set(choices.parts), Dropped.PART),
    )
    for wrong, reason in faults:
        if wrong:
            return reason
    return _find_fault_of_quote(claim.quote, question.text.text, question.places[claim.number])


def _find_fault_of_quote(quote: str, text: str, place: Span) -> Dropped | None:
    """A quotation may stand several times in the text: once it must be where the number is."""
    if not quote or len(quote) > LONGEST_QUOTE or quote not in text:
        return Dropped.QUOTE
    holding = text.find(quote, max(0, place[1] - len(quote)), place[0] + len(quote))
    return None if holding >= 0 else Dropped.QUOTE_ELSEWHERE


def _make_reading(number: NumberMention, claim: _Claim | None, question: Question) -> Reading:
    """A reading in the manner of the learned reader's, with what was chosen and nothing beside it."""
    mentions = question.mentions
    if claim is None:
        return Reading(number, {NONE: CHOSEN}, {}, {}, {}, {}, {}, {}, {})
    told = question.days.get(claim.day)
    day = told.day if told else mentions.published
    opening = question.days.get(claim.start)
    start = opening.first if opening else None
    share = CHOSEN / len(claim.measures)
    return Reading(
        number,
        {NONE: 0.0, **dict.fromkeys(claim.measures, share)},
        {claim.qualifier: CHOSEN},
        {claim.organisation: CHOSEN},
        {day: CHOSEN} if day else {},
        {start: CHOSEN},
        dict.fromkeys(claim.parts, CHOSEN),
        _tell(day, told),
        {claim.organisation: _find_speaker(claim.organisation, number, mentions)},
    )


def _tell(day: date | None, told: DayMention | None) -> dict[date, DayMention | None]:
    return {day: told} if day else {}


def _find_speaker(organisation: str, number: NumberMention, mentions: Mentions) -> SpeakerMention | None:
    """The nearest mention of an organisation; None where the text has none."""
    named = [each for each in mentions.speakers if each.organisation == organisation]
    return min(named, key=lambda each: abs(each.span[0] - number.span[0]), default=None)
