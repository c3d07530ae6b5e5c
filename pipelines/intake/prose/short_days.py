"""Days that a text shortens: "el 23", "al 5/8", "two days later", "when July closed", "at Christmas".

What such words mean hangs on what stands elsewhere, so each is found with every day that it may mean; the
reader chooses. Words are in `mention_words.toml`, for all languages together.
"""

import re
import tomllib
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.written_dates import make_day

WORDS: Final = Path(__file__).with_name("mention_words.toml")
SHORT_KINDS: Final = (
    "number",
    "number_of_month",
    "offset",
    "offset_of_today",
    "year_end",
    "feast",
    "nth",
    "weekday",
)
_MONTHS_BACK: Final = 24
_MONTHS_NEAR: Final = 3
_WEEK: Final = 7
_WORD: Final = re.compile(r"\w+")


class ShortDay(NamedTuple):
    """A day, or a month's days, that some characters of the plain text may mean."""

    span: tuple[int, int]
    first: date
    last: date
    kind: str
    basis: Basis
    precision: Precision = Precision.DAY


@cache
def read_words() -> dict[str, Any]:
    """The words of `mention_words.toml`, by section."""
    return tomllib.loads(WORDS.read_text("utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A pattern for words; one that ends in * is the beginning of words."""
    longest = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in longest) + ")"


class _Patterns(NamedTuple):
    number: re.Pattern[str]
    month: re.Pattern[str]
    worded: re.Pattern[str]
    weekday: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: Language) -> _Patterns:
    days = read_words()["days"]
    months, weekdays = any_of(language.months), any_of(language.weekdays)
    of = r"(?: (?:de|del|di|do|of|d'|in|im|en|au mois de))?"
    year = r"(?:,? (?:de |del |di |do )?((?:19|20)\d\d))?"
    numbers = any_of(word for words in days["numbers"].values() for word in words)
    ordinal, alone = r"(?:st|nd|rd|th|er|o)?\b", r"(?![/:%]|[.,]\d)"
    firsts = any_of(days["first"])
    return _Patterns(
        re.compile(rf"\b(?:({weekdays})|{any_of(days['before'])})[.,]? (\d{{1,2}}){ordinal}{alone}"),
        re.compile(rf"\b({months})\b{year}"),
        re.compile(rf"\b({numbers}|{firsts}|\d{{1,2}}(?:o|er|st|nd|rd|th))\.?{of} ({months})\b{year}"),
        re.compile(rf"\b({weekdays})\b"),
    )  # fmt: skip


@cache
def _fixed() -> dict[str, re.Pattern[str]]:
    days = read_words()["days"]
    numbers = any_of([*(word for words in days["numbers"].values() for word in words)]) + r"|\d{1,2}"
    units = any_of(word for words in days["units"].values() for word in words)
    after = any_of([*days["directions"]["earlier"], *days["directions"]["later"]])
    ahead = any_of(days["directions"]["ahead"])
    offsets = [word for words in days["offsets"].values() for word in words]
    quarters = [word for words in days["quarters"].values() for word in words]
    feasts = [word for words in days["feasts"].values() for word in words]
    return {
        "quarter": re.compile(rf"\b({any_of(quarters)})\b"),
        "counted": re.compile(rf"\b(?:({ahead}) )?({numbers}) ({units})\b(?: ({after})\b)?"),
        "offset": re.compile(rf"\b({any_of(offsets)})\b"),
        "feast": re.compile(rf"\b({any_of(feasts)})\b"),
        "week": re.compile(rf"\b({any_of(days['weeks_past'])})\b"),
        "slashed": re.compile(r"(?<![\d/.,-])(\d{1,2})([/.-]) ?(\d{1,2})(\.?)(?![\d/-])"),
        "iso": re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])\b(?!-)"),
    }


def _find(name: str, text: str) -> Iterator[re.Match[str]]:
    """Matches of a pattern of `_fixed`, sought only where one of its first words stands in the text."""
    if not _first_words(name).isdisjoint(_words_of(text)):
        yield from _fixed()[name].finditer(text)


@lru_cache(maxsize=2)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@cache
def _first_words(name: str) -> frozenset[str]:
    days = read_words()["days"]
    phrases = [days["weeks_past"]] if name == "week" else days[f"{name}s"].values()
    return frozenset(_WORD.findall(phrase)[0] for some in phrases for phrase in some)


