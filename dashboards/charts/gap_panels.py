"""Two speakers on one thing, a small panel each, all on one scale: as many pixels a person in every panel.

The first panel takes one side, the others stand below one another beside it; where it is narrow all do. The
gap is shaded from one day of both to the next, and an upright on each such day says how far apart they are.
Beyond those days both lines go on without shade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.line_gaps import is_silence
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, choose_step
from dashboards.charts.theme import GRID, INK, LETTERS, QUIET, SOFT, Look
from dashboards.charts.timeseries import HOVER, Lettering

WIDTH, HEIGHT = 880.0, 400.0  # pixels that it takes of a page
HEAD: Final = 42.0  # pixels of a panel's heading
ABOVE: Final = 27.0  # between it and the highest figure
AXIS: Final = 24.0
TOP: Final = 6.0  # pixels above the first heading
BETWEEN: Final = 12.0  # between two panels below one another
LEFT: Final = 0.47  # of the width, for the first panel
TALLEST: Final = 110.0  # pixels that the first panel has at least, where others stand below it
NARROW_TALLEST: Final = 190.0  # the same where all the height that is needed is taken
MARK, SHADE = 7, "rgba(128,120,150,0.20)"


@dataclass(frozen=True)
class GapPoint:
    """One exact figure: its day, people, what is said when it is touched, the claim behind it."""

    day: date
    value: int
    hover: str
    claim_id: str


@dataclass(frozen=True)
class GapLine:
    """One speaker's figures in time order; `first` and `last` are number and day at its ends."""

    points: tuple[GapPoint, ...]
    look: Look
    name: str
    first: tuple[str, str]
    last: tuple[str, str]


