"""Figures of several speakers for one moment, a row each: a line from the lowest to the highest, both named.

Every row has a scale of its own from zero, so that a small gap is as readable as a large one; what an eye may
compare is the two ends of one row. A bound is open towards where the truth lies, as in every chart here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.theme import QUIET, Look, choose_look
from dashboards.charts.timeseries import HOVER, SMALL

ROW: Final = 92  # pixels: three lines of words and the line itself
STEM: Final = 0.07  # of the row's width
GLYPHS: Final = {
    "circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲",
    "pentagon": "⬟", "hexagon": "⬢", "star": "★", "cross": "✚",
}  # fmt: skip


@dataclass(frozen=True)
class End:
    """One speaker's figure: its bounds in people (None is open), how it is named, where it comes from."""

    name: str  # who, and the figure as hedged
    low: int | None
    high: int | None
    slot: int
    variant: int  # of several ends of one slot
    hover: str
    claim_id: str


@dataclass(frozen=True)
class Dumbbell:
    """One moment: what is counted and when, and the figures for it."""

    label: str
    ends: tuple[End, ...]


def draw_dumbbells(rows: Sequence[Dumbbell], separators: str) -> go.Figure:
    """The figure, the first row on top."""
    figure = go.Figure()
    annotations: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        top = max(
            (bound for end in row.ends for bound in (end.low, end.high) if bound is not None), default=0
        )
        scale = 1 / (top or 1)
        at = [_find_anchor(end) * scale for end in row.ends]
        figure.add_trace(_draw_line([min(at), max(at)], -place))
        for end, x in zip(row.ends, at, strict=True):
            figure.add_traces(_draw_end(end, x, scale, -place))
        annotations.append(_annotate_row(row, -place))
    figure.update_layout(
        height=ROW * len(rows) + 42,
        margin={"l": 8, "r": 12, "t": 60, "b": 8},
        separators=separators,
        dragmode=False,
        hovermode="closest",
        hoverdistance=24,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hoverlabel={"align": "left"},
        annotations=annotations,
        xaxis={"visible": False, "range": [-0.02, 1.12], "fixedrange": True},
        yaxis={"visible": False, "range": [0.5 - len(rows), 0.35], "fixedrange": True},
    )
    return figure


def _find_anchor(end: End) -> float:
    """Where the line of a row meets an end: its stated bound, the middle of a range."""
    bounds = [bound for bound in (end.low, end.high) if bound is not None]
    return sum(bounds) / len(bounds)


def _draw_line(x: list[float], y: int) -> go.Scatter:
    return go.Scatter(x=x, y=[y, y], mode="lines", line={"color": QUIET, "width": 2}, hoverinfo="skip")


def _draw_end(end: End, x: float, scale: float, y: int) -> list[go.Scatter]:
    style = choose_look(end.slot, end.variant)
    traces = []
    if end.low is None or end.high is None:
        direction = 1 if end.high is None else -1
        traces.append(_draw_stem(x, max(x + direction * STEM, 0), y, style, direction))
    elif end.low < end.high:
        traces.append(
            go.Scatter(
                x=[end.low * scale, end.high * scale],
                y=[y, y],
                mode="lines",
                opacity=0.55,
                line={"color": style.colour, "width": 7},
                hoverinfo="skip",
            )
        )
    exact = end.low == end.high
    traces.append(
        go.Scatter(
            x=[x],
            y=[y],
            mode="markers",
            marker={
                "color": style.colour,
                "symbol": style.shape + ("" if exact else "-open"),
                "size": SMALL + 5,
                "line": {"color": style.colour, "width": 0 if exact else 2},
            },
            customdata=[[end.hover, end.claim_id]],
            hovertemplate=HOVER,
        )
    )
    return traces


def _draw_stem(x: float, end: float, y: int, style: Look, direction: int) -> go.Scatter:
    return go.Scatter(
        x=[x, end],
        y=[y, y],
        mode="lines+markers",
        line={"color": style.colour, "width": 1.4, "dash": "dot"},
        marker={
            "symbol": ["circle", f"triangle-{'right' if direction > 0 else 'left'}-open"],
            "size": [0, 8],
            "color": style.colour,
        },
        hoverinfo="skip",
    )


def _annotate_row(row: Dumbbell, y: int) -> dict[str, Any]:
    """What is counted and when, and below it the two outer ends with their marks."""
    looks = [(choose_look(end.slot, end.variant), end.name) for end in (row.ends[0], row.ends[-1])]
    ends = "<br>".join(
        f"<span style='color:{look.colour}'>{GLYPHS[look.shape]}</span> {name}" for look, name in looks
    )
    return {
        "text": f"<b>{row.label}</b><br>{ends}",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": y,
        "yanchor": "bottom",
        "yshift": 8,
        "align": "left",
        "showarrow": False,
        "font": {"size": 11.5},
    }
