"""Readings of a text's numbers: what each may be, by which probability, as the learned reader sees it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from pipelines.intake.prose import pointing
from pipelines.intake.prose.encoder import Encoder
from pipelines.intake.prose.mentions import (
    KINDS_OF_MENTION,
    DayMention,
    Mentions,
    NumberMention,
    SpeakerMention,
)
from pipelines.intake.prose.pointing import MEASURES, NOBODY_NAMED, QUALIFIERS, Floats, Ints

_Choice = TypeVar("_Choice", bound=Hashable)
_Mention = TypeVar("_Mention", bound=SpeakerMention | DayMention)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one number may be: each choice with its probability. `days` and `starts` are days that the text
    names, or that of its publication; a start of None is no start. `parts` are key=value, each for itself.
    `told` is the mention that says a day best (None: nothing does, it is that of publication), `spoken` the
    one that names an organisation best."""

    number: NumberMention
    measures: dict[str, float]
    qualifiers: dict[str, float]
    organisations: dict[str, float]
    days: dict[date, float]
    starts: dict[date | None, float]
    parts: dict[str, float]
    told: dict[date, DayMention | None]
    spoken: dict[str, SpeakerMention | None]


def read_numbers(mentions: Mentions, encoder: Encoder) -> list[Reading]:
    """One reading for each number of a text, in reading order."""
    numbers = mentions.numbers
    if not numbers:
        return []
    pieces = encoder.cut(mentions.plain)
    places = {kind: [pieces.at(m.span) for m in getattr(mentions, kind)] for kind in KINDS_OF_MENTION}
    vectors = encoder.vectors(pieces, mark_kinds(len(pieces.ids), places))
    weights = encoder.heads
    pooled = {kind: pointing.pool(vectors, found) for kind, found in places.items()}
    told = pointing.describe(
        numbers, pooled["numbers"], pointing.pool(vectors, places["numbers"], 12), weights
    )

    def point(head: str, kind: str, *features: Ints) -> Floats:
        where = [[(m.sentence, first) for m, (first, _) in zip(getattr(mentions, k), places[k], strict=True)]
                 for k in ("numbers", kind)]  # fmt: skip
        wide = [np.broadcast_to(f, (len(numbers), len(f))) for f in features]
        distances = pointing.distance_features(*where)
        return pointing.point(told, pooled[kind], [*distances, *wide], head, weights)

    days = pointing.day_features(mentions.days, mentions.published).T
    speakers = pointing.speaker_features(mentions.speakers).T
    trust = encoder.card["temperatures"]
    scores = {
        "meas": pointing.score_measures(told, weights),
        "qual": pointing.linear(told, weights, "qual"),
        "sp": point("sp", "speakers", *speakers),
        "day": point("day", "days", *days),
        "start": point("start", "days", *days),
    }
    parts = _score_parts(mentions, pointing.linear(told, weights, "bd"), point("bp", "parts"), encoder)
    likely = {head: pointing.softmax(score / trust[head]) for head, score in scores.items()}
    return make_readings(mentions, likely, parts)


def make_readings(mentions: Mentions, likely: dict[str, Floats], parts: dict[str, Floats]) -> list[Reading]:
    """Readings of what each head makes likely: "meas" and "qual" [numbers, choices]; "sp", "day" and "start"
    [numbers, mentions and then the head's own choices]; `parts` [numbers] for each value."""
    names = [*(m.organisation for m in mentions.speakers), *NOBODY_NAMED]
    ends = [*(m.day for m in mentions.days), mentions.published]
    out = []
    for row, number in enumerate(mentions.numbers):
        day, speaker = likely["day"][row], likely["sp"][row]
        days = _add((end, p) for end, p in zip(ends, day, strict=True) if end is not None)
        out.append(
            Reading(
                number,
                dict(zip(map(str, MEASURES), map(float, likely["meas"][row]), strict=True)),
                dict(zip(QUALIFIERS, map(float, likely["qual"][row]), strict=True)),
                _add(zip(names, speaker, strict=True)),
                days,
                _starts(mentions, likely["start"][row], days),
                {value: float(p[row]) for value, p in parts.items()},
                _best(ends, [*mentions.days, None], day),
                _best(names, [*mentions.speakers, *(None for _ in NOBODY_NAMED)], speaker),
            )
        )
    return out


def blend(first: Sequence[Reading], second: Sequence[Reading], share: float) -> list[Reading]:
    """What two readers make of the same numbers together: `share` of each probability is the first's, and all
    of the parts, where the second only adds doubt."""

    def mix(one: dict[Any, float], two: dict[Any, float]) -> Any:
        return {c: share * one.get(c, 0.0) + (1 - share) * two.get(c, 0.0) for c in {**one, **two}}

    fields = ("measures", "qualifiers", "organisations", "days", "starts")
    return [
        replace(one, **{name: mix(getattr(one, name), getattr(two, name)) for name in fields})
        for one, two in zip(first, second, strict=True)
    ]


def mark_kinds(size: int, places: dict[str, list[tuple[int, int]]]) -> Ints:
    """What stands at each piece; a number where it overlaps with anything else."""
    kinds = np.zeros(size, np.int64)
    for code in range(len(KINDS_OF_MENTION), 0, -1):
        for first, last in places[KINDS_OF_MENTION[code - 1]]:
            kinds[first:last] = code
    return kinds


def _score_parts(mentions: Mentions, known: Floats, pointed: Floats, encoder: Encoder) -> dict[str, Floats]:
    """For each value of a breakdown the probability of each number: of a value that the heads know by itself,
    and by the strongest of the words that name it."""
    columns: dict[str, list[int]] = defaultdict(list)
    for column, mention in enumerate(mentions.parts):
        for value in mention.breakdown.split(";"):
            columns[value].append(column)
    scores = {value: known[:, index] for index, value in enumerate(encoder.card["parts"])}
    for value, found in columns.items():
        strongest = pointed[:, found].max(axis=1) + encoder.heads["bpb"]
        scores[value] = scores[value] + strongest + 2 if value in scores else strongest
    trust = encoder.card["temperatures"]["parts"]
    return {value: pointing.sigmoid(score / trust) for value, score in scores.items()}


def _starts(mentions: Mentions, scores: Floats, days: dict[date, float]) -> dict[date | None, float]:
    """The days that a window may start on: a named one, none, or the likeliest of the figure's."""
    own = max(days, key=days.__getitem__) if days else None
    *named, none, same = map(float, scores)
    told = [(each.first, p) for each, p in zip(mentions.days, named, strict=True) if each.first is not None]
    return _add([*told, (None, none), *([(own, same)] if own else [])])


def _best(
    choices: Sequence[_Choice | None], mentions: Sequence[_Mention | None], scores: Floats
) -> dict[_Choice, _Mention | None]:
    """For each choice the mention that names it best."""
    ranked = sorted(zip(scores, choices, mentions, strict=True), key=lambda each: float(each[0]))
    return {choice: mention for _, choice, mention in ranked if choice is not None}


def _add(found: Iterable[tuple[_Choice, float]]) -> dict[_Choice, float]:
    """Probabilities of choices that are the same, together."""
    out: dict[_Choice, float] = defaultdict(float)
    for choice, probability in found:
        out[choice] += float(probability)
    return dict(out)
