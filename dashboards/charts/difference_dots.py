"""Before and after: two dots with their margins on one scale of people a week, and what is said of them.

A hollow dot is before, a filled one after, and each says so; a pace that no figure tells keeps its line and
has no mark. What may be told apart from chance is said in words, because margins that touch do not show it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.story_canvas import choose_step
from dashboards.charts.theme import GRID, INK, LETTERS, PALETTE, PAPER, QUIET, SOFT

WIDTH: Final = 880  # pixels of a page
NARROW: Final = 560  # below which words stand above and below the dots
TEXT, AXIS, EDGE = 12.0, 26.0, 8  # pixels
# Pixels of a line of words, on a phone more: a picture presses the rows of a page together by a third.
_LINE, _NARROW_LINE = 18.0, 24.0
_GAP: Final = 14.0  # between two rows
_WORDS: Final = 150.0  # pixels of a column of words


@dataclass(frozen=True)
class Pace:
    """A pace in words, and people a week with the margin; `central` None: no figures."""

    told: str
    central: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Comparison:
    """One event, its day, the pace on both sides, whether they differ (in words), and if more than chance."""

    event: str
    day: str
    before: Pace
    after: Pace
    verdict: str
    clear: bool


@dataclass(frozen=True)
class Comparisons:
    """What is counted, its colour, and a row for each event."""

    heading: str
    slot: int
    rows: tuple[Comparison, ...]


def draw_comparisons(
    groups: Sequence[Comparisons],
    ends: tuple[str, str],
    tell: Callable[[int], str],
    width: float = WIDTH,
) -> go.Figure:
    """The figure so many pixels wide; `ends` say what left and right of zero mean where one is below it."""
    return _Drawing(groups, ends, tell, width).draw()


class _Drawing:
    """One drawing in the making: vertical places are pixels from the top."""

    def __init__(
        self,
        groups: Sequence[Comparisons],
        ends: tuple[str, str],
        tell: Callable[[int], str],
        width: float,
    ) -> None:
        self.groups, self.ends, self.tell, self.width = groups, ends, tell, width - 2 * EDGE
        self.narrow = width < NARROW
        self.line = _NARROW_LINE if self.narrow else _LINE
        self.judged = not self.narrow or any(row.clear for group in groups for row in group.rows)
        paces = [pace for group in groups for row in group.rows for pace in (row.before, row.after)]
        beside = max(measure_width(pace.told, TEXT, SEMIBOLD) for pace in paces)
        self.left = beside + 12 + (0 if self.narrow else _WORDS)
        self.right = self.width - (12 if self.narrow else _WORDS + 20)
        known = [each for pace in paces for each in (pace.central, pace.low, pace.high) if each is not None]
        self.least, self.most = min(0.0, *known, 0.0), max(1.0, *known, 0.0)
        step = choose_step(max(self.most, -self.least), (self.right - self.left) / 2)
        steps = range(int(self.least // step), int(self.most // step) + 2)
        self.ticks = [n * step for n in steps if self.least <= n * step <= self.most * 1.03]
        self.traces: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.shapes: list[dict[str, Any]] = []

    def draw(self) -> go.Figure:
        """The figure."""
        y = 0.0
        for group in self.groups:
            y = self._draw_group(group, y)
        height = y + AXIS
        pad = 0.03 * (self.most - self.least)
        layout: dict[str, Any] = {
            "height": height, "margin": {"l": EDGE, "r": EDGE, "t": 0, "b": 0}, "dragmode": False,
            "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "hoverlabel": {"align": "left"}, "annotations": self.notes,
            "shapes": self.shapes,
            "xaxis": {
                "range": [self.least - pad, self.most + pad], "fixedrange": True, "anchor": "y",
                "domain": [self.left / self.width, self.right / self.width], "tickvals": self.ticks,
                "ticktext": [self.tell(abs(value)) for value in self.ticks], "showgrid": False,
                "zeroline": False, "tickfont": {"size": TEXT, "color": SOFT},
            },
            "yaxis": {
                "range": [y, 0], "domain": [AXIS / height, 1], "visible": False, "fixedrange": True,
            },
        }  # fmt: skip
        return go.Figure(self.traces, layout)

    def _draw_group(self, group: Comparisons, y: float) -> float:
        """A heading and its rows; where they end."""
        colour = PALETTE[group.slot]
        self._write(f"<b>{group.heading}</b>", y, 0, LETTERS.get(colour, colour), 14)
        paces = [pace for row in group.rows for pace in (row.before, row.after)]
        below = any(each is not None and each < 0 for pace in paces for each in (pace.central, pace.low))
        if below:
            for place, text in enumerate(self.ends):
                self.notes.append(
                    {
                        "text": text, "x": 0, "xref": "x", "xshift": 6 if place else -6, "yref": "y",
                        "y": y + 1.5 * self.line, "xanchor": "left" if place else "right",
                        "yanchor": "middle", "showarrow": False, "font": {"size": TEXT, "color": SOFT},
                    }
                )  # fmt: skip
        y += self.line * (2 if below else 1.3)
        for row in group.rows:
            y = self._draw_row(row, colour, y) + _GAP
        return y

    def _draw_row(self, row: Comparison, colour: str, y: float) -> float:
        """The dots of a row with its words; where it ends."""
        y = self._name(row, y)
        end = y + 2 * self.line
        for value in self.ticks:
            line = {"color": GRID if value else QUIET, "width": 1 if value else 2}
            self.shapes.append(
                {"type": "line", "xref": "x", "yref": "y", "layer": "below", "x0": value, "x1": value,
                 "y0": y, "y1": end, "line": line}
            )  # fmt: skip
        for place, pace in enumerate((row.before, row.after)):
            self._draw_pace(pace, colour, y + (place + 0.5) * self.line, filled=bool(place), name=row.event)
        if not self.judged:
            return end
        if self.narrow:
            self._write(row.verdict, end, 0, INK, TEXT, weight=SEMIBOLD)
            return end + self.line
        lines = wrap_text(row.verdict, TEXT, _WORDS + 4, SEMIBOLD)
        top = y + self.line * (1 - len(lines) / 2)
        for number, text in enumerate(lines):
            at = self.right / self.width
            self._write(text, top + number * self.line, at, INK, TEXT, 16, SEMIBOLD)
        return end

    def _name(self, row: Comparison, y: float) -> float:
        """The event and its day, on a phone above the dots; where these begin."""
        if self.narrow:
            self._write(f"<b>{row.event}</b>, {row.day}", y, 0, INK, TEXT)
            return y + self.line
        lines = wrap_text(row.event, TEXT, _WORDS - 8, BOLD)
        for number, line in enumerate(lines):
            self._write(f"<b>{line}</b>", y + number * self.line, 0, INK, TEXT)
        self._write(row.day, y + len(lines) * self.line, 0, SOFT, TEXT)
        return y

    def _draw_pace(self, pace: Pace, colour: str, y: float, filled: bool, name: str) -> None:
        ink = SOFT if pace.central is None else INK
        at = 0.0 if self.narrow else _WORDS / self.width
        self._write(pace.told, y - self.line / 2, at, ink, TEXT, weight=SEMIBOLD)
        if pace.central is None:
            return
        common = {"type": "scatter", "y": [y, y], "showlegend": False}
        if pace.low is not None and pace.high is not None:
            line = {"color": colour, "width": 3}
            self.traces.append(
                {**common, "mode": "lines", "x": [pace.low, pace.high], "line": line, "opacity": 0.4,
                 "hoverinfo": "skip"}
            )  # fmt: skip
        self.traces.append(
            {
                **common, "mode": "markers", "x": [pace.central], "y": [y], "cliponaxis": False,
                "marker": {
                    "symbol": "circle", "size": 11, "opacity": 1, "color": colour if filled else PAPER,
                    "line": {"color": colour, "width": 2.4},
                },
                "hovertext": [f"<b>{name}</b><br>{pace.told}"],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )  # fmt: skip

    def _write(
        self, text: str, y: float, x: float, colour: str, size: float, shift: float = 0, weight: int = 400
    ) -> None:
        """A line of text from a share of the width on; `y` is its top."""
        self.notes.append(
            {
                "text": text, "x": x, "xref": "paper", "xanchor": "left", "xshift": shift, "yref": "y",
                "y": y + self.line / 2, "yanchor": "middle", "showarrow": False, "borderpad": 0,
                "font": {"size": size, "color": colour, "weight": weight},
            }
        )  # fmt: skip
