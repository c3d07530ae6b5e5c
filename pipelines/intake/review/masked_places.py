"""Where characters of a text stand once its names are masked, and a sentence with its telling words marked.

The text is masked whole and never looked at again: a place is found in what the masking left, so that
whatever it hid is hidden here too.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipelines.core.privacy import MASK
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.prose_report import find_sentence_bounds, make_printable
from pipelines.intake.prose.text_matching import normalise

Span = tuple[int, int]


class Stretch(NamedTuple):
    """Characters that were kept: from `first` to `last` of the plain text, at `shown` in the masked one."""

    first: int
    last: int
    shown: int


@dataclass(frozen=True)
class MaskedText:
    """A masked text. `origin` are the original places of the plain characters, None where they are equal."""

    text: str
    origin: list[int] | None
    kept: list[Stretch] | None  # None: the two texts could not be laid side by side

    def place(self, span: Span) -> Span | None:
        """A span of the original text in the masked one; what is hidden is where its mask stands.

        None where nothing of it is left to point at.
        """
        if self.kept is None:
            return None
        start, end = span
        if self.origin is not None:
            start, end = bisect_left(self.origin, start), bisect_left(self.origin, end)
        first, last = self._shown(start, opens=True), self._shown(end, opens=False)
        return (first, last) if first < last else None

    def _shown(self, at: int, *, opens: bool) -> int:
        """Where a border between plain characters is shown."""
        before = 0
        for piece in self.kept or ():
            if at < piece.first or (at == piece.first and not opens):
                return before if opens else (piece.shown if at > 0 else 0)
            if at < piece.last or (at == piece.last and not opens):
                return piece.shown + at - piece.first
            before = piece.shown + piece.last - piece.first
        return before if opens else len(self.text)


def mask_with_places(text: str, known: Sequence[str]) -> MaskedText:
    """`mask`, and where everything went. `known` are names that may stay."""
    normal, masked = normalise(text), mask(text, known)
    return MaskedText(masked, normal.origin, _align(normal.plain, masked.split(MASK)))


def _align(plain: str, pieces: list[str]) -> list[Stretch] | None:
    """The pieces between masks in their order, each at the first place where it can stand."""
    found, at, shown = [], 0, 0
    for number, piece in enumerate(pieces):
        if number == 0:
            first = 0 if plain.startswith(piece) else -1
        elif number == len(pieces) - 1:
            first = len(plain) - len(piece) if plain.endswith(piece) else -1
        else:
            first = plain.find(piece, at + 1)
        if first < at + (number > 0):
            return None
        at = first + len(piece)
        found.append(Stretch(first, at, shown))
        shown += len(piece) + len(MASK)
    return found if at == len(plain) else None


@dataclass(frozen=True)
class MarkedSentence:
    """Pieces of a sentence, each with the names of what it tells; `shows` are the names that are in it."""

    pieces: list[tuple[str, frozenset[str]]]
    shows: frozenset[str]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def words(self, name: str) -> str:
        """The words with that name, as far as they are shown."""
        return "".join(text for text, marks in self.pieces if name in marks).strip()


def point_at(text: str, span: Span, known: Sequence[str]) -> str:
    """The sentence around some characters and the one before, masked; ▸ and ◂ stand around the characters."""
    marked = mark_sentence(text, span, {"": span}, known)
    return "".join(f"▸{words}◂" if marks else words for words, marks in marked.pieces)


def mark_sentence(
    text: str, around: Span, spans: Mapping[str, Span | None], known: Sequence[str]
) -> MarkedSentence:
    """The sentence around some characters and the one before, masked, with the spans in it marked."""
    first, last = find_sentence_bounds(text, around)
    masked = mask_with_places(text[first:last], known)
    places = {
        name: place
        for name, span in spans.items()
        if span and first <= span[0] < span[1] <= last
        if (place := masked.place((span[0] - first, span[1] - first)))
    }
    return MarkedSentence(list(_cut(masked.text, places)), frozenset(places))


def _cut(text: str, places: Mapping[str, Span]) -> Iterator[tuple[str, frozenset[str]]]:
    borders = sorted({0, len(text), *(border for place in places.values() for border in place)})
    for start, end in pairwise(borders):
        marks = frozenset(name for name, (first, last) in places.items() if first <= start and end <= last)
        yield make_printable(text[start:end]), marks
