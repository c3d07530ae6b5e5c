"""Text is brought to one form for matching, with a map back to the characters of the original.

Bold Unicode letters become plain ones, odd spaces become spaces, and a folded twin (lower case, no accents)
of the same length is what the grammar reads. Spans of candidates are always those of the original.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_DROPPED = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f"}
_SAME = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2026": ".",
    "\u2022": ";",
    "\t": " ",
    "\r": " ",
    "\u2028": "\n",
    "\u2029": "\n",
}


@dataclass(frozen=True, slots=True)
class Normal:
    """`plain` and `folded` have the same length; `origin[i]` is the original index of character i."""

    original: str
    plain: str
    folded: str
    origin: list[int] | None  # None: every character kept its place

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of `plain` as a span of the original text."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


_COMBINING = re.compile("[\u0300-\u036f]")


def _plain(character: str) -> str:
    if character in _DROPPED:
        return ""
    if character in _SAME:
        return _SAME[character]
    if character.isspace() and character != "\n":
        return " "
    made = unicodedata.normalize("NFKC", character)
    return "".join(" " if c.isspace() and c != "\n" else c for c in made)


def _folded(character: str) -> str:
    bare = [c for c in unicodedata.normalize("NFD", character.lower()) if not unicodedata.combining(c)]
    return bare[0] if bare else " "


class _Table(dict[int, str]):
    """A table for `str.translate` that learns a character when it first meets it."""

    def __init__(self, learn: Callable[[str], str]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, code: int) -> str:
        made = self[code] = self._learn(chr(code))
        return made


_PLAIN, _FOLDED = _Table(_plain), _Table(_folded)


def fold(text: str) -> str:
    """Lower case without accents, one character for one character."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def normalise(text: str) -> Normal:
    """Bring a text to matching form. Accepts any text, lone surrogates included."""
    if text.isascii() and "\t" not in text and "\r" not in text:
        return Normal(text, text, text.lower(), None)
    if not _COMBINING.search(text) and all(len(_PLAIN[ord(character)]) == 1 for character in set(text)):
        plain = text.translate(_PLAIN)
        return Normal(text, plain, fold(plain), None)
    pieces: list[str] = []
    origin: list[int] = []
    for index, character in _compose(text):
        for piece in _PLAIN[ord(character)] if len(character) == 1 else _plain(character):
            pieces.append(piece)
            origin.append(index)
    plain = "".join(pieces)
    return Normal(text, plain, fold(plain), origin)


def _compose(text: str) -> list[tuple[int, str]]:
    """Characters with their index; a letter followed by combining accents becomes one character."""
    out: list[tuple[int, str]] = []
    for index, character in enumerate(text):
        if out and unicodedata.combining(character):
            joined = unicodedata.normalize("NFC", out[-1][1] + character)
            if len(joined) == 1:
                out[-1] = (out[-1][0], joined)
            continue
        out.append((index, character))
    return out
