"""Days, months and windows as texts write or tell them, and what the words before make of them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.text_matching import ALNUM, DATE, NUMBER, TIME, Mark, Token

_AROUND = 9  # tokens that the longest way of writing a date takes, or that stand between it and its role
_AHEAD = timedelta(days=14)  # a day without a year may lie so far after publication


class Moment(NamedTuple):
    """A day or a month that the text names. `first`, `last` are its days; tokens `start` to `stop`.

    `role` says what the text does with it: on, since, until, after. A relative moment in a text without
    a publication day has no days.
    """

    start: int
    stop: int
    first: date | None
    last: date | None
    basis: Basis = Basis.EXPLICIT
    precision: Precision = Precision.DAY
    role: str = "on"
    kind: str = "day"  # day, month, year, week, recent, year_start
    pair: bool = False  # the first of two: its window's end is the next moment


def make_day(year: int, month: int, day: int) -> date | None:
    """A day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def latest_day(
    year: str | None, month: int, day: int, anchor: date | None, ahead: timedelta = timedelta()
) -> date | None:
    """That day of the year told; without one the latest up to `anchor`, or so much later."""
    if year or anchor is None:
        return make_day(int(year), month, day) if year else None
    this = make_day(anchor.year, month, day)
    return this if this and this <= anchor + ahead else make_day(anchor.year - 1, month, day)


def month_days(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def find_moments(
    tokens: list[Token], folded: str, marks: list[Mark], anchor: date | None, language: Language
) -> list[Moment]:
    """Moments left to right, with their roles. `anchor` is the day that relative days count from."""
    found = [
        *_written_moments(tokens, folded, marks, anchor, language),
        *_told_moments(marks, tokens, anchor),
        *(
            Moment(index, index + 1, day, day)
            for index, token in enumerate(tokens)
            if token.kind is DATE and (day := _numeric(token.text))
        ),
    ]
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda m: (m.start, -m.stop)):
        if kept and moment.start < kept[-1].stop and not (kept[-1].pair and moment.start == kept[-1].start):
            continue
        kept.append(moment)
    return _give_roles(kept, tokens, marks, language)


def _give_roles(
    moments: list[Moment], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Moment]:
    """Moments with the role that their words give them. "between" needs its end; alone ("del 8 de enero") it
    only says which day."""
    ends = {m.last: m.value for m in marks if m.label == "role"}
    out: list[Moment] = []
    for moment in moments:
        before = out[-1] if out else None
        if moment.role == "on":
            moment = moment._replace(role=_find_role(moment, before, tokens, ends, language))
        if moment.role == "until" and before and before.role == "between":
            out[-1] = before._replace(role="since")
        out.append(moment)
    return [moment._replace(role="on") if moment.role == "between" else moment for moment in out]


def _find_role(
    moment: Moment, previous: Moment | None, tokens: list[Token], ends: dict[int, str], language: Language
) -> str:
    for index in range(moment.start, max(0, moment.start - _AROUND), -1):
        if index in ends:
            return ends[index]
        word = tokens[index - 1]
        if previous is not None and previous.stop == index - 1 and word.text in language.dates.joiners:
            return "until" if previous.role in ("between", "since") else "on"
        if word.kind is not TIME and word.text not in language.dates.between_words:
            return "on"
    return "on"


def _told_moments(marks: list[Mark], tokens: list[Token], anchor: date | None) -> Iterator[Moment]:
    """The moments that phrases of the grammar name, counted from `anchor`."""
    for mark in marks:
        if mark.label == "day":
            made = anchor + timedelta(days=int(mark.value)) if anchor else None
            yield Moment(mark.first, mark.last, made, made, Basis.RELATIVE)
        elif mark.label == "window" and mark.value == "year_start":
            year = tokens[mark.last].text if mark.last < len(tokens) else ""
            told = re.fullmatch(r"(?:19|20)\d{2}", year) is not None  # "en lo que va de 2016"
            made = date(int(year), 1, 1) if told else anchor.replace(month=1, day=1) if anchor else None
            last = mark.last + told
            yield Moment(mark.first, last, made, None, Basis.RELATIVE, role="since", kind=mark.value)
        elif mark.label == "window":
            kind = "week" if mark.value == "weeks" else "recent"
            yield Moment(mark.first, mark.last, None, None, Basis.RELATIVE, kind=kind)


