"""Phrases as a volunteer writes them, and a matcher that finds thousands of them in one pass.

`excarcelad(o|a)(s|)` stands for four words, `*` for any one word, `&` for a number in figures. Accents and
capitals do not matter.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.extract.normalise import fold, normalise
from pipelines.extract.tokens import ALNUM, NUMBER, WORD, Token, tokenise

_GROUP = re.compile(r"\(([^()]*)\)")
_ANY = {WORD: "*", ALNUM: "*", NUMBER: "&"}


class PhraseError(ValueError):
    """A phrase cannot be read; the message shows it and what is wrong."""


class Mark(NamedTuple):
    """A phrase found in the text: what it is, what it says, and the tokens it covers (last is exclusive)."""

    label: str
    value: str
    first: int
    last: int


def expand(phrase: str) -> Iterator[str]:
    """Every way of writing a phrase. Raises PhraseError on an unbalanced parenthesis."""
    group = _GROUP.search(phrase)  # the first innermost parenthesis
    if group is None:
        if "(" in phrase or ")" in phrase:
            raise PhraseError(f"{phrase!r}: a parenthesis is not closed")
        yield " ".join(phrase.split())
        return
    for choice in group.group(1).split("|"):
        yield from expand(phrase[: group.start()] + choice + phrase[group.end() :])


def split(phrase: str) -> tuple[str, ...]:
    """The tokens of one written-out phrase, as the text's tokens will read. Raises PhraseError if none."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return tuple(phrase.lower().split())  # what the tokens would be, found sooner
    found = tuple(token.text for token in tokenise(fold(normalise(phrase).plain)))
    if not found:
        raise PhraseError(f"{phrase!r}: the phrase is empty")
    return found


class _Node:
    __slots__ = ("payloads", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.payloads: list[tuple[str, str]] = []


class Matcher:
    """A trie over tokens. The longest phrase at a token wins; one phrase may carry several payloads."""

    def __init__(self) -> None:
        self._root = _Node()
        self.words: set[str] = set()  # every word of every phrase

    def add(self, phrase: str, label: str, value: str = "") -> None:
        """Add every way of writing a phrase."""
        for written in expand(phrase):
            node = self._root
            for word in split(written):
                self.words.add(word)
                node = node.steps.setdefault(word, _Node())
            if (label, value) not in node.payloads:
                node.payloads.append((label, value))

    def find(self, tokens: list[Token], taken: set[int] | None = None) -> list[Mark]:
        """All marks, left to right, never overlapping and never over a token that is `taken`."""
        out: list[Mark] = []
        first, size = 0, len(tokens)
        root = self._root.steps
        while first < size:
            token = tokens[first]
            if token.text not in root or (taken and first in taken):
                first += 1
                continue
            node, last = self._longest(tokens, first, taken)
            if node is None:
                first += 1
                continue
            out += [Mark(label, value, first, last) for label, value in node.payloads]
            first = last
        return out

    def _longest(self, tokens: list[Token], first: int, taken: set[int] | None) -> tuple[_Node | None, int]:
        best: tuple[_Node | None, int] = (None, first)
        live = [self._root]
        index = first
        while live and index < len(tokens) and not (taken and index in taken):
            token = tokens[index]
            following: list[_Node] = []
            for node in live:
                exact = node.steps.get(token.text)
                if exact is not None:
                    following.append(exact)
                if token.kind in _ANY and index > first:
                    wild = node.steps.get(_ANY[token.kind])
                    if wild is not None:
                        following.append(wild)
            index += 1
            live = following
            for node in live:
                if node.payloads:
                    best = (node, index)
                    break
        return best
