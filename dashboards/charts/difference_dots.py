"""Before and after: two dots with their ranges on one scale of people a week, and what is said of them.

A hollow dot is before, a filled one after, and each says so at its place. What may be told apart from chance
is said in words, once for all rows where it is the same, because ranges that touch do not show it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, REGULAR, SEMIBOLD, balance_text, measure_width, wrap_text
from dashboards.charts.label_places import Box, cut_upright
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, choose_step
from dashboards.charts.theme import GRID, INK, LETTERS, PALETTE, PAPER, QUIET, SOFT

WIDTH: Final = 780.0  # pixels of a page
_HEAD, _AXIS, _TITLE = 21.0, 22.0, 14.0  # pixels of a heading, of the axis, of a heading's letters
_TALL, _LEAST = 38.0, 17.0  # pixels of a pace, and at least
_PHONE: Final = 24.0  # at least on a phone, where the verdict stands below
_ABOVE: Final = 32.0  # pixels of a pace from which on its words stand above the dot, not beside its range
_GAP: Final = 12.0  # between two rows
_SIDE: Final = 150.0  # pixels of the words left and right of the ranges


@dataclass(frozen=True)
class Pace:
    """A pace in words, and people a week with the range in which it lies."""

    told: str
    central: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Comparison:
    """One event, its day, the pace on both sides, and whether they differ, in words."""

    event: str
    day: str
    before: Pace
    after: Pace
    verdict: str


@dataclass(frozen=True)
class Comparisons:
    """What is counted, its colour, and a row for each event."""

    heading: str
    slot: int
    rows: tuple[Comparison, ...]


@dataclass(frozen=True)
class DotWords:
    """What left and right of zero mean where a range is below it, a number on the axis, notes below, and what
    is said of all rows (else each says its own).
    """

    ends: tuple[str, str]
    tell: Callable[[int], str]
    notes: Sequence[str] = ()
    verdict: str = ""


def draw_comparisons(
    groups: Sequence[Comparisons], words: DotWords, width: float = WIDTH, height: float = 0
) -> go.Figure:
    """The figure of so many pixels; height 0 takes what all rows need."""
    return _Drawing(groups, words, width, height).draw()


class _Drawing(Canvas):
    """One drawing in the making."""

    def __init__(self, groups: Sequence[Comparisons], words: DotWords, width: float, height: float) -> None:
        super().__init__((date.min, date.max), (width, height))
        self.groups, self.words = groups, words
        rows = [row for group in groups for row in group.rows]
        paces = [pace for row in rows for pace in (row.before, row.after)]
        known = [each for pace in paces for each in (pace.central, pace.low, pace.high) if each is not None]
        self.least, self.most = min(0.0, *known), max(1.0, *known)
        self.common = words.verdict
        self.foot = [line for note in words.notes for line in wrap_text(note, TEXT, width - 4)]
        if self.narrow and self.common:
            self.foot = [*wrap_text(self.common, TEXT, width - 4, SEMIBOLD), *self.foot]
        self.pace, self.gap = self._share_height(len(rows), len(paces))
        self.above = self.pace >= _ABOVE
        beside = 0.0 if self.above else max(measure_width(pace.told, TEXT, SEMIBOLD) for pace in paces) + 12
        self.left = beside + (0.0 if self.narrow else _SIDE) + 8
        self.right = width - (12 if self.narrow else _SIDE + 24)
        if any(self._is_below(group) for group in groups):  # room for what is left of zero
            share = -self.least / (self.most - self.least)
            wanted = measure_width(words.ends[0], TEXT) + 8
            self.left = max(self.left, (wanted - share * self.right) / (1 - share))
        self.step = choose_step(max(self.most, -self.least), (self.right - self.left) / 2)

    def _share_height(self, rows: int, paces: int) -> tuple[float, float]:
        """Pixels of a pace and between two rows; sets the height where none is given."""
        fixed = _AXIS + LINE * len(self.foot) + sum(self._measure_head(group) for group in self.groups)
        if self.narrow:
            fixed += LINE * rows * (1 if self.common else 2)
        if not self.height:
            self.height = fixed + paces * _TALL + rows * _GAP
        if self.narrow:  # a phone scrolls: what would lie on each other goes further down
            self.height = max(self.height, fixed + paces * _PHONE + rows * _GAP / 2)
        room = (self.height - fixed) / (paces + rows * _GAP / _TALL)
        pace = max(_LEAST, min(room, 1.25 * _TALL))
        return pace, max((self.height - fixed - paces * pace) / rows, 2.0)

    def _measure_head(self, group: Comparisons) -> float:
        return _HEAD + (LINE if self._is_below(group) else 0.0)

    def _is_below(self, group: Comparisons) -> bool:
        paces = [pace for row in group.rows for pace in (row.before, row.after)]
        return any(each is not None and each < 0 for pace in paces for each in (pace.central, pace.low))

    def find_place(self, people: float) -> float:
        """Where a number of people a week is."""
        share = (people - self.least) / (self.most - self.least)
        return self.left + share * (self.right - self.left)

    def draw(self) -> go.Figure:
        """The figure."""
        y = 0.0
        for group in self.groups:
            y = self._draw_group(group, y)
        end = y - self.gap
        for value in self._list_ticks():
            self.write(self.words.tell(abs(value)), self.find_place(value), end + 4, TEXT, SOFT, "center")
        if self.common and not self.narrow:
            self._write_common(_HEAD, end)
        for number, line in enumerate(self.foot):
            own = self.narrow and line in self.common
            top = self.height - (len(self.foot) - number) * LINE
            font = {"weight": SEMIBOLD if own else REGULAR}
            self.write(line, 0, top, TEXT, INK if own else SOFT, font=font)
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "dragmode": False, "hovermode": "closest", "hoverdistance": 24, "showlegend": False,
            "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {"align": "left"}, "annotations": self.notes, "shapes": self.shapes,
            "xaxis": {"range": [0, self.width], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-self.height, 0], "visible": False, "fixedrange": True},
        }  # fmt: skip
        return go.Figure(self.traces, layout)

    def _list_ticks(self) -> list[int]:
        steps = range(int(self.least // self.step), int(self.most // self.step) + 2)
        return [n * self.step for n in steps if self.least <= n * self.step <= self.most]

    def _write_common(self, top: float, end: float) -> None:
        """At the right what is said of all rows, beside a line along them."""
        x = self.right + 16
        self.draw_line((x, top, x, end), QUIET, 1.5, "solid")
        self._write_verdict(self.common, (top + end) / 2, x + 10)

    def _write_verdict(self, text: str, middle: float, x: float) -> None:
        lines = balance_text(text, TEXT + 1, self.width - x - 6, SEMIBOLD)
        for number, line in enumerate(lines):
            top = middle + (number - len(lines) / 2) * (LINE + 1)
            self.write(line, x, top, TEXT + 1, INK, font={"weight": SEMIBOLD})

    def _draw_group(self, group: Comparisons, y: float) -> float:
        """A heading and its rows; where the next begins."""
        colour = PALETTE[group.slot]
        self.write(f"<b>{group.heading}</b>", 0, y, _TITLE, LETTERS.get(colour, colour))
        if self._is_below(group):
            zero, top = self.find_place(0), y + _HEAD
            for text, shift, anchor in zip(self.words.ends, (-6, 6), ("right", "left"), strict=True):
                self.write(text, zero + shift, top, TEXT, SOFT, anchor)
        y += self._measure_head(group)
        for row in group.rows:
            y = self._draw_row(row, colour, y) + self.gap
        return y

    def _draw_row(self, row: Comparison, colour: str, y: float) -> float:
        """The dots of a row with its words; where it ends."""
        y = self._name(row, y)
        end = y + 2 * self.pace
        told = [
            self._draw_pace(pace, colour, y + place * self.pace, filled=bool(place), name=row.event)
            for place, pace in enumerate((row.before, row.after))
        ]
        for value in self._list_ticks():
            x = self.find_place(value)
            for top, bottom in cut_upright(x, y, end, told):
                self.draw_line((x, top, x, bottom), GRID if value else QUIET, 1 if value else 2, "solid")
        if self.common:
            return end
        if self.narrow:
            self.write(row.verdict, 0, end, TEXT, INK, font={"weight": SEMIBOLD})
            return end + LINE
        self._write_verdict(row.verdict, (y + end) / 2, self.right + 16)
        return end

    def _name(self, row: Comparison, y: float) -> float:
        """The event and its day, on a phone above the dots; where these begin."""
        if self.narrow:
            self.write(f"<b>{row.event}</b>, {row.day}", 0, y, TEXT, INK)
            return y + LINE
        lines = [f"<b>{line}</b>" for line in wrap_text(row.event, TEXT, _SIDE - 8, BOLD)]
        top = y + self.pace - LINE * (len(lines) + 1) / 2
        for number, line in enumerate([*lines, row.day]):
            self.write(line, 0, top + number * LINE, TEXT, SOFT if line == row.day else INK)
        return y

    def _draw_pace(self, pace: Pace, colour: str, top: float, filled: bool, name: str) -> Box:
        """A dot with its range and its words; where these stand."""
        x, wide = self.find_place(pace.central), measure_width(pace.told, TEXT, SEMIBOLD)
        y = top + self.pace - 9 if self.above else top + self.pace / 2
        left, above = (0.0 if self.narrow else _SIDE), y - TEXT * 0.65
        if self.above:
            left, above = min(max(x - wide / 2, self.left - 8), self.right + 12 - wide), y - 22
        self.write(pace.told, left, above, TEXT, INK, font={"weight": SEMIBOLD})
        common = {"type": "scatter", "showlegend": False}
        if pace.low is not None and pace.high is not None:
            ends = [self.find_place(pace.low), self.find_place(pace.high)]
            self.traces.append(
                {**common, "mode": "lines", "x": ends, "y": [-y, -y], "opacity": 0.4, "hoverinfo": "skip",
                 "line": {"color": colour, "width": 4}}
            )  # fmt: skip
        self.traces.append(
            {
                **common, "mode": "markers", "x": [x], "y": [-y], "cliponaxis": False,
                "marker": {
                    "symbol": "circle", "size": 11, "opacity": 1, "color": colour if filled else PAPER,
                    "line": {"color": colour, "width": 2.4},
                },
                "hovertext": [f"<b>{name}</b><br>{pace.told}"],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )  # fmt: skip
        return Box(left, above, left + wide, above + LINE)
