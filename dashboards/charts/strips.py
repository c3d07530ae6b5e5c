"""Small drawings on a time axis that fill any width: ticks of days with figures, and a line of figures.

Plain SVG in hundredths of the width, whose strokes keep their breadth when it is stretched. The app shows it
as an image, with the colours of both themes in it; the site within its page, with those of its sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from dashboards.charts.line_gaps import is_apart, is_silence

TICK_HEIGHT: Final = 22  # pixels of a strip
LINE_HEIGHT: Final = 76  # and of a line of figures
TOP: Final = 10  # of its highest figure
HEDGE: Final = 8  # pixels of the open bar of a bound
# role → its colour in light and in dark (docs/look.md)
COLOURS: Final = {
    "held": ("#C1502E", "#EA8560"),
    "primary": ("#1C7C8C", "#59B9C7"),
    "government": ("#65686E", "#A6A9AE"),
    "opposition": ("#946300", "#DBA744"),
    "other": ("#5F559E", "#AAA0EE"),
}
PLAIN: Final = {
    "hatch": ("#D5CEC1", "#3A414A"),
    "year": ("#E6E1D7", "#2B3138"),
    "zero": ("#8C8678", "#7B828B"),
}
SHAPES: Final = (
    "path{fill:none;vector-effect:non-scaling-stroke;stroke-linecap:round}"
    ".tick,.hatch,.year,.zero{stroke-linecap:butt}.tick{stroke-width:2.4}.line{stroke-width:2.2}"
    ".dotted{stroke-width:2;stroke-dasharray:.1 5}.dot{stroke-width:5}.last{stroke-width:10}"
    ".hatch{stroke-width:2.4}"
)
_HATCH: Final = (
    '<defs><pattern id="h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0v7"/></pattern></defs>'
)


@dataclass(frozen=True)
class TimeSpan:
    """The days that a drawing shows."""

    since: date
    until: date

    def share(self, day: date) -> float:
        """How far from the left a day is, in percent of the width."""
        return round(100 * (day - self.since).days / max(1, (self.until - self.since).days), 2)


class Stated(NamedTuple):
    """One figure of a line: how many people, whether exactly so many, and of which count (`find_epoch`)."""

    day: date
    value: int
    exact: bool
    epoch: int


def find_colour(role: str, primary: bool) -> str:
    """The colour of a speaker, by name."""
    return "primary" if primary else role if role in COLOURS else "other"


def draw_ticks(days: Sequence[date], span: TimeSpan, colour: str, *, themed: bool) -> str:
    """A tick for each day in time order, and hatching from the last one to the end of the span."""
    ticks = "".join(f"M{x:g} 3V{TICK_HEIGHT - 3}" for x in dict.fromkeys(map(span.share, days)))
    drawn = [_draw_path(f"tick {colour}", ticks)]
    return _wrap(drawn, span.share(days[-1]), (5, 12), TICK_HEIGHT, colour if themed else "")


def draw_line(points: Sequence[Stated], span: TimeSpan, colour: str, *, themed: bool) -> str:
    """Figures in time order from zero up: exact ones joined, by fine dots where nobody spoke for long, and
    not across more than a year.

    What is no exact figure is a short open bar that no line joins.
    """
    highest, bottom = max(each.value for each in points), LINE_HEIGHT - 1
    placed = [
        (each, span.share(each.day), round(bottom - each.value / max(1, highest) * (bottom - TOP), 1))
        for each in points
    ]
    paths = dict.fromkeys(("line", "line dotted", "dot", "tick", "dot last"), "")
    for (before, x1, y1), (after, x2, y2) in pairwise(each for each in placed if each[0].exact):
        if before.epoch == after.epoch and not is_apart(before.day, after.day):
            name = "line dotted" if is_silence(before.day, after.day) else "line"
            paths[name] += f"M{x1:g} {y1:g}L{x2:g} {y2:g}"
    for each, x, y in placed:
        last = each is points[-1]
        if each.exact:
            paths["dot last" if last else "dot"] += f"M{x:g} {y:g}h0"  # round ends make it a dot
        else:
            paths["tick"] += f"M{x:g} {y:g}V{y - HEDGE:g}"
    years = "".join(f"M{span.share(day):g} 2V{bottom}" for day in list_years(span))
    drawn = [_draw_path("year", years), _draw_path("zero", f"M0 {bottom}H100")]
    drawn += [_draw_path(f"{name} {colour}", path) for name, path in paths.items() if path]
    return _wrap(drawn, span.share(points[-1].day), (2, bottom - 2), LINE_HEIGHT, colour if themed else "")


def list_years(span: TimeSpan) -> list[date]:
    """The first days of the years within a span."""
    years = range(span.since.year, span.until.year + 1)
    return [day for year in years if span.since <= (day := date(year, 1, 1)) <= span.until]


def draw_axis(ticks: Sequence[tuple[float, str]]) -> str:
    """The names of days, each from where its day is, in percent of the width."""
    names = "".join(f'<text class="axis" x="{at}%" y="13">{name}</text>' for at, name in ticks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="18" aria-hidden="true">{names}</svg>'
    )


def _draw_path(name: str, path: str) -> str:
    return f'<path class="{name}" d="{path}"/>'


def _wrap(drawn: Sequence[str], silent: float, band: tuple[int, int], height: int, colour: str) -> str:
    """A whole drawing: hatched from `silent` percent on, over a band of pixels (top, height)."""
    themes = f"{make_theme(colour, 0)}{_DARK}{{{make_theme(colour, 1)}}}" if colour else ""
    style = f"<style>{SHAPES}{themes}</style>" if colour else ""
    top, high = band
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" aria-hidden="true">'
        f'{style}{_HATCH}<rect fill="url(#h)" x="{silent:g}%" y="{top}" width="{100 - silent:.2f}%" '
        f'height="{high}"/><svg width="100%" height="{height}" viewBox="0 0 100 {height}" '
        f'preserveAspectRatio="none" overflow="visible">{"".join(drawn)}</svg></svg>'
    )


_DARK: Final = "@media(prefers-color-scheme:dark)"


def make_theme(colour: str, theme: int) -> str:
    """The strokes of one colour, and of what is nobody's, in light (0) or dark (1)."""
    strokes = {**PLAIN, colour: COLOURS[colour]}
    return "".join(f".{name}{{stroke:{both[theme]}}}" for name, both in strokes.items())
