"""What a reader said of a figure, as the queue keeps it until a person decides and after.

Probabilities, ids, days and places alone: no word of a text, so that nothing of it has to be masked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

Span = tuple[int, int]
_ALLOWED: Final = {  # what a choice of each field looks like: an id, or a day
    "measure": r"[a-z_]{1,60}",
    "organisation": r"[a-z0-9_]{1,60}(?:\+[a-z0-9_]{1,60})*",
    "breakdown": r"[a-z_]{1,40}=[a-z0-9_]{1,60}",
    "as_of": r"\d{4}-\d\d-\d\d",
    "qualifier": r"[a-z_]{1,20}",
}
_ANSWERED: Final = {  # an answer is a whole breakdown
    **_ALLOWED, "breakdown": rf"total|{_ALLOWED['breakdown']}(?:;{_ALLOWED['breakdown']})*"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptReading:
    """`probability` is that of all fields together; `choices` of a field are what it may be, the likeliest
    first. The spans count characters of the original text: the words that say when and who. `answers` are
    what a reader alone says otherwise, by its name: field and value."""

    probability: float | None = None
    choices: Mapping[str, list[tuple[str, float]]] = field(default_factory=dict)
    day_span: Span | None = None
    speaker_span: Span | None = None
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def keep_reading(reading: KeptReading) -> dict[str, Any]:
    """The cells of READING_SCHEMA. What is no id and no day is left out."""
    choices, answers = _select_allowed(reading.choices), _select_answers(reading.answers)
    return {
        "probability": None if reading.probability is None else round(reading.probability, 4),
        "choices": json.dumps(choices, separators=(",", ":")) if choices else None,
        "day_span": _write_span(reading.day_span),
        "speaker_span": _write_span(reading.speaker_span),
        "answers": json.dumps(answers, separators=(",", ":")) if answers else None,
    }


def read_kept(row: Mapping[str, Any]) -> KeptReading:
    """The reading of a row of the queue; what is damaged or was never there is not known."""
    try:
        choices = _select_allowed(json.loads(row["choices"] or "{}"))
        answers = _select_answers(json.loads(row["answers"] or "{}"))
    except (ValueError, TypeError, AttributeError):
        choices, answers = {}, {}
    spans = _parse_span(row["day_span"]), _parse_span(row["speaker_span"])
    return KeptReading(row["probability"], choices, *spans, answers)


def _fits(value: object, form: str) -> bool:
    if not re.fullmatch(form, str(value)):
        return False
    try:
        return form != _ALLOWED["as_of"] or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _select_allowed(choices: Mapping[str, Any]) -> dict[str, list[tuple[str, float]]]:
    found = {
        name: [
            (str(value), float(probability))
            for value, probability in choices.get(name, ())
            if _fits(value, form) and 0 <= float(probability) <= 1.001
        ]
        for name, form in _ALLOWED.items()
    }
    return {name: each for name, each in found.items() if each}


def _select_answers(answers: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = {
        reader: {
            name: str(value) for name, value in said.items() if _fits(value, _ANSWERED.get(name, "(?!)"))
        }
        for reader, said in answers.items()
        if re.fullmatch("[a-z_]{1,30}", reader)
    }
    return {reader: said for reader, said in found.items() if said}


def _write_span(span: Span | None) -> str | None:
    return f"{span[0]}-{span[1]}" if span else None


def _parse_span(text: str | None) -> Span | None:
    match = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text or "")
    return (int(match[1]), int(match[2])) if match and int(match[1]) < int(match[2]) else None
