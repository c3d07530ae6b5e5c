"""Days, months and windows as texts write or tell them, and what the words before make of them."""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.text_matching import ALNUM, DATE, NUMBER, TIME, Mark, Token

_AROUND = 9  # tokens that the longest way of writing a date takes, or that stand between it and its role


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


def give_roles(
    moments: list[Moment], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Moment]:
    """Moments, in reading order, with the role that their words give them."""
    ends = {m.last: m.value for m in marks if m.label == "role"}
    out: list[Moment] = []
    for moment in moments:
        role = moment.role
        if role == "on":
            role = _role(moment, out[-1] if out else None, tokens, ends, language)
        out.append(moment._replace(role=role))
    return [_closing(moment, index, out) for index, moment in enumerate(out)]


def _role(
    moment: Moment, previous: Moment | None, tokens: list[Token], ends: dict[int, str], language: Language
) -> str:
    for index in range(moment.start, max(0, moment.start - _AROUND), -1):
        if index in ends:
            return ends[index]
        word = tokens[index - 1]
        if previous is not None and previous.stop == index - 1 and word.text in language.date_joiners:
            return "until" if previous.role in ("between", "since") else "on"
        if word.kind is not TIME and word.text not in language.date_fillers:
            return "on"
    return "on"


def _closing(moment: Moment, index: int, moments: list[Moment]) -> Moment:
    """ "between" needs its end; alone ("del 8 de enero") it only says which day."""
    if moment.role != "between":
        return moment
    after = moments[index + 1] if index + 1 < len(moments) else None
    return moment._replace(role="since" if after is not None and after.role == "until" else "on")


def find_moments(
    tokens: list[Token], folded: str, marks: list[Mark], anchor: date | None, language: Language
) -> list[Moment]:
    """Moments left to right, with their roles. `anchor` is the day that relative days count from."""
    words, alnum, number = language.date_words, ALNUM, NUMBER
    hot = [
        i
        for i, (text, _, _, kind) in enumerate(tokens)
        if text in words or kind is alnum or (kind is number and len(text) == 4)  # a year, "15feb"
    ]
    starts = [token[1] for token in tokens] if hot else []
    ends = [token[2] for token in tokens] if hot else []
    found: list[Moment] = []
    for match in _matches(hot, tokens, folded, language):
        groups = {k.rstrip("0123456789"): v for k, v in match.groupdict().items() if v is not None}
        first = _place(match.start() + (len(match.group()) - len(match.group().lstrip())), starts)
        last = _place(match.end(), ends)
        if first is None or last is None or not groups:
            continue
        found += _written(groups, first, last + 1, anchor, marks, language)
    found += [m for i, token in enumerate(tokens) if token.kind is DATE for m in _numeric(token.text, i)]
    found += _told_moments(marks, tokens, anchor)
    found.sort(key=lambda m: (m.start, -m.stop))
    kept: list[Moment] = []
    for moment in found:
        if kept and moment.start < kept[-1].stop and not (kept[-1].pair and moment.start == kept[-1].start):
            continue
        kept.append(moment)
    return give_roles(kept, tokens, marks, language)


_YEAR = re.compile(r"(?:19|20)\d{2}")


def _told_moments(marks: list[Mark], tokens: list[Token], anchor: date | None) -> list[Moment]:
    """The moments that phrases of the grammar name, counted from `anchor`."""
    out = []
    for mark in marks:
        if mark.label == "day":
            made = anchor + timedelta(days=int(mark.value)) if anchor else None
            out.append(Moment(mark.first, mark.last, made, made, basis=Basis.RELATIVE))
        elif mark.label == "window":
            year = tokens[mark.last].text if mark.last < len(tokens) else ""
            if mark.value == "year_start" and _YEAR.fullmatch(year):  # "en lo que va de 2016"
                named = mark._replace(last=mark.last + 1)
                out.append(_window(named, date(int(year), 1, 1)))
            else:
                out.append(_window(mark, anchor))
    return out


def _window(mark: Mark, anchor: date | None) -> Moment:
    if mark.value == "year_start":
        start = anchor.replace(month=1, day=1) if anchor else None
        return Moment(mark.first, mark.last, start, None, basis=Basis.RELATIVE, role="since", kind=mark.value)
    kind = "week" if mark.value == "weeks" else "recent"
    return Moment(mark.first, mark.last, None, None, basis=Basis.RELATIVE, kind=kind)


def _place(position: int, sorted_positions: list[int]) -> int | None:
    index = bisect_left(sorted_positions, position)
    return index if index < len(sorted_positions) and sorted_positions[index] == position else None


def _matches(hot: list[int], tokens: list[Token], folded: str, language: Language) -> Iterator[re.Match[str]]:
    """The dates of a text, sought only around the words that dates are made of."""
    done = 0
    for index in hot:
        first = max(tokens[max(0, index - _AROUND)].start, done)
        last = tokens[min(len(tokens), index + _AROUND) - 1].end
        if tokens[index].end <= done:
            continue
        for match in language.date_pattern.finditer(folded, first, last):
            if match.start() <= tokens[index].start < match.end():
                yield match
                done = match.end()
                break


