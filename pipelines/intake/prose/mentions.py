"""What a text mentions: numbers, who speaks, days, and parts of the whole; each with its place.

The scan finds them by rules (`text_marks.Scene`); a reader decides which number is a claim, and to which of
the other mentions it belongs. So a reader can only point at what stands in the text.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.known_names import find_offices
from pipelines.intake.prose.short_days import find_short_days
from pipelines.intake.prose.text_marks import Scene

Span = tuple[int, int]
KINDS_OF_MENTION: Final = ("numbers", "speakers", "days", "parts")


class NumberMention(NamedTuple):
    """A number as written. `span` counts characters of the plain text, `sentence` the text's sentences;
    `tokens` are those of the scene; `qualifier` is the hedge that the scan found beside it."""

    span: Span
    sentence: int
    value: int
    high: int | None
    qualifier: str
    form: str
    tokens: tuple[int, int]


class SpeakerMention(NamedTuple):
    """An organisation, and how the text tells it: by its name or a spokesperson's, as "the NGO", or by an
    office, "the minister", of one that is named elsewhere or not at all. `office` is the organisation's own
    (`known_names.OFFICES`)."""

    span: Span
    sentence: int
    organisation: str
    how: str
    office: int


class DayMention(NamedTuple):
    """A day, a month or a window; `first` and `last` are its days, or None where nothing tells them."""

    span: Span
    sentence: int
    first: date | None
    last: date | None
    role: str
    kind: str
    basis: Basis
    precision: Precision

    @property
    def day(self) -> date | None:
        """The day that a figure of this moment has: its last one."""
        return self.last or self.first


class PartMention(NamedTuple):
    """Words that name a part of the whole: `breakdown` is key=value, or several joined by `;`."""

    span: Span
    sentence: int
    breakdown: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of one text, each kind in reading order. `plain` is the text that spans count: without
    bold letters and odd spaces (`text_matching.Normal`)."""

    plain: str
    published: date | None
    numbers: list[NumberMention]
    speakers: list[SpeakerMention]
    days: list[DayMention]
    parts: list[PartMention]


def list_mentions(scene: Scene) -> Mentions:
    """The mentions of a scene."""
    tokens = scene.tokens
    starts = [tokens[first].start for first, _ in scene.sentences]

    def place(span: Span) -> tuple[Span, int]:
        return span, max(0, bisect_right(starts, span[0]) - 1)

    def place_tokens(first: int, last: int) -> tuple[Span, int]:
        return place((tokens[first].start, tokens[last - 1].end))

    own = scene.names.holders.own
    named = {m.organisation for m in scene.mentions if m.named}
    told = [
        (place_tokens(m.first, m.last), m.organisation, "named" if m.named else "actor")
        for m in scene.mentions
    ]
    offices = find_offices(tokens, scene.normal.folded, scene.mentions, scene.names)
    told += [
        (place(o.span), o.organisation, "again" if o.organisation in named else "office") for o in offices
    ]
    days = [
        DayMention(*place_tokens(m.start, m.stop), m.first, m.last, m.role, m.kind, m.basis, m.precision)
        for m in scene.moments
    ]
    days += [
        DayMention(*place(d.span), d.first, d.last, "on", d.kind, d.basis, d.precision)
        for d in find_short_days(scene)
    ]
    return Mentions(
        plain=scene.normal.plain,
        published=scene.published,
        numbers=[
            NumberMention(
                *place_tokens(n.first, n.last), n.value, n.high, n.qualifier, n.form, (n.first, n.last)
            )
            for n in scene.numbers
        ],
        speakers=sorted(SpeakerMention(*where, who, how, own.get(who, 0)) for where, who, how in told),
        days=sorted(days, key=lambda each: each.span),
        parts=[PartMention(*place_tokens(m.first, m.last), m.value) for m in scene.parts],
    )
