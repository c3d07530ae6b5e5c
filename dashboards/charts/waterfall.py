"""The way from one stock to the next as steps: every column starts where the one before it ended.

A step carries its number in words, a bound as a bound; what stays unexplained is hatched and grey, as
nobody's; a step that nobody reported keeps its name and says so. Where the steps are small beside the stocks,
the axis counts people more or fewer than at the opening, and says so. On a phone the steps lie below one
another, each below its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.label_places import Box, cut_upright
from dashboards.charts.pixel_bars import PixelBars
from dashboards.charts.theme import HATCH, INK, LETTERS, ON_DARK, PALETTE, PAPER, QUIET, SOFT, fix_colour

WIDTH, HEIGHT = 880, 440
NARROW: Final = 560  # pixels of a page below which steps that nobody reported are left to the table
SMALL_STEPS: Final = 0.1  # of the opening: steps below that are drawn without the stocks
HELD, OUT, IN, REST, MISSING = "held", "out", "in", "rest", "missing"
COLOURS: Final = {HELD: PALETTE[0], OUT: PALETTE[1], IN: PALETTE[0], REST: "#7A746C", MISSING: SOFT}
PHONE: Final = 420  # pixels of a page below which the steps lie below one another
SMALLEST: Final = 12.0  # pixels of letters
FOOT: Final = 76  # pixels of the steps' names
TEXT, LINE = 12.5, 17.0  # pixels of letters and of a line of them on a phone
LEAST_BAR, BAR, MOST_BAR, BELOW = 15.0, 27.0, 38.0, 7.0  # pixels of a bar on a phone, space below included


@dataclass(frozen=True)
class Step:
    """One column: its name, what stands below the name, its number in words, its kind, people.

    `people` of HELD is the stock, of the others the change; None where nobody reported it.
    """

    kind: str
    name: str
    told: str
    text: str
    people: float | None


@dataclass(frozen=True)
class Aside:
    """What is said inside the picture: a heading and a text."""

    heading: str
    text: str


def draw_waterfall(
    steps: Sequence[Step],
    separators: str,
    unit: str,
    fall: str = "",
    aside: Aside | None = None,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels; first and last of `steps` are the stocks. On a phone, height 0 takes what
    all need.

    `unit` names the axis of changes alone; `fall` is the number in the dashed frame above the closing.
    """
    if width < NARROW:
        steps = [step for step in steps if step.kind != MISSING]
    if width < PHONE:
        return _Lying(width, 0).draw(steps, unit, fall, height)
    opening, closing = steps[0].people or 0.0, steps[-1].people or 0.0
    small = _are_small(steps)
    spans = _find_spans(steps, 0.0 if small else opening, small)
    low, high = min(0.0, *(min(span) for span in spans)), max(1.0, *(max(span) for span in spans))
    room = max(axes.measure_room(high), 30)
    wide = (width - room - 14) / len(steps)
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": room, "r": 14, "t": 26,
        "b": FOOT if width >= NARROW else FOOT + 14}, "separators": separators,
        "dragmode": False, "hovermode": False, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "barmode": "overlay", "shapes": [],
        "annotations": [_head(unit)] if small else [],
        "xaxis": {"range": [-0.5, len(steps) - 0.5], "visible": False, "fixedrange": True},
        "yaxis": axes.make_count_axis((0.0, 1.0), high, "x")
        | {"range": [low - 0.18 * (high - low) if small else 0.0, high + 0.14 * (high - low)]}
        | ({"tickformat": "+,d"} if small else {}),
    }  # fmt: skip
    traces = [
        _draw_step(step, place, span) for place, (step, span) in enumerate(zip(steps, spans, strict=True))
    ]
    size = 12.5
    words = [word for step in steps for word in step.name.split()]
    while size > SMALLEST and max(measure_width(word, size, BOLD) for word in words) > wide - 2:
        size -= 0.5
    for place, (step, span) in enumerate(zip(steps, spans, strict=True)):
        layout["annotations"] += _name(step, place, size, wide - 2)
        layout["annotations"].append(_number(step, place, span, wide, small, size + 5))
        reached = spans[place - 1][1] if place > 1 else spans[0][1]
        if place and (
            step is not steps[-1] or abs(reached - span[1]) < 1
        ):  # else no way leads to the closing
            layout["shapes"].append(_join(place, reached))
    if fall and closing < opening and not small:
        layout["shapes"].append(_frame(len(steps) - 1, closing, opening))
        layout["annotations"].append(
            _write(f"<b>{fall}</b>", len(steps) - 1, (opening + closing) / 2, size + 3, PALETTE[0])
        )
    if aside is not None and width >= NARROW:
        layout["annotations"] += _say(aside, wide, high)
    return go.Figure(traces, layout)


