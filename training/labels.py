"""Labelled texts (`texts/*.jsonl`, one hand a file), and what each of their numbers is to be read as.

Labels follow docs/codebook.md. A label says which words hold the number; where the same number stands
elsewhere too and nobody says what that is, the other place teaches nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from pipelines.core.paths import ROOT
from pipelines.core.situation import Organisation, Situation, read_organisations, read_situation
from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.mentions import Mentions, list_mentions
from pipelines.intake.prose.pointing import MEASURES, NOBODY_NAMED, QUALIFIERS
from pipelines.intake.prose.text_marks import Scene

TEXTS: Final = Path(__file__).with_name("texts")
_Label = dict[str, Any]


class Labelled(msgspec.Struct):
    """One text with its labels; `claims_again` are those of a second hand that had not seen the first.

    `partial`: only the labelled numbers were judged (`python -m pipelines export-labels`), the others teach
    nothing.
    """

    id: str
    text: str
    claims: list[_Label]
    distractors: list[tuple[str, str]]
    published: date | None = None
    language: str | None = None
    situation: str = "venezuela"
    manner: str | None = None
    claims_again: list[_Label] | None = None
    partial: bool = False


class Target(NamedTuple):
    """What one number is to be read as. `measures` are shares over MEASURES; the others are the choices that
    are right, by their index (mentions first, then the head's own choices); empty: unknown."""

    measures: np.ndarray
    taught: bool
    qualifier: int | None = None
    speakers: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()


def read_texts(hands: Sequence[str] | None = None) -> Iterator[Labelled]:
    """The texts of some hands, or of all."""
    for path in sorted(TEXTS.glob("*.jsonl")):
        if hands is None or path.stem in hands:
            for line in path.read_bytes().splitlines():
                yield msgspec.json.decode(line, type=Labelled)


def list_hands() -> list[str]:
    """Who wrote texts."""
    return sorted(path.stem for path in TEXTS.glob("*.jsonl"))


@lru_cache
def read_vocabulary(situation: str) -> tuple[Situation, list[Organisation]]:
    """A situation's names."""
    folder = ROOT / "data" / situation
    return read_situation(folder), read_organisations(folder)


def look(labelled: Labelled) -> tuple[Scene, Mentions]:
    """What the scan finds in a text."""
    scene = look_at_text(labelled.text, labelled.published, *read_vocabulary(labelled.situation))
    return scene, list_mentions(scene)


def find_targets(labelled: Labelled, scene: Scene, mentions: Mentions) -> list[Target]:
    """One target for each number of a text."""
    places = [scene.normal.span(*number.span) for number in mentions.numbers]
    claims: dict[int, list[_Label]] = defaultdict(list)
    for claim in labelled.claims:
        index = _place(claim, labelled.text, mentions, places, claims)
        if index is not None:
            claims[index].append(claim)
    claimed = {mentions.numbers[index].value for index in claims}
    told = [span for words, _ in labelled.distractors for span in _find(labelled.text, words)]
    nothing = np.zeros(len(MEASURES), np.float32)
    nothing[0] = 1
    out = []
    for index, number in enumerate(mentions.numbers):
        if index in claims:
            out.append(_target(claims[index], labelled, scene, mentions))
        else:
            first, last = places[index]
            sizes = [b - a for a, b in told if a <= first and last <= b]
            wider = any(size > last - first for size in sizes)
            judged = bool(sizes) or not labelled.partial
            out.append(Target(nothing, (judged and number.value not in claimed) or wider))
    return out


def _place(
    claim: _Label,
    text: str,
    mentions: Mentions,
    places: Sequence[tuple[int, int]],
    taken: dict[int, list[_Label]],
) -> int | None:
    """The number that a label means: in its words where it has any, and not one that has a label already."""
    same = [i for i, number in enumerate(mentions.numbers) if number.value == claim["value"]]
    spans = _find(text, claim["span"]) if claim.get("span") else []
    inside = [i for i in same if any(places[i][0] < last and first < places[i][1] for first, last in spans)]
    for found in (inside, same):
        if found:
            return next((i for i in found if i not in taken), found[0])
    return None


def _target(claims: Sequence[_Label], labelled: Labelled, scene: Scene, mentions: Mentions) -> Target:
    measures = np.zeros(len(MEASURES), np.float32)
    for each in claims:
        measures[MEASURES.index(each["measure"])] += 1 / len(claims)
    claim = claims[0]
    breakdown = claim["breakdown"]
    return Target(
        measures,
        True,
        QUALIFIERS.index(claim["qualifier"]),
        _speakers(claim["organisation"], mentions),
        _days(claim, labelled, scene, mentions),
        _starts(claim, mentions),
        () if breakdown == "total" else tuple(breakdown.split(";")),
    )


def _speakers(organisation: str, mentions: Mentions) -> tuple[int, ...]:
    found = [i for i, each in enumerate(mentions.speakers) if each.organisation == organisation]
    if organisation in NOBODY_NAMED:
        found.append(len(mentions.speakers) + NOBODY_NAMED.index(organisation))
    both = organisation.split("+")
    return tuple(found or (i for i, each in enumerate(mentions.speakers) if each.organisation in both))


def _days(claim: _Label, labelled: Labelled, scene: Scene, mentions: Mentions) -> tuple[int, ...]:
    """The mentions of the figure's day; those that the labeller points at, where there are such."""
    if not claim.get("as_of"):
        return ()
    day = date.fromisoformat(claim["as_of"])
    monthly = claim.get("as_of_precision") == "month"
    found = [
        i
        for i, each in enumerate(mentions.days)
        if each.day
        and (
            each.day == day
            or (monthly and each.kind == "month" and each.day.replace(day=1) == day.replace(day=1))
        )
    ]
    spans = _find(labelled.text, claim["day_span"]) if claim.get("day_span") else []
    pointed = []
    for i in found:
        first, last = scene.normal.span(*mentions.days[i].span)
        if any(first < b and a < last for a, b in spans):
            pointed.append(i)
    published = [len(mentions.days)] if day == labelled.published else []
    return tuple(pointed or found + published)


def _starts(claim: _Label, mentions: Mentions) -> tuple[int, ...]:
    """The mentions of the day that a window starts on; none where the label leaves it to the context."""
    if claim.get("period_start_basis") == "context":
        return ()
    if not claim.get("period_start"):
        return (len(mentions.days),)
    day = date.fromisoformat(claim["period_start"])
    found = [i for i, each in enumerate(mentions.days) if each.first == day]
    return (*found, len(mentions.days) + 1) if claim["period_start"] == claim.get("as_of") else tuple(found)


def _find(text: str, words: str) -> list[tuple[int, int]]:
    out, at = [], text.find(words)
    while at >= 0:
        out.append((at, at + len(words)))
        at = text.find(words, at + 1)
    return out