@cache
def _value(section: str, word: str) -> int | None:
    found: dict[str, list[str]] = read_words()["days"][section]
    return next((int(key) for key, words in found.items() if word in words), None)


def find_short_days(scene: Scene) -> list[ShortDay]:
    """Every shortened day of a text with every day that it may mean, in reading order."""
    text, published = scene.normal.folded, scene.published
    if published is None:
        return []
    named = [
        (scene.tokens[moment.start].start, day, moment.kind)
        for moment in scene.moments
        if (day := moment.last or moment.first) is not None
    ]
    covered = [(scene.tokens[m.start].start, scene.tokens[m.stop - 1].end) for m in scene.moments]
    taken = {(span, m.last or m.first) for span, m in zip(covered, scene.moments, strict=True)}
    numbers = [*_bare_numbers(text, scene, published, named, covered), *_slashed(text, published)]
    known = sorted([*named, *((day.span[0], day.last, "day") for day in numbers)])
    found = [
        *numbers,
        *_months(text, scene, published, covered),
        *_leaning(text, published, known),
        *_yearly(text, published),
        *_weekdays(text, scene, published),
    ]
    out = dict.fromkeys(
        day
        for day in found
        if day.last <= published + timedelta(days=31) and (day.span, day.last) not in taken
    )
    return sorted(out, key=lambda day: day.span)


_Named = Sequence[tuple[int, date, str]]
_Spans = Sequence[tuple[int, int]]


def _bare_numbers(
    text: str, scene: Scene, published: date, named: _Named, covered: _Spans
) -> Iterator[ShortDay]:
    """The day of a month that is not said there: the latest such day, or that of the month named nearest."""
    for match in _patterns(scene.language).number.finditer(text):
        span, number = match.span(2), int(match.group(2))
        if any(a < span[1] and span[0] < b and b - a > 2 and (a, b) != match.span(1) for a, b in covered):
            continue
        weekday = scene.language.weekdays.get(match.group(1) or "")
        recent = _latest(number, published, weekday) or _latest(number, published, None)
        if recent:
            yield ShortDay(span, recent, recent, "number", Basis.EXPLICIT)
        near = sorted(named, key=lambda each: (each[0] > span[0], abs(each[0] - span[0])))
        months = dict.fromkeys((day.year, day.month) for _, day, _ in near)
        for year, month in list(months)[:_MONTHS_NEAR]:
            made = make_day(year, month, number)
            if made and made != recent:
                yield ShortDay(span, made, made, "number_of_month", Basis.EXPLICIT)
    for match in _patterns(scene.language).worded.finditer(text):
        digits = match.group(1).rstrip("oerstndh")
        number = int(digits) if digits.isdigit() else _value("numbers", match.group(1)) or 1
        told = match.group(3)
        month = scene.language.months[match.group(2)] + 1
        made = _in_year(month, number, int(told) if told else None, published)
        if made:
            yield ShortDay(match.span(), made, made, "number", Basis.EXPLICIT)


def _latest(number: int, published: date, weekday: int | None) -> date | None:
    """The latest day of that number (and weekday) up to publication."""
    year, month = published.year, published.month
    for _ in range(_MONTHS_BACK):
        made = make_day(year, month, number)
        if made and made <= published and (weekday is None or made.weekday() == weekday):
            return made
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None


def _in_year(month: int, number: int, year: int | None, published: date) -> date | None:
    """That day of the year told, or the latest one up to publication."""
    if year is not None:
        return make_day(year, month, number)
    made = make_day(published.year, month, number)
    return made if made and made <= published else make_day(published.year - 1, month, number)


def _weekdays(text: str, scene: Scene, published: date) -> Iterator[ShortDay]:
    """The last such day before publication, and that of the week before."""
    for match in _patterns(scene.language).weekday.finditer(text):
        back = (published.weekday() - scene.language.weekdays[match.group(1)] - 1) % _WEEK + 1
        for days in (back, back + _WEEK):
            made = published - timedelta(days=days)
            yield ShortDay(match.span(), made, made, "weekday", Basis.RELATIVE)


