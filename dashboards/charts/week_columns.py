"""A pace as columns, one for each week, with the mean of four weeks as a line.

A column is people, not a rate: what one day saw is never drawn as if it had gone on for a week. It is pale
where a count begins or ends in another week, and only as wide as the days that figures cover; a week of which
no figure speaks is a hatched stub, not nothing. One count that spans weeks is one pale block over its days,
with its people and days: no week of it is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, Segment, list_places
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, EdgeWords, Row, choose_step
from dashboards.charts.story_edges import (
    LANE,
    draw_tab,
    draw_uprights,
    mark_events,
    measure_tab,
    name_events,
    tell_day,
)
from dashboards.charts.theme import GRID, HATCH, INK, PALETTE, PAPER, QUIET, SOFT
from dashboards.charts.week_blocks import Block, write_block
from dashboards.charts.week_key import PALE, list_marks, write_key
from dashboards.charts.week_limits import OPEN, draw_limit, draw_other

WEEK_SCHEMA: Final = {
    "first": pl.Date(),  # day of the week
    "people": pl.Float64(),  # of its days outside of blocks; below zero a fall; null: no figure
    "limit": pl.String(),  # up, down: no fewer than these; open: nobody knows whether a rise or a fall; ""
    "start": pl.Date(),  # the first and the last day that figures cover; null: all
    "end": pl.Date(),
    "number": pl.String(),  # the same in words, where it is known to a person
    "whole": pl.Boolean(),  # whether the counts fit the week, so that none had to be divided
    "mean": pl.Float64(),  # of four whole weeks up to this one; null where one has no figure
    "said": pl.Boolean(),  # whether the mean's number stands here
    "hover": pl.String(),
}
COLUMNS: Final = ("whole", "pale", "least", "open", "none")
MARKS: Final = [f"{mark}{short}" for mark in (*COLUMNS, "mean") for short in ("", "_short")]
PAGE: Final = (780.0, 440.0)  # pixels of a page that a drawing is made for
DAY_MS: Final = 86_400_000
WEEK: Final = timedelta(days=7)
_HEAD, _AXIS, _SPARE, _STUB = 22.0, 24.0, 18.0, 16.0  # pixels
_NUMBER, _MEAN, _TITLE = 12.0, 17.0, 15.0  # pixels of letters
_BETWEEN: Final = 0.8  # of a day, between two columns
_MANY: Final = 24  # columns, of which only those that are no shares carry their number


@dataclass(frozen=True)
class WeekWords(EdgeWords):
    """What stands around the columns. `tell` words the mean of a row of WEEK_SCHEMA, `tell_people` a number
    on the axis; `key` is of MARKS.
    """

    heading: str
    tell_people: Callable[[int], str]


def draw_weeks(
    weeks: pl.DataFrame,
    words: WeekWords,
    slot: int,
    size: tuple[float, float] = PAGE,
    blocks: Sequence[Block] = (),
    events: Sequence[Event] = (),
    named: Sequence[Event] = (),
) -> go.Figure:
    """The figure of weeks without a gap between them (WEEK_SCHEMA, in time order), of so many page pixels.

    `slot` gives the colour, the same as the measure has elsewhere; `named` are the events to name.
    """
    make = partial(_Drawing, weeks, words, PALETTE[slot], size, blocks)
    drawing = make()
    figure = drawing.draw(events, named)
    tab = not drawing.narrow or drawing.bottom - drawing.top >= 16 + drawing.measure_silence()
    if drawing.tab and not tab:
        drawing = make(tab)
        figure = drawing.draw(events, named)
    unsaid = tuple(each.foot for each in blocks if each.foot and each not in drawing.said)
    return make(tab, unsaid).draw(events, named) if unsaid else figure


class _Drawing(Canvas):
    """One drawing in the making."""

    def __init__(
        self,
        weeks: pl.DataFrame,
        words: WeekWords,
        colour: str,
        size: tuple[float, float],
        blocks: Sequence[Block],
        tab: bool = True,
        below: Sequence[str] = (),
    ) -> None:
        self.blocks = [each for each in blocks if each.last >= weeks["first"][0]]
        self.rows: list[Row] = weeks.to_dicts()
        super().__init__(self._find_ends(), size)
        self.words, self.colour = words, colour
        self.axes: Row = {}
        self.below = below  # sentences
        self.said: list[Block] = []
        self.mean: list[Segment] = []
        self.tab = measure_tab(words, self.width, self.narrow) if tab else 0.0  # else the foot says it
        self.right = self.width - (self.tab + 10 if self.tab else 6)
        shown = [each for row in self.rows for each in (row["people"], row["mean"]) if each is not None]
        shown += [each for block in self.blocks for each in (block.people, block.other) if each is not None]
        self.least, self.most = min(0.0, *shown, 0.0), max(0.0, *shown, 1.0)
        limits = [row["limit"] for row in self.rows] + [block.limit for block in self.blocks]
        self.below_zero = self.least < 0 or "open" in limits

    def draw(self, events: Sequence[Event], named: Sequence[Event]) -> go.Figure:
        """The figure."""
        lane = LANE if events or named else 0.0
        self._choose_steps(self.height - lane - 3 * _HEAD - _AXIS)
        if lane:  # the lane's line and marks begin beside its name
            self.left = max(self.left, measure_width(self.words.events, TEXT) + 10)
        labelled = name_events(self, self.words, named)
        said = {event.day for event, label in labelled if label.endswith(event.title)}
        unsaid = [event for event in named if event.day not in said]
        told = " ".join(f"{tell_day(self, self.words, event)}: {event.title}." for event in unsaid)
        if self.words.silence[0] and not self.tab:
            told += f" {self.words.silence[0]}."
        foot = wrap_text(" ".join([told, *self.below]).strip(), TEXT, self.width - 4)
        self._stack(lane, len(foot) * LINE)
        for number, line in enumerate(foot):
            self.write(line, 0, self.bottom + _AXIS + number * LINE, TEXT, SOFT)
        self._draw_columns()
        self._draw_blocks()
        self._draw_mean()
        for write in (self._write_means, self._write_numbers)[:: 1 if self.narrow else -1]:
            write()
        for block in self.blocks:
            start, end = self._find_span(block)
            tip = max(block.people, block.other or 0.0) if block.people > 0 else block.people
            half = OPEN / 2 if block.limit == "open" else 0.0
            place = (self.find_x(start), self.find_x(end), self.zero + half, self.find_y(tip) - half)
            if block.foot and block.foot in self.below:
                write_block(self, block.short, place)
            elif write_block(self, block.text, place):
                self.said.append(block)
        if lane:
            shown = [event for event, _ in labelled]
            self.axes["yaxis8"] = mark_events(self, self.words, events, shown)
            draw_uprights(self, shown, self.bottom)
        if self.tab:
            self.axes |= draw_tab(self, self.words, self.tab, self.top, self.bottom)
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "separators": self.words.separators, "dragmode": False, "hovermode": "closest",
            "hoverdistance": 24, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "barmode": "overlay", "annotations": self.notes, "shapes": self.shapes,
            **self.axes,
        }  # fmt: skip
        return go.Figure(self.traces, layout, _validate=False)

    def _choose_steps(self, room: float) -> None:
        """The lines of the grid and their labels, for a plot of about so many pixels."""
        most = max(self.most, -self.least)
        step = choose_step(most, room * most / (self.most - self.least))
        self.steps = [n * step for n in range(int(self.least // step), int(self.most // step) + 2)]
        self.left = 8 + max(measure_width(self.words.tell_people(value), TEXT) for value in self.steps)

    def _stack(self, lane: float, foot: float) -> None:
        """Heading and key, then the plot: its top, bottom and scale in pixels, and both axes."""
        if not self.narrow:  # a phone's subtitle says it
            self.write(f"<b>{self.words.heading}</b>", 0, lane + 1, _TITLE, INK)
            wide = measure_width(self.words.heading, _TITLE, BOLD)
            self.ground.boxes.append(Box(0, lane, wide, lane + _HEAD))
            lane += _HEAD
        short = "_short" if self.narrow else ""
        silent = any(row["people"] is None and self._find_free(row) for row in self.rows)
        marks = [
            (name, self.words.key[f"{name}{short}"]) for name in list_marks(self.rows, self.blocks, silent)
        ]
        self.top = lane + write_key(self, marks, self.colour, lane) + 4
        self.bottom = self.height - _AXIS - foot
        below = _SPARE if self.below_zero else 0.0
        self.scale = max(self.bottom - self.top - _SPARE - below, 40.0) / (self.most - self.least)
        self.zero = self.bottom - below + self.least * self.scale
        ticks = [value for value in self.steps if self.top <= self.find_y(value) <= self.bottom]
        days, names = self.choose_ticks(self.words.tick, self.width - self.tab)
        small = {"size": TEXT, "color": SOFT}
        self.axes["xaxis"] = {
            "type": "date", "range": list(self.span), "anchor": "y", "tickvals": days, "ticktext": names,
            "domain": [self.left / self.width, self.right / self.width], "tickangle": 0, "showgrid": False,
            "zeroline": False, "fixedrange": True, "ticks": "outside", "ticklen": 4, "showline": True,
            "linecolor": QUIET, "tickcolor": QUIET, "tickfont": small,
        }  # fmt: skip
        self.axes["yaxis"] = {
            "domain": [1 - self.bottom / self.height, 1 - self.top / self.height], "anchor": "x",
            "range": [(self.zero - self.bottom) / self.scale, (self.zero - self.top) / self.scale],
            "tickvals": ticks, "ticktext": [self.words.tell_people(value) for value in ticks],
            "gridcolor": GRID, "zeroline": self.below_zero, "zerolinecolor": INK, "zerolinewidth": 1.2,
            "fixedrange": True, "tickfont": small,
        }  # fmt: skip
        self.ground.bounds = Box(self.left, self.top, self.right, self.bottom)

    def measure_silence(self) -> float:
        """Pixels of what the tab of silence says on a phone."""
        return measure_width(self.words.silence[1], TEXT, SEMIBOLD)

    def find_y(self, people: float) -> float:
        """Where a number of people is."""
        return float(self.zero - people * self.scale)

    def _find_middle(self, first: date) -> float:
        return (self.find_x(first) + self.find_x(first + WEEK)) / 2

    def _find_ends(self) -> tuple[date, date]:
        """The first day that figures speak of, in this time, and the one after the last."""
        told = [row["first"] for row in self.rows if row["people"] is not None]
        starts = [max(each.first, self.rows[0]["first"]) for each in self.blocks]
        ends = [each.last + timedelta(days=1) for each in self.blocks]
        return min(told + starts), max([first + WEEK for first in told] + ends)

    def _find_free(self, row: Row) -> tuple[date, date] | None:
        """The days of a week that figures cover, else that no block does: the first, and the one after the
        last.
        """
        if row["start"] is not None:
            return row["start"], row["end"] + timedelta(days=1)
        days = [row["first"] + timedelta(days=n) for n in range(WEEK.days)]
        days = [day for day in days if self.span[0] <= day < self.span[1]]
        free = [day for day in days if not any(each.first <= day <= each.last for each in self.blocks)]
        return (free[0], free[-1] + timedelta(days=1)) if free else None

    def _draw_columns(self) -> None:
        free = [(row, days) for row in self.rows if (days := self._find_free(row))]
        known = [each for each in free if each[0]["people"] is not None]
        told = [each for each in known if each[0]["limit"] != "open"]
        for whole in (True, False):
            own = [each for each in told if each[0]["whole"] is whole]
            self._draw_bars(own, [row["people"] for row, _ in own], self._make_fill(pale=not whole))
        stub = {
            "color": "rgba(0,0,0,0)", "line": {"width": 0},
            "pattern": {"shape": "/", "size": 5, "fgcolor": HATCH},
        }  # fmt: skip
        silent = [each for each in free if each not in known]
        self._draw_bars(silent, [_STUB / self.scale] * len(silent), stub)
        for row, days in told:
            self._take(*days, row["people"])
        self._draw_limits([(row["hover"], row["limit"], row["people"], days) for row, days in known])

    def _make_fill(self, *, pale: bool) -> Row:
        line = {"color": self.colour, "width": 1}
        return {"color": self.colour, "opacity": PALE if pale else 1, "line": line}

    def _take(self, start: date, end: date, people: float) -> None:
        """Keep labels off a column."""
        top, bottom = sorted((self.zero, self.find_y(people)))
        self.ground.boxes.append(Box(self.find_x(start) + 1, top, self.find_x(end), bottom))

    def _draw_bars(
        self, rows: Sequence[tuple[Row, tuple[date, date]]], people: Sequence[float], marker: Row
    ) -> None:
        self.traces.append(
            {
                "type": "bar", "x": [_find_centre(*days) for _, days in rows], "y": list(people),
                "width": [((end - start).days - _BETWEEN) * DAY_MS for _, (start, end) in rows],
                "marker": marker, "hovertext": [row["hover"] for row, _ in rows],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )  # fmt: skip

    def _draw_blocks(self) -> None:
        """Each long count as one pale block, as high as its people a week."""
        if not self.blocks:
            return
        spans = [(block, self._find_span(block)) for block in self.blocks]
        told = [(block, days) for block, days in spans if block.limit != "open"]
        bars = [({"hover": block.hover}, days) for block, days in told]
        self._draw_bars(bars, [block.people for block, _ in told], self._make_fill(pale=True))
        self._draw_limits([(block.hover, block.limit, block.people, days) for block, days in spans])
        for block, days in told:
            self._take(*days, block.people)
            if block.other is not None:
                left, right = map(self.find_x, days)
                place = (left, right, self.find_y(block.people), self.find_y(block.other))
                draw_other(self, place, self.colour)

    def _draw_limits(self, counts: Sequence[tuple[str, str, float, tuple[date, date]]]) -> None:
        """What is not one number, of each count: what is said when it is touched, limit, people, days."""
        unknown = [({"hover": hover}, days) for hover, limit, _, days in counts if limit == "open"]
        clear = {"color": "rgba(0,0,0,0)", "line": {"width": 0}}
        for way in (OPEN / 2, -OPEN / 2) if unknown else ():
            self._draw_bars(unknown, [way / self.scale] * len(unknown), clear)
        for _, limit, people, days in counts:
            draw_limit(self, limit, (*map(self.find_x, days), self.zero, self.find_y(people)), self.colour)

    def _find_span(self, block: Block) -> tuple[date, date]:
        """The days of a block on the axis: the first, and the one after the last."""
        return max(block.first, self.span[0]), min(block.last + timedelta(days=1), self.span[1])

    def _draw_mean(self) -> None:
        """The mean in ink on a halo of paper, so that it is seen on every column and beside them."""
        common: Row = {
            "type": "scatter", "x": [_find_centre(row["first"], row["first"] + WEEK) for row in self.rows],
            "y": [row["mean"] for row in self.rows], "mode": "lines", "connectgaps": False,
            "hoverinfo": "skip",
        }  # fmt: skip
        self.traces.append({**common, "line": {"color": PAPER, "width": 6}})
        self.traces.append({**common, "line": {"color": INK, "width": 2.6}})
        said = [row for row in self.rows if row["said"]]
        self.traces.append(
            {
                **common, "mode": "markers", "y": [row["mean"] for row in said],
                "x": [_find_centre(row["first"], row["first"] + WEEK) for row in said],
                "marker": {"size": 8, "color": INK, "line": {"width": 2, "color": PAPER}},
            }
        )  # fmt: skip
        for row in said:
            x, y = self._find_middle(row["first"]), self.find_y(row["mean"])
            self.ground.boxes.append(Box(x - 5, y - 5, x + 5, y + 5))
        for one, two in pairwise(self.rows):
            if one["mean"] is not None and two["mean"] is not None:
                ends = (self._find_middle(one["first"]), self.find_y(one["mean"]))
                self.mean.append((*ends, self._find_middle(two["first"]), self.find_y(two["mean"])))
        self.ground.lines += self.mean

    def _write_means(self) -> None:
        """The mean's number and its weeks beside the mark, where least lies in the way."""
        for row in (each for each in self.rows if each["said"]):
            x, y = self._find_middle(row["first"]), self.find_y(row["mean"])
            told = self.words.tell(row)
            found = []
            for worse, when in enumerate(("",) if self.narrow else (f" {told.when}", f" {told.short}")):
                wide = measure_width(told.number, _MEAN, BOLD) + measure_width(when, TEXT, SEMIBOLD) + 4
                for gap in (12, 17, 22, 30, 40, 52, 66, 82):
                    for box, side, edge in list_places(x, y, wide, _MEAN * 1.1, gap):
                        faults = self.ground.count_faults(box) + 0.3 * (edge == "top") + 0.2 * worse
                        found.append((faults, box, side, edge, when))
            _, box, side, edge, when = min(found, key=lambda each: each[0])
            self.ground.boxes += [box] * 3  # letters on letters are worse than on a column
            text = f"<b><span style='font-size:{_MEAN:g}px'>{told.number}</span></b>{when}"
            shift = {"left": box.left - x, "right": box.right - x, "center": 0.0}[side]
            centre = _find_centre(row["first"], row["first"] + WEEK)
            self._note(centre, row["mean"], text, side, shift, y - (box.top + box.bottom) / 2)
            if edge != "middle" and min(abs(y - box.bottom), abs(box.top - y)) > 12:
                end = box.bottom if edge == "bottom" else box.top
                self.draw_line((x, y + (-6 if edge == "bottom" else 6), x, end), INK, 0.9, "solid")

    def _note(self, at: datetime, people: float, text: str, side: str, across: float, up: float) -> None:
        self.notes.append(
            {
                "text": text, "x": at, "y": people, "xref": "x", "yref": "y", "xanchor": side,
                "xshift": across, "yanchor": "middle", "yshift": up, "showarrow": False, "borderpad": 0,
                "font": {"size": TEXT, "color": INK, "weight": SEMIBOLD},
            }
        )  # fmt: skip

    def _write_numbers(self) -> None:
        """The people of each column at its end, where neither a label lies nor the line passes."""
        many = len(self.rows) > _MANY
        if many and self.narrow:
            return
        told = [row for row in self.rows if row["number"] and not (many and row["said"])]
        for row in sorted(told, key=lambda row: -abs(row["people"])):
            days = self._find_free(row) or (row["first"], row["first"] + WEEK)
            x, end = sum(map(self.find_x, days)) / 2, self.find_y(row["people"])
            lines = wrap_text(row["number"], _NUMBER, _NUMBER * 4)
            half = max(6.0, *(measure_width(line, _NUMBER) / 2 for line in lines))
            tall = (len(lines) - 1) * LINE / 2
            out = -1 if row["people"] >= 0 else 1
            up = -out * (9 + tall)
            for aside in (0.0, -half / 2)[: len(lines)]:
                box = Box(
                    x + aside - half + 2, end - up - tall - 4, x + aside + half - 2, end - up + tall + 4
                )
                if self.ground.count_faults(box) < 1 and not any(map(box.grow(8).is_crossed, self.mean)):
                    self.ground.boxes.append(box)
                    text = "<br>".join(lines)
                    self._note(_find_centre(*days), row["people"], text, "center", aside, up)
                    self.notes[-1]["font"] = {"size": _NUMBER, "color": INK}
                    break


def _find_centre(start: date, end: date) -> datetime:
    """The middle of the days from one up to another."""
    return datetime.combine(start, time()) + (end - start) / 2
