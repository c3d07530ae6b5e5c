"""Figures over time that are read at a glance: one series a panel, one time axis, one scale of people.

Exact figures alone are on the line. How many are in doubt is counted; the one that is farthest off is a grey
ring that says so, where it touches no line. Labels are placed in pixels for the room that there is, so a
page, a phone and a newspaper each get a drawing of their own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, Segment
from dashboards.charts.line_gaps import is_long, list_silent_stretches
from dashboards.charts.story_canvas import (
    LINE,
    NARROW,
    TEXT,
    Row,
    StoryPanel,
    StoryWords,
    choose_step,
)  # fmt: skip
from dashboards.charts.story_edges import (
    LANE,
    call_out,
    draw_tab,
    draw_uprights,
    mark_events,
    measure_key,
    name_events,
    split_key,
    tell_day,
    write_key,
    write_upright,
)  # fmt: skip
from dashboards.charts.story_labels import (
    LIFT,
    Fit,
    LabelledCanvas,
    NoRoomError,
    find_head,
    list_settled,
    measure_beside,
)
from dashboards.charts.story_marks import (
    SIGNS,
    SPAN,
    STEM,
    count_doubts,
    draw_bounds,
    draw_doubts,
    draw_exact,
    draw_line,
    find_height,
    is_clear,
    list_doubts,
)  # fmt: skip
from dashboards.charts.theme import GRID, IN_DOUBT, IS_RING, LETTERS, QUIET, SOFT, Mark, find_marks

HEAD, AXIS = 24.0, 24.0
_TITLE: Final = 15.0
_LEAST_ROOM: Final = 60.0  # pixels of all panels
_LEAST_NARROW: Final = 90.0  # the same on a phone, where events give way first
_BESIDE_KEY: Final = 150.0  # pixels of the last number and its day, beside the key
_BOUNDS: Final = {Mark.LOWER_BOUND: "⊥", Mark.UPPER_BOUND: "⊤", Mark.SPAN: SPAN}


def draw_story(
    panels: Sequence[StoryPanel],
    named: Sequence[Event],
    words: StoryWords,
    span: tuple[date, date],
    size: tuple[float, float],
    ticks: Sequence[Event] = (),
) -> go.Figure:
    """The figure for a plot of `size` pixels of a page. `named` are the events to mark, the most important
    first; each has its name in the picture. `ticks` are others, for a page where a tick can be touched.
    """
    inside: tuple[str, ...] = ()
    beside = 12 + max((measure_beside(words, panel) for panel in panels), default=0.0)
    below = tuple(note for panel in panels for note in panel.notes)
    tries = [Fit(reserve=reserve, foot=foot) for foot in (inside, below) for reserve in (0.0, beside)]
    if size[0] < NARROW:
        foot = below[-1:]  # that a total ends is seen
        usual = [Fit(foot=foot), Fit(foot=foot, lift=True)]
        tries = [*usual, *(replace(each, small=True) for each in usual), Fit(reserve=beside, foot=foot)]
        tries += [replace(each, small=True, bare=True) for each in usual]
    for fit in tries:
        try:
            return _Drawing(panels, words, span, size, fit).draw(named, ticks)
        except NoRoomError:
            continue
    return _Drawing(panels, words, span, size, replace(tries[-1], forced=True)).draw(named, ticks)


class _Drawing(LabelledCanvas):
    """One drawing in the making."""

    def __init__(
        self,
        panels: Sequence[StoryPanel],
        words: StoryWords,
        span: tuple[date, date],
        size: tuple[float, float],
        fit: Fit,
    ) -> None:
        super().__init__(panels, words, span, size, fit)
        self.axes: Row = {}
        self.heading_tops: list[float] = []
        self.doubts: set[str] = set()  # claims in doubt that are drawn
        self.rings: list[Row] = []  # their marks, one trace a panel

    def draw(self, named: Sequence[Event], ticks: Sequence[Event]) -> go.Figure:
        """The figure. Raises NoRoomError."""
        foot = self.fit.foot
        lane = bool(named) and not self.fit.bare
        if not lane:
            named = ()
        else:
            self.left = max(self.left, measure_width(self.words.events, TEXT) + 7)
        labelled = name_events(self, self.words, named)
        shown = [event for event, _ in labelled]
        unsaid = [event for event, label in labelled if not label.endswith(event.title)]
        unsaid.sort(key=lambda event: event.day)
        told = [f"{tell_day(self, self.words, event)}: {event.title}." for event in unsaid]
        self._stack(LANE if lane else 0.0, len(self._list_foot(told, foot)) * LINE)
        if self.tab and self.narrow and not self._tells_silence():
            told.append(f"{self.words.silence[0]}.")
            self._stack(LANE if lane else 0.0, len(self._list_foot(told, foot)) * LINE)
        for place, panel in enumerate(self.panels):
            self._write_heading(place)
            self._draw_panel(place, panel)
        lines = self._list_foot(told, foot)
        self._write_key()
        if lane:
            self.axes["yaxis8"] = mark_events(self, self.words, ticks, shown)
        self.ground.uprights = [self.find_x(event.day) for event in shown]
        for place, panel in enumerate(self.panels):
            self.label_line(place, panel)
        for place, panel in enumerate(self.panels):
            if not foot:
                self.write_notes(place, panel)
            self._call_out(place, panel)
        bottom = self.places[-1][1]
        draw_uprights(self, shown, bottom)
        if self.tab:
            self.axes |= draw_tab(self, self.words, self.tab, self._find_tab_top(), bottom)
        for number, line in enumerate(lines):
            self.write(line, 0, bottom + AXIS + number * LINE, TEXT, SOFT)
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "separators": self.words.separators, "dragmode": False, "hovermode": "closest",
            "hoverdistance": 24, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "annotations": self.notes, "shapes": self.shapes, **self.axes,
        }  # fmt: skip
        return go.Figure(self.traces, layout, _validate=False)

    def _list_foot(self, told: Sequence[str], foot: Sequence[str]) -> list[str]:
        """The lines below the axis: sentences, on a phone in one paragraph with how many are in doubt."""
        if not self.narrow:
            return [line for text in (" ".join(told), *foot) for line in wrap_text(text, TEXT, self.width)]
        not_drawn = [] if self.words.every else self.words.not_drawn(*count_doubts(self.panels))
        left_out = [f"{each}." for each in not_drawn]
        return wrap_text(" ".join([*told, *foot, *left_out]), TEXT, self.width - 6)

    def _find_tab_top(self) -> float:
        return self.places[0][0] - (LIFT if self.fit.lift else 0.0)

    def _tells_silence(self) -> bool:
        """Whether a phone's tab is high enough to say since when there is no figure."""
        lines = write_upright(self.words, self.places[-1][1] - self._find_tab_top())
        return self.words.silence[1] in " ".join(lines)

    def _stack(self, lane: float, foot: float) -> None:
        """Top and bottom of each panel in pixels, and its highest number: one scale of people; the key."""
        key = self._list_key()
        heading = measure_width(self.panels[0].title, _TITLE, BOLD)
        own_row = heading + measure_key(key) + 16 > self.right
        below_heading = bool(own_row and heading)
        self.key_at = lane + (HEAD - 3 if below_heading else 5), own_row or not heading
        heads = [HEAD + 4 * place for place in range(len(self.tops))]
        rows = len(split_key(key, self.width - self.left))
        heads[0] += LINE * (rows if below_heading else max(rows - 1, 0)) + (2 if below_heading else 0)
        if not heading:
            heads[0] += 8  # the key stands over the line, not beside a heading
        if self.fit.lift:
            beside_key = len(heads) == 1 and measure_key(key) + _BESIDE_KEY < self.right
            heads[0] += LIFT / 2 if beside_key else LIFT
        room = self.height - lane - sum(heads) - AXIS - foot - 4
        if room < (_LEAST_NARROW if self.narrow else _LEAST_ROOM) and not self.fit.forced:
            raise NoRoomError
        room = max(room, _LEAST_ROOM)
        self.step = choose_step(max(self.tops), room * max(self.tops) / sum(self.tops))
        reach = []
        for top in self.tops:
            rounded = -(-top // self.step) * self.step
            reach.append(float(rounded) if rounded <= 1.15 * top else top * 1.06)
        self.scale = room / sum(reach)
        self.places, self.heading_tops = [], []
        y = lane
        for place, (head, most) in enumerate(zip(heads, reach, strict=True)):
            self.heading_tops.append(y + 4 * place)
            self.places.append((y + head, y + head + most * self.scale, most))
            y += head + most * self.scale

    def _write_heading(self, place: int) -> None:
        top = self.heading_tops[place]
        title, colour = self.panels[place].title, self.looks[place].colour
        if not title:
            return
        if self.tab and self.narrow and measure_width(title, _TITLE, BOLD) > self.width - self.tab - 4:
            title = title.partition(",")[0]  # the rest is in the subtitle and the table
        self.write(f"<b>{title}</b>", 0, top + 1, _TITLE, LETTERS.get(colour, colour))
        wide = measure_width(title, _TITLE, BOLD)
        self.ground.boxes.append(Box(0, top + 1, wide, top + 1 + _TITLE * 1.3))

    def _list_key(self) -> list[tuple[str, str, str]]:
        """What the marks mean that the titles do not explain."""
        points = pl.concat([panel.points for panel in self.panels])
        look, words, found = self.looks[0], self.words, []
        marks = find_marks(points)
        bounds = [mark for mark in _BOUNDS if mark in marks]
        if bounds and not self.narrow:
            found.append((look.colour, SIGNS.get(look.shape, "●"), words.key["exact"]))
        found += [(look.colour, _BOUNDS[mark], words.key[mark]) for mark in bounds]
        joined = [panel.points for panel in self.panels if panel.joined]
        silent = [is_long(each) for own in joined for each in list_silent_stretches(own)]
        if not all(silent):
            found.append((look.colour, "⋯", words.key["dotted"]))
        if any(silent):
            found.append((SOFT, "", words.key["broken"]))
        if points.filter(IS_RING).height:
            found.append((look.colour, "○", words.key["secondhand"]))
        counts = count_doubts(self.panels)
        if words.every:
            names = [name for name, count in zip(("doubt", "contradicted"), counts, strict=True) if count]
            found += [(IN_DOUBT, "○", words.key[name]) for name in names]
        elif not self.narrow:
            found += [(SOFT, "", text) for text in words.not_drawn(*counts)]
        return found

    def _write_key(self) -> None:
        """What marks mean, and how many figures are in doubt."""
        top, left = self.key_at
        for row in split_key(self._list_key(), self.width - self.left):
            write_key(self, row, top, left)
            top += LINE

    def _draw_panel(self, place: int, panel: StoryPanel) -> None:
        suffix = "" if place == 0 else str(place + 1)
        top, bottom, most = self.places[place]
        last = place == len(self.panels) - 1
        days, labels = self.choose_ticks(self.words.tick, self.width - self.tab)
        self.axes[f"xaxis{suffix}"] = {
            "type": "date", "range": list(self.span), "anchor": f"y{suffix}", "tickvals": days,
            "domain": [self.left / self.width, self.right / self.width], "ticktext": labels, "tickangle": 0,
            "showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "outside" if last else "",
            "ticklen": 4, "showticklabels": last, "showline": True, "linecolor": QUIET, "tickcolor": QUIET,
            "tickfont": {"size": TEXT, "color": SOFT},
        }  # fmt: skip
        self.axes[f"yaxis{suffix}"] = {
            "domain": [1 - bottom / self.height, 1 - top / self.height], "anchor": f"x{suffix}",
            "range": [0, most], "tick0": 0, "dtick": self.step, "tickformat": ",d", "gridcolor": GRID,
            "zeroline": False, "fixedrange": True, "tickfont": {"size": TEXT, "color": SOFT},
        }  # fmt: skip
        axes: Row = {"type": "scatter", "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "showlegend": False}
        self._draw_marks(place, panel, axes)

    def _draw_marks(self, place: int, panel: StoryPanel, axes: Row) -> None:
        look, ground = self.looks[place], self.ground
        lines = draw_line(panel, look, axes)
        own: list[Segment] = []
        for trace in (each for each in lines if "fill" not in each):
            ends = [
                None if value is None else (self.find_x(day), self.find_y(place, value))
                for day, value in zip(trace["x"], trace["y"], strict=True)
            ]
            own += [(*one, *two) for one, two in pairwise(ends) if one is not None and two is not None]
        rows = list_settled(panel)
        exact = [row for row in rows if row["low"] == row["high"]]
        bounds = [row for row in panel.points.to_dicts() if row["low"] != row["high"]]
        marks = [(self.find_x(row["as_of"]), self.find_y(place, row["low"])) for row in exact]
        self.marks.append(
            marks + [(self.find_x(row["as_of"]), self.find_y(place, find_height(row))) for row in bounds]
        )
        clear = []
        for row in list_doubts(panel):
            at = self.find_x(row["as_of"]), self.find_y(place, row["value"])
            told = not self.narrow and panel.callout and row["claim_id"] == panel.callout.claim_id
            if self.words.every or (told and is_clear(at, own, marks)):
                clear.append(row)
                ground.boxes.append(Box(at[0] - 3, at[1] - 3, at[0] + 3, at[1] + 3))
        self.doubts |= {row["claim_id"] for row in clear}
        self.rings.append(draw_doubts(clear, axes))
        self.traces += [*lines, self.rings[-1]]
        if bounds:
            self.traces += draw_bounds(bounds, look, axes, STEM / self.scale)
        self.traces.append(draw_exact(exact, look, axes, find_head(panel, rows)["claim_id"] if rows else ""))
        ground.lines += own
        ground.boxes += [Box(x - 3, y - 3, x + 3, y + 3) for x, y in marks]
        for row in bounds:
            x, y = self.find_x(row["as_of"]), self.find_y(place, find_height(row))
            ground.boxes.append(Box(x - 5, y - (STEM if row["high"] is None else 3), x + 5, y + 4))

    def _call_out(self, place: int, panel: StoryPanel) -> None:
        if panel.callout is None or self.narrow or panel.callout.claim_id not in self.doubts:
            return
        top, bottom, _ = self.places[place]
        doubted = panel.doubted.filter(pl.col("claim_id") == panel.callout.claim_id).row(0, named=True)
        mark = self.find_x(doubted["as_of"]), self.find_y(place, doubted["value"])
        inside = Box(self.left, top, self.right, bottom)
        self.ground.bounds = inside
        if not call_out(self, panel.callout, mark, inside):
            self.rings[place] |= {"x": [], "y": [], "customdata": []}  # no ring without its words
