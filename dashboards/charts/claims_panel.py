"""Totals of several speakers on one scale, each with its start and its end named.

Where two totals share start and day an upright joins them: those compare. All others say inside the picture
that they do not. Announcements are marks above the panel, never points: a promise is no total. What is in
doubt is a small grey ring off every line; one of them is called out.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, cut_upright, list_places
from dashboards.charts.line_gaps import is_silence
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Promise, Total
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, choose_step
from dashboards.charts.theme import GRID, IN_DOUBT, INK, LETTERS, PAPER, QUIET, SOFT
from dashboards.charts.timeseries import HOVER

WIDTH, HEIGHT, PHONE_HEIGHT = 780, 480, 500
LANE: Final = 26.0  # pixels of the announcements
HEADROOM: Final = 8.0  # the same where there are none
FLAGS: Final = 18.0  # of a row of starts
AXIS: Final = 22.0
NUMBER, NAME = 19.0, 12.5
TAGS: Final = re.compile("<.*?>")
MOST_NARROW: Final = 3  # lines of a narrow drawing
SHOWN_NARROW: Final = 2  # where there are more, the first ones; the others are in the table


def draw_claims(
    totals: Sequence[Total],
    promises: Sequence[Promise],
    compared: Compared | None,
    words: PanelWords,
    span: tuple[date, date],
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels; the most important of `totals` first."""
    return _Drawing(span, (width, height)).draw(totals, promises, compared, words)


