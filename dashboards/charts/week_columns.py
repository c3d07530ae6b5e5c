"""A pace as columns, one for each week, with the mean of four weeks as a line.

A column is people, not a rate: what one day saw is never drawn as if it had gone on for a week. It is pale
where a count begins or ends in another week; a week of which no figure speaks is a hatched stub, not nothing.
Where one count spans weeks, its people and days stand there once, and not a share of them on each column.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.fonts import BOLD, SEMIBOLD, balance_text, measure_width, wrap_text
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, EdgeWords, Row, choose_step
from dashboards.charts.story_edges import (
    LANE,
    TAB,
    draw_tab,
    draw_uprights,
    mark_events,
    name_events,
    tell_day,
)
from dashboards.charts.theme import GRID, HATCH, INK, PALETTE, PAPER, QUIET, SOFT
from dashboards.charts.week_key import PALE, write_key

WEEK_SCHEMA: Final = {
    "first": pl.Date(),  # day of the week
    "people": pl.Float64(),  # below zero a fall; null: no figure speaks of the week
    "number": pl.String(),  # the same in words; null: of a count that spans weeks
    "whole": pl.Boolean(),  # whether the counts fit the week, so that none had to be divided
    "mean": pl.Float64(),  # of four whole weeks up to this one; null where one has no figure
    "said": pl.Boolean(),  # whether the mean's number stands here
    "hover": pl.String(),
}
MARKS: Final = [f"{mark}{short}" for mark in ("whole", "pale", "none", "mean") for short in ("", "_short")]
PAGE: Final = (880.0, 440.0)  # pixels of a page that a drawing is made for
DAY_MS: Final = 86_400_000
WEEK: Final = timedelta(days=7)
_MIDDLE: Final = timedelta(days=3, hours=12)
_HEAD, _AXIS, _SPARE, _STUB = 22.0, 24.0, 18.0, 16.0  # pixels
_NUMBER, _MEAN, _TITLE = 12.0, 17.0, 15.0  # pixels of letters
_MANY: Final = 24  # columns, of which only those that are no shares carry their number


@dataclass(frozen=True)
class Stretch:
    """One count that spans whole weeks: the first day of the first and of the last of them, its people and
    days in words, and in short. `foot` is said below the columns where these have no room for either.
    """

    first: date
    last: date
    text: str
    short: str
    foot: str = ""


@dataclass(frozen=True)
class WeekWords(EdgeWords):
    """What stands around the columns. `tell` words the mean of a row of WEEK_SCHEMA, `tell_people` a number
    on the axis; `key` is of the marks whole, pale, none, mean, and of each in short.
    """

    heading: str
    tell_people: Callable[[int], str]


def draw_weeks(
    weeks: pl.DataFrame,
    words: WeekWords,
    slot: int,
    size: tuple[float, float] = PAGE,
    stretches: Sequence[Stretch] = (),
    events: Sequence[Event] = (),
    named: Sequence[Event] = (),
) -> go.Figure:
    """The figure of weeks without a gap between them (WEEK_SCHEMA, in time order), of so many page pixels.

    `slot` gives the colour, the same as the measure has elsewhere; `named` are the events to name.
    """
    drawing = _Drawing(weeks, words, PALETTE[slot], size)
    figure = drawing.draw(stretches, events, named)
    tab = not drawing.narrow or drawing.bottom - drawing.top >= 16 + drawing.measure_silence()
    if drawing.tab and not tab:
        drawing = _Drawing(weeks, words, PALETTE[slot], size, tab)
        figure = drawing.draw(stretches, events, named)
    unsaid = [each for each in stretches if each.foot and each not in drawing.said]
    if unsaid:
        below = tuple(each.foot for each in unsaid)
        return _Drawing(weeks, words, PALETTE[slot], size, tab, below).draw(stretches, events, named)
    return figure


class _Drawing(Canvas):
    """One drawing in the making."""

    def __init__(
        self,
        weeks: pl.DataFrame,
        words: WeekWords,
        colour: str,
        size: tuple[float, float],
        tab: bool = True,
        below: Sequence[str] = (),
    ) -> None:
        super().__init__((weeks["first"][0], weeks["first"][-1] + WEEK), size)
        self.rows: list[Row] = weeks.to_dicts()
        self.words, self.colour = words, colour
        self.axes: Row = {}
        self.below = below  # sentences
        self.said: list[Stretch] = []
        tab = tab and bool(words.silence[0])  # else the foot says it
        self.tab = 0.0 if not tab else TAB[0] if self.narrow else min(TAB[1], self.width * 0.08)
        self.right = self.width - (self.tab + 10 if self.tab else 6)
        shown = [each for row in self.rows for each in (row["people"], row["mean"]) if each is not None]
        self.least, self.most = min(0.0, *shown, 0.0), max(0.0, *shown, 1.0)

    def draw(
        self, stretches: Sequence[Stretch], events: Sequence[Event], named: Sequence[Event]
    ) -> go.Figure:
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
        foot = wrap_text(" ".join([told, *self.below]).strip(), TEXT, self.width)
        self._stack(lane, len(foot) * LINE)
        for number, line in enumerate(foot):
            self.write(line, 0, self.bottom + _AXIS + number * LINE, TEXT, SOFT)
        self._draw_columns()
        self._draw_mean()
        for write in (self._write_means, self._write_numbers)[:: 1 if self.narrow else -1]:
            write()
        for stretch in stretches:
            if stretch.foot not in self.below:
                self._write_stretch(stretch)
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
        marks = [(name, self.words.key[f"{name}{short}"]) for name in self._list_marks()]
        self.top = lane + write_key(self, marks, self.colour, lane) + 4
        self.bottom = self.height - _AXIS - foot
        below = _SPARE if self.least < 0 else 0.0
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
            "gridcolor": GRID, "zeroline": self.least < 0, "zerolinecolor": INK, "zerolinewidth": 1.2,
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

    def _list_marks(self) -> list[str]:
        """Which marks these weeks have, in the order of the key."""
        told = [row for row in self.rows if row["people"] is not None]
        present = {
            "whole": any(row["whole"] for row in told),
            "pale": not all(row["whole"] for row in told),
            "none": len(told) < len(self.rows),
            "mean": any(row["mean"] is not None for row in self.rows),
        }
        return [name for name, is_there in present.items() if is_there]

    def _draw_columns(self) -> None:
        told = [row for row in self.rows if row["people"] is not None]
        for whole in (True, False):
            own = [row for row in told if row["whole"] is whole]
            marker = {
                "color": self.colour, "opacity": 1 if whole else PALE,
                "line": {"color": self.colour, "width": 1},
            }  # fmt: skip
            self._draw_bars(own, [row["people"] for row in own], marker)
        stub = {
            "color": "rgba(0,0,0,0)", "line": {"width": 0},
            "pattern": {"shape": "/", "size": 5, "fgcolor": HATCH},
        }  # fmt: skip
        silent = [row for row in self.rows if row["people"] is None]
        self._draw_bars(silent, [_STUB / self.scale] * len(silent), stub)
        for row in told:
            top, bottom = sorted((self.zero, self.find_y(row["people"])))
            left, right = self.find_x(row["first"]), self.find_x(row["first"] + WEEK)
            self.ground.boxes.append(Box(left + 1, top, right, bottom))

    def _draw_bars(self, rows: Sequence[Row], people: Sequence[float], marker: Row) -> None:
        self.traces.append(
            {
                "type": "bar", "x": [_find_noon(row["first"]) for row in rows], "y": list(people),
                "width": 6.2 * DAY_MS, "marker": marker, "hovertext": [row["hover"] for row in rows],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )  # fmt: skip

    def _draw_mean(self) -> None:
        """The mean in ink on a halo of paper, so that it is seen on every column and beside them."""
        common: Row = {
            "type": "scatter", "x": [_find_noon(row["first"]) for row in self.rows],
            "y": [row["mean"] for row in self.rows], "mode": "lines", "connectgaps": False,
            "hoverinfo": "skip",
        }  # fmt: skip
        self.traces.append({**common, "line": {"color": PAPER, "width": 6}})
        self.traces.append({**common, "line": {"color": INK, "width": 2.6}})
        said = [row for row in self.rows if row["said"]]
        self.traces.append(
            {
                **common, "mode": "markers", "x": [_find_noon(row["first"]) for row in said],
                "y": [row["mean"] for row in said],
                "marker": {"size": 8, "color": INK, "line": {"width": 2, "color": PAPER}},
            }
        )  # fmt: skip
        for row in said:
            x, y = self._find_middle(row["first"]), self.find_y(row["mean"])
            self.ground.boxes.append(Box(x - 5, y - 5, x + 5, y + 5))
        for one, two in pairwise(self.rows):
            if one["mean"] is not None and two["mean"] is not None:
                ends = (self._find_middle(one["first"]), self.find_y(one["mean"]))
                self.ground.lines.append((*ends, self._find_middle(two["first"]), self.find_y(two["mean"])))

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
            self._note(row["first"], row["mean"], text, side, shift, y - (box.top + box.bottom) / 2)
            if edge != "middle" and min(abs(y - box.bottom), abs(box.top - y)) > 12:
                end = box.bottom if edge == "bottom" else box.top
                self.draw_line((x, y + (-6 if edge == "bottom" else 6), x, end), INK, 0.9, "solid")

    def _note(self, first: date, people: float, text: str, side: str, across: float, up: float) -> None:
        self.notes.append(
            {
                "text": text, "x": _find_noon(first), "y": people, "xref": "x", "yref": "y", "xanchor": side,
                "xshift": across, "yanchor": "middle", "yshift": up, "showarrow": False, "borderpad": 0,
                "font": {"size": TEXT, "color": INK, "weight": SEMIBOLD},
            }
        )  # fmt: skip

    def _write_numbers(self) -> None:
        """The people of each column at its end, or farther out where the line passes; else nowhere."""
        many = len(self.rows) > _MANY
        if many and self.narrow:
            return
        told = [
            row
            for row in self.rows
            if row["number"] and (row["whole"] or not many) and not (many and row["said"])
        ]
        for row in sorted(told, key=lambda row: -abs(row["people"])):
            x, end = self._find_middle(row["first"]), self.find_y(row["people"])
            half = max(measure_width(row["number"], _NUMBER) / 2, 6.0)
            out = -1 if row["people"] >= 0 else 1
            for away in (9, 13, 17):
                y = end + out * away
                box = Box(x - half + 2, y - 4, x + half - 2, y + 4)
                if self.ground.count_faults(box) < 1:
                    self.ground.boxes.append(box)
                    self._note(row["first"], row["people"], row["number"], "center", 0, -out * away)
                    self.notes[-1]["font"] = {"size": _NUMBER, "color": INK}
                    break

    def _write_stretch(self, stretch: Stretch) -> None:
        """The people and days of one count, from its first column to its last; nothing without room."""
        own = [row for row in self.rows if stretch.first <= row["first"] <= stretch.last]
        left, right = self.find_x(stretch.first) + 3, self.find_x(stretch.last + WEEK) - 3
        told = self._fit_lines(stretch, right - left - 30)
        if not told:
            return
        half, tall = max(measure_width(line, TEXT, SEMIBOLD) for line in told) / 2, len(told) * LINE / 2
        out = -1 if own[0]["people"] >= 0 else 1
        ends = [self.find_y(row["people"]) for row in own]
        least, outermost = (max(ends), min(ends)) if out < 0 else (min(ends), max(ends))
        inside = [self.zero + out * (tall + 3)] if abs(least - self.zero) > 2 * tall + 6 else []
        middle = (left + right) / 2
        for y in [*inside, *(outermost + out * (tall + away) for away in range(4, 52, 4))]:
            text = Box(middle - half, y - tall + 1, middle + half, y + tall - 1)
            if y in inside:
                crossed = any(text.grow(2).is_crossed(line) for line in self.ground.lines)
            else:
                crossed = self.ground.count_faults(text) >= 1
            if not crossed:
                break
        else:
            return
        self.said.append(stretch)
        self.ground.boxes.append(text)
        for number, line in enumerate(told):
            top = y - tall + number * LINE + (LINE - 1.3 * TEXT) / 2
            self.write(line, middle, top, TEXT, INK, "center", font={"weight": SEMIBOLD})
        for x, end in ((left, middle - half - 5), (right, middle + half + 5)):
            self.draw_line((x, y, end, y), INK, 1, "solid")
            self.draw_line((x, y - 4, x, y + 4), INK, 1, "solid")

    def _fit_lines(self, stretch: Stretch, room: float) -> list[str]:
        """What is said of a count in lines of so many pixels: in short where the whole takes too many."""
        for text, most in ((stretch.text, 0 if self.narrow else 2), (stretch.short, 2)):
            for lines in (text.replace("; ", ";\n").split("\n"), balance_text(text, TEXT, room, SEMIBOLD)):
                widest = max(measure_width(line, TEXT, SEMIBOLD) for line in lines)
                if len(lines) <= most and widest <= room:
                    return lines
        return []


def _find_noon(first: date) -> datetime:
    """The middle of a week, where its column stands."""
    return datetime.combine(first, time()) + _MIDDLE
