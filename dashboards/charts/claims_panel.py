"""Totals of several speakers on one scale, each with its start and its end named.

Where two totals share start and day an upright joins them and their numbers are the largest: those compare.
What does not is said inside the picture, in the plot or on a phone below it.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, list_places
from dashboards.charts.line_gaps import is_apart, is_silence
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Total
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, choose_step
from dashboards.charts.theme import GRID, INK, LETTERS, QUIET, SOFT
from dashboards.charts.timeseries import HOVER

WIDTH, HEIGHT, PHONE_HEIGHT = 780, 480, 500
HEADROOM: Final = 22.0  # pixels above the plot, where a label may stand
BESIDE: Final = 0.33  # of the width, for what may not be subtracted
FLAGS: Final = 18.0  # of a row of starts
AXIS: Final = 22.0
NUMBER, NAME = 19.0, 12.5
PAIR, BESIDE_PAIR = 24.0, 15.0  # numbers of the two that compare, and the others beside them
TAGS: Final = re.compile("<.*?>")
MOST_NARROW: Final = 3  # lines of a narrow drawing
SHOWN_NARROW: Final = 2  # where there are more, the first ones; the others are in the table


def draw_claims(
    totals: Sequence[Total],
    compared: Sequence[Compared],
    words: PanelWords,
    span: tuple[date, date],
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels; the most important of `totals` first. `compared` are two, or none."""
    return _Drawing(span, (width, height)).draw(totals, compared, words)


