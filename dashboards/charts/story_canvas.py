"""What a drawing of figures over time is made from: its panels, its words, its canvas in pixels of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Final

import polars as pl

from dashboards.charts.axes import Tick, list_month_starts
from dashboards.charts.fonts import BOLD, REGULAR, measure_width
from dashboards.charts.label_places import Box, Ground
from dashboards.charts.theme import SOFT

Row = dict[str, Any]
NARROW: Final = 560.0  # pixels below which a drawing is made as for a phone
TEXT, LINE = 12.0, 15.6  # pixels of the small letters and of their lines


@dataclass(frozen=True)
class Told:
    """A figure's number, and its day in a sentence, in short, and in least (its year, or nothing)."""

    number: str
    when: str
    short: str
    least: str


@dataclass(frozen=True)
class Callout:
    """What is said of one figure in doubt."""

    claim_id: str
    text: str


@dataclass(frozen=True)
class StoryPanel:
    """One series (POINT_SCHEMA) and what is in doubt beside it (DOUBT_SCHEMA); `joined` by a line or not."""

    title: str
    points: pl.DataFrame
    doubted: pl.DataFrame
    callout: Callout | None = None
    notes: tuple[str, ...] = ()  # what must be read inside the picture
    joined: bool = True
    told_to: date | None = None  # the day of what heads the page; None is that of the last figure


@dataclass(frozen=True)
class EdgeWords:
    """What stands around a drawing: by whom the texts are made, and texts; `key` by mark."""

    tell: Callable[[Row], Told]
    tick: Tick
    separators: str
    events: str
    more_events: Callable[[int], tuple[str, str]]  # that there are so many more, and in short
    silence: tuple[str, str]  # since when nobody has spoken, long and short; empty where somebody has
    not_to_scale: str
    key: dict[str, str]
    counted_to: str = field(default="", kw_only=True)  # the day up to which a short silence is counted


@dataclass(frozen=True)
class StoryWords(EdgeWords):
    """The same for a story; its `key`: exact, lower_bound, upper_bound, span, secondhand, doubt,
    contradicted, dotted, broken.
    """

    not_drawn: Callable[
        [int, int], list[str]
    ]  # so many are in doubt, so many contradict each other: a text each
    every: bool = False  # all figures in doubt are drawn


def choose_step(highest: float, room: float) -> int:
    """People between two lines of the grid: a round number, at most four steps, 26 pixels or more apart."""
    most = max(1, min(4, int(room / 26)))
    scale = 1
    while True:
        for factor in (1, 2, 2.5, 5):
            step = factor * scale
            if step == int(step) and highest / step <= most:
                return int(step)
        scale *= 10


def find_turns(points: Sequence[tuple[date, int]], least: float) -> list[tuple[date, int]]:
    """Peaks and lows between the ends of a line that lie `least` or more from their neighbours."""
    turns: list[tuple[date, int]] = []
    rising: bool | None = None
    lowest = highest = points[0]
    for at in points[1:]:
        if at[1] > highest[1]:
            highest = at
        if at[1] < lowest[1]:
            lowest = at
        if rising is not False and highest[1] - at[1] >= least:
            if highest[1] - points[0][1] >= least or turns:
                turns.append(highest)
            rising, lowest, highest = False, at, at
        elif rising is not True and at[1] - lowest[1] >= least:
            if points[0][1] - lowest[1] >= least or turns:
                turns.append(lowest)
            rising, lowest, highest = True, at, at
    return turns


