"""Which moment a number describes, and where its window starts."""

from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pipelines.extract.moment import Moment
from pipelines.extract.reach import cost_of, is_compared, is_spoken
from pipelines.extract.scene import Scene
from pipelines.model import Basis, Precision

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