def _are_small(steps: Sequence[Step]) -> bool:
    """Whether all that changed is little beside the stocks."""
    opening, closing = steps[0].people or 0.0, steps[-1].people or 0.0
    sizes = [abs(step.people or 0.0) for step in steps[1:-1]]
    return max([*sizes, abs(opening - closing)]) < SMALL_STEPS * opening


def _find_spans(steps: Sequence[Step], at: float, small: bool) -> list[tuple[float, float]]:
    """From where to where each column reaches."""
    spans = [(at, at) if small else (0.0, at)]
    for step in steps[1:-1]:
        spans.append((at, at + (step.people or 0.0)))
        at = spans[-1][1]
    end = (steps[-1].people or 0.0) - ((steps[0].people or 0.0) if small else 0.0)
    return [*spans, (end, end) if small else (0.0, end)]


def _draw_step(step: Step, place: int, span: tuple[float, float]) -> dict[str, Any]:
    colour = COLOURS[step.kind]
    if step.kind == HELD and span[0] == span[1]:
        return {
            "type": "scatter", "mode": "lines", "x": [place - 0.28, place + 0.28], "y": list(span),
            "line": {"color": colour, "width": 4}, "hoverinfo": "skip",
        }  # fmt: skip
    return {
        "type": "bar", "x": [place], "y": [span[1] - span[0]], "base": [span[0]], "width": 0.56,
        "marker": _mark(step), "hoverinfo": "skip",
    }  # fmt: skip


def _mark(step: Step) -> dict[str, Any]:
    colour, hatched = COLOURS[step.kind], step.kind == REST
    return {
        "color": "rgba(128,128,128,0.10)" if hatched else colour,
        "line": {"color": colour, "width": 1 if hatched else 0},
        "pattern": {"shape": "/" if hatched else "", "size": 7, "solidity": 0.25, "fgcolor": HATCH},
    }


def _number(
    step: Step, place: int, span: tuple[float, float], wide: float, small: bool, size: float
) -> dict[str, Any]:
    """The number inside a column of a stock or of those who left, else above it."""
    if step.people is None:
        text = "<br>".join(wrap_text(step.text, SMALLEST, wide - 4))
        return _write(text, place, span[0], SMALLEST, SOFT) | {"yanchor": "bottom", "yshift": 6}
    letters = LETTERS.get(COLOURS[step.kind], COLOURS[step.kind])
    while size > SMALLEST and measure_width(step.text, size, BOLD) > wide - 4:
        size -= 0.5
    if step.kind in (HELD, OUT) and not small:
        inside = measure_width(step.text, size, BOLD) < 0.56 * wide
        if inside:
            return _write(fix_colour(f"<b>{step.text}</b>", ON_DARK), place, max(span), size, ON_DARK) | {
                "yanchor": "top",
                "yshift": -6,
            }
    text = "<br>".join(f"<b>{line}</b>" for line in wrap_text(step.text, size, wide - 4, BOLD))
    return _write(text, place, max(span), size, letters) | {"yanchor": "bottom", "yshift": 4}


def _name(step: Step, place: int, size: float, wide: float) -> list[dict[str, Any]]:
    names = wrap_text(step.name, size, wide, BOLD)
    told = wrap_text(step.told, size, wide - 2)
    text = "<br>".join([*(f"<b>{line}</b>" for line in names), *told])
    return [
        _write(text, place, 0, size, INK)
        | {"yref": "paper", "yanchor": "top", "yshift": -8, "align": "center"}
    ]


def _write(text: str, x: float, y: float, size: float, colour: str) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xref": "x", "yref": "y", "showarrow": False,
        "font": {"size": size, "color": colour},
    }  # fmt: skip


def _head(text: str) -> dict[str, Any]:
    return axes.make_heading(text, 1.0)