def _written_moments(
    tokens: list[Token], folded: str, marks: list[Mark], anchor: date | None, language: Language
) -> Iterator[Moment]:
    """The dates that the grammar's pattern finds, sought only around the words that dates are made of."""
    words, alnum, number, done = language.date_words, ALNUM, NUMBER, 0
    hot = [
        i
        for i, (text, _, _, kind) in enumerate(tokens)
        if text in words or kind is alnum or (kind is number and len(text) == 4)  # a year, "15feb"
    ]
    starts = {token[1]: index for index, token in enumerate(tokens)} if hot else {}
    stops = {token[2]: index + 1 for index, token in enumerate(tokens)} if hot else {}
    for index in hot:
        token, last = tokens[index], tokens[min(len(tokens), index + _AROUND) - 1].end
        if token.end <= done:
            continue
        first = max(tokens[max(0, index - _AROUND)].start, done)
        for match in language.date_pattern.finditer(folded, first, last):
            if match.start() <= token.start < match.end():
                done = match.end()
                groups = _name_groups(match)
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                if start in starts and done in stops and groups:
                    yield from _make_moments(groups, starts[start], stops[done], anchor, marks, language)
                break


def _name_groups(match: re.Match[str]) -> dict[str, str]:
    return {
        name.rstrip("0123456789"): found for name, found in match.groupdict().items() if found is not None
    }


def opening_day(tokens: list[Token], folded: str, published: date | None, language: Language) -> date | None:
    """The day that relative days count from: a date that opens the text ("#08feb", a dateline) where it
    stands just before the publication day, or in its place; else the publication day."""
    match = language.date_pattern.search(folded, 0, tokens[min(14, len(tokens) - 1)].end if tokens else 0)
    groups = _name_groups(match) if match and match.start() <= tokens[min(5, len(tokens) - 1)].start else {}
    if not match or not {"day", "month"} <= groups.keys() or "other" in groups:
        return published
    month, day = language.months[groups["month"]] + 1, int(groups["day"])
    made = latest_day(groups.get("year"), month, day, published, _AHEAD)
    if published is None or made is None:
        return made or published
    closed = folded[match.end() : match.end() + 9].strip()[:1] in (".", "(", ")", "-", ":")
    return made if (closed or match.start() == 0) and 0 <= (published - made).days <= 3 else published


def _make_moments(
    groups: dict[str, str], first: int, last: int, anchor: date | None, marks: list[Mark], language: Language
) -> Iterator[Moment]:
    """The moments of one written date; of two days ("8 y 9 de enero") the first is one of a pair."""
    year = groups.get("year")
    month = language.months[groups["month"]] + 1 if "month" in groups else None
    days = ["1"] if "first" in groups else [groups[name] for name in ("day", "other") if name in groups]
    if month and days:
        for place, day in enumerate(map(int, days), 1):
            made = latest_day(year, month, day, anchor, _AHEAD)
            yield Moment(first, last, made, made, pair=place < len(days))
    elif "weekday" in groups:
        number = int(groups["day"]) if "day" in groups else None
        yield _weekday(first, last, language.weekdays[groups["weekday"]], number, anchor, marks)
    elif month and (year or anchor):
        since = anchor.year - (month > anchor.month) if anchor else 0
        opening, closing = month_days(int(year or since), month)
        yield Moment(first, last, opening, closing, precision=Precision.MONTH, kind="month")
    elif year:
        opening, closing = date(int(year), 1, 1), date(int(year), 12, 31)
        yield Moment(first, last, opening, closing, precision=Precision.MONTH, kind="year")


def _weekday(
    first: int, last: int, weekday: int, number: int | None, anchor: date | None, marks: list[Mark]
) -> Moment:
    """The last such day up to `anchor`; a number that is not its own stands for itself."""
    past = [m.last for m in marks if m.label == "past" and (m.last == first or m.first == last)]
    stop = max([last, *past])
    if anchor is None:
        return Moment(first, stop, None, None, Basis.RELATIVE)
    made = anchor - timedelta(days=(anchor.weekday() - weekday) % 7)
    if past and made == anchor:
        made -= timedelta(days=7)
    if number is None or made.day == number:
        return Moment(first, stop, made, made, Basis.RELATIVE)
    return Moment(first, first + 1, made, made, Basis.RELATIVE)  # "el miércoles 20 nuevas excarcelaciones"


def _numeric(text: str) -> date | None:
    """The day of a token that is a date, its year first or last; the day before the month where both fit."""
    one, two, three = map(int, re.split("[/.-]", text))
    if one > 99:
        return make_day(one, two, three)
    year = three if three > 99 else 2000 + three
    return make_day(year, two, one) or make_day(year, one, two)
