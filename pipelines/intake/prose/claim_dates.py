"""Which moment a number describes, where its window starts; a claim while it is being read."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pipelines.core.model import Basis, Measure, Precision
from pipelines.intake.prose.counted_things import Reading
from pipelines.intake.prose.number_context import Head
from pipelines.intake.prose.relative_dates import Moment
from pipelines.intake.prose.text_marks import Attribution, Scene
from pipelines.intake.prose.text_matching import NUMBER
from pipelines.intake.prose.written_numbers import Number


def is_spoken(moment: Moment, scene: Scene) -> bool:
    """Whether a day stands beside a verb of saying."""
    for index in range(max(0, moment.start - 9), moment.stop + 3):
        for mark in scene.at(index):
            if mark.value == "said" and mark.label == "speech":
                gap = scene.tokens[mark.last : max(mark.last, moment.start)]
                named = {i for i in range(mark.last, moment.start) if i in scene.named}
                gap = [t for i, t in enumerate(gap, mark.last) if i not in named]
                breaks = scene.language.relative | {",", ".", ";", ":"}
                plain = not any(t.text in breaks or t.kind is NUMBER for t in gap)
                if 0 <= moment.start - mark.last - len(named) <= (3 if named else 2) and plain:
                    return True
                if mark.first == moment.stop:
                    return True
    return False


def is_compared(moment: Moment, number: int, span: tuple[int, int], scene: Scene) -> bool:
    """The day of another count that this one is held against: "más que en el corte del sábado"."""
    first = max(span[0], number, moment.start - 12)
    return any(m.label == "compared" for i in range(first, moment.start) for m in scene.at(i))


def cost_of(first: int, last: int, moment: Moment, scene: Scene) -> int:
    """What lies between a number's words and a moment: walls, other numbers, distance."""
    reach = moment.reach if moment.reach >= 0 else moment.start
    if moment.stop <= first:
        crossed = sum(3 for n in scene.numbers_in((moment.stop, first)) if n.form != "one")
        walls = scene.barrier(moment.stop, first)
        if moment.role == "on" and _tells_anew(moment, first, scene):
            walls += 6
        own = moment.role == "until" and not moment.closes
        far = 3 if own and walls and _owned(reach, scene) else 0
        return walls + (first - moment.stop) // 5 + min(crossed, 3) + far
    walls = scene.barrier(last, reach)
    for index in range(last, max(last, reach)):
        if scene.tokens[index].text == ":":
            walls += 3  # what follows a colon is dated by itself
        if index in scene.starts:
            walls += 2
    if walls and _of_the_next(moment, scene):
        walls += 6  # "431 freigelassen, am Sonntag allein 35": the day is that of the number after it
    return walls + max(0, reach - last) // 5 - (1 if reach - last <= 1 else 0)


def _tells_anew(moment: Moment, number: int, scene: Scene) -> bool:
    """ "la salida de cuatro el miércoles y advirtió que hay seis": another verb of saying between."""
    joint = scene.language.joint
    return any(
        scene.tokens[i - 1].text in joint and i in scene.said and not is_spoken(moment, scene)
        for i in range(moment.stop + 1, number)
    )


def _of_the_next(moment: Moment, scene: Scene) -> bool:
    """Whether a day something happened stands straight before a number."""
    if moment.role != "on" or is_spoken(moment, scene):
        return False
    for index in range(moment.stop, moment.stop + 3):
        if index in scene.starts:
            return True
        if index in scene.walls:
            return False
    return False


def _owned(reach: int, scene: Scene) -> bool:
    """ "nueve habían salido hasta el viernes, …": a day that closes the clause of the number before it."""
    for index in range(reach - 1, max(-1, reach - 10), -1):
        if index in scene.starts:
            return True
        if index in scene.walls or scene.tokens[index].text in ".!?:":
            return False
    return False


_LIMIT = 6


_LIMIT_ON = 5  # a day that something happened reaches less far than "as of" or "said on"


class Period(NamedTuple):
    """A claim's moment and window. `day`: the event's own day; `window`: how the start is known."""

    as_of: date | None = None
    basis: Basis | None = None
    precision: Precision = Precision.DAY
    start: date | None = None
    window: str = ""  # explicit, month, year, week, election, or nothing
    day: bool = False  # the date says when it happened, not until when it was counted
    cost: int = 99
    cost_start: int = 99
    closes_window: bool = False  # the moment is the end of a window, which a flow has and a stock has not
    before: bool = False  # the moment stands before the number
    said: bool = False  # the day is that of the statement: "dijo el lunes"
    unknown: bool = False  # the text names a day that nothing here can resolve