def _join(place: int, y: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": place - 0.72, "x1": place - 0.28, "y0": y, "y1": y,
        "line": {"color": QUIET, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _join_down(x: float, top: float, bottom: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": x, "x1": x, "y0": -top, "y1": -bottom,
        "line": {"color": QUIET, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _frame(place: int, low: float, high: float) -> dict[str, Any]:
    return {
        "type": "rect", "x0": place - 0.28, "x1": place + 0.28, "y0": low, "y1": high,
        "line": {"color": PALETTE[0], "width": 1.4, "dash": "dot"},
    }  # fmt: skip


def _say(aside: Aside, wide: float, high: float) -> list[dict[str, Any]]:
    """Above the third column, where the way is at its lowest."""
    lines = wrap_text(aside.text, 12, 1.9 * wide)
    text = "<br>".join([f"<b>{aside.heading}</b>", *lines])
    return [
        _write(text, 1.55, high * 1.1, 12.5, INK)
        | {"xanchor": "left", "yanchor": "top", "align": "left", "bgcolor": PAPER}
    ]


class _Lying(PixelBars):
    """The steps below one another: name and number above each bar, its end joined to the next one's start."""

    def draw(self, steps: Sequence[Step], unit: str, fall: str, height: float) -> go.Figure:
        """The figure, from the opening down."""
        small = _are_small(steps)
        told = [self._wrap(step) for step in steps]
        words = LINE * (sum(map(len, told)) + small)
        high = min(max((height - words) / len(steps), LEAST_BAR), MOST_BAR) if height else BAR
        spans = _find_spans(steps, 0.0 if small else steps[0].people or 0.0, small)
        least, most = min(0.0, *map(min, spans)), max(1.0, *map(max, spans))
        self.scale = (self.width - self.left - 8) / (most - least)
        places = [[self.left + 2 + (end - least) * self.scale for end in span] for span in spans]
        top, bars, written = 0.0, list[float](), list[Box]()
        if small:
            written.append(self._write_line(f"<b>{unit}</b>", unit, top))
            top += LINE
        for step, lines, (start, end) in zip(steps, told, places, strict=True):
            for line, plain in lines:
                written.append(self._write_line(line, plain, top))
                top += LINE
            self._draw(step, start, end, top, high - BELOW)
            bars.append(top)
            top += high
        figure = self.make_figure(height or top)
        for place, (above, below) in enumerate(pairwise(bars)):
            reached = places[place][1]
            if below == bars[-1] and abs(reached - places[-1][1]) >= 1:
                continue  # no way leads to the closing
            for start, end in cut_upright(reached, above + high - BELOW, below, written):
                figure.add_shape(_join_down(reached, start, end))
        opening, closing = places[0][1], places[-1][1]
        if fall and closing < opening and not small:
            self._frame_fall(figure, fall, (closing, opening), bars[-1], high - BELOW)
        return figure

    def _wrap(self, step: Step) -> list[tuple[str, str]]:
        """Name, number and what is told of a step: in one line where it fits; each with its plain text."""
        colour = LETTERS.get(COLOURS[step.kind], COLOURS[step.kind])
        name = f"{step.name} {step.text}"
        first = f"<b>{step.name} <span style='color:{colour}'>{step.text}</span></b>"
        if not step.told:
            return [(first, name)]
        whole = f"{name} · {step.told}"
        if measure_width(whole, TEXT, BOLD) <= self.width - self.left:
            return [(f"{first} · {step.told}", whole)]
        return [(first, name), (step.told, step.told)]

    def _write_line(self, text: str, plain: str, top: float) -> Box:
        """A line of words; where it is."""
        self.write(text, self.left, top + LINE / 2 - 1, TEXT, INK)
        return Box(self.left, top, self.left + measure_width(plain, TEXT, BOLD), top + LINE)

    def _draw(self, step: Step, start: float, end: float, top: float, thick: float) -> None:
        left, wide = min(start, end), abs(end - start)
        if step.kind == HELD and not wide:
            left, wide = left - 2, 4.0
        if step.people is not None:
            self.draw_bar(left, max(wide, 1.0), top + thick / 2, thick, _mark(step))

    def _frame_fall(
        self, figure: go.Figure, fall: str, ends: tuple[float, float], top: float, thick: float
    ) -> None:
        left, right = ends
        figure.add_shape(
            {
                "type": "rect", "x0": left, "x1": right, "y0": -top, "y1": -top - thick,
                "line": {"color": PALETTE[0], "width": 1.4, "dash": "dot"},
            }
        )  # fmt: skip
        text = fall.replace("<br>", " ")
        if measure_width(text, TEXT, BOLD) < right - left - 4:
            figure.add_annotation(
                _write(f"<b>{text}</b>", (left + right) / 2, -top - thick / 2, TEXT, PALETTE[0])
            )
