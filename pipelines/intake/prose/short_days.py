"""Days that a text shortens: "el 23", "al 5/8", "two days later", "when July closed", "at Christmas".

What such words mean hangs on what stands elsewhere, so each is found with every day that it may mean; the
reader chooses. Words are in `mention_words.toml`, for all languages together.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.grammar import Language, any_of, read_words
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import Matcher
from pipelines.intake.prose.written_dates import latest_day, make_day, month_days

SHORT_KINDS: Final = (  # by their place in the artefact, which knows some that are found no more
    "number", "number_of_month", "offset", "offset_of_today", "year_end", "feast", "nth", "weekday",
)  # fmt: skip
_MONTHS_BACK: Final = 24
_MONTHS_NEAR: Final = 3
_WEEK: Final = timedelta(days=7)


class ShortDay(NamedTuple):
    """A day, or a month's days, that some characters of the plain text may mean."""

    span: tuple[int, int]
    first: date
    last: date
    kind: str
    basis: Basis
    precision: Precision = Precision.DAY


@lru_cache(maxsize=16)
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    days = read_words()["days"]

    def listed(section: str) -> str:
        return any_of(word for words in days[section].values() for word in words)

    months, weekdays, numbers = any_of(language.months), any_of(language.weekdays), listed("numbers")
    year = r"(?:,? (?:de |del |di |do )?((?:19|20)\d\d))?"
    of = r"(?: (?:de|del|di|do|of|d'|in|im|en|au mois de))?"
    alone = r"(?:st|nd|rd|th|er|o)?\b(?![/:%]|[.,]\d)"
    worded = rf"{numbers}|{any_of(days['first'])}|\d{{1,2}}(?:o|er|st|nd|rd|th)"
    told = days["directions"]
    ahead, after = any_of(told["ahead"]), any_of([*told["earlier"], *told["later"]])
    found = {
        "number": rf"\b(?:({weekdays})|{any_of(days['before'])})[.,]? (\d{{1,2}}){alone}",
        "worded": rf"\b({worded})\.?{of} ({months})\b{year}",
        "month": rf"\b({months})\b{year}",
        "counted": rf"\b(?:({ahead}) )?({numbers}|\d{{1,2}}) ({listed('units')})\b(?: ({after})\b)?",
        "slashed": r"(?<![\d/.,-])(\d{1,2})(?:/ ?(\d{1,2})\.?|\. ?(\d{1,2})\.|(?<=\d\d)-(\d\d))(?![\d/-])",
        "iso": r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])\b(?!-)",
    }
    return {name: re.compile(pattern) for name, pattern in found.items()}


def _find(section: str, scene: Scene) -> Iterator[tuple[tuple[int, int], str]]:
    """Where phrases of a section stand, and what they mean."""
    for _, meaning, first, last in _matcher(section).find(scene.tokens):
        yield (scene.tokens[first].start, scene.tokens[last - 1].end), meaning


@cache
def _matcher(section: str) -> Matcher:
    matcher = Matcher()
    for meaning, phrases in read_words()["days"][section].items():
        for phrase in phrases:
            matcher.add(phrase, section, meaning)
    return matcher


@cache
def _meaning(section: str, word: str) -> str | None:
    found: dict[str, list[str]] = read_words()["days"][section]
    return next((key for key, words in found.items() if word in words), None)


def find_short_days(scene: Scene) -> list[ShortDay]:
    """Every shortened day of a text with every day that it may mean, in reading order."""
    published = scene.published
    if published is None:
        return []
    covered = [(scene.tokens[m.start].start, scene.tokens[m.stop - 1].end) for m in scene.moments]
    days = [(span, m.last or m.first, m.kind) for span, m in zip(covered, scene.moments, strict=True)]
    named = [(span[0], day, kind) for span, day, kind in days if day is not None]
    numbers = [
        *_bare_numbers(scene, published, named, covered),
        *_worded(scene, published),
        *_slashed(scene, published),
    ]
    known = sorted([*named, *((day.span[0], day.last, "day") for day in numbers)])
    found = [
        *numbers,
        *_months(scene, published, covered),
        *_leaning(scene, published, known),
        *_yearly(scene, published),
    ]
    taken = {(span, day) for span, day, _ in days}
    latest = published + timedelta(days=31)
    out = dict.fromkeys(d for d in found if d.last <= latest and (d.span, d.last) not in taken)
    return sorted(out, key=lambda day: day.span)


_Named = Sequence[tuple[int, date, str]]
_Spans = Sequence[tuple[int, int]]


