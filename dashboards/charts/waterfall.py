"""The way from one stock to the next as steps of change: every bar starts where the one before it ended.

The axis counts people more or fewer than at the opening, so that a change of three people shows beside a
stock of hundreds. What nobody reported has no bar, only its words; what stays unexplained is
a hatched bar of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.theme import GRID, PALETTE, QUIET

ROW: Final = 42  # pixels


@dataclass(frozen=True)
class Step:
    """One row: its words, the text at its bar, how much it changes; `level` rows are the two stocks.

    `change` None: nobody reported it. `residual`: what the reported flows leave open.
    """

    label: str
    text: str
    change: float | None
    level: bool = False
    residual: bool = False


def draw_waterfall(steps: Sequence[Step], separators: str, unit: str) -> go.Figure:
    """The figure, from the opening on top to the closing below; `unit` names the axis."""
    figure = go.Figure()
    annotations: list[dict[str, Any]] = []
    labels = [step.label for step in steps]
    at, reached = 0.0, [0.0]
    for step in steps:
        if step.level:
            figure.add_trace(_draw_level(step, at))
        elif step.change is not None:
            figure.add_trace(_draw_bar(step, at))
            at += step.change
            reached.append(at)
        annotations.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "right",
                "y": step.label,
                "text": step.text,
                "showarrow": False,
            }
        )
    low, high = min(reached), max(reached)
    pad = max(high - low, 1) * 0.12
    figure.update_layout(
        height=ROW * len(steps) + 70,
        margin={"l": 8, "r": 8, "t": 8, "b": 44},
        separators=separators,
        dragmode=False,
        hovermode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        barmode="overlay",
        bargap=0.35,
        annotations=annotations,
        xaxis={
            "range": [low - pad, high + pad + (high - low + 2 * pad) * 0.45],
            "title": {"text": unit, "font": {"size": 12}},
            "tickformat": "+,d",
            "nticks": 5,
            "gridcolor": GRID,
            "zeroline": True,
            "zerolinecolor": QUIET,
            "fixedrange": True,
        },
        yaxis={
            "categoryorder": "array",
            "categoryarray": labels[::-1],
            "fixedrange": True,
            "automargin": True,
            "showgrid": False,
        },
    )
    return figure


def _draw_level(step: Step, at: float) -> go.Scatter:
    return go.Scatter(
        x=[at],
        y=[step.label],
        mode="markers",
        marker={"symbol": "diamond", "size": 12, "color": PALETTE[0]},
        hoverinfo="skip",
    )


def _draw_bar(step: Step, at: float) -> go.Bar:
    change = step.change or 0.0
    colour = QUIET if step.residual else PALETTE[1] if change < 0 else PALETTE[0]
    return go.Bar(
        x=[change],
        y=[step.label],
        base=[at],
        orientation="h",
        marker={
            "color": colour,
            "line": {"color": colour, "width": 2},
            "pattern": {"shape": "/" if step.residual else "", "size": 5},
        },
        hoverinfo="skip",
    )
