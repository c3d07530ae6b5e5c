"""Text brought to one form, its tokens and sentences, and a matcher of thousands of phrases in one pass.

Bold Unicode letters become plain ones, odd spaces become spaces, and a folded twin (lower case, no accents)
of the same length is what is matched. Spans of candidates are always those of the original.

`excarcelad(o|a)(s|)` stands for four words, `*` for any one word, `&` for a number in figures. Accents and
capitals do not matter.
"""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

_DROPPED = set("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f")
_ODD = "\u2018\u2019\u201c\u201d\u00ab\u00bb\u2013\u2014\u2212\u2026\u2022\u2028\u2029"
_SAME = dict(zip(_ODD, '\'\'""""---.;\n\n', strict=True))


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
    made = _SAME.get(character) or unicodedata.normalize("NFKC", character)
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
    if not _COMBINING.search(text) and all(len(_PLAIN[ord(character)]) == 1 for character in set(text)):
        plain = text.translate(_PLAIN)
        return Normal(text, plain, fold(plain), None)
    pieces = [(piece, index) for index, character in _compose(text) for piece in _plain(character)]
    plain = "".join(piece for piece, _ in pieces)
    return Normal(text, plain, fold(plain), [index for _, index in pieces])


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


# what a token is; each by its name, since looking a member up in its enumeration takes four times as long
Kind = StrEnum("Kind", ["WORD", "NUMBER", "DECIMAL", "TIME", "DATE", "ALNUM", "PUNCT", "BREAK"])
WORD, NUMBER, DECIMAL, TIME, DATE, ALNUM, PUNCT, BREAK = Kind


class Token(NamedTuple):
    """A stretch of the folded text."""

    text: str
    start: int
    end: int
    kind: Kind


_TOKEN = re.compile(  # words first: they are the most, and no other kind starts with a letter
    r"""
    (?P<word>[@\#]?[^\W\d_][^\W_]*)
    |(?P<time>\d{1,2}(?::|h)\d{2}(?:\ ?hs?\b|\ ?horas\b|\ ?uhr\b)?(?:\ ?[ap]\.?\ ?m\b\.?)?
        |\d{1,2}\ ?(?:a\.?\ ?m|p\.?\ ?m)\b\.?|\d{1,2}\ ?h(?:oras|rs|s)?\b|\d{1,2}\ ?uhr\b)
    |(?P<date>\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\d{4}-\d{2}-\d{2}\b)
    |(?P<alnum>\d+[^\W\d_]\w*)
    |(?P<number>\d{1,3}(?:(?P<sep>[.,'\ ])\d{3}(?!\d))(?:(?P=sep)\d{3}(?!\d))*|\d+(?![.,]\d))
    |(?P<decimal>\d+(?:[.,]\d+)+)
    |(?P<break>\n)
    |(?P<punct>\S)
    """,
    re.VERBOSE,
)
_NAMES = {index: name for name, index in _TOKEN.groupindex.items()}
_KINDS = [NUMBER if _NAMES.get(i, "sep") == "sep" else Kind(_NAMES[i]) for i in range(_TOKEN.groups + 1)]


def tokenise(folded: str) -> list[Token]:
    """Tokens in order; spaces are not tokens, line breaks are."""
    out: list[Token] = []
    make, add = tuple.__new__, out.append  # what Token(…) does, without a call in between
    for match in _TOKEN.finditer(folded):
        first, last = match.span()
        add(make(Token, (folded[first:last], first, last, _KINDS[match.lastindex or 0])))
    return out


_SHORT = frozenset(
    {"sr", "sra", "dr", "dra", "lic", "gral", "art", "arts", "ee", "uu", "u", "s", "mr", "mrs"}
)


def sentences(tokens: list[Token], inside: Container[int] = ()) -> list[tuple[int, int]]:
    """Token ranges of the sentences. A line break ends one; a stop does not after an abbreviation, nor
    `inside` a date."""
    out: list[tuple[int, int]] = []
    first = 0
    for index, token in enumerate(tokens):
        if token.kind is BREAK or (token.text in ".!?" and index not in inside and _ends(tokens, index)):
            if index >= first:
                out.append((first, index + 1))
            first = index + 1
    if first < len(tokens):
        out.append((first, len(tokens)))
    return [(a, b) for a, b in out if any(t.kind is not BREAK for t in tokens[a:b])]


def _ends(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.text != ".":
        return True
    before = tokens[index - 1] if index else None
    if before and before.end == token.start and before.text in _SHORT:
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return after is None or after.start > token.end or after.kind is not WORD


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


_Step = dict[str, Any]  # word → next step; under "" what a phrase that ends here says


class Matcher:
    """A trie over tokens. The longest phrase at a token wins; one phrase may say several things."""

    def __init__(self) -> None:
        self._root: _Step = {}
        self.words: set[str] = set()  # every word of every phrase

    def add(self, phrase: str, label: str, value: str = "") -> None:
        """Add every way of writing a phrase."""
        for written in expand(phrase):
            words, step = split(written), self._root
            self.words.update(words)
            for word in words:
                step = step.setdefault(word, {})
            step[""] = {**step.get("", {}), (label, value): None}

    def find(self, tokens: list[Token]) -> list[Mark]:
        """All marks, left to right, never overlapping."""
        out: list[Mark] = []
        last, root = 0, self._root
        texts = [token[0] for token in tokens]
        texts.append("")
        for first in [index for index, text in enumerate(texts) if text in root]:
            if first < last:
                continue
            step = root[texts[first]]
            if texts[first + 1] in step or "*" in step or "&" in step:
                said, last = _walk(step, tokens, first + 1)
            elif "" in step:  # no phrase goes on from here
                said, last = step[""], first + 1
            else:
                continue
            out += [Mark(label, value, first, last) for label, value in said]
        return out


def _walk(step: _Step, tokens: list[Token], after: int) -> tuple[Iterable[tuple[str, str]], int]:
    """What the longest phrase says that goes on with the tokens `after` a step, and where it ends; nothing,
    and 0."""
    best: tuple[Iterable[tuple[str, str]], int] = (step[""], after) if "" in step else ((), 0)
    live = [step]
    for index in range(after, len(tokens)):
        text, _, _, kind = tokens[index]
        following = [step[text] for step in live if text in step]
        if kind in _ANY:
            following += [step[_ANY[kind]] for step in live if _ANY[kind] in step]
        if not following:
            break
        for step in following:
            if "" in step:
                best = step[""], index + 1
                break
        live = following
    return best