def _slashed(text: str, published: date) -> Iterator[ShortDay]:
    """ "al 5/8", "16.2.", and months as "2026-07"."""
    for match in _fixed()["slashed"].finditer(text):
        if (match.group(2) == "." and not match.group(4)) or (
            match.group(2) == "-" and len(match.group()) != 5
        ):
            continue
        day, month = int(match.group(1)), int(match.group(3))
        made = _in_year(month, day, None, published) if 1 <= month <= 12 else None
        if made:
            yield ShortDay(match.span(), made, made, "number", Basis.EXPLICIT)
    for match in _fixed()["iso"].finditer(text):
        yield _month(match.span(), int(match.group(1)), int(match.group(2)))


def _month(span: tuple[int, int], year: int, month: int) -> ShortDay:
    last = date(year, month, monthrange(year, month)[1])
    return ShortDay(span, date(year, month, 1), last, "month", Basis.EXPLICIT, Precision.MONTH)


def _months(text: str, scene: Scene, published: date, covered: _Spans) -> Iterator[ShortDay]:
    """Months by their name alone ("julio, 19")."""
    patterns = _patterns(scene.language)
    for match in patterns.month.finditer(text):
        name, span = match.group(1), match.span()
        capital = scene.normal.plain[span[0]].isupper()
        if len(name) < 3 or (not capital and scene.language.code in ("en", "de")):
            continue
        inside = [(a, b) for a, b in covered if a < span[1] and span[0] < b]
        if any(a < span[0] or scene.language.code == "en" for a, b in inside):
            continue  # "8 de enero": the day is written
        month = scene.language.months[name] + 1
        first = _in_year(month, 1, int(match.group(2)) if match.group(2) else None, published)
        if first and (len(name) > 3 or name in ("mai", "may")):
            yield _month(span, first.year, first.month)


def _leaning(text: str, published: date, named: _Named) -> Iterator[ShortDay]:
    """ "two days later", "the day before": counted from publication, or from the days named around."""
    for span, offset in _offsets(text):
        if offset <= 0:
            made = published + timedelta(days=offset)
            yield ShortDay(span, made, made, "offset_of_today", Basis.RELATIVE)
        before = [day for at, day, kind in named if at < span[0] and kind == "day"]
        after = [day for at, day, kind in named if at >= span[1] and kind == "day"]
        for day in (*before[-2:], *after[:1]):
            made = day + timedelta(days=offset)
            yield ShortDay(span, made, made, "offset", Basis.RELATIVE)
    for match in _find("week", text):
        sunday = published - timedelta(days=published.weekday() + 1)
        for last in (sunday, sunday - timedelta(days=_WEEK)):
            yield ShortDay(match.span(), last - timedelta(days=6), last, "week", Basis.RELATIVE)


def _offsets(text: str) -> Iterator[tuple[tuple[int, int], int]]:
    for match in _find("offset", text):
        offset = _value("offsets", match.group(1))
        if offset is not None:
            yield match.span(), offset
    later = read_words()["days"]["directions"]["later"]
    for match in _fixed()["counted"].finditer(text):
        ahead, number, unit, direction = match.groups()
        if not ahead and not direction:
            continue
        count = int(number) if number.isdigit() else _value("numbers", number) or 0
        days = count * (_value("units", unit) or 1) if not unit.startswith("24") else 1
        yield match.span(), days if direction in later else -days


def _yearly(text: str, published: date) -> Iterator[ShortDay]:
    """Quarters, and feasts of one day each year, its end among them."""
    for match in _find("quarter", text):
        last_month = _value("quarters", match.group(1)) or 12
        year = published.year if last_month < published.month else published.year - 1
        last = date(year, last_month, monthrange(year, last_month)[1])
        yield ShortDay(match.span(), date(year, last_month - 2, 1), last, "year_end", Basis.EXPLICIT)
    feasts: dict[str, list[str]] = read_words()["days"]["feasts"]
    for match in _find("feast", text):
        told = next(key for key, words in feasts.items() if match.group(1) in words)
        month, _, number = told.partition("-")
        made = _in_year(int(month), int(number), None, published)
        if made:
            yield ShortDay(match.span(), made, made, "feast", Basis.EXPLICIT)
