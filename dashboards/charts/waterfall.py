"""The way from one stock to the next as steps: every column starts where the one before it ended.

A step carries its number in words, a bound as a bound; what stays unexplained is hatched and grey, as
nobody's; a step that nobody reported keeps its name and says so. Where the steps are small beside the stocks,
the axis counts people more or fewer than at the opening, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.theme import HATCH, INK, LETTERS, ON_DARK, PALETTE, PAPER, QUIET, SOFT, fix_colour

WIDTH, HEIGHT, PHONE_HEIGHT = 780, 440, 320
NARROW: Final = 560  # pixels of a page below which steps are rows, and what nobody reported is in the table
LINE, TEXT = 17.0, 12.5  # pixels of a line of a row, and of its letters
THICK, LEAST_THICK, GAP = 16.0, 6.0, 7.0  # pixels of a row's bar, of one without much room, and below it
SMALL_STEPS: Final = 0.1  # of the opening: steps below that are drawn without the stocks
HELD, OUT, IN, REST, MISSING = "held", "out", "in", "rest", "missing"
COLOURS: Final = {HELD: PALETTE[0], OUT: PALETTE[1], IN: PALETTE[0], REST: "#7A746C", MISSING: SOFT}
SMALLEST: Final = 11.0  # pixels of the letters of a name
FOOT: Final = 76  # pixels of the steps' names


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
    """The figure of so many pixels; first and last of `steps` are the stocks.

    `unit` names the axis of changes alone; `fall` is the number in the dashed frame above the closing.
    """
    if width < NARROW:
        return _draw_rows([step for step in steps if step.kind != MISSING], unit, fall, aside, width, height)
    opening, closing = steps[0].people or 0.0, steps[-1].people or 0.0
    small = _is_small(steps)
    spans = _find_spans(steps, 0.0 if small else opening, small)
    low, high = min(0.0, *(min(span) for span in spans)), max(1.0, *(max(span) for span in spans))
    room = max(axes.measure_room(high), 30)
    wide = (width - room - 14) / len(steps)
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": room, "r": 14, "t": 26, "b": FOOT}, "separators": separators,
        "dragmode": False, "hovermode": False, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "barmode": "overlay", "shapes": [],
        "annotations": [_head(unit)] if small else [],
        "xaxis": {"range": [-0.5, len(steps) - 0.5], "visible": False, "fixedrange": True},
        "yaxis": axes.make_count_axis((0.0, 1.0), high - low, "x")
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
        tall = abs(span[1] - span[0]) * (height - FOOT - 26) / (high - low) / 1.14  # at most
        inside = (wide, 0.0 if small else tall)
        layout["annotations"].append(_number(step, place, span, inside, size + 5))
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
    if aside is not None:
        layout["annotations"] += _say(aside, wide, high)
    return go.Figure(traces, layout)


def _draw_rows(
    steps: Sequence[Step], unit: str, fall: str, aside: Aside | None, width: float, height: float
) -> go.Figure:
    """The steps one below the other, each with its name and number over its bar; below them what is said."""
    opening, closing = steps[0].people or 0.0, steps[-1].people or 0.0
    small = _is_small(steps)
    spans = _find_spans(steps, 0.0 if small else opening, small)
    low, high = min(0.0, *map(min, spans)), max(1.0, *map(max, spans))
    lines = [_split(step, width) for step in steps]
    foot = [] if aside is None else wrap_text(f"{aside.heading}. {aside.text}", TEXT, width - 4)
    words = LINE * (sum(map(len, lines)) + small + len(foot))
    thick = min(THICK, max(LEAST_THICK, (height - words) / len(steps) - GAP))
    whole = words + len(steps) * (thick + GAP)
    annotations = [_write_at(unit, 0.0, LINE / 2)] if small else []
    traces, shapes, y = [], [], LINE * small
    for place, (step, span, rows) in enumerate(zip(steps, spans, lines, strict=True)):
        for text, told in rows:
            annotations.append(_write_at(text, 0.0, y + LINE / 2))
            annotations += [_write_at(told, 1.0, y + LINE / 2)] if told else []
            y += LINE
        traces.append(_turn(_draw_step(step, place, span), y + thick / 2, thick))
        if step is not steps[-1]:
            line = {"color": QUIET, "width": 1, "dash": "dot"}
            under = y + thick + GAP - 2  # the words of the next row stay free
            shapes.append({"type": "line", "x0": span[1], "x1": span[1], "y0": y, "y1": under, "line": line})
        elif fall and closing < opening and not small:
            line = {"color": PALETTE[0], "width": 1.4, "dash": "dot"}
            box = {"x0": closing, "x1": opening, "y0": y, "y1": y + thick, "line": line}
            shapes.append({"type": "rect", "layer": "above", **box})
            told, wide = fall.replace("<br>", " "), (opening - closing) / (high - low) * width
            if thick >= THICK and measure_width(told, TEXT, BOLD) + 8 < wide:
                colour = LETTERS.get(PALETTE[0], PALETTE[0])
                middle = (opening + closing) / 2, y + thick / 2
                annotations.append(_write(f"<b>{told}</b>", *middle, TEXT, colour))
        y += thick + GAP
    annotations += [_write_at(line, 0.0, y + 4 + (place + 0.5) * LINE) for place, line in enumerate(foot)]
    layout = {
        "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0}, "showlegend": False,
        "dragmode": False, "hovermode": False, "barmode": "overlay", "shapes": shapes,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "annotations": annotations,
        "xaxis": {"range": [low, high], "visible": False, "fixedrange": True},
        "yaxis": {"range": [max(height, whole), 0], "visible": False, "fixedrange": True},
    }  # fmt: skip
    return go.Figure(traces, layout)


def _split(step: Step, width: float) -> list[tuple[str, str]]:
    """The lines over a row's bar, left and right: its name and number, and what stands below the name."""
    name, number = f"<b>{step.name}</b>", f"<b>{step.text}</b>"
    used = measure_width(step.name, TEXT, BOLD) + measure_width(step.text, TEXT, BOLD) + 12
    if used + measure_width(f" {step.told}", TEXT) <= width:
        return [(f"{name} {step.told}", number)]
    return [(name, number), (step.told, "")] if used <= width else [(name, ""), (step.told, number)]


