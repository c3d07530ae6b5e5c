"""Days that a text shortens: "el 23", "al 5/8", "two days later", "when July closed", "on Good Friday".

What such words mean hangs on what stands elsewhere, so each is found with every day that it may mean; the
reader chooses. Words are in `mention_words.toml`, for all languages together.
"""

import re
from collections import defaultdict
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
_PHRASES: Final = ("offsets", "months", "weeks", "quarters", "feasts", "easter")  # sections of phrases
_LEAD: Final = 48  # characters that the longest words before a month or a unit take

_Phrases = dict[str, list[tuple[tuple[int, int], str]]]


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

    def listed(section: str, least: int = 0) -> str:
        return any_of(word for key, words in days[section].items() if int(key) >= least for word in words)

    months, weekdays, numbers = any_of(language.months), any_of(language.weekdays), listed("numbers")
    before, after_week = (any_of(days["earlier_week"][side]) for side in ("before", "after"))
    year = r"(?:,? (?:de |del |di |do )?((?:19|20)\d\d))?"
    of = r"(?: (?:de|del|di|do|of|d'|in|im|en|au mois de))?"
    alone = r"(?:st|nd|rd|th|er|o)?\b(?![/%]|[.,:]\d)"
    spelled = listed("ordinals" if language.code in ("en", "de") else "numbers", 3)  # not "the seven"
    worded = rf"{listed('numbers', 2)}|{spelled}|{any_of(days['first'])}|\d{{1,2}}(?:o|er|st|nd|rd|th)"
    told = days["directions"]
    ahead, after = any_of(told["ahead"]), any_of([*told["earlier"], *told["later"]])
    found = {  # what begins with a digit looks back after it: only where a digit stands is then looked
        "number": rf"\b(?:({weekdays})|{any_of(days['before'])})[.,]? (\d{{1,2}}|{spelled}){alone}",
        "worded": rf"\b({worded})\.?{of} $",
        "month": rf"\b({months})\b{year}",
        "counted": rf"\b(?:({ahead}) )?({numbers}|\d{{1,2}}) $",
        "unit": rf"\b({listed('units')})\b(?: ({after})\b)?",
        "slashed": r"(\d(?<![\d/.,-]\d)\d?)(?:/ ?(\d{1,2})\.?|\. ?(\d{1,2})\.|(?<=\d\d)-(\d\d))(?![\d/-])",
        "weekday": rf"\b(?:{before} ({weekdays})|({weekdays}),? {after_week})\b",
        "year": rf"\b{any_of(days['in_a_year'])} ((?:19|20)\d\d)\b(?![/-]\d|[.,]\d)",
        "iso": r"((?:19|20)(?<!\w\d\d)\d\d)-(0[1-9]|1[0-2])\b(?!-)",
    }
    return {name: re.compile(pattern) for name, pattern in found.items()}


def _find_led(lead: str, name: str, scene: Scene) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Matches of a pattern that has another right before it: fewer places to try than for both as one."""
    patterns, folded = _patterns(scene.language), scene.normal.folded
    for match in patterns[name].finditer(folded):
        led = patterns[lead].search(folded, max(0, match.start() - _LEAD), match.start())
        if led:
            yield led, match


def _find_phrases(scene: Scene) -> _Phrases:
    """By section of `mention_words.toml`: where its phrases stand, and what they mean. Of two that overlap
    the one that begins first counts, or the longer: "Christmas Eve" is no eve of another day."""
    found: _Phrases = defaultdict(list)
    for section, meaning, first, last in _matcher().find(scene.tokens):
        found[section].append(((scene.tokens[first].start, scene.tokens[last - 1].end), meaning))
    return found


@cache
def _matcher() -> Matcher:
    matcher = Matcher()
    for section in _PHRASES:
        for meaning, phrases in read_words()["days"][section].items():
            for phrase in phrases:
                matcher.add(phrase, section, meaning)
    return matcher


@cache
def _meaning(section: str, word: str) -> str | None:
    found: dict[str, list[str]] = read_words()["days"][section]
    return next((key for key, words in found.items() if word in words), None)


def _read_number(word: str) -> int:
    """A number as the words of days write it; "first" and what stands for it is 1."""
    digits = word.rstrip("oerstndh")
    return int(digits if digits.isdigit() else _meaning("numbers", word) or _meaning("ordinals", word) or 1)


def _shift(day: date, days: int, months: int) -> date:
    """A day so many days and months of the calendar later; at most the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_days(year, month + 1)[1].day)) + timedelta(days=days)


