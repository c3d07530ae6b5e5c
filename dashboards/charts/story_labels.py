"""Where the labels of a drawing over time go: numbers with their days beside marks, and notes, in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from dashboards.charts.axes import find_top
from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.story_canvas import (
    LINE,
    TEXT,
    Canvas,
    Row,
    StoryPanel,
    StoryWords,
    Told,
    find_turns,
)  # fmt: skip
from dashboards.charts.story_edges import measure_tab
from dashboards.charts.story_marks import find_height
from dashboards.charts.theme import LETTERS, choose_look

LIFT: Final = 41.0  # pixels above a panel for the last number, where there is no room beside its mark
_LAST, _HEDGED, _FIRST, _DAY = 24.0, 18.0, 17.0, 13.0  # pixels of letters; a hedged newest figure is long
_TURN: Final = 0.25  # of the highest figure: a rise and a fall by as much make a peak
_TURNS: Final = 3
_GAPS: Final = (11.0, 18.0, 26.0, 36.0)  # pixels between a mark and its label, the nearest that is free
_TAKEN: Final = 0.5  # what an old figure's label at another mark weighs: rather a shorter day beside its own
_NEAR, _FAR = 14.0, 24.0  # pixels to its mark from which on a label may need a line, and always has one
_NOTE: Final = 200.0  # pixels of a paragraph inside


class NoRoomError(Exception):
    """A label or a note would stand on something else."""


@dataclass(frozen=True)
class Fit:
    """How a drawing makes room."""

    reserve: float = 0.0  # pixels kept right of the plot for the newest numbers
    foot: tuple[str, ...] = ()  # paragraphs that stand below the axis
    lift: bool = False  # there is room for the newest number above the first panel
    small: bool = False  # the newest numbers are no larger than others
    bare: bool = False  # no events are shown
    forced: bool = False  # labels may touch


class LabelledCanvas(Canvas):
    """A canvas of panels one below the other, with one scale of people, that finds room for labels."""

    def __init__(
        self,
        panels: Sequence[StoryPanel],
        words: StoryWords,
        span: tuple[date, date],
        size: tuple[float, float],
        fit: Fit,
    ) -> None:
        super().__init__(span, size)
        self.fit = fit
        self.panels, self.words = panels, words
        self.tops = [find_top(panel.points) for panel in panels]
        self.looks = [choose_look(own.points["slot"][0], own.points["variant"][0]) for own in panels]
        self.tab = measure_tab(words, self.width, self.narrow)
        self.left = 10 + max(measure_width(f"{top * 1.15:,.0f}", TEXT) for top in self.tops)
        self.right = self.width - (self.tab + 10 if self.tab else 6) - fit.reserve
        self.scale = 1.0  # pixels of a person
        self.places: list[tuple[float, float, float]] = []  # of each panel its top, bottom, highest number
        self.marks: list[list[tuple[float, float]]] = []  # of each panel where its marks are

    def find_y(self, place: int, value: float) -> float:
        """Where a number is in a panel."""
        return self.places[place][1] - value * self.scale

    def label_line(self, place: int, panel: StoryPanel) -> None:
        """What heads the page in large letters, the last and the first number, peaks and lows.

        The first one stands where the line does not begin at nothing.
        """
        rows = list_settled(panel)
        if not rows:
            return
        head = find_head(panel, rows)
        size = _HEDGED if self.fit.small else _find_size(head)
        self._label(place, head, size, ("left", "right", "center"))
        if head is not rows[-1]:  # newer, and not confirmed
            self._label(place, rows[-1], _FIRST, ("left", "right", "center"), must=False)
        if rows[0] is not head and find_height(rows[0]) > 0.05 * self.places[place][2]:
            self._label(place, rows[0], _FIRST, ("left",), must=panel.joined)
        line = [(row["as_of"], row["low"]) for row in rows if row["low"] == row["high"]]
        if not line:
            return
        turns = sorted(find_turns(line, _TURN * max(value for _, value in line)), key=lambda at: -at[1])
        for turn in turns[: 1 if self.narrow else _TURNS]:
            row = next(row for row in rows if (row["as_of"], row["low"]) == turn)
            if row is not head:
                self._label(place, row, _FIRST, ("left", "right", "center"), must=False)

    def _label(self, place: int, row: Row, size: float, sides: tuple[str, ...], must: bool = True) -> None:
        """A figure's number and day beside its mark, where least lies in the way; or nowhere."""
        told, colour = self.words.tell(row), self.looks[place].colour
        x, y = self.find_x(row["as_of"]), self.find_y(place, find_height(row))
        top, bottom, _ = self.places[place]
        above = (
            23 if not place else 32 if self.fit.forced else 12
        )  # beside the heading, where nothing else is free
        self.ground.bounds = Box(self.left - 4, top - above, self.right + 5, bottom)
        found: list[tuple[float, float, Box, str, str]] = []
        if size >= _HEDGED and self.fit.reserve and self.right - x < 1:
            self._label_beside(place, row, told, size)
            return
        whens = [told.short, told.least] if self.narrow else [told.when, told.short]
        if size >= _HEDGED and self.narrow:
            whens.pop()  # the newest figure has its day
        for worse, when in enumerate(whens):
            wide = measure_width(told.number, size, BOLD) + 5 + measure_width(when, _DAY, SEMIBOLD)
            high = size * 1.05
            places = [each for gap in _GAPS for each in list_places(x, y, wide, high, gap)]
            beside = [each for each in places if each[2] == "middle" and each[1] == "left"]
            roomy = beside if self.right - x > wide + 24 else []
            order = roomy + [each for side in sides for each in places if each[1] == side]
            for box, side, _ in order:
                faults = self.ground.count_faults(box) + 0.4 * worse + box.find_distance(x, y) / 400
                apart = (_TAKEN if size < _HEDGED else 0.15) * self._is_nearer_to_another(place, box, (x, y))
                found.append((faults, apart, box, side, when))
            if size >= _HEDGED and self.fit.lift and not place:
                lifted = Box(self.right + 4 - wide, top - high - 13, self.right + 4, top - 13)
                self.ground.bounds = Box(self.left - 4, top - high - 15, self.right + 5, bottom)
                found.append((self.ground.count_faults(lifted) + 0.4 * worse, 0.0, lifted, "right", when))
        faults, _, box, side, when = min(found, key=lambda each: (each[0] >= 1, each[0] + each[1]))
        if faults >= 1 and (not must or (self.fit.forced and size == _FIRST)):
            return
        if faults >= 1 and not self.fit.forced:
            raise NoRoomError
        self.ground.boxes.append(box)
        if self.fit.lift and box.bottom < top and y - box.bottom > 16:
            self.draw_line((x, box.bottom + 2, x, y - 7), colour, 0.9, "solid")
        else:
            self._lead(place, box, (x, y), colour)
        suffix = "" if place == 0 else str(place + 1)
        shift = {"left": box.left - x, "right": box.right - x, "center": 0.0}[side]
        self.notes.append(
            {
                "text": f"<b><span style='font-size:{size:g}px'>{told.number}</span></b> {when}",
                "x": row["as_of"], "y": find_height(row), "xref": f"x{suffix}", "yref": f"y{suffix}",
                "xanchor": side, "xshift": shift, "yanchor": "middle", "borderpad": 0, "showarrow": False,
                "yshift": y - (box.top + box.bottom) / 2,
                "font": {"size": _DAY, "color": LETTERS.get(colour, colour), "weight": SEMIBOLD},
            }
        )  # fmt: skip

    def _is_nearer_to_another(self, place: int, box: Box, mark: tuple[float, float], by: float = 3.0) -> bool:
        """Whether a reader would take a label for that of another mark, so many pixels nearer."""
        own = box.find_distance(*mark)
        return any(box.find_distance(*other) < own - by for other in self.marks[place])

    def _lead(self, place: int, box: Box, mark: tuple[float, float], colour: str) -> None:
        """A line from a label to its mark, where that is far or another one is nearer."""
        away = box.find_distance(*mark)
        if away <= _NEAR or (away <= _FAR and not self._is_nearer_to_another(place, box, mark, 0.0)):
            return
        (x, y), across, down = mark, (box.left, box.right), (box.top, box.bottom)
        left, top = min(max(x, across[0]), across[1]), min(max(y, down[0]), down[1])
        start, end = 2 / away, 1 - 7 / away  # parts of the way
        ends = [(left + part * (x - left), top + part * (y - top)) for part in (start, end)]
        self.draw_line((*ends[0], *ends[1]), colour, 0.9, "solid")
        self.ground.lines.append((*ends[0], *ends[1]))

    def _label_beside(self, place: int, row: Row, told: Told, size: float) -> None:
        """The last number right of the plot, its day below it."""
        colour = self.looks[place].colour
        suffix = "" if place == 0 else str(place + 1)
        self.notes.append(
            {
                "text": f"<b><span style='font-size:{size:g}px'>{told.number}</span></b><br>{told.short}",
                "x": row["as_of"], "y": find_height(row), "xref": f"x{suffix}", "yref": f"y{suffix}",
                "xanchor": "left", "xshift": 8, "yanchor": "middle", "align": "left", "showarrow": False,
                "borderpad": 0, "font": {
                    "size": TEXT, "color": LETTERS.get(colour, colour), "weight": SEMIBOLD,
                },
            }
        )  # fmt: skip

    def write_notes(self, place: int, panel: StoryPanel) -> None:
        """Paragraphs right of the last mark, below its label, or left of the line. Raises NoRoomError."""
        top, bottom, _ = self.places[place]
        self.ground.bounds = Box(self.left, top, self.right, bottom)
        last = self.find_x(max(panel.points["as_of"].to_list()))
        for note in panel.notes:
            found = None
            for left in (last + 11, self.left + 8):
                wide = min(_NOTE, self.right - left - 4)
                if wide < 110:
                    continue
                lines = wrap_text(note, TEXT, wide)
                high = len(lines) * LINE
                tops = range(int(top), int(bottom - high) + 1, 4)
                boxes = [Box(left, y, left + wide, y + high) for y in tops]
                free = [box for box in boxes if self.ground.count_faults(box) < 1]
                if free:
                    found = free[0], lines
                    break
            if found is None:
                raise NoRoomError
            self.write_block(found[1], found[0])


def list_settled(panel: StoryPanel) -> list[Row]:
    """A panel's figures that nothing contradicts, in time order."""
    return panel.points.filter(~pl.col("contradicted")).sort("as_of", "claim_id").to_dicts()


def find_head(panel: StoryPanel, rows: Sequence[Row]) -> Row:
    """That of a panel's settled figures which heads the page: the last one, or the last up to `told_to`."""
    told = [row for row in rows if panel.told_to is None or row["as_of"] <= panel.told_to]
    return (told or rows)[-1]


def _find_size(row: Row) -> float:
    return _LAST if row["low"] == row["high"] else _HEDGED


def measure_beside(words: StoryWords, panel: StoryPanel) -> float:
    """Pixels that a panel's newest figure takes right of the plot."""
    rows = list_settled(panel)
    if not rows:
        return 0.0
    head = find_head(panel, rows)
    told = words.tell(head)
    number = measure_width(told.number, _find_size(head), BOLD)
    return max(number, measure_width(told.short, TEXT, SEMIBOLD))