_NO_PERIOD = Period()


def find_period(first: int, last: int, span: tuple[int, int], scene: Scene) -> Period:
    """The nearest moment and the nearest window of a number within its sentence."""
    start_moment: tuple[int, Moment] | None = None
    end_moment: tuple[int, Moment] | None = None
    for moment in scene.moments_in(span):
        cost = cost_of(first, last, moment, scene)
        if moment.role == "on" and not is_spoken(moment, scene):
            crossed = any(i in scene.starts for i in range(last, moment.start))
            if cost > _LIMIT_ON or crossed:
                continue
        if moment.role in ("since", "after") or moment.kind in ("week", "recent", "election"):
            if start_moment is None or cost < start_moment[0]:
                start_moment = (cost, moment)
        elif moment.role in ("before", "joined") or is_compared(moment, last, span, scene):
            continue
        elif end_moment is None or _better(cost, moment, end_moment):
            end_moment = (cost, moment)
    if end_moment is None or end_moment[0] > _LIMIT:
        end_moment = _only_cut_off(span, scene) or _only_said(last, span, scene) or end_moment
    if start_moment is not None and _since_then(last, start_moment[1], scene):
        return _period(start_moment, end_moment, first, scene)._replace(window="since")
    if (
        start_moment is not None
        and end_moment is not None
        and _of_another(first, last, start_moment[1], end_moment[1], scene)
    ):
        end_moment = None
    if end_moment is not None and start_moment is not None:
        own = end_moment[1].role == "on" and end_moment[1].start >= last and end_moment[0] <= 1
        if own and start_moment[1].stop <= first:
            start_moment = None  # "104 of them on Sunday": the window before is that of the whole
        elif end_moment[1].role == "on" and end_moment[0] + 2 < start_moment[0]:
            start_moment = None
    return _period(start_moment, end_moment, first, scene)


def _reach_of(window: Moment) -> int:
    """A dated window reaches far, a told one ("la última semana") only the words beside it."""
    return 3 if window.kind in ("week", "recent") else _LIMIT


def _only_cut_off(span: tuple[int, int], scene: Scene) -> tuple[int, Moment] | None:
    """A sentence with one "as of" day means it for all of its figures, however far."""
    days = [m for m in scene.moments_in(span) if m.role == "until" and not m.closes]
    if len(days) != 1:
        return None
    numbers = [n.first for n in scene.numbers_in(span)]
    opens = days[0].reach - span[0] <= 3
    ends = all(n < days[0].start for n in numbers)
    return (_LIMIT, days[0]) if opens or ends else None


def _only_said(last: int, span: tuple[int, int], scene: Scene) -> tuple[int, Moment] | None:
    """ "…, advirtió el viernes": a sentence whose one day is that of the statement is dated by it. The day of
    a count that this one is held against is not among them."""
    days = [m for m in scene.moments_in(span) if m.role in ("on", "until") and m.kind == "day"]
    if not days:
        return None
    spoken = [m for m in days if m.role == "on" and is_spoken(m, scene) and not _told_aside(m, scene)]
    days = [m for m in days if m in spoken or not is_compared(m, last, span, scene)]
    if not spoken or len({m.last for m in days}) != 1:
        return None
    return _LIMIT, spoken[0]


def _told_aside(moment: Moment, scene: Scene) -> bool:
    """ "…, que la víspera había reportado cuatro": the day of another statement, in a clause of its own."""
    before = moment.start - 1
    if before > 0 and scene.tokens[before].text in scene.language.articles:
        before -= 1
    return before > 0 and scene.tokens[before].text in scene.language.relative and before - 1 in scene.walls


def _of_another(first: int, last: int, window: Moment, day: Moment, scene: Scene) -> bool:
    """ "On Sunday 104 were freed, says X, which has verified 266 since Jan. 8": the day before another number
    is that number's, where this one has a window of its own."""
    own = window.role == "since" and 0 <= window.reach - last <= 3
    event = day.role == "on" and day.stop <= first and not is_spoken(day, scene)
    return own and event and any(day.stop <= n.first for n in scene.numbers_in((day.stop, first)))


def _since_then(last: int, window: Moment, scene: Scene) -> bool:
    """ "84 have walked out since officials promised releases last week": since then, not within the week."""
    if window.kind not in ("week", "recent"):
        return False
    between = range(last, window.start)
    since = any(m.label == "role" and m.value == "since" for i in between for m in scene.at(i))
    return since and not any(i in scene.starts or i in scene.walls for i in between)


