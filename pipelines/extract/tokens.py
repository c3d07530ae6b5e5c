"""A folded text becomes tokens, and tokens become sentences."""

import re
from collections.abc import Container
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    DECIMAL = "decimal"
    TIME = "time"
    DATE = "date"
    ALNUM = "alnum"
    PUNCT = "punct"
    BREAK = "break"


# by name: looking a member up in its enumeration takes four times as long
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
