"""The number that a reader types, as newspapers write it: 9.000, 9,000, 9 mil, nueve mil, "808 excarcelados".

What is counted here are people, so that a group of three digits is thousands in every language.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from text_to_num import text2num

from dashboards.i18n.translations import list_languages

GREATEST: Final = 10_000_000  # nobody holds that many people: longer digits are a document or a telephone
THOUSANDS: Final = ("mil", "thousand", "k")
MILLIONS: Final = ("millon", "millones", "million", "milhao", "milhoes")
_SIZES: Final = {**dict.fromkeys(THOUSANDS, 1_000), **dict.fromkeys(MILLIONS, 1_000_000)}
_NUMBER: Final = r"(?<![\w.,])(\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2}(?!\d))?)"
_DIGITS: Final = re.compile(_NUMBER)
_SHARE: Final = r"por\s?ciento|por\s?cento|per\s?cent"
# A number below nothing follows a space if anything: in a name or a span of years the sign is a hyphen.
_NO_COUNT: Final = re.compile(rf"(?<!\S)[-−]{_NUMBER}|{_NUMBER}(?:[.,]\d+)?\s*(?:%|{_SHARE})", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST: Final = 6  # words of a number that is written out
_YEARS: Final = range(1900, 2100)


class Typed(NamedTuple):
    """The number of a text, None where it holds none, and what is to be said of that: `too_large`, `no_count`
    (a share, a decimal, a number below nothing), `several` of which it is the first; or nothing.
    """

    number: int | None
    note: str = ""


def read_number(text: str, language: str) -> int | None:
    """The first number of a text that is no year beside another number; None where it holds none."""
    return read_typed(text, language).number


def read_typed(text: str, language: str) -> Typed:
    """The same with what is to be said of it."""
    counts = _NO_COUNT.sub(" ", text)
    numbers = list(_find_digits(counts))
    found = [number for number in numbers if number <= GREATEST]
    if not found:
        *shares, rest = re.split(_SHARE, counts.casefold())
        parts = [*(_cut_last_number(each, language) for each in shares), rest]
        spelled = next(filter(None, (_read_spelled(part, language) for part in parts)), None)
        note = "too_large" if numbers else "no_count" if shares or _DIGITS.search(text) else ""
        return Typed(spelled, "" if spelled else note)
    taken = next((number for number in found if number not in _YEARS), found[0])
    return Typed(taken, "several" if any(each != taken and each not in _YEARS for each in numbers) else "")


def fold(text: str) -> str:
    """A text in small letters without accents, to be compared."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _find_digits(text: str) -> Iterator[int]:
    for match in _DIGITS.finditer(text):
        after = _WORD.match(text[match.end() :].lstrip(" \u00a0-"))
        written = match[1]
        grouped = re.fullmatch(r"\d{1,3}(?:\D\d{3})+", written)
        size = _SIZES.get(fold(after[0])) if after and not grouped else None
        if grouped:
            yield int(re.sub(r"\D", "", written))
        elif size:
            yield round(float(re.sub(r"[^\d.]", ".", written)) * size)
        elif written.isdigit():  # a count of people has no decimals
            yield int(written)


def _read_spelled(text: str, language: str) -> int | None:
    """A number written out in words: the longest run of them. Where that is a piece of another language's
    ("nueve mil" in Portuguese, which has the word "mil" too), that one is meant.
    """
    words = _WORD.findall(text.casefold())
    own = _find_run(words, language)
    if own is None:
        return None
    runs = [run for each in list_languages() if (run := _find_run(words, each)) is not None]
    whole = [run for run in runs if run[0] <= own[0] and run[1] >= own[1]]
    return max([own, *whole], key=lambda run: run[1] - run[0])[2]


def _cut_last_number(text: str, language: str) -> str:
    """A text without the number in words that it ends with: what stands before "per cent" is no count."""
    words = _WORD.findall(text)
    for length in range(min(_LONGEST, len(words)), 0, -1):
        with suppress(ValueError):
            text2num(" ".join(words[-length:]), language)
            return " ".join(words[:-length])
    return text


def _find_run(words: list[str], language: str) -> tuple[int, int, int] | None:
    """The longest run of words that is a number: from where, up to where, and the number."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            try:
                number: int = text2num(" ".join(words[start : start + length]), language)
            except ValueError:
                continue
            if number > 1 and number <= GREATEST:  # "un", "one": an article as often as a number
                return start, start + length, number
    return None
