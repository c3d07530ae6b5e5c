"""Before and after as dots with their ranges around a zero line: how much more or fewer a week, how surely.

A range that holds zero cannot be told apart from chance; a difference that cannot be computed keeps its row
and says so, without a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, wrap_text
from dashboards.charts.theme import GRID, INK, PALETTE, QUIET, SOFT

WIDTH, ROW, EDGES = 880, 78, 60  # pixels: the figure, a row, what stands above and below the rows
NARROW, HIGHER = 560, 34  # pixels: where words take more lines, and what a row is higher there
TICKS: Final = 5


@dataclass(frozen=True)
class Difference:
    """One row: what is compared, both paces in words, and people a week of difference with the margin.

    `central` None: it cannot be computed; `low` or `high` None: without a known margin.
    """

    name: str
    told: str
    slot: int  # the colour of the measure
    central: float | None
    low: float | None
    high: float | None


def draw_differences(
    rows: Sequence[Difference],
    ends: tuple[str, str],
    separators: str,
    width: float = WIDTH,
    height: float | None = None,
) -> go.Figure:
    """The figure of so many pixels, the first row on top; `ends` say what left and right of zero mean."""
    row_height = ROW + (HIGHER if width < NARROW else 0)
    height = height or row_height * len(rows) + EDGES
    if height < row_height * len(rows):  # no room for words: what cannot be computed is left to the table
        rows = [replace(row, told="") for row in rows if row.central is not None]
    known = [abs(each) for row in rows for each in (row.central, row.low, row.high) if each is not None]
    reach = max([1.0, *known]) * 1.12
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": 12, "r": 12, "t": 26, "b": 34}, "separators": separators,
        "dragmode": False, "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "hoverlabel": {"align": "left"},
        "xaxis": {
            "range": [-reach, reach], "tickformat": "+,d", "nticks": TICKS, "gridcolor": GRID,
            "zeroline": True,
            "zerolinecolor": QUIET, "zerolinewidth": 2, "fixedrange": True,
        },
        "yaxis": {"range": [-len(rows), 0], "visible": False, "fixedrange": True},
        "annotations": [_end(ends[0], 0.0), _end(ends[1], 1.0)],
    }  # fmt: skip
    traces: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        y = -place - 0.84
        lines = [f"<b>{line}</b>" for line in wrap_text(row.name, 12.5, width - 24, BOLD)]
        lines += wrap_text(row.told, 12.5, width - 24)
        layout["annotations"].append(
            {
                "text": "<br>".join(lines), "x": 0, "xref": "paper", "y": -place - 0.04, "yanchor": "top",
                "xanchor": "left", "align": "left", "showarrow": False, "font": {"size": 12.5, "color": INK},
            }
        )  # fmt: skip
        if row.central is not None:
            traces += _draw(row, y)
    return go.Figure(traces, layout)


def _end(text: str, x: float) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": 1, "xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": 4,
        "xanchor": "right" if x else "left", "showarrow": False, "font": {"size": 12, "color": SOFT},
    }  # fmt: skip


def _draw(row: Difference, y: float) -> list[dict[str, Any]]:
    colour = PALETTE[row.slot]
    found: list[dict[str, Any]] = []
    if row.low is not None and row.high is not None:
        found.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": [row.low, row.high], "y": [y, y],
                "line": {"color": colour, "width": 3}, "hoverinfo": "skip", "opacity": 0.6,
                "marker": {"symbol": "line-ns-open", "size": 12, "color": colour, "line": {"width": 2}},
            }
        )  # fmt: skip
    found.append(
        {
            "type": "scatter", "mode": "markers", "x": [row.central], "y": [y],
            "marker": {"symbol": "circle", "size": 12, "color": colour},
            "hovertext": [f"<b>{row.name}</b><br>{row.told}"], "hovertemplate": "%{hovertext}<extra></extra>",
        }
    )  # fmt: skip
    return found