class Canvas:
    """What is drawn so far, and where: pixels from the left and from the top."""

    def __init__(self, span: tuple[date, date], size: tuple[float, float]) -> None:
        self.span = span
        self.width, self.height = size
        self.narrow = self.width < NARROW
        self.left, self.right = 0.0, self.width  # of the time axis
        self.traces: list[Row] = []
        self.notes: list[Row] = []
        self.shapes: list[Row] = []
        self.ground = Ground(Box(0, 0, self.width, self.height))

    def find_x(self, day: date) -> float:
        """Where a day is."""
        whole = max((self.span[1] - self.span[0]).days, 1)
        return self.left + (day - self.span[0]).days / whole * (self.right - self.left)

    def write(
        self, text: str, x: float, top: float, size: float, colour: str, anchor: str = "left", **more: Any
    ) -> None:
        """A line of text that begins, ends or has its middle at `x`."""
        self.notes.append(
            {
                "text": text, "xref": "paper", "yref": "paper", "x": x / self.width, "xanchor": anchor,
                "y": 1 - (top + size * 0.65) / self.height, "yanchor": "middle", "align": anchor,
                "showarrow": False, "borderpad": 0, **more,
                "font": {"size": size, "color": colour, **more.get("font", {})},
            }
        )  # fmt: skip

    def write_block(self, lines: Sequence[str], box: Box, anchor: str = "left") -> None:
        """Small lines in a box, which is taken from now on."""
        x = {"left": box.left, "right": box.right, "center": (box.left + box.right) / 2}[anchor]
        for number, line in enumerate(lines):
            self.write(line, x, box.top + number * LINE, TEXT, SOFT, anchor)
        self.ground.boxes.append(box)

    def draw_line(
        self, ends: tuple[float, float, float, float], colour: str, width: float, dash: str
    ) -> None:
        """A line between two places: x and y of each end."""
        x0, y0, x1, y1 = ends
        self.shapes.append(
            {
                "type": "line", "xref": "paper", "yref": "paper", "layer": "below",
                "x0": x0 / self.width, "x1": x1 / self.width,
                "y0": 1 - y0 / self.height, "y1": 1 - y1 / self.height,
                "line": {"color": colour, "width": width, "dash": dash},
            }
        )  # fmt: skip

    def choose_ticks(self, tick: Tick, room: float) -> tuple[list[date], list[str]]:
        """Days of the axis and their labels, as many as stand clear of each other and left of `room`."""
        firsts = list_month_starts(*self.span)
        if len(firsts) < 2:
            return [self.span[0], self.span[1]], [tick(day, "MMMd") for day in self.span]
        chosen, labels, ends = firsts, [""], [(0.0, 0.0)]
        for step in (1, 2, 3, 6, 12, 24, 48):
            chosen = [day for day in firsts if (day.month - 1 + 12 * day.year) % step == 0] or firsts[:1]
            labels = [self._label_tick(tick, day, step, place == 0) for place, day in enumerate(chosen)]
            ends = []
            for day, label in zip(chosen, labels, strict=True):
                plain = label.removeprefix("<b>").removesuffix("</b>")
                half = measure_width(plain, TEXT, BOLD if plain != label else REGULAR) / 2
                ends.append((self.find_x(day) - half, self.find_x(day) + half))
            if all(one[1] + 12 <= two[0] for one, two in pairwise(ends)):
                break
        late = self.find_x(chosen[0]) - self.left > (self.right - self.left) / 5
        if late and step < 12:
            labels[0] = self._label_tick(tick, chosen[0], step, False)
            labels.insert(0, self._label_tick(tick, self.span[0], step, True))
            chosen = [self.span[0], *chosen]  # the month in which the axis begins
            ends = [(0.0, self.left), *ends]
        inside = [at for at, (start, end) in enumerate(ends) if start >= 0 and end <= room]
        return [chosen[at] for at in inside], [labels[at] for at in inside]

    def _label_tick(self, tick: Tick, day: date, step: int, first: bool) -> str:
        if step >= 12:
            return tick(day, "y")
        month = tick(day, "MMM")
        if day.month == 1:
            if self.narrow and self.span[1].year - self.span[0].year > 1:
                return f"<b>{day.year}</b>"  # several Januaries
            return f"<b>{month}</b>" if self.narrow else f"<b>{month} {day.year}</b>"
        return f"{month} {day.year}" if first and not self.narrow else month
