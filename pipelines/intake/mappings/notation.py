"""How a publisher writes numbers and days, and what its texts mean by that, never by a guess.

Input: the text of one cell. The notation comes from the publisher's mapping; a text that does not follow it
to the letter is refused with the reason.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from pipelines.core.model import Precision, Qualifier
from pipelines.core.privacy import DiscreetError

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
_TOKEN: Final = re.compile(r"'([^']*)'|(MMMM|MMM|MM?|dd?|yyyy|yy?)|([A-Za-z]+)|(.)", re.DOTALL)
_ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_PLAIN: Final = re.compile(r"(\d+)(?:\.(\d+))?")


class NotationError(DiscreetError):
    """A text is not written as the mapping says; the message says what stood there."""


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How numbers are written. A separator that is not stated is not one."""

    thousands: str = ""  # between groups of three digits
    decimal: str = ""
    blank: list[str] = []  # texts by which the publisher says that it gives no figure
    ignore: list[str] = []  # marks without a meaning of their own, like the "*" of a footnote
    qualifiers: dict[str, Qualifier] = {}  # words before or after the digits: "más de" = "more_than"
    range: str = ""  # between the two ends of a range


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How days are written: patterns as in CLDR (d, dd, M, MM, MMM, MMMM, yy, y; other letters in quotes)."""

    patterns: list[str] = []
    locale: str = "es"


@dataclass(frozen=True)
class CellAmount:
    """What a cell says: how many, the upper end of a range, and the hedge where the cell carries one."""

    value: int
    high: int | None = None
    qualifier: Qualifier | None = None


@dataclass(frozen=True)
class Period:
    """A day, or a month from its first day to its last."""

    first: date
    last: date
    precision: Precision


def tidy(text: str) -> str:
    """One plain space for every run of spaces of any kind, none around."""
    return _SPACES.sub(" ", text).strip()


def strip_marks(text: str, numbers: Numbers) -> str:
    """A label or header, tidied, without the footnote marks at its end."""
    words = tidy(text)
    while marks := [mark for mark in numbers.ignore if mark and words.endswith(mark) and words != mark]:
        words = words.removesuffix(marks[0]).rstrip()
    return words


def parse_number(
    text: str, numbers: Numbers, *, typed: bool = False, rounded: bool = False
) -> CellAmount | None:
    """What a cell says; None where it says that there is no figure.

    `typed`: the file itself holds it as a number, so its point is a decimal point. `rounded`: a fraction that
    it holds so is an average, which becomes whole people, `about`. Raises NotationError on
    everything that is no whole number written as stated, a fraction among it.
    """
    words = tidy(text)
    if not words or words in numbers.blank:
        return None
    if typed and rounded and (average := _PLAIN.fullmatch(words)) and (average[2] or "").strip("0"):
        whole = Decimal(words).quantize(Decimal(1), ROUND_HALF_UP)
        return CellAmount(_read_whole(_PLAIN.fullmatch(str(whole)), text), None, Qualifier.ABOUT)
    if typed:
        return CellAmount(_read_whole(_PLAIN.fullmatch(words), text))
    for mark in numbers.ignore:
        words = tidy(words.replace(mark, " "))
    words, qualifier = _split_hedge(words, numbers)
    if numbers.range and numbers.range in words:
        low, high = (_read_digits(end, numbers, text) for end in words.split(numbers.range, 1))
        return CellAmount(low, high, Qualifier.RANGE)
    return CellAmount(_read_digits(words, numbers, text), None, qualifier)


def _split_hedge(words: str, numbers: Numbers) -> tuple[str, Qualifier | None]:
    for hedge in sorted(numbers.qualifiers, key=len, reverse=True):
        if words.lower().startswith(hedge.lower()):
            return words[len(hedge) :].strip(), numbers.qualifiers[hedge]
        if words.lower().endswith(hedge.lower()):
            return words[: -len(hedge)].strip(), numbers.qualifiers[hedge]
    return words, None


def _read_digits(words: str, numbers: Numbers, text: str) -> int:
    thousands = re.escape(numbers.thousands)
    whole = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|\d+" if thousands else r"\d+"
    fraction = rf"(?:{re.escape(numbers.decimal)}(\d+))?" if numbers.decimal else "()"
    found = re.fullmatch(rf"({whole}){fraction}", words.strip())
    if found is None and re.fullmatch(r"[-−–]\s?[\d.,]+", words):
        raise NotationError(f"{text!r}: a count of people cannot be negative")
    return _read_whole(found, text, numbers.thousands)


def _read_whole(found: re.Match[str] | None, text: str, thousands: str = "") -> int:
    if found is None:
        said = f"thousands written with {thousands!r}" if thousands else "no separator of thousands"
        raise NotationError(f"{text!r} is no number as the mapping says numbers are written ({said})")
    digits, fraction = found.groups()
    if fraction and fraction.strip("0"):
        raise NotationError(f"{text!r}: a count of people is a whole number")
    plain = digits.replace(thousands, "") if thousands else digits
    if len(plain) > 9:
        raise NotationError(f"{text!r}: more people than there are")
    return int(plain)


def parse_day(text: str, dates: Dates, *, typed: bool = False, year: int | None = None) -> Period:
    """The day or month that a text states; `year` is what the document says where the text has none.

    Raises NotationError where no pattern fits, two fit differently, there is no such day, or no year.
    """
    words = tidy(text)
    if typed and (iso := _ISO.fullmatch(words)):
        day = date.fromisoformat(iso[1])
        return Period(day, day, Precision.DAY)
    found = {
        _make_period(match, year, text)
        for pattern in dates.patterns
        if (match := compile_pattern(pattern, dates.locale).fullmatch(words))
    }
    if not found:
        raise NotationError(f"{text!r} is no day as the mapping says days are written ({dates.patterns})")
    if len(found) > 1:
        raise NotationError(f"{text!r} is two different days under the mapping's patterns {dates.patterns}")
    return found.pop()


def parse_month(text: str, locale: str) -> int | None:
    """The month, from 1, that a text is the name or the beginning of the name of; None where it is none."""
    words = tidy(text).rstrip(".").casefold()
    names = get_month_names("wide", "stand-alone", Locale.parse(locale, sep="-" if "-" in locale else "_"))
    found = [number for number, name in names.items() if name.casefold().startswith(words)]
    return found[0] if len(words) >= 3 and len(found) == 1 else None


def _make_period(match: re.Match[str], year: int | None, text: str) -> Period:
    parts = match.groupdict()
    written = parts.get("year")
    known = (int(written) if len(written) == 4 else 2000 + int(written)) if written else year
    if known is None:
        raise NotationError(f"{text!r} has no year, and the mapping finds none in the document")
    number = next((key for key in parts if key.startswith("month_") and parts[key]), None)
    month = int(number.split("_")[1]) if number else int(parts["month"])
    try:
        if parts.get("day"):
            day = date(known, month, int(parts["day"]))
            return Period(day, day, Precision.DAY)
        return Period(date(known, month, 1), date(known, month, monthrange(known, month)[1]), Precision.MONTH)
    except ValueError as error:
        raise NotationError(f"{text!r}: there is no such day ({error})") from error


@cache
def compile_pattern(pattern: str, locale: str) -> re.Pattern[str]:
    """A CLDR pattern as a regular expression. Raises NotationError on a letter it does not know."""
    expression = ""
    for quoted, field, unknown, literal in _TOKEN.findall(pattern):
        if unknown:
            raise NotationError(f"pattern {pattern!r}: {unknown!r} has no meaning; put words into quotes")
        if field.startswith("y"):
            expression += r"(?P<year>\d{2})" if field == "yy" else r"(?P<year>\d{4})"
        elif field.startswith("d"):
            expression += r"(?P<day>\d{1,2})"
        elif field in {"M", "MM"}:
            expression += r"(?P<month>\d{1,2})"
        elif field:
            expression += _spell_months(locale)
        else:
            expression += re.escape(tidy(quoted or literal)) or r"\s"
    if "month" not in expression:
        raise NotationError(f"pattern {pattern!r}: has no month")
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise NotationError(f"pattern {pattern!r}: a part of it stands twice ({error})") from error


def _spell_months(locale: str) -> str:
    """An alternative for each month, in full and short, with or without the point of the short form."""
    try:
        known = Locale.parse(locale, sep="-" if "-" in locale else "_")
    except (UnknownLocaleError, ValueError) as error:
        raise NotationError(f"locale {locale!r} is not known") from error
    names: dict[int, set[str]] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, known).items():
                names.setdefault(number, set()).update({name, name.rstrip(".")})
    groups = [
        f"(?P<month_{number}>{'|'.join(re.escape(name) for name in sorted(words, key=len, reverse=True))})"
        for number, words in names.items()
    ]
    return f"(?:{'|'.join(groups)})"