def _write_at(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "text": text, "x": x, "xref": "paper", "y": y, "yref": "y", "showarrow": False, "borderpad": 0,
        "xanchor": "right" if x else "left", "yanchor": "middle", "font": {"size": TEXT, "color": INK},
    }  # fmt: skip


def _turn(trace: dict[str, Any], y: float, thick: float) -> dict[str, Any]:
    """A step's column as a row, of so many pixels at `y`."""
    if trace["type"] == "scatter":
        return trace | {"x": trace["y"], "y": [y - thick / 2, y + thick / 2]}
    return trace | {"orientation": "h", "x": trace["y"], "y": [y], "width": thick}


def _is_small(steps: Sequence[Step]) -> bool:
    """Whether the steps are so small beside the stocks that these are left out."""
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
    hatched = step.kind == REST
    return {
        "type": "bar", "x": [place], "y": [span[1] - span[0]], "base": [span[0]], "width": 0.56,
        "marker": {
            "color": "rgba(128,128,128,0.10)" if hatched else colour,
            "line": {"color": colour, "width": 1 if hatched else 0},
            "pattern": {"shape": "/" if hatched else "", "size": 7, "solidity": 0.25, "fgcolor": HATCH},
        },
        "hoverinfo": "skip",
    }  # fmt: skip


def _number(
    step: Step, place: int, span: tuple[float, float], room: tuple[float, float], size: float
) -> dict[str, Any]:
    """The number inside a column of a stock or of those who left, where it has room, else above it.

    `room`: pixels of a step's width, and of the column's height.
    """
    if step.people is None:
        return _write(step.text, place, span[0], size - 5, SOFT) | {"yanchor": "bottom", "yshift": 6}
    letters = LETTERS.get(COLOURS[step.kind], COLOURS[step.kind])
    wide, tall = room
    while size > 10 and measure_width(step.text, size, BOLD) > wide:
        size -= 0.5
    across = measure_width(step.text, size, BOLD) < 0.56 * wide
    if step.kind in (HELD, OUT) and across and tall > 1.3 * size + 8:
        number = _write(fix_colour(f"<b>{step.text}</b>", ON_DARK), place, max(span), size, ON_DARK)
        return number | {"yanchor": "top", "yshift": -6}
    return _write(f"<b>{step.text}</b>", place, max(span), size, letters) | {"yanchor": "bottom", "yshift": 4}


def _name(step: Step, place: int, size: float, wide: float) -> list[dict[str, Any]]:
    names = wrap_text(step.name, size, wide, BOLD)
    told = wrap_text(step.told, size - 1, wide - 6)
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


def _frame(place: int, low: float, high: float) -> dict[str, Any]:
    return {
        "type": "rect", "x0": place - 0.28, "x1": place + 0.28, "y0": low, "y1": high,
        "line": {"color": PALETTE[0], "width": 1.4, "dash": "dot"},
    }  # fmt: skip


def _say(aside: Aside, wide: float, high: float) -> list[dict[str, Any]]:
    """Above the third column, where the way is at its lowest."""
    lines = wrap_text(aside.text, 12.5, 2 * wide)
    heading = "<br>".join(wrap_text(aside.heading, 12.5, 2.2 * wide, BOLD))
    text = "<br>".join([f"<b>{heading}</b>", *lines])
    return [
        _write(text, 1.46, high * 1.13, 12.5, INK)
        | {"xanchor": "left", "yanchor": "top", "align": "left", "bgcolor": PAPER}
    ]
