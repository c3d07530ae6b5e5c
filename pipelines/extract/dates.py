"""Days, months and windows in the text, resolved against the publication day."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.extract.language import Language
from pipelines.extract.moment import Moment
from pipelines.extract.phrases import Mark
from pipelines.extract.roles import give_roles
from pipelines.extract.tokens import Kind, Token
from pipelines.model import Basis, Precision

_AROUND = 9  # tokens that the longest way of writing a date takes


def find_moments(
    tokens: list[Token], folded: str, marks: list[Mark], anchor: date | None, language: Language
) -> list[Moment]:
    """Moments left to right, with their roles. `anchor` is the day that relative days count from."""
    hot = [i for i, token in enumerate(tokens) if token.text in language.date_words or _dated(token)]
    near = {i for h in hot for i in range(max(0, h - _AROUND), min(len(tokens), h + _AROUND))}
    starts = {tokens[i].start: i for i in near}
    ends = {tokens[i].end: i + 1 for i in near}
    found: list[Moment] = []
    for match in _matches(hot, tokens, folded, language):
        groups = {k.rstrip("0123456789"): v for k, v in match.groupdict().items() if v is not None}
        first = starts.get(match.start() + (len(match.group()) - len(match.group().lstrip())))
        last = ends.get(match.end())
        if first is None or last is None or not groups:
            continue
        found += _written(groups, first, last, anchor, marks, language)
    for index, token in enumerate(tokens):
        if token.kind is Kind.DATE:
            found += _numeric(token.text, index)
    found += _from_marks(marks, tokens, anchor)
    found.sort(key=lambda m: (m.start, -m.stop))
    kept: list[Moment] = []
    for moment in found:
        if kept and moment.start < kept[-1].stop and not (kept[-1].pair and moment.start == kept[-1].start):
            continue
        kept.append(moment)
    kept = _years(_same_month(kept, tokens, marks), anchor)
    return give_roles(kept, tokens, marks, language)


def _dated(token: Token) -> bool:
    """Whether a token that is no word of a date may be part of one: a year, "15feb"."""
    if token.kind is Kind.ALNUM:
        return True
    return token.kind is Kind.NUMBER and len(token.text) == 4


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
    made = _day(year, month, day) if year else _nearest(month, day, published)
    if published is None or made is None:
        return made or published
    ending = folded[match.end() : match.end() + 9].strip()[:1]
    written = match.start() == 0 or ending in (".", "(", ")", "-", ":")
    return made if written and 0 <= (published - made).days <= 3 else published


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, anchor: date | None) -> date | None:
    """The latest such day that is not after the publication day (two weeks ahead are allowed)."""
    if anchor is None:
        return None
    this = _day(anchor.year, month, day)
    if this is not None and this <= anchor + timedelta(days=14):
        return this
    return _day(anchor.year - 1, month, day)


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
    made = _day(year, month, day) if year is not None else _nearest(month, day, anchor)
    if made is None and year is None and anchor is None:
        # the year may stand elsewhere in the text: see `_years`
        return Moment(first, last, _day(4, month, day), None)
    return Moment(first, last, made, made)


def _month(first: int, last: int, year: int | None, month: int, anchor: date | None) -> list[Moment]:
    if year is None:
        if anchor is None:
            return [Moment(first, last, date(4, month, 1), None, precision=Precision.MONTH, kind="month")]
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
    made = _day(anchor.year, anchor.month, number)
    if made is not None and made <= anchor + timedelta(days=3):
        return made
    before = anchor.replace(day=1) - timedelta(days=1)
    return _day(before.year, before.month, number)


_YEAR = re.compile(r"(?:19|20)\d{2}")
_NUMERIC = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")


def _numeric(text: str, index: int) -> list[Moment]:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return []
    one, two, three = (int(part) for part in match.groups())
    if len(match.group(1)) == 4:
        made = _day(one, two, three)
    else:
        year = three if three > 99 else 2000 + three
        made = _day(year, two, one) or _day(year, one, two)
    return [Moment(index, index + 1, made, made)] if made else []


def _from_marks(marks: list[Mark], tokens: list[Token], anchor: date | None) -> list[Moment]:
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
    if mark.value == "weekend":
        saturday = anchor - timedelta(days=(anchor.weekday() - 5) % 7) if anchor else None
        return Moment(mark.first, mark.last, saturday, saturday, basis=Basis.RELATIVE, kind="weekend")
    if mark.value in ("year_start", "month_start"):
        start = anchor.replace(day=1) if anchor else None
        if start is not None and mark.value == "year_start":
            start = start.replace(month=1)
        return Moment(mark.first, mark.last, start, None, basis=Basis.RELATIVE, role="since", kind=mark.value)
    kind = {"weeks": "week", "recent": "recent"}.get(mark.value, "election")
    return Moment(mark.first, mark.last, None, None, basis=Basis.RELATIVE, kind=kind)


def _same_month(moments: list[Moment], tokens: list[Token], marks: list[Mark]) -> list[Moment]:
    """ "una el 27", "esa fecha": days that lean on the moment named before."""
    dated = {i for m in moments for i in range(m.start, m.stop)}
    out = list(moments)
    for mark in marks:
        if mark.label == "role" and mark.value == "until":
            out += _timed(mark, moments, tokens)
        if mark.label not in ("same_day", "bare_day"):
            continue
        before = [m for m in moments if m.stop <= mark.first and m.first is not None]
        if not before:
            continue
        near = before[-1]
        if mark.label == "same_day":
            days = [m for m in before if m.kind == "day" and m.precision is Precision.DAY][-2:]
            if not days:
                continue
            paired = mark.first - days[-1].stop == 1  # "entre el 18 de julio y esa fecha": not that one
            last = max(days, key=lambda m: m.first or date.min) if paired else days[-1]
            out.append(last._replace(start=mark.first, stop=mark.last, role="on", pair=False, closes=False))
            continue
        index = mark.last
        if index >= len(tokens) or index in dated or tokens[index].kind is not Kind.NUMBER:
            continue
        text = tokens[index].text
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        alone = after is None or after.kind in (Kind.PUNCT, Kind.BREAK) or mark.last - mark.first > 1
        if len(text) > 2 or not alone:
            continue
        made = _day(near.first.year, near.first.month, int(text)) if near.first else None
        if made is not None:
            out.append(Moment(index, index + 1, made, made))
    return sorted(out, key=lambda m: (m.start, -m.stop))


def _timed(mark: Mark, moments: list[Moment], tokens: list[Token]) -> list[Moment]:
    """ "Hasta las 7:30 p.m.": a time without a day is of the day named before."""
    times = [i for i in range(mark.last, min(len(tokens), mark.last + 3)) if tokens[i].kind is Kind.TIME]
    if not times or any(mark.last <= m.start <= times[0] + 6 for m in moments):
        return []
    days = [m for m in moments if m.stop <= mark.first and m.kind == "day" and m.first is not None]
    if not days:
        return []
    latest = max(days, key=lambda m: m.first or date.min)  # not the start of a window told beside it
    return [latest._replace(start=times[0], stop=times[0] + 1, pair=False)]


def _years(moments: list[Moment], anchor: date | None) -> list[Moment]:
    """Days without a year take the nearest year named in the text, when there is no publication day."""
    if anchor is not None:
        return moments
    known = [(m.start, m.first.year) for m in moments if m.first is not None and m.first.year > 4]
    out = []
    for moment in moments:
        if moment.first is not None and moment.first.year == 4:
            year = min(known, key=lambda k: abs(k[0] - moment.start))[1] if known else None
            first = _day(year, moment.first.month, moment.first.day) if year else None
            last = first
            if first is not None and moment.kind == "month":
                last = first.replace(day=monthrange(first.year, first.month)[1])
            moment = moment._replace(first=first, last=last)
        out.append(moment)
    return out