def _bare_numbers(scene: Scene, published: date, named: _Named, covered: _Spans) -> Iterator[ShortDay]:
    """The day of a month that is not said there: the latest such day, or that of the month named nearest."""
    for match in _patterns(scene.language)["number"].finditer(scene.normal.folded):
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


def _worded(scene: Scene, published: date) -> Iterator[ShortDay]:
    """ "el quince de febrero", "1st of March"."""
    for match in _patterns(scene.language)["worded"].finditer(scene.normal.folded):
        digits = match.group(1).rstrip("oerstndh")
        number = int(digits if digits.isdigit() else _meaning("numbers", match.group(1)) or 1)
        month = scene.language.months[match.group(2)] + 1
        made = latest_day(match.group(3), month, number, published)
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


def _slashed(scene: Scene, published: date) -> Iterator[ShortDay]:
    """ "al 5/8", "16.2.", and months as "2026-07"."""
    for match in _patterns(scene.language)["slashed"].finditer(scene.normal.folded):
        day, *months = match.groups()
        month = int(next(filter(None, months)))
        made = latest_day(None, month, int(day), published) if 1 <= month <= 12 else None
        if made:
            yield ShortDay(match.span(), made, made, "number", Basis.EXPLICIT)
    for match in _patterns(scene.language)["iso"].finditer(scene.normal.folded):
        yield _month(match.span(), int(match.group(1)), int(match.group(2)))


def _month(span: tuple[int, int], year: int, month: int) -> ShortDay:
    return ShortDay(span, *month_days(year, month), "month", Basis.EXPLICIT, Precision.MONTH)


def _months(scene: Scene, published: date, covered: _Spans) -> Iterator[ShortDay]:
    """Months by their name alone ("julio, 19")."""
    code = scene.language.code
    for match in _patterns(scene.language)["month"].finditer(scene.normal.folded):
        name, span = match.group(1), match.span()
        capital = scene.normal.plain[span[0]].isupper() or code not in ("en", "de")
        if not capital or len(name) < 3 or (len(name) == 3 and name not in ("mai", "may")):
            continue
        if any(a < span[1] and span[0] < b and (a < span[0] or code == "en") for a, b in covered):
            continue  # "8 de enero": the day is written
        first = latest_day(match.group(2), scene.language.months[name] + 1, 1, published)
        if first:
            yield _month(span, first.year, first.month)


def _leaning(scene: Scene, published: date, named: _Named) -> Iterator[ShortDay]:
    """ "two days later", "the day before": counted from publication, or from the days named around."""
    for span, offset in _offsets(scene):
        if offset <= timedelta():
            made = published + offset
            yield ShortDay(span, made, made, "offset_of_today", Basis.RELATIVE)
        before = [day for at, day, kind in named if at < span[0] and kind == "day"]
        after = [day for at, day, kind in named if at >= span[1] and kind == "day"]
        for day in (*before[-2:], *after[:1]):
            yield ShortDay(span, day + offset, day + offset, "offset", Basis.RELATIVE)
    for span, _ in _find("weeks", scene):
        sunday = published - timedelta(days=published.weekday() + 1)
        for last in (sunday, sunday - _WEEK):
            yield ShortDay(span, last - timedelta(days=6), last, "week", Basis.RELATIVE)


def _offsets(scene: Scene) -> Iterator[tuple[tuple[int, int], timedelta]]:
    for span, days in _find("offsets", scene):
        yield span, timedelta(days=int(days))
    for match in _patterns(scene.language)["counted"].finditer(scene.normal.folded):
        ahead, number, unit, direction = match.groups()
        if ahead or direction:
            many = int(number if number.isdigit() else _meaning("numbers", number) or 0)
            length = many * int(_meaning("units", unit) or 1) if not unit.startswith("24") else 1
            later = direction in read_words()["days"]["directions"]["later"]
            yield match.span(), timedelta(days=length if later else -length)


def _yearly(scene: Scene, published: date) -> Iterator[ShortDay]:
    """Quarters, and feasts of one day each year, its end among them."""
    for span, month in _find("quarters", scene):
        year = published.year if int(month) < published.month else published.year - 1
        last = month_days(year, int(month))[1]
        yield ShortDay(span, date(year, int(month) - 2, 1), last, "year_end", Basis.EXPLICIT)
    for span, day in _find("feasts", scene):
        month, _, number = day.partition("-")
        made = latest_day(None, int(month), int(number), published)
        if made:
            yield ShortDay(span, made, made, "feast", Basis.EXPLICIT)