def _better(cost: int, moment: Moment, best: tuple[int, Moment]) -> bool:
    """Nearer wins; "until" wins over a bare day that is about as near."""
    bonus = 3 if moment.role == "until" and best[1].role == "on" else 0
    handicap = 3 if moment.role == "on" and best[1].role == "until" else 0
    return cost - bonus + handicap < best[0]


def _period(
    start: tuple[int, Moment] | None, end: tuple[int, Moment] | None, number: int, scene: Scene
) -> Period:
    if start is None and end is None:
        return _NO_PERIOD
    as_of: date | None = None
    basis: Basis | None = None
    precision, day, cost = Precision.DAY, False, 99
    begin: date | None = None
    window, start_cost, closes, unknown, said, before = "", 99, False, False, False, False
    if end is not None and end[0] <= _LIMIT:
        moment = end[1]
        as_of, basis, precision, cost = moment.last, moment.basis, moment.precision, end[0]
        if moment.last is None:
            as_of = moment.first
        if as_of is not None and scene.published is not None and as_of > scene.published:
            as_of, precision = scene.published, Precision.DAY
        said = moment.role == "on" and is_spoken(moment, scene)
        day = moment.role == "on" and not said
        closes = moment.closes
        before = moment.stop <= number
        unknown = as_of is None
        if moment.kind in ("month", "year") and moment.role == "on":
            begin, window = moment.first, "month"
    if start is not None and start[0] <= _reach_of(start[1]):
        moment, start_cost = start[1], start[0]
        if moment.kind in ("week", "recent"):
            window = window or moment.kind
        elif moment.kind == "election":
            window = window or "election"
        else:
            begin = moment.first
            window = "month" if moment.kind in ("month", "year_start", "month_start") else "explicit"
            if moment.kind == "year":
                window = "year"
    return Period(
        as_of=as_of,
        basis=basis if as_of else None,
        precision=precision,
        start=begin,
        window=window,
        day=day,
        cost=cost,
        cost_start=start_cost,
        closes_window=closes,
        before=before,
        said=said,
        unknown=unknown,
    )


def opening_of_window(span: tuple[int, int], scene: Scene) -> Period | None:
    """ "entre el 28 de octubre y el 10 de noviembre creció de 875 a 882": the older is of its first day."""
    found = scene.moments_in(span)
    for first, second in pairwise(found):
        if second.closes and first.role == "since" and first.kind == "day" and first.first is not None:
            return Period(as_of=first.first, basis=first.basis, cost=1)
    return None


Day = tuple[date | None, Basis | None, Precision]


class Claim(NamedTuple):
    """A claim before it is shaped into a candidate, with what the rules leaned on."""

    number: Number
    measure: Measure
    family: str
    breakdown: str
    attribution: Attribution
    as_of: date | None
    basis: Basis | None
    precision: Precision
    start: date | None
    start_basis: str | None
    head: Head
    reading: Reading
    period: Period
    sentence: int
    inherited: bool
    held_against: bool = False  # the other count of a comparison: "uno menos que los 275"


def group(family: str) -> str:
    """Bulletins date those held, running counts date those out: neither day speaks for the other."""
    return "in" if family in ("custody", "arrest", "restricted", "death") else "out"


@dataclass(slots=True)
class State:
    """What earlier sentences leave behind."""

    speaker: Attribution | None = None
    claims: list[Claim] = field(default_factory=list)
    cut: dict[tuple[str, str], Day] = field(default_factory=dict)
    cut_sentence: dict[tuple[str, str], int] = field(default_factory=dict)
    here: dict[tuple[str, str], tuple[int, Day]] = field(default_factory=dict)  # sentence and day
    day: dict[tuple[str, str], date] = field(default_factory=dict)  # the latest day of each
    title: Day | None = None
    title_family: str = ""  # what a title without figures speaks of
    amnesty: bool = False
    died: bool = False  # deaths in custody have been counted
    heard: list[int] = field(default_factory=list)  # first tokens of the sentences read so far
    told_day: list[tuple[int, Day]] = field(default_factory=list)  # sentences that only name a cut-off
    header: tuple[int, int] | None = None  # "Desde la semana pasada:" speaks for the lines below it


class Ask(NamedTuple):
    """One number with all that was read about it."""

    number: Number
    head: Head
    reading: Reading
    attribution: Attribution
    period: Period
    anchor: Claim | None
    inherited: bool
    sentence: int
    span: tuple[int, int]
    last: Claim | None = None  # the claim read just before
    against: bool = False  # the older count of a comparison: only its own words date it
