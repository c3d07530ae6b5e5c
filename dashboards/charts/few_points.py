"""Three exact figures or fewer: a row of labelled marks on one scale of people, and no empty frame.

exact             the series' own mark
about, between    a bar over what the words allow
more than …       a tick and an open arrow towards where the truth lies
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import find_top
from dashboards.charts.fonts import BOLD, measure_width
from dashboards.charts.theme import GRID, LETTERS, QUIET, SOFT, choose_look
from dashboards.charts.timeseries import HOVER, Lettering

FEW: Final = 3  # exact figures up to which a row of marks says more than a line
HEIGHT: Final = 150  # pixels of a page
WIDTH: Final = 760
_ROW: Final = 44  # pixels of two lines of letters above a mark
_NUMBER, _DAY = 15.0, 12.0
_GAP: Final = 14.0  # pixels between two labels in one row


def is_few(points: pl.DataFrame) -> bool:
    """Whether so few figures (POINT_SCHEMA) are exact that no line should be drawn."""
    return points.filter(pl.col("low") == pl.col("high")).height <= FEW


def draw_few(
    points: pl.DataFrame,
    lettering: Lettering,
    tell: Callable[[dict[str, Any]], str],
    tell_day: Callable[[date], str],
    width: float = WIDTH,
) -> go.Figure:
    """The row of one series (POINT_SCHEMA); `tell` words a row's number, `width` is in pixels of a page.

    The newest figure of each number is drawn; labels that would touch stand one row higher.
    """
    rows = points.sort("as_of").unique(["low", "high"], keep="last", maintain_order=True).to_dicts()
    rows.sort(key=_find_middle)
    top = find_top(points) * 1.14 or 1.0
    labels = [_label(row, tell, tell_day, width / top, width) for row in rows]
    depth = _ROW * (max((row for _, row in labels), default=0) + 1)
    look = choose_look(points["slot"][0], points["variant"][0])
    traces = [trace for row in rows for trace in _draw(row, look.colour, look.shape, top)]
    letters = LETTERS.get(look.colour, look.colour)
    return go.Figure(
        traces,
        {
            "height": HEIGHT + depth - _ROW,
            "margin": {"l": 10, "r": 10, "t": depth + 14, "b": 30},
            "separators": lettering.separators,
            "dragmode": False,
            "hovermode": "closest",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "xaxis": {
                "range": [0, top], "tickformat": ",d", "nticks": 6, "fixedrange": True, "ticks": "outside",
                "showgrid": False, "zeroline": False, "linecolor": QUIET, "tickcolor": QUIET,
                "rangemode": "tozero",
            },
            "yaxis": {"range": [0, 1], "visible": False, "fixedrange": True, "gridcolor": GRID},
            "annotations": [
                {
                    "text": text, "x": x, "y": 0.5, "yshift": 12 + row * _ROW, "xanchor": "center",
                    "yanchor": "bottom", "showarrow": False, "font": {"size": _NUMBER, "color": letters},
                }
                for (text, x), row in labels_of(rows, labels, tell, tell_day, top, width)
            ],
        },
        _validate=False,
    )  # fmt: skip
