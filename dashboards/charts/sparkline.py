"""A small drawing of one series, inline in the page: where each mark lies; the template draws it.

It keeps the visual language of the charts: a hedge is no point, a silence is no line, and what contradicts is
hollow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, log10
from typing import Any, Final

import polars as pl

from dashboards.charts.line_gaps import find_line_points

WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 52, 310, 12, 166  # to the left six digits fit
RADIUS: Final = 2.1
LOOKS: Final = ("span", "open", "dot", "hollow")  # what is drawn last lies above
STEM: Final = 14  # an open stem, where no upper bound is known
CLOSE: Final = 15  # days that the silence of a chart's end must exceed to be drawn
ONE_YEAR: Final = 15  # months up to which a month needs no year beside it
LETTER: Final = 6  # units that a letter of a label is wide


@dataclass(frozen=True)
class Sparkline:
    """One drawing in its own units. `track` and `marks` are path data; marks begin with their look."""

    tone: str
    title: str
    summary: str
    levels: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    track: str
    marks: tuple[tuple[str, str], ...]  # one of each look, in the order of drawing
    silent: tuple[float, float] | None  # left edge and width of the time after the last figure
    last: tuple[float, float, str, str] | None
    width: int = WIDTH
    height: int = HEIGHT
    start: float = LEFT
    end: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM


def draw(
    points: pl.DataFrame,
    since: date,
    until: date,
    *,
    tone: str,
    title: str,
    summary: str,
    number: Callable[[int], str],
    tick: Callable[[date, str], str],
    number_at: date,
    newest: str,
    silent_from: date,
) -> Sparkline | None:
    """The drawing of one series (as_of, value, value_high, low, high, contradicted); None without a point.

    `tick` writes a day by a Babel skeleton. `newest` is the text beside the mark of the moment `number_at`.
    `silent_from` is the day of the newest figure of any kind, be it drawn or not.
    """
    points = points.filter(pl.col("as_of").is_between(since, until)).sort("as_of")
    rows = points.to_dicts()
    if not rows:
        return None
    highest = max(row["value_high"] or row["value"] for row in rows)
    step = _choose_step(highest)
    scale = _Scale(since, until, step * max(1, ceil(highest / step)))
    return Sparkline(
        tone=tone,
        title=title,
        summary=summary,
        levels=tuple((scale.y(n), number(n)) for n in range(0, scale.highest + 1, step)),
        days=_label_days(since, until, scale, tick),
        track=_draw_track(points, scale),
        marks=_draw_marks(rows, scale),
        silent=_find_silence(max(silent_from, rows[-1]["as_of"]), until, scale),
        last=next((_place_last(row, rows, scale, newest) for row in rows if row["as_of"] == number_at), None),
    )


@dataclass(frozen=True)
class _Scale:
    """Places to the whole unit, which is a pixel on the narrowest phones: each further digit costs bytes."""

    since: date
    until: date
    highest: int

    def x(self, day: date) -> int:
        share = (day - self.since).days / max(1, (self.until - self.since).days)
        return round(LEFT + share * (RIGHT - LEFT))

    def y(self, value: float) -> int:
        return round(BOTTOM - value / self.highest * (BOTTOM - TOP))


def _choose_step(highest: int) -> int:
    """A round step that makes two to five levels."""
    if highest < 3:
        return 1
    unit = 10 ** int(log10(highest))
    for part in (0.2, 0.5, 1.0):
        if highest / (unit * part) <= 5:
            return max(1, int(unit * part))
    return int(unit * 2)


def _label_days(
    since: date, until: date, scale: _Scale, tick: Callable[[date, str], str]
) -> tuple[tuple[int, str], ...]:
    """Months, with their year where there may be two of one name, or years; none is cut at the right."""
    firsts = _list_months(since, until)
    if len(firsts) <= ONE_YEAR:
        named = [(day, tick(day, "MMM")) for day in firsts[:: max(1, ceil(len(firsts) / 5))]]
    else:
        step = next((size for size in (6, 12, 24, 60) if 4 * size >= len(firsts)), 120)
        chosen = [day for day in firsts if (12 * day.year + day.month - 1) % step == 0]
        named = [
            (day, tick(day, "y") if step >= 12 else f"{tick(day, 'MMM')} {tick(day, 'y')}") for day in chosen
        ]
    placed = ((scale.x(day), text) for day, text in named)
    return tuple((x, text) for x, text in placed if x + len(text) * LETTER / 2 <= WIDTH)


def _list_months(since: date, until: date) -> list[date]:
    """First days of months."""
    firsts = []
    day = date(since.year, since.month, 1)
    while day <= until:
        if day >= since:
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return firsts


def _draw_track(points: pl.DataFrame, scale: _Scale) -> str:
    """The line that `line_gaps` lets run; that of a running total goes in steps."""
    stepped = points["kind"][0] == "cumulative"
    track, runs = "", False
    for (day, value), (after, then) in pairwise(zip(*find_line_points(points), strict=True)):
        if day is None or value is None or after is None or then is None:
            runs = False
            continue
        if not runs:
            track += f"M{scale.x(day):g} {scale.y(value):g}"
        x, y = f"{scale.x(after):g}", f"{scale.y(then):g}"
        track += f"H{x}V{y}" if stepped else f"L{x} {y}"
        runs = True
    return track


def _place_point(row: dict[str, Any], scale: _Scale) -> str:
    return f"{scale.x(row['as_of']):g} {scale.y(row['value']):g}"


def _draw_marks(rows: list[dict[str, Any]], scale: _Scale) -> tuple[tuple[str, str], ...]:
    """All marks of one look in one path, which is a third of their size as paths of their own."""
    marks = dict.fromkeys(_draw_mark(row, scale) for row in rows)  # two in one place are drawn once
    found = {look: "".join(path for own, path in marks if own == look) for look in LOOKS}
    return tuple((look, path) for look, path in found.items() if path)


def _draw_mark(row: dict[str, Any], scale: _Scale) -> tuple[str, str]:
    """A dot for an exact figure, a tick with an open stem for a bound, a bar for a range."""
    x, at = scale.x(row["as_of"]), _place_point(row, scale)
    if row["high"] is None or row["low"] is None:
        stem = -STEM if row["high"] is None else STEM
        return "open", f"M{at}m-3 0h6m-3 0v{stem:g}"
    if row["low"] < row["high"]:
        return "span", f"M{x:g} {scale.y(row['low']):g}V{scale.y(row['high']):g}"
    if not row["contradicted"]:
        return "dot", f"M{at}h0"  # the style's round ends make it a dot
    radius = RADIUS
    arc = f"a{radius} {radius} 0 1 0"
    return "hollow", f"M{at}m-{radius} 0{arc} {2 * radius} 0{arc}-{2 * radius} 0"


def _find_silence(last: date, until: date, scale: _Scale) -> tuple[float, float] | None:
    if (until - last).days <= CLOSE:
        return None
    left = scale.x(last)
    return left, round(RIGHT - left, 1)


def _place_last(
    row: dict[str, Any], rows: list[dict[str, Any]], scale: _Scale, text: str
) -> tuple[float, float, str, str]:
    """A figure in numbers within the drawing: above its mark, or below it where others lie above alone."""
    x, y, wide = scale.x(row["as_of"]), scale.y(row["value"]), 8 * len(text)
    ends = x > RIGHT - 30 or x + wide / 2 > WIDTH
    left = x - (wide if ends else wide / 2)
    above, below = max(y - 8, TOP + 8), y + 18
    others = [(scale.x(each["as_of"]), scale.y(each["value"])) for each in rows if each is not row]

    def covers(at: float) -> bool:
        return any(left <= own <= left + wide and abs(height - at + 5) <= 8 for own, height in others)

    under = covers(above) and not covers(below) and below <= BOTTOM - 20  # there the silence has its words
    return x, round(below if under else above, 1), "end" if ends else "middle", text