@dataclass(frozen=True)
class GapPanel:
    """What two speakers count, how far apart they are in words, and on each day of both by how many."""

    heading: str
    apart: str
    lines: tuple[GapLine, GapLine]
    matched: tuple[tuple[date, str], ...]  # in time order

    @property
    def highest(self) -> int:
        """The highest figure."""
        return max(point.value for line in self.lines for point in line.points)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day."""
        days = [point.day for line in self.lines for point in line.points]
        return min(days), max(days)


def draw_gap_panels(
    panels: Sequence[GapPanel], lettering: Lettering, width: float = WIDTH, height: float = HEIGHT
) -> go.Figure:
    """The figure of so many pixels; height 0 takes what all panels need below one another.

    Where the height is too little for all of them, the first ones are drawn.
    """
    return _Panels(width, height).draw(panels, lettering)


class _Panels(Canvas):
    """One drawing in the making."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__((date.min, date.max), (width, height))
        self.scale = 1.0  # pixels of a person
        self.base = 0.0  # pixels from the top, of nobody

    def draw(self, panels: Sequence[GapPanel], lettering: Lettering) -> go.Figure:
        """The figure: panels from the first on, column by column."""
        columns = self._choose_columns(list(panels))
        shown = [panel for column in columns for panel in column]
        highest = max(panel.highest for panel in shown)
        step = choose_step(highest, highest * self.scale)
        room = 12 + measure_width(f"{round(highest * 1.3):,}", TEXT)
        left = 0.0
        for place, column in enumerate(columns):
            right = self.width * LEFT - 24 if place == 0 and len(columns) > 1 else self.width
            taken = TOP + sum(self._measure(panel) for panel in column)
            spare = (self.height - taken) / max(len(column) - 1, 1)
            top = TOP
            for panel in column:
                self.left, self.right = left + room, right - 12
                self._draw_panel(panel, (left, top, right), step, lettering)
                top += self._measure(panel) + (spare if len(column) > 1 else 0)
            left = self.width * LEFT
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "separators": lettering.separators, "dragmode": False, "hovermode": "closest",
            "hoverdistance": 24, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "hoverlabel": {"align": "left"}, "annotations": self.notes,
            "shapes": self.shapes,
            "xaxis": {"range": [0, self.width], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-self.height, 0], "visible": False, "fixedrange": True},
        }  # fmt: skip
        return go.Figure(self.traces, layout)

    def _choose_columns(self, panels: list[GapPanel]) -> list[list[GapPanel]]:
        """The panels of each column, as many as leave the first one tall enough; sets the scale."""
        if not self.height:
            self.scale = NARROW_TALLEST / panels[0].highest
            self.height = TOP + sum(map(self._measure, panels)) + BETWEEN * (len(panels) - 1)
            return [panels]
        while True:
            columns = [panels] if self.narrow or len(panels) == 1 else [panels[:1], panels[1:]]
            self.scale = min(self._fit(column) for column in columns)
            if len(panels) == 1 or panels[0].highest * self.scale >= TALLEST:
                return columns
            panels = panels[:-1]

    def _fit(self, column: Sequence[GapPanel]) -> float:
        """Pixels of a person with which a column fills the height."""
        bare = TOP + (HEAD + ABOVE + AXIS) * len(column) + BETWEEN * (len(column) - 1)
        return (self.height - bare) / sum(panel.highest for panel in column)

    def _measure(self, panel: GapPanel) -> float:
        """Pixels of a panel with its heading and its axis."""
        return HEAD + ABOVE + panel.highest * self.scale + AXIS

    def find_y(self, value: float) -> float:
        """Where a number of people is."""
        return self.base - value * self.scale

    def _draw_panel(
        self, panel: GapPanel, corner: tuple[float, float, float], step: int, lettering: Lettering
    ) -> None:
        left, top, right = corner
        self.span = panel.span
        self.base = top + self._measure(panel) - AXIS
        self.ground.bounds = Box(self.left, top + HEAD, right, self.base)
        self._write_heading(panel, left, top)
        for value in range(0, panel.highest + 1, step):
            y = self.find_y(value)
            self.draw_line((self.left, y, self.right, y), GRID if value else QUIET, 1, "solid")
            label = f"{value:,}".replace(",", lettering.separators[1])
            self.write(label, self.left - 6, y - 8, TEXT, SOFT, "right")
        days, labels = self.choose_ticks(lettering.tick, right)
        for day, label in zip(days, labels, strict=True):
            x = self.find_x(day)
            self.draw_line((x, self.base, x, self.base + 4), QUIET, 1, "solid")
            anchor = "right" if day == panel.span[1] else "left" if day == panel.span[0] else "center"
            self.write(label, x, self.base + 5, TEXT, SOFT, anchor)
        self._shade(panel)
        for line in panel.lines:
            self._draw_line(line)
        uprights = self._draw_uprights(panel)
        for line in sorted(panel.lines, key=lambda line: -line.points[-1].value):
            self._name_ends(line)
        self._tell_differences(uprights)

    def _write_heading(self, panel: GapPanel, left: float, top: float) -> None:
        """What is counted and how far apart; below it both marks with their names."""
        size, room = TEXT + 0.5, self.right - left
        wide = measure_width(f"{panel.heading}: ", size, BOLD) + measure_width(panel.apart, size)
        told = f": {panel.apart}" if wide <= room else ""  # else the differences alone tell it
        self.write(f"<b>{panel.heading}</b>{told}", left, top, size, INK)
        for line in panel.lines:
            y = top + LINE + 4 + TEXT * 0.65
            self._mark([(left + 5, y)], line.look)
            colour = LETTERS.get(line.look.colour, line.look.colour)
            self.write(f"<b>{line.name}</b>", left + 14, top + LINE + 4, TEXT, colour)
            left += 14 + measure_width(line.name, TEXT, BOLD) + 18

    def _mark(self, places: Sequence[tuple[float, float]], look: Look, **more: Any) -> None:
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _ in places],
                "y": [-y for _, y in places], "hoverinfo": "skip", "showlegend": False,
                "marker": {"symbol": look.shape, "size": MARK, "color": look.colour, "opacity": 1}, **more,
            }
        )  # fmt: skip

    def _shade(self, panel: GapPanel) -> None:
        """The area between both lines from one day of both to the next."""
        days = [day for day, _ in panel.matched]
        for start, end in pairwise(days):
            if is_silence(start, end):
                continue
            there, back = (
                [(self.find_x(each.day), self.find_y(each.value)) for each in line.points
                 if start <= each.day <= end]
                for line in panel.lines
            )  # fmt: skip
            around = [*there, *back[::-1]]
            self.traces.append(
                {
                    "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": SHADE,
                    "showlegend": False, "line": {"width": 0}, "hoverinfo": "skip",
                    "x": [x for x, _ in around], "y": [-y for _, y in around],
                }
            )  # fmt: skip

    def _draw_line(self, line: GapLine) -> None:
        places = [(self.find_x(each.day), self.find_y(each.value)) for each in line.points]
        for (one, two), ((x0, y0), (x1, y1)) in zip(pairwise(line.points), pairwise(places), strict=True):
            dash = "2px,4px" if is_silence(one.day, two.day) else "solid"
            self.traces.append(
                {
                    "type": "scatter", "mode": "lines", "x": [x0, x1], "y": [-y0, -y1], "hoverinfo": "skip",
                    "line": {"color": line.look.colour, "width": 2, "dash": dash}, "showlegend": False,
                }
            )  # fmt: skip
            self.ground.lines.append((x0, y0, x1, y1))
        touched = {
            "customdata": [[each.hover, each.claim_id] for each in line.points],
            "hovertemplate": HOVER, "hoverinfo": None,
        }  # fmt: skip
        self._mark(places, line.look, **touched)
        self.ground.boxes += [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]

    def _name_ends(self, line: GapLine) -> None:
        """Number and day at the last figure, and at the first where there is room for them."""
        colour = LETTERS.get(line.look.colour, line.look.colour)
        ends = [(line.points[-1], line.last, 100.0)]
        if line.points[0].day != line.points[-1].day:
            ends.append((line.points[0], line.first, 1.0))
        for point, (number, day), most in ends:
            x, y = self.find_x(point.day), self.find_y(point.value)
            wide = measure_width(f"{number} ", TEXT, BOLD) + measure_width(day, TEXT)
            places = [each[0] for gap in (7, 9, 14, 24) for each in list_places(x, y, wide, LINE, gap)]
            if min(self.ground.count_faults(each) for each in places) >= most:
                continue
            box = places[self.ground.choose(places)]
            self.write(f"<b>{number}</b> {day}", box.left, box.top + 1, TEXT, colour)

    def _draw_uprights(self, panel: GapPanel) -> list[tuple[float, float, str]]:
        """A line from figure to figure on each day of both: its x, its middle and how far apart they are."""
        found = []
        for day, told in panel.matched:
            x = self.find_x(day)
            ends = [
                self.find_y(point.value) for line in panel.lines for point in line.points if point.day == day
            ]
            self.draw_line((x, min(ends), x, max(ends)), INK, 1.2, "solid")
            self.ground.lines.append((x, min(ends), x, max(ends)))
            found.append((x, sum(ends) / 2, told))
        return found

    def _tell_differences(self, uprights: Sequence[tuple[float, float, str]]) -> None:
        """Beside each upright by how many, where there is room."""
        for x, middle, told in uprights:
            wide = measure_width(told, TEXT, SEMIBOLD)
            places = [
                Box(start, middle + off - TEXT / 2, start + wide, middle + off + TEXT / 2)
                for off in (0, -9, 9)
                for start in (x + 6, x - 6 - wide)
            ]
            if min(self.ground.count_faults(each) for each in places) < 1:
                box = places[self.ground.choose(places)]
                self.write(f"<b>{told}</b>", box.left, box.top - 1, TEXT, INK)