def opening_day(tokens: list[Token], folded: str, published: date | None, language: Language) -> date | None:
    """The day that relative days count from: a date that opens the text ("#08feb", a dateline) where it
    stands just before the publication day, or in its place; else the publication day."""
    limit = tokens[min(5, len(tokens) - 1)].start if tokens else 0
    match = language.date_pattern.search(folded)
    if match is None or match.start() > limit:
        return published
    groups = {k.rstrip("0123456789"): v for k, v in match.groupdict().items() if v is not None}
    if not {"day", "month"} <= groups.keys() or "other" in groups:
        return published
    month, day = language.months[groups["month"]] + 1, int(groups["day"])
    year = int(groups["year"]) if "year" in groups else None
    made = make_day(year, month, day) if year else _nearest(month, day, published)
    if published is None or made is None:
        return made or published
    ending = folded[match.end() : match.end() + 9].strip()[:1]
    written = match.start() == 0 or ending in (".", "(", ")", "-", ":")
    return made if written and 0 <= (published - made).days <= 3 else published


def _nearest(month: int, day: int, anchor: date | None) -> date | None:
    """The latest such day that is not after the publication day (two weeks ahead are allowed)."""
    if anchor is None:
        return None
    this = make_day(anchor.year, month, day)
    if this is not None and this <= anchor + timedelta(days=14):
        return this
    return make_day(anchor.year - 1, month, day)


def _written(
    groups: dict[str, str],
    first: int,
    last: int,
    anchor: date | None,
    marks: list[Mark],
    language: Language,
) -> list[Moment]:
    weekday = language.weekdays.get(groups.get("weekday", ""))
    year = int(groups["year"]) if "year" in groups else None
    if "month" in groups:
        month = language.months[groups["month"]] + 1
        if "first" in groups:
            return [_explicit(first, last, year, month, 1, anchor)]
        if "day" not in groups:
            return _month(first, last, year, month, anchor)
        made = _explicit(first, last, year, month, int(groups["day"]), anchor)
        if "other" in groups:
            second = _explicit(first, last, year, month, int(groups["other"]), anchor)
            return [made._replace(pair=True), second]
        return [made]
    if weekday is not None:
        number = int(groups["day"]) if "day" in groups else None
        return [_weekday(first, last, weekday, number, anchor, marks)]
    if year is not None:
        return [
            Moment(first, last, date(year, 1, 1), date(year, 12, 31), precision=Precision.MONTH, kind="year")
        ]
    return []


def _explicit(first: int, last: int, year: int | None, month: int, day: int, anchor: date | None) -> Moment:
    made = make_day(year, month, day) if year is not None else _nearest(month, day, anchor)
    return Moment(first, last, made, made)


def _month(first: int, last: int, year: int | None, month: int, anchor: date | None) -> list[Moment]:
    if year is None:
        if anchor is None:
            return []
        year = anchor.year if month <= anchor.month else anchor.year - 1
    end = monthrange(year, month)[1]
    return [
        Moment(
            first, last, date(year, month, 1), date(year, month, end), precision=Precision.MONTH, kind="month"
        )
    ]


def _weekday(
    first: int,
    last: int,
    weekday: int,
    number: int | None,
    anchor: date | None,
    marks: list[Mark],
) -> Moment:
    stop = last
    past = False
    for mark in marks:
        if mark.label == "past" and (mark.last == first or mark.first == last):
            past, stop = True, max(stop, mark.last)
    if anchor is None:
        return Moment(first, stop, None, None, basis=Basis.RELATIVE)
    made = anchor - timedelta(days=(anchor.weekday() - weekday) % 7)
    if past and made == anchor:
        made -= timedelta(days=7)
    if number is not None and made.day != number:
        numbered = _with_number(anchor, number)
        if numbered is None or numbered.weekday() != weekday:  # "el miércoles 20 nuevas excarcelaciones"
            return Moment(first, first + 1, made, made, basis=Basis.RELATIVE)
        return Moment(first, stop, numbered, numbered)
    return Moment(first, stop, made, made, basis=Basis.RELATIVE)


def _with_number(anchor: date, number: int) -> date | None:
    made = make_day(anchor.year, anchor.month, number)
    if made is not None and made <= anchor + timedelta(days=3):
        return made
    before = anchor.replace(day=1) - timedelta(days=1)
    return make_day(before.year, before.month, number)


_NUMERIC = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")


def _numeric(text: str, index: int) -> list[Moment]:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return []
    one, two, three = (int(part) for part in match.groups())
    if len(match.group(1)) == 4:
        made = make_day(one, two, three)
    else:
        year = three if three > 99 else 2000 + three
        made = make_day(year, two, one) or make_day(year, one, two)
    return [Moment(index, index + 1, made, made)] if made else []
