"""A text as an eye reads it, to be searched: one width, one script of digits, nothing invisible or encoded.

Whoever hides a number writes it in full-width digits, with a zero-width joiner in it, with a Cyrillic letter
before it, or percent-encoded in an address. Here all of these become the same plain characters, and each
keeps the place of the original that it came from, so that what is found can be masked there.
"""

import html
import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

# Letters of other scripts that look like Latin ones, in pairs.
_TWINS: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХЅаеорсухіјѕѵѴԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧνοᏙᎬⴹ∨⋁ǀ",
        "ABESIJKMHOPCTYXSaeopcyxijsvVGABEZHIKMNOPTYXvoVEEVV|",
        strict=True,
    )
)
_SIGNS: Final = {
    **dict.fromkeys("−﹣˗‐‑‒–—―⁃➖ー", "-"),
    **dict.fromkeys("·•∙⋅・。｡٫٬۔‧⸱܁܂。●", "."),
    **dict.fromkeys("∕⁄⧸╱", "/"),
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("،、", ","),
    **dict.fromkeys("∶ː꞉", ":"),
    **dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)),
    **dict.fromkeys("\u3164\u115f\u1160\uffa0", ""),
    "\u2800": " ",
    "°": "o",
    "ı": "i",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
}
_LETTER: Final = re.compile(r"(CAPITAL|SMALL) LETTER ([A-Z])$|LETTER SMALL (CAPITAL) ([A-Z])$")
# What stands for other characters: HTML, percent-encoding, escapes. A tag between digits is nothing.
_ENCODED: Final = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,24});?"
    r"|(?:%[0-9A-Fa-f]{2})+|(?:\\U000[0-9A-Fa-f]{5}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})|</?[A-Za-z!][^<>]{0,200}>"
)
_ROUNDS: Final = 5  # of decoding: an address may be percent-encoded within an address
_SIMPLE: Final = re.compile(r"[ !-$'-;=?-\[\]-_a-~]*")  # ASCII that stands for itself


Piece = tuple[str, int, int]  # a character and the stretch of the original that it stands for


@dataclass(frozen=True, slots=True)
class PlainText:
    """`text`, and for each of its characters where it came from; None: each from its own place."""

    text: str
    origin: list[tuple[int, int]] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `text` as a stretch of the original."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start][0], self.origin[end - 1][1]


def make_plain(text: str) -> PlainText:
    """The text in plain characters. Accepts anything, lone surrogates included."""
    if _SIMPLE.fullmatch(text):
        return PlainText(text, None)
    pieces: list[Piece] | None = [(character, index, index + 1) for index, character in enumerate(text)]
    made: list[Piece] = []
    for _ in range(_ROUNDS):  # what is encoded may be disguised, and what is disguised may be encoded
        if pieces is None:
            break
        made = [(one, start, end) for written, start, end in pieces for one in _plain(written)]
        pieces = _decode(made)
    else:
        made = [(one, start, end) for written, start, end in pieces or made for one in _plain(written)]
    return PlainText("".join(one for one, _, _ in made), [(start, end) for _, start, end in made])


def _decode(pieces: list[Piece]) -> list[Piece] | None:
    """One round of decoding; None where there was nothing to decode."""
    whole = "".join(character for character, _, _ in pieces)
    out: list[Piece] = []
    at = 0
    for match in _ENCODED.finditer(whole):
        written = match[0]
        meant = _mean(written)
        if meant == written:
            continue
        start, end = pieces[match.start()][1], pieces[match.end() - 1][2]
        out += pieces[at : match.start()]
        out += [(character, start, end) for character in meant]
        at = match.end()
    return [*out, *pieces[at:]] if at else None


def _mean(written: str) -> str:
    if written[0] == "&":
        return html.unescape(written if written.endswith(";") else f"{written};")
    if written[0] == "%":
        return unquote(written, errors="replace")
    if written[0] == "\\":
        return chr(min(int(written[2:], 16), sys.maxunicode))
    return ""


@lru_cache(maxsize=16_384)
def _plain(character: str) -> str:
    """What one character looks like, in ASCII where it can be; nothing where it cannot be seen."""
    out = []
    for one in unicodedata.normalize("NFKD", _SIGNS.get(character, character)):
        one = _SIGNS.get(one, one)
        kind = unicodedata.category(one) if one else ""
        if one.isspace() or kind in ("Zs", "Zl", "Zp"):
            out.append(" ")
        elif not one or kind[0] == "M" or kind in ("Cf", "Cc"):
            continue
        elif kind == "Pd":
            out.append("-")
        else:
            out.append(one if one.isascii() else _resemble(one))
    return "".join(out)


def _resemble(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in _TWINS:
        return _TWINS[character]
    named = _LETTER.search(unicodedata.name(character, ""))
    if named is None or "LATIN" not in unicodedata.name(character, ""):
        return character
    letter = named[2] or named[4]
    return letter if (named[1] or named[3]) == "CAPITAL" else letter.lower()
