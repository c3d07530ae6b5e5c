"""A text as a language model may see it: no personal names, no numbers of people, nothing invisible.

The masks are those of `name_masking`; here each of the scan's mentions is found again in the masked text.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.core.privacy import MASK, NUMBERS, PersonalRules
from pipelines.intake.prose.mentions import Span
from pipelines.intake.prose.name_masking import find_hidden
from pipelines.intake.prose.text_marks import Scene

_ADDRESS: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+|(?<!\w)@\w[\w.-]*", re.IGNORECASE)
# Servers take some writings for the end of a turn, wherever they stand: <|im_end|>, [INST], <start_of_turn>.
_SIGNS: Final = str.maketrans("<>[]|", "‹›⟦⟧¦")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})  # controls, marks of direction, no characters


@dataclass(frozen=True, slots=True)
class MaskedText:
    """`text`, and for each of its characters which one of the plain text it is; a mask's are its stretch's
    first. `hidden` are the stretches of the plain text that masks stand for, in order."""

    text: str
    origin: list[int]
    hidden: list[Span]

    def find(self, span: Span) -> Span | None:
        """Characters of the plain text in the masked one; None where a mask hides any of them."""
        if any(first < span[1] and span[0] < last for first, last in self.hidden):
            return None
        return bisect_left(self.origin, span[0]), bisect_left(self.origin, span[1])


def mask_text(scene: Scene, rules: PersonalRules, *, unknown_words: bool) -> MaskedText:
    """The text of a scene without names, and without the signs that servers write between turns.

    With `unknown_words` only words stay that are known to be nobody's name, as in a phrase that is kept.
    """
    plain = scene.normal.plain
    hidden = list(_join(_find_stretches(scene, rules, unknown_words=unknown_words), plain))
    text: list[str] = []
    origin: list[int] = []
    at = 0
    for first, last in [*hidden, (len(plain), len(plain))]:
        for index in range(at, first):
            if plain[index] == "\n" or unicodedata.category(plain[index]) not in _UNSEEN:
                text.append(plain[index].translate(_SIGNS))
                origin.append(index)
        if last > first:
            text.append(MASK)
            origin += [first] * len(MASK)
        at = last
    return MaskedText("".join(text), origin, hidden)


def _find_stretches(scene: Scene, rules: PersonalRules, *, unknown_words: bool) -> Iterator[Span]:
    plain = scene.normal.plain
    for index in find_hidden(scene, unknown_words=unknown_words):
        yield scene.tokens[index].start, scene.tokens[index].end
    for found in rules.find(plain):
        if found.kind in NUMBERS:
            yield found.start, found.end
    ends = [token.end for token in scene.tokens]
    for match in _ADDRESS.finditer(plain):
        if bisect_right(ends, match.start()) not in scene.public:
            yield match.span()


def _join(stretches: Iterable[Span], plain: str) -> Iterator[Span]:
    """Stretches that overlap, or between which only spaces stand, as one: a mask tells no number of words."""
    current: Span | None = None
    for first, last in sorted(stretches):
        if current is not None and (first <= current[1] or plain[current[1] : first].isspace()):
            current = current[0], max(current[1], last)
            continue
        if current is not None:
            yield current
        current = first, last
    if current is not None:
        yield current
