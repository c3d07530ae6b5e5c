"""What every register counts, each figure on its own day and on one scale from zero.

Several registers close in time are joined by an upright from the lowest to the highest. Time runs to the
right, so that a later range is never read as a higher one. A bound is a tick with dots away from it,
without a head: at
no height is there a mark of a value that nobody said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.fonts import BOLD, measure_width
from dashboards.charts.line_gaps import is_silence
from dashboards.charts.theme import QUIET, Look
from dashboards.charts.timeseries import HOVER, Lettering

WIDTH, HEIGHT = 880, 400
STEM: Final = 0.06  # of the height, for what a bound leaves open
LINE_FROM: Final = 3  # exact figures of one register that make a line


@dataclass(frozen=True)
class RegisterFigure:
    """One register's figure: people, its bounds (None: open), its day, its words, the claim behind it."""

    day: date
    low: int | None
    high: int | None
    look: Look
    register: str
    hover: str
    claim_id: str


@dataclass(frozen=True)
class RegisterRange:
    """From the lowest register to the highest, both exact, each on its day."""

    low: tuple[date, int]
    high: tuple[date, int]


@dataclass(frozen=True)
class EndLabel:
    """The words at a register's last figure."""

    day: date
    value: int
    text: str
    colour: str
    above: bool


def draw_registers(
    figures: Sequence[RegisterFigure],
    ranges: Sequence[RegisterRange],
    ends: Sequence[EndLabel],
    lettering: Lettering,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels; `figures` in time order."""
    days = [each.day for each in figures]
    top = float(max(bound for each in figures for bound in (each.low, each.high) if bound is not None)) * 1.16
    axis = axes.make_count_axis((0.0, 1.0), top, "x") | {"range": [0, top]}
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": axes.measure_room(top), "r": 16, "t": 14, "b": 44},
        "separators": lettering.separators, "dragmode": False, "hovermode": "closest", "hoverdistance": 24,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False,
        "hoverlabel": {"align": "left"}, "shapes": [],
        "xaxis": axes.make_date_axis(min(days), max(days), lettering.tick, anchor="y", linecolor=QUIET),
        "yaxis": axis,
        "annotations": [_write_end(each, (min(days), max(days)), width - 60) for each in ends],
    }  # fmt: skip
    traces = [_draw_range(each) for each in ranges]
    traces += _draw_lines(figures)
    for kind in ("exact", "span", "least", "most"):
        own = [each for each in figures if _find_kind(each) == kind]
        if own:
            traces += _draw_marks(own, kind, top * STEM)
    return go.Figure(traces, layout)


def _find_kind(figure: RegisterFigure) -> str:
    if figure.high is None:
        return "least"
    if figure.low is None:
        return "most"
    return "exact" if figure.low == figure.high else "span"


def _draw_range(each: RegisterRange) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": [each.low[0], each.high[0]], "y": [each.low[1],
        each.high[1]],
        "line": {"color": QUIET, "width": 1.6},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _draw_lines(figures: Sequence[RegisterFigure]) -> list[dict[str, Any]]:
    """A thin line through the exact figures of one register, broken where it was silent for long."""
    found = []
    for register in dict.fromkeys(each.register for each in figures):
        own = [each for each in figures if each.register == register and _find_kind(each) == "exact"]
        if len({each.day for each in own}) < LINE_FROM:
            continue
        x: list[date | None] = []
        y: list[int | None] = []
        for each in own:
            if x and x[-1] is not None and is_silence(x[-1], each.day):
                x.append(None)
                y.append(None)
            x.append(each.day)
            y.append(each.low)
        found.append(
            {
                "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": own[0].look.colour,
                "width": 2},
                "hoverinfo": "skip", "showlegend": False,
            }
        )  # fmt: skip
    return found


def _draw_marks(own: Sequence[RegisterFigure], kind: str, stem: float) -> list[dict[str, Any]]:
    """The marks of one kind: filled where exact, a bar over a range, a tick with dots for a bound."""
    at = [each.low if kind == "least" else each.high if kind == "most" else _middle(each) for each in own]
    marks: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": [each.day for each in own], "y": at, "showlegend": False,
        "marker": {
            "symbol": [each.look.shape if kind == "exact" else "line-ew-open" for each in own],
            "size": 8 if kind == "exact" else 10, "color": [each.look.colour for each in own],
            "line": {"width": 0 if kind == "exact" else 2, "color": [each.look.colour for each in own]},
            "opacity": 0.001 if kind == "span" else 1,
        },
        "customdata": [[each.hover, each.claim_id] for each in own], "hovertemplate": HOVER,
    }  # fmt: skip
    found = [marks]
    for each, value in zip(own, at, strict=True):
        if kind == "exact" or value is None:
            continue
        ends = (
            [value, value + (stem if kind == "least" else -stem)] if kind != "span" else [each.low, each.high]
        )
        found.append(
            {
                "type": "scatter", "mode": "lines", "x": [each.day, each.day], "y": ends, "hoverinfo": "skip",
                "line": {
                    "color": each.look.colour, "width": 5 if kind == "span" else 1.5,
                    "dash": "solid" if kind == "span" else "dot",
                },
                "opacity": 0.5 if kind == "span" else 1, "showlegend": False,
            }
        )  # fmt: skip
    return found


def _middle(each: RegisterFigure) -> float:
    return ((each.low or 0) + (each.high or 0)) / 2


def _write_end(each: EndLabel, span: tuple[date, date], wide: float) -> dict[str, Any]:
    """At the right of its mark where the axis leaves room for it, else to its left."""
    where = {"yanchor": "bottom", "yshift": 8} if each.above else {"yanchor": "top", "yshift": -8}
    side = {"xanchor": "left", "align": "left", "xshift": -4}
    room = (span[1] - each.day).days / max((span[1] - span[0]).days, 1) * wide
    lines = each.text.replace("<b>", "").replace("</b>", "").split("<br>")
    if max(measure_width(line, 12, BOLD) for line in lines) > room:
        side = {"xanchor": "right", "align": "right", "xshift": 8}
    return {
        "text": each.text, "x": each.day, "y": each.value, "showarrow": False, **where, **side,
        "font": {"size": 12, "color": each.colour},
    }  # fmt: skip
