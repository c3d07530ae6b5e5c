"""Two speakers on one thing: their lines from zero, and by how much they differ on the days of both.

The gap is shaded from one day of both to the next, and an upright on each such day says how far apart they
are. Beyond those days both lines go on without shade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.line_gaps import is_apart, is_silence
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, choose_step
from dashboards.charts.theme import GRID, INK, LETTERS, QUIET, SOFT, Look
from dashboards.charts.timeseries import HOVER, Lettering

WIDTH, HEIGHT = 780.0, 400.0  # pixels that it takes of a page
HEAD: Final = 22.0  # pixels of what is counted
ABOVE: Final = 24.0  # between it and the highest figure
AXIS: Final = 24.0
NOTE: Final = 8.0  # above and below the sentences
# Pixels of the letters of a number at an end and of a difference; the same on a phone.
LARGE, NARROW_LARGE = (19.0, 14.0), (17.0, 12.5)
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
    """One speaker's figures in time order; `first` and `last` are the number and what stands beside it at its
    ends.
    """

    points: tuple[GapPoint, ...]
    look: Look
    first: tuple[str, str]
    last: tuple[str, str]


@dataclass(frozen=True)
class GapPanel:
    """What two speakers count, by how many they differ on each day of both, and sentences below."""

    heading: str
    lines: tuple[GapLine, GapLine]
    matched: tuple[tuple[date, str], ...]  # in time order
    notes: tuple[str, ...] = ()

    @property
    def highest(self) -> int:
        """The highest figure."""
        return max(point.value for line in self.lines for point in line.points)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day."""
        days = [point.day for line in self.lines for point in line.points]
        return min(days), max(days)


def draw_gap(
    panel: GapPanel, lettering: Lettering, width: float = WIDTH, height: float = HEIGHT
) -> go.Figure:
    """The figure of so many pixels."""
    return _Drawing(panel, width, height).draw(lettering)


