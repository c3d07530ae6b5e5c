"""Figures over time that are read at a glance: one series a panel, one time axis, one scale of people.

Exact figures alone are on the line; what is in doubt is a grey ring beside it. Labels are placed in pixels
for the room that there is, so a page, a phone and a newspaper each get a drawing of their own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.line_gaps import find_line_points, find_silent_stretches
from dashboards.charts.story_canvas import (
    LINE,
    NARROW,
    TEXT,
    Canvas,
    Row,
    StoryPanel,
    StoryWords,
    Told,
    choose_step,
    find_turns,
)  # fmt: skip
from dashboards.charts.story_edges import (
    LANE,
    call_out,
    draw_tab,
    draw_uprights,
    mark_events,
    measure_key,
    name_events,
    tell_day,
    write_key,
)  # fmt: skip
from dashboards.charts.theme import GRID, IN_DOUBT, LETTERS, PAPER, QUIET, SOFT, choose_look
from dashboards.charts.timeseries import HOVER

HEAD, AXIS = 24.0, 24.0
_LAST, _FIRST, _DAY, _TITLE = 24.0, 17.0, 13.0, 15.0
_TURN: Final = 0.25  # of the highest figure: a rise and a fall by as much make a peak
_TURNS: Final = 3
_GAPS: Final = (11.0, 18.0, 26.0, 36.0)  # pixels between a mark and its label, the nearest that is free
_NOTE: Final = 200.0  # pixels of a paragraph inside


def draw_story(
    panels: Sequence[StoryPanel],
    events: Sequence[Event],
    named: Sequence[Event],
    words: StoryWords,
    span: tuple[date, date],
    size: tuple[float, float],
) -> go.Figure:
    """The figure for a plot of `size` pixels of a page. `named` are the events to name, the most important
    first; the others are ticks.
    """
    inside: tuple[str, ...] = ()
    newest = [words.tell(_list_settled(panel)[-1]) for panel in panels if _list_settled(panel)]
    beside = 12 + max((measure_width(told.short, TEXT, SEMIBOLD) for told in newest), default=0.0)
    below = tuple(note for panel in panels for note in panel.notes)
    tries = [(reserve, foot) for foot in (inside, below) for reserve in (0.0, beside)]
    for reserve, foot in tries[2:] if size[0] < NARROW and below else tries:
        try:
            return _Drawing(panels, words, span, size, reserve).draw(events, named, foot)
        except _NoRoomError:
            continue
    return _Drawing(panels, words, span, size, beside, forced=True).draw(events, named, below)


class _NoRoomError(Exception):
    """A label or a note would stand on something else."""


class _Drawing(Canvas):
    """One drawing in the making."""

    def __init__(
        self,
        panels: Sequence[StoryPanel],
        words: StoryWords,
        span: tuple[date, date],
        size: tuple[float, float],
        reserve: float,
        forced: bool = False,
    ) -> None:
        super().__init__(span, size)
        self.reserve, self.forced = reserve, forced
        self.panels, self.words = panels, words
        self.axes: Row = {}
        self.tops = [max(panel.points["low"].to_list(), default=0) or 1 for panel in panels]
        self.looks = [choose_look(own.points["slot"][0], own.points["variant"][0]) for own in panels]
        self.tab = 0.0 if not words.silence[0] else 20.0 if self.narrow else min(72.0, self.width * 0.08)
        self.left = 10 + max(measure_width(f"{top * 1.15:,.0f}", TEXT) for top in self.tops)
        self.right = self.width - (self.tab + 10 if self.tab else 6) - reserve

    def draw(self, events: Sequence[Event], named: Sequence[Event], foot: tuple[str, ...]) -> go.Figure:
        """The figure; `foot` is written below its axis. Raises _NoRoomError."""
        labelled = name_events(self, self.words, named)
        shown = [event for event, _ in labelled]
        unsaid = [event for event, label in labelled if not label.endswith(event.title)]
        told = " ".join(f"{tell_day(self, self.words, event)}: {event.title}." for event in unsaid)
        lines = [line for text in (told, *foot) for line in wrap_text(text, TEXT, self.width)]
        self._stack(LANE if events or named else 0.0, len(lines) * LINE)
        for place, panel in enumerate(self.panels):
            self._draw_panel(place, panel)
        if events or named:
            self.axes["yaxis8"] = mark_events(self, self.words, events, shown)
        self.ground.uprights = [self.find_x(event.day) for event in shown]
        for place, panel in enumerate(self.panels):
            self._label_line(place, panel)
        for place, panel in enumerate(self.panels):
            if not foot:
                self._write_notes(place, panel)
            self._call_out(place, panel)
        bottom = self.places[-1][1]
        draw_uprights(self, shown, bottom)
        if self.tab:
            self.axes |= draw_tab(self, self.words, self.tab, self.places[0][0], bottom)
        for number, line in enumerate(lines):
            self.write(line, 0, bottom + AXIS + number * LINE, TEXT, SOFT)
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "separators": self.words.separators, "dragmode": False, "hovermode": "closest",
            "hoverdistance": 24, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "annotations": self.notes, "shapes": self.shapes, **self.axes,
        }  # fmt: skip
        return go.Figure(self.traces, layout, _validate=False)

    def _stack(self, lane: float, foot: float) -> None:
        """Top and bottom of each panel in pixels, and its highest number: one scale of people; the key."""
        key = self._list_key()
        heading = measure_width(self.panels[0].title, _TITLE, BOLD)
        own_row = heading + measure_key(key) + 16 > self.right
        heads = [
            HEAD + (LINE + 2 if own_row and place == 0 else 4 * place) for place in range(len(self.tops))
        ]
        if len(heads) == 1 and not self.panels[0].title and not key:
            heads = [8.0]
        room = max(self.height - lane - sum(heads) - AXIS - foot - 4, 60.0)
        self.step = choose_step(max(self.tops), room * max(self.tops) / sum(self.tops))
        reach = []
        for top in self.tops:
            rounded = -(-top // self.step) * self.step
            reach.append(float(rounded) if rounded <= 1.15 * top else top * 1.06)
        self.scale = room / sum(reach)
        self.places: list[tuple[float, float, float]] = []
        y = lane
        for place, (head, most) in enumerate(zip(heads, reach, strict=True)):
            self._write_heading(place, y + 4 * place)
            if place == 0 and key:
                write_key(self, key, y + (HEAD - 3 if own_row else 5), own_row or not heading)
            self.places.append((y + head, y + head + most * self.scale, most))
            y += head + most * self.scale

    def _write_heading(self, place: int, top: float) -> None:
        title, colour = self.panels[place].title, self.looks[place].colour
        if not title:
            return
        self.write(f"<b>{title}</b>", 0, top + 1, _TITLE, LETTERS.get(colour, colour))
        wide = measure_width(title, _TITLE, BOLD)
        self.ground.boxes.append(Box(0, top + 1, wide, top + 1 + _TITLE * 1.3))

    def _list_key(self) -> list[tuple[str, str, str]]:
        points = pl.concat([panel.points for panel in self.panels])
        colour = self.looks[0].colour
        found = [] if self.narrow else [(colour, "●", self.words.key["exact"])]
        if points.filter(~pl.col("contradicted"), pl.col("provenance") == "secondhand").height:
            found.append((colour, "○", self.words.key["secondhand"]))
        if points["contradicted"].any() or any(panel.doubted.height for panel in self.panels):
            found.append((IN_DOUBT, "○", self.words.key["doubt"]))
        return found if len(found) > 1 or self.narrow else []

    def find_y(self, place: int, value: float) -> float:
        """Where a number is in a panel."""
        return self.places[place][1] - value * self.scale

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
        self._draw_line(place, panel, axes)
        self._draw_marks(place, panel, axes)

    def _draw_line(self, place: int, panel: StoryPanel, axes: Row) -> None:
        colour = self.looks[place].colour
        quiet = {**axes, "mode": "lines", "hoverinfo": "skip", "connectgaps": False}
        x, y = find_line_points(panel.points)
        dotted, heights = find_silent_stretches(panel.points)
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        # A tint below a silence would colour years without figures.
        tint = {"fill": "tozeroy", "fillcolor": f"rgba({red},{green},{blue},0.07)"} if not dotted else {}
        self.traces.append({**quiet, "x": x, "y": y, "line": {"color": colour, "width": 2.4}, **tint})
        if dotted:
            fine = {"color": colour, "width": 1.6, "dash": "2px,4px"}
            self.traces.append({**quiet, "x": dotted, "y": heights, "line": fine})
        for days, values in ((x, y), (dotted, heights)):
            for at in range(1, len(days)):
                before, after, low, high = days[at - 1], days[at], values[at - 1], values[at]
                if before is not None and after is not None and low is not None and high is not None:
                    ends = (self.find_x(before), self.find_y(place, low))
                    self.ground.lines.append((*ends, self.find_x(after), self.find_y(place, high)))

    def _draw_marks(self, place: int, panel: StoryPanel, axes: Row) -> None:
        look = self.looks[place]
        doubted = panel.doubted.select("as_of", "value", "hover", "claim_id").rows()
        unsettled = panel.points.filter(pl.col("contradicted"))
        doubted += unsettled.select("as_of", "low", "hover", "claim_id").rows()
        ring = {"width": 1.5, "color": IN_DOUBT}
        self.traces.append(
            {
                **axes, "mode": "markers", "x": [row[0] for row in doubted], "y": [row[1] for row in doubted],
                "customdata": [list(row[2:]) for row in doubted], "hovertemplate": HOVER,
                "marker": {"symbol": "circle-open", "size": 7, "color": IN_DOUBT, "line": ring},
            }
        )  # fmt: skip
        rows = _list_settled(panel)
        usual = 5 if len(rows) > 28 else 6.5
        second = [row["provenance"] == "secondhand" for row in rows]
        sizes = [usual + (1.5 if ring else 0) for ring in second]
        sizes[-1:] = [9.5] if rows else []
        self.traces.append(
            {
                **axes, "mode": "markers", "x": [row["as_of"] for row in rows],
                "y": [row["low"] for row in rows], "cliponaxis": False, "hovertemplate": HOVER,
                "customdata": [[row["hover"], row["claim_id"]] for row in rows],
                "marker": {
                    "symbol": look.shape, "size": sizes, "opacity": 1,
                    "color": [PAPER if ring else look.colour for ring in second],
                    "line": {"color": look.colour, "width": [2 if ring else 0 for ring in second]},
                },
            }
        )  # fmt: skip
        for day, value in [row[:2] for row in doubted] + [(row["as_of"], row["low"]) for row in rows]:
            x, y = self.find_x(day), self.find_y(place, value)
            self.ground.boxes.append(Box(x - 3, y - 3, x + 3, y + 3))

    def _label_line(self, place: int, panel: StoryPanel) -> None:
        """The last number, the first one where the line does not begin at nothing, peaks and lows."""
        rows = _list_settled(panel)
        if not rows:
            return
        self._label(place, rows[-1], _LAST, ("left", "right", "center"))
        if len(rows) > 1 and rows[0]["low"] > 0.05 * self.places[place][2]:
            self._label(place, rows[0], _FIRST, ("left",))
        line = [(row["as_of"], row["low"]) for row in rows]
        turns = sorted(find_turns(line, _TURN * max(value for _, value in line)), key=lambda at: -at[1])
        for turn in turns[: 1 if self.narrow else _TURNS]:
            row = next(row for row in rows if (row["as_of"], row["low"]) == turn)
            self._label(place, row, _FIRST, ("left", "right", "center"), must=False)

    def _label(self, place: int, row: Row, size: float, sides: tuple[str, ...], must: bool = True) -> None:
        """A figure's number and day beside its mark, where least lies in the way; or nowhere."""
        told, colour = self.words.tell(row), self.looks[place].colour
        x, y = self.find_x(row["as_of"]), self.find_y(place, row["low"])
        top, bottom, _ = self.places[place]
        self.ground.bounds = Box(self.left - 4, top - (12 if place else 18), self.right + 5, bottom)
        found: list[tuple[float, Box, str, str]] = []
        if size == _LAST and self.reserve and self.right - x < 1:
            self._label_beside(place, row, told, colour)
            return
        whens = (told.short, told.least) if self.narrow else (told.when, told.short)
        for worse, when in enumerate(whens):
            wide = measure_width(told.number, size, BOLD) + 5 + measure_width(when, _DAY, SEMIBOLD)
            high = size * 1.05
            places = [each for gap in _GAPS for each in list_places(x, y, wide, high, gap)]
            beside = [each for each in places if each[2] == "middle" and each[1] == "left"]
            roomy = beside if self.right - x > wide + 24 else []
            order = roomy + [each for side in sides for each in places if each[1] == side]
            found += [
                (self.ground.count_faults(box) + 0.2 * worse, box, side, when) for box, side, _ in order
            ]
        faults, box, side, when = min(found, key=lambda each: each[0])
        if faults >= 1 and not must:
            return
        if faults >= 1 and not self.forced:
            raise _NoRoomError
        self.ground.boxes.append(box)
        suffix = "" if place == 0 else str(place + 1)
        shift = {"left": box.left - x, "right": box.right - x, "center": 0.0}[side]
        self.notes.append(
            {
                "text": f"<b><span style='font-size:{size:g}px'>{told.number}</span></b> {when}",
                "x": row["as_of"], "y": row["low"], "xref": f"x{suffix}", "yref": f"y{suffix}",
                "xanchor": side, "xshift": shift, "yanchor": "middle", "borderpad": 0, "showarrow": False,
                "yshift": y - (box.top + box.bottom) / 2,
                "font": {"size": _DAY, "color": LETTERS.get(colour, colour), "weight": SEMIBOLD},
            }
        )  # fmt: skip

    def _label_beside(self, place: int, row: Row, told: Told, colour: str) -> None:
        """The last number right of the plot, its day below it."""
        suffix = "" if place == 0 else str(place + 1)
        self.notes.append(
            {
                "text": f"<b><span style='font-size:{_LAST:g}px'>{told.number}</span></b><br>{told.short}",
                "x": row["as_of"], "y": row["low"], "xref": f"x{suffix}", "yref": f"y{suffix}",
                "xanchor": "left", "xshift": 8, "yanchor": "middle", "align": "left", "showarrow": False,
                "borderpad": 0, "font": {
                    "size": TEXT, "color": LETTERS.get(colour, colour), "weight": SEMIBOLD,
                },
            }
        )  # fmt: skip

    def _write_notes(self, place: int, panel: StoryPanel) -> None:
        """Paragraphs right of the last mark, below its label, or left of the line. Raises _NoRoomError."""
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
                raise _NoRoomError
            self.write_block(found[1], found[0])

    def _call_out(self, place: int, panel: StoryPanel) -> None:
        if panel.callout is None:
            return
        top, bottom, _ = self.places[place]
        doubted = panel.doubted.filter(pl.col("claim_id") == panel.callout.claim_id).row(0, named=True)
        mark = self.find_x(doubted["as_of"]), self.find_y(place, doubted["value"])
        inside = Box(self.left, top, self.right, bottom)
        self.ground.bounds = inside
        call_out(self, panel.callout, mark, inside)


def _list_settled(panel: StoryPanel) -> list[Row]:
    return panel.points.filter(~pl.col("contradicted")).sort("as_of", "claim_id").to_dicts()
