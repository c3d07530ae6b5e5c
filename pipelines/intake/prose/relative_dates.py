"""A day, a month or a window as a text names it, and days that are told: yesterday, last week."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.text_matching import BREAK, NUMBER, PUNCT, TIME, Mark, Token


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
    kind: str = "day"  # day, month, year, week, weekend, election
    pair: bool = False  # the first of two: its window's end is the next moment


def make_day(year: int, month: int, day: int) -> date | None:
    """A day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


_YEAR = re.compile(r"(?:19|20)\d{2}")


def told_moments(marks: list[Mark], tokens: list[Token], anchor: date | None) -> list[Moment]:
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


def lean_on_month(moments: list[Moment], tokens: list[Token], marks: list[Mark]) -> list[Moment]:
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
            out.append(last._replace(start=mark.first, stop=mark.last, role="on", pair=False))
            continue
        index = mark.last
        if index >= len(tokens) or index in dated or tokens[index].kind is not NUMBER:
            continue
        text = tokens[index].text
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        alone = after is None or after.kind in (PUNCT, BREAK) or mark.last - mark.first > 1
        if len(text) > 2 or not alone:
            continue
        made = make_day(near.first.year, near.first.month, int(text)) if near.first else None
        if made is not None:
            out.append(Moment(index, index + 1, made, made))
    return sorted(out, key=lambda m: (m.start, -m.stop))


def _timed(mark: Mark, moments: list[Moment], tokens: list[Token]) -> list[Moment]:
    """ "Hasta las 7:30 p.m.": a time without a day is of the day named before."""
    times = [i for i in range(mark.last, min(len(tokens), mark.last + 3)) if tokens[i].kind is TIME]
    if not times or any(mark.last <= m.start <= times[0] + 6 for m in moments):
        return []
    days = [m for m in moments if m.stop <= mark.first and m.kind == "day" and m.first is not None]
    if not days:
        return []
    latest = max(days, key=lambda m: m.first or date.min)  # not the start of a window told beside it
    return [latest._replace(start=times[0], stop=times[0] + 1, pair=False)]


def give_years(moments: list[Moment], anchor: date | None) -> list[Moment]:
    """Days without a year take the nearest year named in the text, when there is no publication day."""
    if anchor is not None:
        return moments
    known = [(m.start, m.first.year) for m in moments if m.first is not None and m.first.year > 4]
    out = []
    for moment in moments:
        if moment.first is not None and moment.first.year == 4:
            year = min(known, key=lambda k: abs(k[0] - moment.start))[1] if known else None
            first = make_day(year, moment.first.month, moment.first.day) if year else None
            last = first
            if first is not None and moment.kind == "month":
                last = first.replace(day=monthrange(first.year, first.month)[1])
            moment = moment._replace(first=first, last=last)
        out.append(moment)
    return out
