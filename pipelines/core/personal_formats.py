"""The forms in which personal data is written, compiled from `personal_formats.toml` for some countries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core.plain_text import make_plain

_GAP: Final = r"[\s.\-_/,'*+|:]{0,3}"  # what may part the digits of one number
_EDGE: Final = r"(?<![A-Za-z0-9])"
_END: Final = r"(?![A-Za-z0-9])"
_DIGITS: Final = re.compile(r"~\{(\d+)(?:,(\d+))?\}")
_AT: Final = r"(?: ?[\[({<] ?(?:at|arroba|@) ?[\])}>] ?| ?arroba ?)"
_DOT: Final = r"(?: ?[\[({<] ?(?:dot|punto|ponto|\.) ?[\])}>] ?| (?:dot|punto|ponto) |\.| \. )"
_EMAIL: Final = re.compile(
    r"(?<![\w.+\-])[\w.+\-]+(?:"  # from the beginning of a word alone: a long text is read once
    r"@[\w\-]+(?:\.[\w\-]+)+"
    r"| @ [\w\-]+(?: ?\. ?[\w\-]+)+"
    rf"|{_AT}[\w\-]+(?:{_DOT}[\w\-]+)*"
    r"|(?: at |@)[\w\-]+(?: ?[\[({<]? ?\b(?:dot|punto|ponto)\b ?[\])}>]? ?[\w\-]+)+)",
    re.IGNORECASE,
)


class _Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: list[str] = []
    labels: list[str] = []


class _Formats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    labels: list[str]
    loose_labels: list[str]
    between: list[str]
    phone_labels: list[str]
    birth_words: list[str]
    months: list[str]
    years_of_age: list[str]
    digit_words: list[str]
    not_names: list[str]
    country: dict[str, _Country]


@dataclass(frozen=True)
class Formats:
    """Compiled for some countries, to be searched for in plain text."""

    regions: tuple[str, ...]  # whose telephone numbers are known without their international prefix
    identity: re.Pattern[str]  # by its form alone
    labelled: re.Pattern[str]  # by a word before or after it
    labelled_in_address: re.Pattern[str]
    spelt: re.Pattern[str]  # digits in words
    email: re.Pattern[str]
    phone_label: re.Pattern[str]  # at the end of what stands before the number
    birth: re.Pattern[str]
    day: re.Pattern[str]  # a whole day of a year in which a person can be born
    age: re.Pattern[str]  # "34 años", "34-year-old"; group 1 is the number
    not_names: frozenset[str]


@lru_cache(maxsize=1)
def _read() -> _Formats:
    path = Path(__file__).with_suffix(".toml")
    return msgspec.toml.decode(path.read_bytes(), type=_Formats)


def list_countries() -> tuple[str, ...]:
    """The countries whose formats are known."""
    return tuple(sorted(_read().country))


@lru_cache(maxsize=64)
def compile_formats(countries: tuple[str, ...]) -> Formats:
    """The formats of these countries and of everywhere. Raises KeyError on a country that is not known."""
    read = _read()
    chosen = [read.country[code] for code in countries]
    strict = [*read.labels, *(label for each in chosen for label in each.labels)]
    numbers = [_space(_fold(number)) for each in chosen for number in each.numbers]
    birth = rf"{_EDGE}{_any(read.birth_words)}"
    day = _match_days(_any(read.months))
    return Formats(
        regions=countries,
        identity=re.compile("|".join(f"{_EDGE}(?:{each}){_END}" for each in numbers) or "(?!)"),
        labelled=_compile_labelled([*strict, *read.loose_labels], read.between),
        labelled_in_address=_compile_labelled(strict, read.between),
        spelt=_compile(rf"\b(?:{_any(read.digit_words)}\b[\s,.\-]{{1,3}}){{5,}}{_any(read.digit_words)}\b"),
        email=_EMAIL,
        phone_label=_compile(rf"{_EDGE}{_any(read.phone_labels)}[\s.:#()=/&?+\-]{{0,6}}$"),
        birth=_compile(rf"{birth}(?![a-z])[^\d]{{0,25}}{day}|{day}[\s,.:()\-]{{0,4}}{birth}(?![a-z])"),
        day=_compile(day),
        age=_compile(rf"(?<![\d.,/\-])(\d{{1,3}})[\s\-]*{_any(read.years_of_age)}(?![a-z])"),
        not_names=frozenset(_fold(word).lower() for word in read.not_names),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _compile_labelled(labels: Iterable[str], between: Iterable[str]) -> re.Pattern[str]:
    """A number (group 1 or 2) after or before one of these words."""
    words = _any(labels)
    number = rf"(?:[A-Z]{{1,3}}[\s.\-]{{0,2}})?{_spread(6, 11)}"
    filler = rf"(?:[\s.:#()\[\]\-=,_/?&+*|\"']|\b{_any(between)}\b){{0,14}}?"
    return _compile(
        rf"{_EDGE}{words}(?![A-Za-z]){filler}(?<![A-Za-z0-9])({number})(?!\d)"
        rf"|{_EDGE}({number})[\s,.:()\-=]{{0,4}}(?:es (?:su|la|el) )?{words}{_END}(?![\s.:#\-]*\d)"
    )


def _match_days(months: str) -> str:
    year = r"(?:19[2-9]\d|20[0-2]\d)"
    part = r"(?:\s?[./\-_]\s?|\s)"
    return (
        rf"(?:(?<!\d)\d{{1,2}}{part}(?:\d{{1,2}}|{months}){part}(?:{year}|\d{{2}})(?!\d)"
        rf"|(?<!\d){year}{part}\d{{1,2}}{part}\d{{1,2}}(?!\d)"
        rf"|(?:(?<!\d)\d{{1,2}}(?:st|nd|rd|th|o)?\.? (?:de |of )?)?{months}\.?,?"
        r"(?: \d{1,2}(?:st|nd|rd|th)?,?)?"
        rf" (?:del? |of )?{year}(?!\d))"
    )


def _any(patterns: Iterable[str]) -> str:
    """One of some patterns, the longer first."""
    return f"(?:{'|'.join(sorted((_fold(each) for each in patterns), key=len, reverse=True))})"


def _fold(pattern: str) -> str:
    """A pattern whose letters are those of plain text; what is ASCII in it is left alone."""
    return "".join(one if one.isascii() else make_plain(one).text for one in pattern)


def _spread(least: int, most: int) -> str:
    return rf"\d(?:{_GAP}\d){{{least - 1},{most - 1}}}"


def _space(pattern: str) -> str:
    spread = _DIGITS.sub(lambda found: _spread(int(found[1]), int(found[2] or found[1])), pattern)
    return spread.replace("~", _GAP)