class _Drawing(Canvas):
    """One drawing in the making."""

    def __init__(self, panel: GapPanel, width: float, height: float) -> None:
        super().__init__(panel.span, (width, height))
        self.panel = panel
        self.foot = [line for note in panel.notes for line in wrap_text(note, TEXT, width - 4)]
        self.base = height - AXIS - (len(self.foot) * LINE + 2 * NOTE if self.foot else 0)
        self.scale = (self.base - HEAD - ABOVE) / panel.highest
        self.number, self.difference = NARROW_LARGE if self.narrow else LARGE

    def find_y(self, value: float) -> float:
        """Where a number of people is."""
        return self.base - value * self.scale

    def draw(self, lettering: Lettering) -> go.Figure:
        """The figure."""
        panel = self.panel
        step = choose_step(panel.highest, panel.highest * self.scale)
        self.left = 12 + measure_width(f"{round(panel.highest * 1.3):,}", TEXT)
        self.right = self.width - 12
        if panel.matched[-1][0] == self.span[1]:  # room for the last difference right of the lines
            self.right -= measure_width(panel.matched[-1][1], self.difference, BOLD) + 2
        self.ground.bounds = Box(self.left, HEAD - 4, self.width, self.base)
        self.write(f"<b>{panel.heading}</b>", 0, 0, TEXT + 1.5, INK)
        self.ground.boxes.append(Box(0, 0, measure_width(panel.heading, TEXT + 1.5, BOLD), HEAD - 4))
        self._draw_axes(step, lettering)
        self._shade()
        for line in panel.lines:
            self._draw_line(line)
        uprights = self._draw_uprights()
        for line in sorted(panel.lines, key=lambda line: -line.points[-1].value):
            self._name_ends(line)
        self._tell_differences(uprights)
        for number, text in enumerate(self.foot):
            self.write(text, 0, self.height - NOTE - (len(self.foot) - number) * LINE, TEXT, SOFT)
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

    def _draw_axes(self, step: int, lettering: Lettering) -> None:
        for value in range(0, self.panel.highest + 1, step):
            y = self.find_y(value)
            self.draw_line((self.left, y, self.right, y), GRID if value else QUIET, 1, "solid")
            label = f"{value:,}".replace(",", lettering.separators[1])
            self.write(label, self.left - 6, y - 8, TEXT, SOFT, "right")
        days, labels = self.choose_ticks(lettering.tick, self.width)
        for day, label in zip(days, labels, strict=True):
            x = self.find_x(day)
            self.draw_line((x, self.base, x, self.base + 4), QUIET, 1, "solid")
            anchor = "right" if day == self.span[1] else "left" if day == self.span[0] else "center"
            self.write(label, x, self.base + 5, TEXT, SOFT, anchor)

    def _mark(self, places: Sequence[tuple[float, float]], look: Look, **more: Any) -> None:
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _ in places],
                "y": [-y for _, y in places], "hoverinfo": "skip", "showlegend": False,
                "marker": {"symbol": look.shape, "size": MARK, "color": look.colour, "opacity": 1}, **more,
            }
        )  # fmt: skip

    def _shade(self) -> None:
        """The area between both lines from one day of both to the next."""
        days = [day for day, _ in self.panel.matched]
        for start, end in pairwise(days):
            if is_silence(start, end):
                continue
            there, back = (
                [(self.find_x(each.day), self.find_y(each.value)) for each in line.points
                 if start <= each.day <= end]
                for line in self.panel.lines
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
            if is_apart(one.day, two.day):
                continue
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
        """Number, speaker and day at the last figure; at the first a number and day where there is room."""
        colour = LETTERS.get(line.look.colour, line.look.colour)
        ends = [(line.points[-1], line.last, self.number, 100.0)]
        if line.points[0].day != line.points[-1].day:
            ends.append((line.points[0], line.first, TEXT + 1, 1.0))
        for point, (number, more), size, most in ends:
            x, y = self.find_x(point.day), self.find_y(point.value)
            wide = measure_width(f"{number} ", size, BOLD) + measure_width(more, TEXT, SEMIBOLD)
            gaps = (8, 10, 14, 24, 34)
            places = [each[0] for gap in gaps for each in list_places(x, y, wide, size * 1.2, gap)]
            inside = self.width - wide  # right of the lines there may be room
            higher = (*gaps, 46, 60, 76) if x > inside else ()
            places += [Box(inside, y - gap - size * 1.2, self.width, y - gap) for gap in higher]
            if min(self.ground.count_faults(each) for each in places) >= most:
                continue
            box = places[self.ground.choose(places)]
            text = f"<b><span style='font-size:{size:g}px'>{number}</span></b> {more}"
            middle = (box.top + box.bottom) / 2 - TEXT * 0.65
            self.write(text, box.left, middle, TEXT, colour, font={"weight": SEMIBOLD})

    def _draw_uprights(self) -> list[tuple[float, float, str]]:
        """A line from figure to figure on each day of both: its x, its middle and how far apart they are."""
        found = []
        for day, told in self.panel.matched:
            x = self.find_x(day)
            points = [point for line in self.panel.lines for point in line.points if point.day == day]
            ends = [self.find_y(point.value) for point in points]
            self.draw_line((x, min(ends), x, max(ends)), INK, 1.2, "solid")
            self.ground.lines.append((x, min(ends), x, max(ends)))
            found.append((x, sum(ends) / 2, told))
        return found

    def _tell_differences(self, uprights: Sequence[tuple[float, float, str]]) -> None:
        """Beside each upright by how many, where there is room."""
        size = self.difference
        for x, middle, told in uprights:
            wide = measure_width(told, size, BOLD)
            places = [
                Box(start, middle + off - size / 2, start + wide, middle + off + size / 2)
                for away in (6, 9, 13)
                for off in (0, -4, 4, -9, 9)
                for start in (x + away, x - away - wide)
            ]
            if min(self.ground.count_faults(each) for each in places) < 1:
                box = places[self.ground.choose(places)]
                self.write(f"<b>{told}</b>", box.left, box.top - 1, size, INK)
