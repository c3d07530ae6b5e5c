"""Announcements as bars: the outline is what was announced, filled is what was verified, hatched is possible.

What was verified after an announcement may have other causes, so a bar is never filled beyond its outline;
the numbers beside it are whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.axes import space_counts
from dashboards.charts.fonts import wrap_text
from dashboards.charts.theme import GRID, INK, PALETTE, QUIET

WIDTH: Final = 880  # pixels that it takes of a page
NARROW, LINE = 560, 16  # pixels: where what was verified takes one line more, and its height
ROW: Final = 96  # pixels: what was announced above the bar, what was verified below it
BAR: Final = 0.26  # of a row
RELEASED: Final = PALETTE[1]


@dataclass(frozen=True)
class AnnouncedBar:
    """One announcement, in people: `certain` was verified in the end at least, `possible` at most (None: no
    figure rules anything out); `ticks` are what was verified by each day that is told.
    """

    heading: str
    verified: str
    announced: int
    certain: int | None
    possible: int | None
    ticks: tuple[int, ...]
    hover: str
    claim_id: str


def draw_announcements(bars: Sequence[AnnouncedBar], separators: str, width: float = WIDTH) -> go.Figure:
    """The figure for so many pixels, the first announcement on top, all on one scale from zero."""
    top = max(bar.announced for bar in bars)
    row = ROW + (LINE if width < NARROW else 0)
    layout: dict[str, Any] = {
        "height": row * len(bars) + 40,
        "margin": {"l": 14, "r": 14, "t": 8, "b": 32},
        "separators": separators,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "barmode": "overlay",
        "annotations": [],
        "shapes": [],
        "xaxis": {
            "range": [0, top * 1.04], "tickformat": ",d", **space_counts(top), "gridcolor": GRID,
            "zeroline": True, "zerolinecolor": QUIET, "fixedrange": True,
        },
        "yaxis": {"range": [-0.5, len(bars) - 0.5], "visible": False, "fixedrange": True},
    }  # fmt: skip
    traces: list[dict[str, Any]] = []
    for number, bar in enumerate(bars):
        y = len(bars) - 1 - number
        certain = min(bar.certain or 0, bar.announced)
        possible = bar.announced if bar.possible is None else min(bar.possible, bar.announced)
        traces += [
            _draw_bar(y, 0, bar.announced, {"color": GRID, "line": {"color": QUIET, "width": 1}}),
            _draw_bar(y, certain, possible - certain, _HATCHED),
            _draw_bar(y, 0, certain, {"color": RELEASED, "line": {"width": 0}}),
            {
                "type": "scatter", "x": [bar.announced], "y": [y], "mode": "markers",
                "marker": {"symbol": "line-ns-open", "size": 22, "color": INK, "opacity": 0.01},
                "customdata": [[bar.hover, bar.claim_id]],
                "hovertemplate": "%{customdata[0]}<extra></extra>",
            },
        ]  # fmt: skip
        for tick in bar.ticks:
            if tick <= bar.announced:
                reach = BAR / 2 + 0.04
                layout["shapes"].append(
                    {
                        "type": "line", "x0": tick, "x1": tick, "y0": y - reach, "y1": y + reach,
                        "line": {"color": QUIET, "width": 2},
                    }
                )  # fmt: skip
        layout["annotations"] += [
            _write(bar.heading, y + BAR / 2, yanchor="bottom", yshift=1, size=13),
            _write(
                "<br>".join(wrap_text(bar.verified, 12, width - 30)),
                y - BAR / 2 - 0.04,
                yanchor="top",
                size=12,
            ),
        ]
    return go.Figure(traces, layout)


_HATCHED: Final[dict[str, Any]] = {
    "color": "rgba(27,127,140,0.18)",
    "line": {"width": 0},
    "pattern": {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": RELEASED},
}


def _draw_bar(y: int, base: float, length: float, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "x": [length], "y": [y], "base": [base], "width": BAR,
        "marker": marker, "hoverinfo": "skip",
    }  # fmt: skip


def _write(text: str, y: float, size: int, **where: Any) -> dict[str, Any]:
    return {
        "text": text, "x": 0, "xref": "x", "xanchor": "left", "y": y, "align": "left",
        "showarrow": False, "font": {"size": size}, **where,
    }  # fmt: skip