class _Drawing(Canvas):
    """One drawing in the making."""

    def draw(self, totals: Sequence[Total], compared: Sequence[Compared], words: PanelWords) -> go.Figure:
        """The figure, its parts from the back to the front."""
        shown = list(totals)[:SHOWN_NARROW] if self.narrow and len(totals) > MOST_NARROW else list(totals)
        values = [point.value for total in shown for point in total.points]
        values += [each.point.value for each in compared]
        highest = max([1, *values])
        self.left = 12 + measure_width(f"{round(highest * 1.3):,}", TEXT)
        note = self._wrap_note(words)
        self.right = self.width - 8
        starts = [
            (day, f"{text}: {', '.join(each.name for each in own)}", own[0].look.colour)
            for day, text in reversed(words.starts)  # the latest on top, so that no words cross its upright
            if (own := [each for each in shown if each.start == day])
        ]
        foot = AXIS + FLAGS * len(starts) + (len(note) * LINE + 14 if self.narrow else 0.0)
        self.top, self.bottom = HEADROOM, self.height - foot
        step = choose_step(highest, self.bottom - self.top)
        self.most = max(-(-highest // step) * step, 1)
        self.ground.boxes += [
            Box(0, 0, self.left - 4, self.height),
            Box(0, self.bottom, self.width, self.height),
        ]
        self._draw_grid(step, words)
        self._flag_starts(starts)
        for total in reversed(shown):
            self._draw_total(total, large=not compared)
        if compared:
            self._join(compared)
        if note:
            self._write_note(note)
        for each in compared:
            self._name_compared(each)
        for total in shown:
            self._name_end(total, compared)
        for total in shown:
            for point, number, told in total.also:
                ways = [(told, []), ("", [told])]
                self._write_label(self._find_place(point), number, ways, BESIDE_PAIR, total.look.colour)
        begun = [total.points[0].value for total in shown if total.began]
        for total in shown:
            self._name_first(total, below=total.points[0].value == min(begun, default=0))
        layout = {
            "height": self.height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "separators": words.separators, "dragmode": False, "hovermode": "closest", "hoverdistance": 24,
            "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False,
            "hoverlabel": {"align": "left"}, "annotations": self.notes, "shapes": self.shapes,
            "xaxis": {"range": [0, self.width], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-self.height, 0], "visible": False, "fixedrange": True},
        }  # fmt: skip
        return go.Figure(self.traces, layout)

    def find_y(self, value: float) -> float:
        """Where a number of people is."""
        return self.bottom - value / self.most * (self.bottom - self.top)

    def _draw_grid(self, step: int, words: PanelWords) -> None:
        for value in range(0, self.most + 1, step):
            y = self.find_y(value)
            self.draw_line((self.left, y, self.right, y), GRID if value else QUIET, 1, "solid")
            label = f"{value:,}".replace(",", words.separators[1])
            self.write(label, self.left - 6, y - 8, TEXT, SOFT, "right")
        days, labels = self.choose_ticks(words.tick, self.width)
        uprights, end = [self.find_x(max(start, self.span[0])) for start, _ in words.starts], 0.0
        for day, label in zip(days, labels, strict=True):
            x = self.find_x(day)
            self.draw_line((x, self.bottom, x, self.bottom + 4), QUIET, 1, "solid")
            end = self._name_tick(x, label, uprights, end)

    def _name_tick(self, x: float, label: str, uprights: Sequence[float], after: float) -> float:
        """Below its tick, or beside it where the upright of a start would go through; where it ends."""
        wide = measure_width(TAGS.sub("", label), TEXT, BOLD)
        for left in (x - wide / 2, x + 5, x - 5 - wide):
            crossed = any(left - 3 < upright < left + wide + 3 for upright in uprights)
            if not crossed and left >= after:
                self.write(label, left, self.bottom + 5, TEXT, SOFT)
                return left + wide + 6
        return after

    def _flag_starts(self, starts: Sequence[tuple[date, str, str]]) -> None:
        for row, (day, text, colour) in enumerate(starts):
            x, top = self.find_x(max(day, self.span[0])), self.bottom + AXIS + row * FLAGS
            self.draw_line((x, self.bottom, x, top + FLAGS - 4), colour, 2, "solid")
            wide = measure_width(f"▸ {text}", TEXT, BOLD)
            left = x + 3 if x + 3 + wide <= self.width else x - 5 - wide
            self.write(f"<b>▸ {text}</b>", left, top, TEXT, LETTERS.get(colour, colour))

    def _draw_total(self, total: Total, large: bool) -> None:
        """Line and marks, the last one `large`."""
        places = [(self.find_x(point.day), self.find_y(point.value)) for point in total.points]
        colour = total.look.colour
        for (one, two), ((x0, y0), (x1, y1)) in zip(pairwise(total.points), pairwise(places), strict=True):
            if is_apart(one.day, two.day):
                continue
            self.traces.append(
                {
                    "type": "scatter", "mode": "lines", "x": [x0, x1], "y": [-y0, -y1], "hoverinfo": "skip",
                    "line": {
                        "color": colour, "width": 2.4, "dash": "2px,4px" if is_silence(one.day,
                        two.day) else "solid",
                    },
                    "showlegend": False,
                }
            )  # fmt: skip
            self.ground.lines.append((x0, y0, x1, y1))
        sizes = [6] * (len(places) - 1) + [10 if large else 7]
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _ in places], "y": [-y for _,
                y in places],
                "marker": {
                    "symbol": total.look.shape, "size": sizes, "color": colour, "opacity": 1,
                    "line": {"width": 0},
                },
                "name": total.name,
                "customdata": [[point.hover, point.claim_id] for point in total.points],
                "hovertemplate": HOVER, "showlegend": False,
            }
        )  # fmt: skip
        self.ground.boxes += [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]

    def _name_first(self, total: Total, below: bool) -> None:
        """Number and day at the first figure, where there is room for them."""
        if not total.began or len(total.points) < 2:
            return
        x, y = self.find_x(total.points[0].day), self.find_y(total.points[0].value)
        wide = measure_width(total.began, NAME, BOLD)
        places = [
            Box(left, top, left + wide, top + LINE)
            for gap in (9, 20)
            for top in ((y + gap, y - gap - LINE) if below else (y - gap - LINE, y + gap))
            for left in (x + 6, x - wide / 2)
        ]
        if min(self.ground.count_faults(each) for each in places) < 1:
            box = places[self.ground.choose(places)]
            colour = LETTERS.get(total.look.colour, total.look.colour)
            self.write(f"<b>{total.began}</b>", box.left, box.top + 1, NAME, colour)

    def _name_end(self, total: Total, compared: Sequence[Compared]) -> None:
        """Number, name and day of the last figure, smaller beside two that compare."""
        last = total.points[-1]
        ways: list[tuple[str, list[str]]] = [
            (f"{total.name}, {total.told}", []), (total.told, [total.name]), ("", [total.told, total.name]),
        ]  # fmt: skip
        size = NUMBER
        if compared:
            if any(each.point.claim_id == last.claim_id for each in compared):
                return
            size = BESIDE_PAIR
        self._write_label(self._find_place(last), total.number, ways, size, total.look.colour)

    def _find_place(self, point: Point) -> tuple[float, float]:
        return self.find_x(point.day), self.find_y(point.value)

    def _write_label(
        self,
        at: tuple[float, float],
        number: str,
        ways: Sequence[tuple[str, Sequence[str]]],
        size: float,
        colour: str,
    ) -> None:
        """A number of so many pixels in the first of `ways` that has room: words beside it, lines below."""
        colour = LETTERS.get(colour, colour)
        for told, lines in ways:
            wide = max(
                measure_width(number, size, BOLD) + 5 + measure_width(told, NAME, BOLD),
                max((measure_width(line, NAME, BOLD) for line in lines), default=0.0),
            )
            high = size * 1.25 + len(lines) * LINE
            found = [each for gap in (11, 18, 28, 42) for each in list_places(*at, wide, high, gap)]
            if min(self.ground.count_faults(box) for box, _, _ in found) < 1:
                break
        box, side, _ = found[self.ground.choose([box for box, _, _ in found])]
        large = f"<span style='font-size:{size:g}px'>{number}</span>"
        rows = [(f"{large} {told}".rstrip(), box.top + (size - NAME) * 0.6)]
        rows += [(line, box.top + size * 1.25 + place * LINE) for place, line in enumerate(lines)]
        anchor, x = ("right", box.right) if side == "right" else ("left", box.left)
        for text, top in rows:
            self.write(f"<b>{text}</b>", x, top, NAME, colour, anchor)

    def _join(self, compared: Sequence[Compared]) -> None:
        """An upright between both, and a large mark for each."""
        (x, one), (_, other) = (self._find_place(each.point) for each in compared)
        self.traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [x, x], "y": [-one, -other], "hoverinfo": "skip",
                "line": {"color": INK, "width": 1.6}, "showlegend": False,
            }
        )  # fmt: skip
        for each, y in zip(compared, (one, other), strict=True):
            self.traces.append(
                {
                    "type": "scatter", "mode": "markers", "x": [x], "y": [-y], "showlegend": False,
                    "marker": {
                        "symbol": each.look.shape, "size": 12, "color": each.look.colour, "opacity": 1,
                    },
                    "customdata": [[each.point.hover, each.point.claim_id]], "hovertemplate": HOVER,
                }
            )  # fmt: skip
            self.ground.boxes.append(Box(x - 7, y - 7, x + 7, y + 7))
        self.ground.lines.append((x, one, x, other))

    def _name_compared(self, each: Compared) -> None:
        """Its number with who says so and when."""
        ways: list[tuple[str, list[str]]] = [(each.said, [])]
        ways += [("", wrap_text(each.said, NAME, most, BOLD)) for most in (200, 140, 90)]
        self._write_label(self._find_place(each.point), each.number, ways, PAIR, each.look.colour)

    def _wrap_note(self, words: PanelWords) -> list[str]:
        wide = (self.width if self.narrow else BESIDE * self.width) - 16
        lines = [f"<b>{line}</b>" for line in wrap_text(words.warning, TEXT, wide, BOLD)]
        return lines + [line for note in words.notes for line in wrap_text(note, TEXT, wide)]

    def _write_note(self, lines: Sequence[str]) -> None:
        """What may not be subtracted: in the plot where least lies in the way, on a phone below the axis."""
        wide = max(measure_width(TAGS.sub("", line), TEXT, BOLD) for line in lines) + 12
        high = len(lines) * LINE + 10
        places = [
            Box(left, top, left + wide, top + high)
            for left in (self.right - wide - 4, self.left + 8, self.width * 0.4)
            for top in (self.bottom - high - 12, self.bottom - high - 60, self.top + 12)
        ]
        if self.narrow:
            places = [Box(0, self.height - high, wide, self.height)]
        box = places[self.ground.choose(places)]
        self.draw_line((box.left + 1, box.top, box.left + 1, box.bottom), INK, 3, "solid")
        for place, line in enumerate(lines):
            colour = INK if line.startswith("<b>") else SOFT
            self.write(line, box.left + 10, box.top + 5 + place * LINE, TEXT, colour)