def find_short_days(scene: Scene) -> list[ShortDay]:
    """Every shortened day of a text with every day that it may mean, in reading order."""
    published = scene.published
    if published is None:
        return []
    covered = [(scene.tokens[m.start].start, scene.tokens[m.stop - 1].end) for m in scene.moments]
    days = [(span, m.last or m.first, m.kind) for span, m in zip(covered, scene.moments, strict=True)]
    months = list(_months(scene, published, covered))
    named = [(span[0], day, kind) for span, day, kind in days if day is not None]
    named += [(month.span[0], month.last, month.kind) for month in months]
    numbers = [
        *_bare_numbers(scene, published, named, covered),
        *_worded(scene, published),
        *_slashed(scene, published),
    ]
    known = sorted([*named, *((day.span[0], day.last, "day") for day in numbers)])
    phrases = _find_phrases(scene)
    found = [
        *numbers,
        *months,
        *_leaning(scene, published, known, phrases),
        *_yearly(scene, published, phrases),
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
        span, number = match.span(2), _read_number(match.group(2))
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
    for day, month in _find_led("worded", "month", scene):
        number, place = _read_number(day.group(1)), scene.language.months[month.group(1)] + 1
        made = latest_day(month.group(2), place, number, published)
        if made:
            yield ShortDay((day.start(), month.end()), made, made, "number", Basis.EXPLICIT)


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


def _leaning(scene: Scene, published: date, named: _Named, phrases: _Phrases) -> Iterator[ShortDay]:
    """ "two days later", "the day before", "el lunes anterior": counted from publication, or from the days
    named around."""

    def around(span: tuple[int, int]) -> list[date]:
        before = [day for at, day, kind in named if at < span[0] and kind == "day"]
        return [*before[-2:], *[day for at, day, kind in named if at >= span[1] and kind == "day"][:1]]

    for span, days, months in _offsets(scene, phrases):
        if days <= 0 and months <= 0:
            made = _shift(published, days, months)
            yield ShortDay(span, made, made, "offset_of_today", Basis.RELATIVE)
        for day in around(span):
            made = _shift(day, days, months)
            yield ShortDay(span, made, made, "offset", Basis.RELATIVE)
    for match in _patterns(scene.language)["weekday"].finditer(scene.normal.folded):
        weekday = scene.language.weekdays[match.group(1) or match.group(2)]
        latest = published - timedelta(days=(published.weekday() - weekday) % 7)
        last = (day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1) for day in around(match.span()))
        for made in (latest - _WEEK, *last):
            yield ShortDay(match.span(), made, made, "weekday", Basis.RELATIVE)
    for span, _ in phrases["months"]:
        for day in (published, *around(span)):
            before = _shift(day, 0, -1)
            yield _month(span, before.year, before.month)
    for span, _ in phrases["weeks"]:
        sunday = published - timedelta(days=published.weekday() + 1)
        for closing in (sunday, sunday - _WEEK):
            yield ShortDay(span, closing - timedelta(days=6), closing, "week", Basis.RELATIVE)


def _offsets(scene: Scene, phrases: _Phrases) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Where something is counted from another day, how many days, and how many months."""
    for span, offset in phrases["offsets"]:
        yield span, int(offset), 0
    for counted, told in _find_led("counted", "unit", scene):
        (ahead, number), (unit, direction) = counted.groups(), told.groups()
        if ahead or direction:
            later = direction in read_words()["days"]["directions"]["later"]
            many = (1 if later else -1) * (1 if unit.startswith("24") else _read_number(number))
            length = int(_meaning("units", unit) or 1)
            days, months = (0, many * length // 30) if length >= 30 else (many * length, 0)
            if abs(months) <= _MONTHS_BACK:  # not an age
                yield (counted.start(), told.end()), days, months


def _yearly(scene: Scene, published: date, phrases: _Phrases) -> Iterator[ShortDay]:
    """Quarters, years, and feasts of one day each year, its end among them."""
    for span, month in phrases["quarters"]:
        year = published.year if int(month) < published.month else published.year - 1
        last = month_days(year, int(month))[1]
        yield ShortDay(span, date(year, int(month) - 2, 1), last, "year_end", Basis.EXPLICIT)
    for match in _patterns(scene.language)["year"].finditer(scene.normal.folded):
        year = int(match.group(1))
        yield ShortDay(match.span(), date(year, 1, 1), date(year, 12, 31), "year_end", Basis.EXPLICIT)
    for span, told in phrases["feasts"]:
        month, _, number = told.partition("-")
        made = latest_day(None, int(month), int(number), published)
        if made:
            yield ShortDay(span, made, made, "feast", Basis.EXPLICIT)
    for span, days in phrases["easter"]:
        made = find_easter(published.year) + timedelta(days=int(days))
        if made > published:
            made = find_easter(published.year - 1) + timedelta(days=int(days))
        yield ShortDay(span, made, made, "feast", Basis.EXPLICIT)


def find_easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    century, place = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    skipped = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leaps - skipped + 15) % 30
    sunday = (32 + 2 * rest + 2 * (place // 4) - moon - place % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
