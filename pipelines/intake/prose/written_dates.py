"""Days, months and windows as texts write them, and what the words before make of them."""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.core.model import Basis, Precision
from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.relative_dates import Moment, give_years, lean_on_month, make_day, told_moments
from pipelines.intake.prose.text_matching import ALNUM, DATE, NUMBER, TIME, WORD, Mark, Token

_REPORT = 10  # tokens from a report to its day


def give_roles(
    moments: list[Moment], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Moment]:
    """Moments, in reading order, with the role that their words give them."""
    ends = {m.last: m for m in marks if m.label == "role"}
    compared = {m.last for m in marks if m.label == "compared"}
    out: list[Moment] = []
    for moment in moments:
        if moment.role != "on":
            out.append(moment)
            continue
        role = _role(moment, out, tokens, ends, compared, language)
        vote = out and out[-1].kind == "election" and moment.start - out[-1].stop <= 2
        if role in ("on", "between") and vote:
            role = "before"  # "los comicios del 28 de julio": the vote's day, not the figure's
        out.append(moment._replace(role=role))
    out = _bracketed(out, tokens, language.date_joiners)
    return [_closing(moment, index, out) for index, moment in enumerate(out)]


def _bracketed(moments: list[Moment], tokens: list[Token], joiners: set[str]) -> list[Moment]:
    """ "(8 de enero - 20 de febrero)": two bare days with a dash between are a window."""
    out = list(moments)
    for index in range(len(out) - 1):
        first, second = out[index], out[index + 1]
        if first.role == second.role == "on" and second.start == first.stop + 1:
            if tokens[first.stop].text in joiners:
                out[index] = first._replace(role="joined")  # "on Thursday and Friday": the later day counts
            if tokens[first.stop].text == "-":
                out[index] = first._replace(role="since")
                out[index + 1] = second._replace(role="until")
    return out


def _role(
    moment: Moment,
    before: list[Moment],
    tokens: list[Token],
    ends: dict[int, Mark],
    compared: set[int],
    language: Language,
) -> str:
    previous = before[-1] if before else None
    if previous is not None and previous.kind == "recent" and moment.start - previous.stop <= 2:
        return "since"  # "desde que empezó el proceso, el 8 de enero"
    if previous is not None and previous.pair and previous.start == moment.start:
        return "until" if previous.role in ("between", "since") else "on"
    index = moment.start
    weak: Mark | None = None
    while index > max(0, moment.start - 9):
        mark = ends.get(index)
        if mark is not None and not (
            mark.value == "between" and tokens[index - 1].text in language.date_fillers
        ):
            return mark.value
        weak = weak or mark  # "hasta las 6:30 del viernes": "del" opens a window only if nothing else does
        token = tokens[index - 1]
        if previous is not None and previous.stop == index and not previous.pair:
            break
        if token.text in language.date_joiners and previous is not None and previous.stop == index - 1:
            if previous.role in ("between", "since"):
                return "until"
            break
        if token.kind is TIME or token.text in language.date_fillers:
            index -= 1
            continue
        break
    if weak is None and _heads_a_line(moment, tokens):
        return "until"
    if (weak is None or weak.value == "between") and _is_reported(moment, tokens, compared, language):
        return "until"
    if weak is not None:
        return weak.value
    return _far_role(moment, before, tokens, ends)


def _heads_a_line(moment: Moment, tokens: list[Token]) -> bool:
    """ "La Lista, 29 de enero: 302 excarcelados": the day between a comma and a colon is the report's."""
    after = tokens[moment.stop].text if moment.stop < len(tokens) else ""
    written = moment.basis is Basis.EXPLICIT and moment.kind == "day" and moment.stop - moment.start > 1
    return written and after == ":" and moment.start > 1 and tokens[moment.start - 1].text == ","


def _is_reported(moment: Moment, tokens: list[Token], compared: set[int], language: Language) -> bool:
    """ "según el último informe de X, del 3 de noviembre": the day is the report's."""
    index = moment.start - 1
    while index >= 0 and tokens[index].text in language.date_fillers:
        index -= 1
    if index == moment.start - 1 or index < 0:
        return False
    for before in range(index, max(-1, moment.start - _REPORT), -1):
        token = tokens[before]
        if token.text in language.reports:
            return compared.isdisjoint(range(before - 2, before + 1))  # "más que en el corte": no
        if token.kind is not WORD and token.text != ",":
            return False
    return False


def _far_role(moment: Moment, before: list[Moment], tokens: list[Token], ends: dict[int, Mark]) -> str:
    """ "since the law took effect Feb. 20": a window's word may stand a few words off."""
    for index in range(moment.start, max(0, moment.start - 12), -1):
        mark = ends.get(index)
        if mark is not None:
            return "since" if mark.value == "since" else "on"
        token = tokens[index - 1]
        if token.kind is not WORD or (before and before[-1].stop >= index):
            break
    return "on"


def _closing(moment: Moment, index: int, moments: list[Moment]) -> Moment:
    """ "between" needs its end; alone ("del 8 de enero") it only says which day."""
    if moment.role != "between":
        return moment
    after = moments[index + 1] if index + 1 < len(moments) else None
    return moment._replace(role="since" if after is not None and after.role == "until" else "on")


_AROUND = 9  # tokens that the longest way of writing a date takes


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
    found += told_moments(marks, tokens, anchor)
    found.sort(key=lambda m: (m.start, -m.stop))
    kept: list[Moment] = []
    for moment in found:
        if kept and moment.start < kept[-1].stop and not (kept[-1].pair and moment.start == kept[-1].start):
            continue
        kept.append(moment)
    kept = give_years(lean_on_month(kept, tokens, marks), anchor)
    return give_roles(kept, tokens, marks, language)


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
    if made is None and year is None and anchor is None:
        # the year may stand elsewhere in the text: see `give_years`
        return Moment(first, last, make_day(4, month, day), None)
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