class _Drawing(Canvas):
    """One drawing in the making."""

    def draw(
        self,
        totals: Sequence[Total],
        promises: Sequence[Promise],
        compared: Compared | None,
        words: PanelWords,
    ) -> go.Figure:
        """The figure, its parts from the back to the front."""
        shown = list(totals)[:SHOWN_NARROW] if self.narrow and len(totals) > MOST_NARROW else list(totals)
        values = [point.value for total in shown for point in total.points]
        values += [compared.upper.value] if compared else []
        highest = max([1, *values])
        beside = [] if self.narrow else [each for total in shown for each in total.doubted]
        doubted = [each for each in beside if each.value <= highest]
        self.left = 12 + measure_width(f"{round(highest * 1.3):,}", TEXT)
        self.right = self.width - 8
        note = self._wrap_note(words, compared)
        starts = [
            (day, f"{text}: {', '.join(each.name for each in own)}", own[0].look.colour)
            for day, text in reversed(words.starts)  # the latest on top, so that no words cross its upright
            if (own := [each for each in shown if each.start == day])
        ]
        foot = AXIS + FLAGS * len(starts) + (len(note) * LINE + 14 if self.narrow else 0.0)
        self.top, self.bottom = LANE if promises else HEADROOM, self.height - foot
        step = choose_step(highest, self.bottom - self.top)
        self.most = max(-(-highest // step) * step, 1)
        self.ground.boxes += [
            Box(0, 0, self.width, self.top - 6),
            Box(0, 0, self.left - 4, self.height),
            Box(0, self.bottom, self.width, self.height),
        ]
        self._draw_grid(step, words)
        self._mark_promises(promises, words)
        self._flag_starts(starts)
        for total in reversed(shown):
            self._draw_total(total)
        self._draw_doubts(doubted)
        if compared is not None:
            self._join(compared)
        for total in shown:
            self._name_end(total)
        if compared is not None:
            self._name_compared(compared)
            if not (note and self.narrow):  # else it is told below
                self._tell_compared(compared)
        begun = [total.points[0].value for total in shown if total.began]
        for total in shown:
            self._name_first(total, below=total.points[0].value == min(begun, default=0))
        if note:
            self._write_note(note)
        if doubted:
            self._call_out(doubted, words.doubt)
        for promise in promises:
            self._drop_upright(self.find_x(promise.day))
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

    def _mark_promises(self, promises: Sequence[Promise], words: PanelWords) -> None:
        """A tick and a dotted upright for each, the larger ones with their words where these have room."""
        taken = [(at - 4, at + 4) for at in (self.find_x(each.day) for each in promises)]
        head = measure_width(words.announced, TEXT)
        if promises and all(head + 8 <= left for left, _ in taken):
            self.write(words.announced, 0, 2, TEXT, SOFT)
            taken.append((0.0, head + 8))
        for promise in sorted(promises, key=lambda each: -each.people):
            x = self.find_x(promise.day)
            wide = measure_width(promise.label, NAME, BOLD)
            start = next(
                (left for left in (x + 5, x - wide - 5) if left >= 0 and left + wide <= self.width
                 and all(left + wide < one or left > two for one, two in taken)),
                None,
            )  # fmt: skip
            self.draw_line(
                (x, self.top - 22, x, self.top - 8), INK if start is not None else QUIET, 2, "solid"
            )
            if start is not None:
                self.write(f"<b>{promise.label}</b>", start, 2, NAME, INK)
                taken.append((start, start + wide + 6))
            self.ground.uprights.append(x)
            self._touch(x, self.top - 14, promise.hover, promise.claim_id)

    def _drop_upright(self, x: float) -> None:
        """The dotted line below an announcement; it gives way to every label."""
        for top, bottom in cut_upright(x, self.top, self.bottom, self.ground.boxes):
            self.draw_line((x, top, x, bottom), QUIET, 1, "2px,3px")

    def _touch(self, x: float, y: float, hover: str, claim: str) -> None:
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x], "y": [-y], "showlegend": False,
                "marker": {"size": 18, "opacity": 0.001, "color": INK}, "customdata": [[hover, claim]],
                "hovertemplate": HOVER,
            }
        )  # fmt: skip

    def _flag_starts(self, starts: Sequence[tuple[date, str, str]]) -> None:
        for row, (day, text, colour) in enumerate(starts):
            x, top = self.find_x(max(day, self.span[0])), self.bottom + AXIS + row * FLAGS
            self.draw_line((x, self.bottom, x, top + FLAGS - 4), colour, 2, "solid")
            wide = measure_width(f"▸ {text}", TEXT, SEMIBOLD)
            left = min(x + 3, self.width - wide)
            self.write(f"<b>▸ {text}</b>", left, top, TEXT, LETTERS.get(colour, colour))

    def _draw_total(self, total: Total) -> None:
        places = [(self.find_x(point.day), self.find_y(point.value)) for point in total.points]
        colour = total.look.colour
        for (one, two), ((x0, y0), (x1, y1)) in zip(pairwise(total.points), pairwise(places), strict=True):
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
        sizes = [6] * (len(places) - 1) + [10]
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _ in places], "y": [-y for _,
                y in places],
                "marker": {"symbol": total.look.shape, "size": sizes, "color": colour, "opacity": 1},
                "name": total.name,
                "customdata": [[point.hover, point.claim_id] for point in total.points],
                "hovertemplate": HOVER, "showlegend": False,
            }
        )  # fmt: skip
        self.ground.boxes += [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]

    def _draw_doubts(self, doubted: Sequence[Point]) -> None:
        if not doubted:
            return
        places = [(self.find_x(each.day), self.find_y(each.value)) for each in doubted]
        self.traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _ in places],
                "y": [-y for _, y in places], "showlegend": False,
                "marker": {
                    "symbol": "circle-open", "size": 7, "color": IN_DOUBT,
                    "line": {"width": 1.5, "color": IN_DOUBT},
                },
                "customdata": [[each.hover, each.claim_id] for each in doubted], "hovertemplate": HOVER,
            }
        )  # fmt: skip
        self.ground.boxes += [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]

    def _call_out(self, doubted: Sequence[Point], text: str) -> None:
        """What the rings are, beside the one that has most room around it."""
        wide = measure_width(text, TEXT)
        places = [
            each[0]
            for point in doubted
            for each in list_places(self.find_x(point.day), self.find_y(point.value), wide, LINE, 8)
        ]
        box = places[self.ground.choose(places)]
        self.write(text, box.left, box.top + 1, TEXT, IN_DOUBT)

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

    def _name_end(self, total: Total) -> None:
        """The number large, the name and the day beside it, where neither line nor label is."""
        x, y = self.find_x(total.points[-1].day), self.find_y(total.points[-1].value)
        colour = LETTERS.get(total.look.colour, total.look.colour)
        number = measure_width(total.number, NUMBER, BOLD) + 5
        whole = f"{total.name}, {total.told}"
        ways: list[tuple[str, list[str]]] = [
            (whole, []), (total.told, [total.name]), ("", [total.told, total.name]),
        ]  # fmt: skip
        for told, lines in ways:
            wide = max(
                number + measure_width(told, NAME, BOLD),
                max((measure_width(line, NAME, BOLD) for line in lines), default=0.0),
            )
            high = NUMBER * 1.25 + len(lines) * LINE
            found = [each[0] for gap in (11, 18, 28, 42) for each in list_places(x, y, wide, high, gap)]
            lane = self.top - 2  # a high figure is named just below it
            found += [Box(box.left, lane, box.right, lane + high) for box in found if box.top < lane < y]
            if min(self.ground.count_faults(each) for each in found) < 1:
                break
        box = found[self.ground.choose(found)]
        large = f"<span style='font-size:{NUMBER}px'>{total.number}</span>"
        self.write(f"<b>{large} {told}</b>", box.left, box.top + 4, NAME, colour)
        for place, line in enumerate(lines):
            self.write(f"<b>{line}</b>", box.left, box.top + NUMBER * 1.25 + place * LINE, NAME, colour)

    def _join(self, compared: Compared) -> None:
        """An upright between both, and a hollow mark for the lower one, which is of no line drawn here."""
        x = self.find_x(compared.upper.day)
        upper, lower = self.find_y(compared.upper.value), self.find_y(compared.lower.value)
        self.traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [x, x], "y": [-upper, -lower], "hoverinfo": "skip",
                "line": {"color": INK, "width": 1.6}, "showlegend": False,
            }
        )  # fmt: skip
        for point, look, y in zip(
            (compared.upper, compared.lower), compared.looks, (upper, lower), strict=True
        ):
            self.traces.append(
                {
                    "type": "scatter", "mode": "markers", "x": [x], "y": [-y], "showlegend": False,
                    "marker": {
                        "symbol": look.shape, "size": 10, "color": PAPER, "line": {"color": look.colour,
                        "width": 2},
                    },
                    "customdata": [[point.hover, point.claim_id]], "hovertemplate": HOVER,
                }
            )  # fmt: skip
            self.ground.boxes.append(Box(x - 6, y - 6, x + 6, y + 6))
        self.ground.lines.append((x, upper, x, lower))

    def _name_compared(self, compared: Compared) -> None:
        x = self.find_x(compared.upper.day)
        ends = zip((compared.upper, compared.lower), compared.numbers, compared.looks, strict=True)
        for point, number, look in ends:
            y, wide = self.find_y(point.value), measure_width(number, NUMBER - 2, BOLD)
            near = [each for gap in (9, 16, 26) for each in list_places(x, y, wide, NUMBER, gap)]
            places = [each[0] for each in near if each[1] in ("right", "left") or each[2] != "middle"]
            places += [
                Box(left, top, left + wide, top + NUMBER)
                for top in (y - 14 - NUMBER, y + 10)
                for left in (x + 8, x - 8 - wide)
            ]
            box = places[self.ground.choose(places)]
            colour = LETTERS.get(look.colour, look.colour)
            self.write(f"<b>{number}</b>", box.left, box.top, NUMBER - 2, colour)

    def _tell_compared(self, compared: Compared) -> None:
        """What both share, near the upright; where there is no room both numbers stand alone."""
        x = self.find_x(compared.upper.day)
        upper, lower = self.find_y(compared.upper.value), self.find_y(compared.lower.value)
        y = (upper + lower) / 2
        for most in (150, 100, 70):
            lines = wrap_text(compared.told, TEXT, most, SEMIBOLD)
            wide = max(measure_width(line, TEXT, SEMIBOLD) for line in lines)
            high = len(lines) * LINE
            boxes = [
                Box(left, top, left + wide, top + high)
                for beside in ((x + 8, x - 8 - wide), (self.left + 4,))  # near it before far from it
                for top in (y - high / 2, y - high, upper - high, upper - high - 30, self.top + 4)
                for left in beside
            ]
            if min(self.ground.count_faults(box) for box in boxes) >= 1:
                continue
            box = boxes[self.ground.choose(boxes)]
            for place, line in enumerate(lines):
                self.write(f"<b>{line}</b>", box.left, box.top + place * LINE, TEXT, INK)
            return

    def _wrap_note(self, words: PanelWords, compared: Compared | None) -> list[str]:
        """On a phone, where the starts stand below the axis, only what both that compare share."""
        if not words.warning:
            return []
        wide = self.width - 16 if self.narrow else 0.36 * self.width
        lines = [f"<b>{line}</b>" for line in wrap_text(words.warning, TEXT, wide - 20, BOLD)]
        notes = list(words.notes)
        if self.narrow:
            notes = notes[:1] if compared is None else [f"{compared.told.rstrip('.')}."]
        return lines + [line for note in notes for line in wrap_text(note, TEXT, wide - 20)]

    def _write_note(self, lines: Sequence[str]) -> None:
        """The box that says what may not be subtracted: right below in the panel, on a phone below the
        axis.
        """
        wide = self.width - 16 if self.narrow else 0.36 * self.width
        high = len(lines) * LINE + 10
        if self.narrow:
            box = Box(0, self.height - high, wide, self.height)
        else:
            places = [
                Box(left, top, left + wide, top + high)
                for left in (self.right - wide - 6, self.right - wide - 60, self.width * 0.4)
                for top in (self.bottom - high - 14, self.bottom - high - 40, self.bottom - high - 80)
            ]
            box = places[self.ground.choose(places)]
        self.draw_line((box.left + 1, box.top, box.left + 1, box.bottom), INK, 3, "solid")
        for place, line in enumerate(lines):
            self.write(line, box.left + 10, box.top + 5 + place * LINE, TEXT, INK if place == 0 else SOFT)
