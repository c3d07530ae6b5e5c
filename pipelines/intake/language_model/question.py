"""What a language model is asked about one text: the masked text, its numbers, and closed lists to choose of.

The text is a value inside JSON, so nothing in it can end it; what it says to whoever reads it is answered by
`answer.read_answer`, which takes choices of these lists and nothing else.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pipelines.core.model import BREAKDOWN_KEYS, Qualifier
from pipelines.core.situation import Organisation, Situation, make_personal_rules
from pipelines.intake.language_model.masked_text import MaskedText, mask_text
from pipelines.intake.language_model.settings import ModelServer
from pipelines.intake.prose.mentions import DayMention, Mentions, NumberMention, Span
from pipelines.intake.prose.pointing import MEASURES, NOBODY_NAMED, NONE, QUALIFIERS
from pipelines.intake.prose.text_marks import Scene

NO_DAY: Final = -1  # in `day`: nothing tells, so that of publication is taken; in `start`: no start
LONGEST_QUOTE: Final = 400  # characters
MOST_MEASURES: Final = 2  # of one number: "84 left prison, all under measures"
MOST_PARTS: Final = 4
_INSTRUCTIONS: Final = Path(__file__).with_name("instructions.txt")
_AROUND: Final = 30  # characters that tell one number of a text from another


@dataclass(frozen=True)
class Question:
    """One text to be asked about. `numbers` and `days` are mentions by the number that they are called by in
    the question; `places` are the numbers' characters in the masked text. `choices` are the closed lists."""

    text: MaskedText
    mentions: Mentions
    numbers: dict[int, NumberMention]
    places: dict[int, Span]
    days: dict[int, DayMention]
    choices: "Choices"


@dataclass(frozen=True)
class Choices:
    """The lists that an answer may choose of."""

    measures: tuple[str, ...]
    qualifiers: tuple[str, ...]
    organisations: dict[str, str]  # id → name
    parts: tuple[str, ...]  # key=value


def list_choices(situation: Situation, organisations: Sequence[Organisation]) -> Choices:
    """The lists of a situation."""
    names = {each.id: each.name for each in organisations}
    return Choices(
        measures=tuple(str(measure) for measure in MEASURES if measure != NONE),
        qualifiers=tuple(name for name in QUALIFIERS if name != Qualifier.RANGE),  # the number says it itself
        organisations=names | {name: name for name in NOBODY_NAMED if name not in names},
        parts=tuple(
            f"{key}={value}" for key in BREAKDOWN_KEYS for value in situation.breakdown_values.get(key, ())
        ),
    )


def make_question(
    scene: Scene,
    mentions: Mentions,
    situation: Situation,
    organisations: Sequence[Organisation],
    *,
    unknown_words: bool,
) -> Question:
    """The question about a text. A number or a day that a mask hides is not asked about."""
    text = mask_text(scene, make_personal_rules(situation, organisations), unknown_words=unknown_words)
    found = [(number, text.find(number.span)) for number in mentions.numbers]
    shown = [(number, place) for number, place in found if place is not None]
    days = [day for day in mentions.days if day.day is not None and text.find(day.span) is not None]
    return Question(
        text,
        mentions,
        {index: number for index, (number, _) in enumerate(shown, 1)},
        {index: place for index, (_, place) in enumerate(shown, 1)},
        dict(enumerate(days, 1)),
        list_choices(situation, organisations),
    )


def write_body(question: Question, server: ModelServer) -> bytes:
    """The body of the request, in the shape of `/v1/chat/completions`."""
    asked = {  # what all texts have in common comes first: servers keep what they have read once
        "organisations": question.choices.organisations,
        "parts": question.choices.parts,
        "published": _say(question.mentions.published),
        "days": [
            {"day": index, "words": _cut(question, day.span), "first": _say(day.first), "last": _say(day.day)}
            for index, day in question.days.items()
        ],
        "numbers": [_describe(index, question) for index in question.numbers],
        "text": question.text.text,
    }
    body = {
        "model": server.model,
        "messages": [
            {"role": "system", "content": _read_instructions()},
            {"role": "user", "content": json.dumps(asked, ensure_ascii=False)},
        ],
        "temperature": 0,
        "max_tokens": server.settings.answer_tokens,
        "stream": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "claims", "strict": True, "schema": make_schema(question)},
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8")


def make_schema(question: Question) -> dict[str, Any]:
    """The JSON schema of an answer. `read_answer` checks all of it again: a server may heed it or not."""
    days = [NO_DAY, *question.days]
    choices = question.choices
    claim = {
        "quote": {"type": "string"},
        "number": {"type": "integer", "enum": list(question.numbers)},
        "measures": _many(choices.measures, MOST_MEASURES),
        "qualifier": {"type": "string", "enum": list(choices.qualifiers)},
        "organisation": {"type": "string", "enum": list(choices.organisations)},
        "day": {"type": "integer", "enum": days},
        "start": {"type": "integer", "enum": days},
        "parts": _many(choices.parts, MOST_PARTS),
    }
    return _closed({"claims": {"type": "array", "items": _closed(claim), "maxItems": len(question.numbers)}})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _many(choices: Sequence[str], most: int) -> dict[str, Any]:
    if not choices:
        return {"type": "array", "items": {"type": "string"}, "maxItems": 0}
    return {"type": "array", "items": {"type": "string", "enum": list(choices)}, "maxItems": most}


def _describe(index: int, question: Question) -> dict[str, Any]:
    first, last = question.places[index]
    text = question.text.text
    return {
        "number": index,
        "written": text[first:last],
        "value": question.numbers[index].value,
        "before": text[max(0, first - _AROUND) : first],
        "after": text[last : last + _AROUND],
    }


def _cut(question: Question, span: Span) -> str:
    place = question.text.find(span)
    return question.text.text[slice(*place)] if place else ""


def _say(day: object) -> str | None:
    return None if day is None else str(day)


@lru_cache(maxsize=1)
def _read_instructions() -> str:
    return _INSTRUCTIONS.read_text("utf-8")
