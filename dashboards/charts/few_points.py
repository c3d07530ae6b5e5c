"""Three figures or fewer: a row of labelled marks on one scale of people, and no empty frame.

exact             the series' own mark
about, between    a bar over what the words allow
more than …       a tick and an open stem towards where the truth lies
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import find_top, space_counts
from dashboards.charts.fonts import BOLD, measure_width
from dashboards.charts.theme import IN_DOUBT, LETTERS, QUIET, SOFT, choose_look, fill_exact
from dashboards.charts.timeseries import HOVER, Lettering

FEW: Final = 3  # figures up to which a row of marks says more than a line
WIDTH: Final = 760  # pixels of a page
_FOOT: Final = 92  # pixels of marks and axis
_ROW: Final = 44  # pixels of two lines of letters
_NUMBER, _DAY = 15.0, 12.0
_GAP: Final = 14.0  # pixels between two labels in one row
_STEM: Final = 0.06  # of the width, for an open stem
Row = dict[str, Any]


def is_few(points: pl.DataFrame) -> bool:
    """Whether there are so few figures (POINT_SCHEMA) that an axis of days would be mostly empty."""
    return points.select("low", "high").unique().height <= FEW


def draw_few(
    points: pl.DataFrame,
    lettering: Lettering,
    tell: Callable[[Row], str],
    tell_day: Callable[[date], str],
    width: float = WIDTH,
    doubted: pl.DataFrame | None = None,
) -> go.Figure:
    """The row of one series (POINT_SCHEMA, not empty); `tell` words a row's number, `width` is in pixels.

    Of equal figures the newest is drawn. Labels that would touch stand one row higher. What is in doubt
    (DOUBT_SCHEMA) is a grey ring without a label.
    """
    rows = points.sort("as_of").unique(["low", "high"], keep="last", maintain_order=True).to_dicts()
    rows.sort(key=_find_middle)
    top = find_top(points) * 1.14
    labels = _place_labels(rows, tell, tell_day, width / top, width)
    depth = _ROW * max(row for _, _, row in labels) + _ROW
    look = choose_look(points["slot"][0], points["variant"][0])
    letters = LETTERS.get(look.colour, look.colour)
    layout = {
        "height": _FOOT + depth,
        "margin": {"l": 10, "r": 10, "t": depth, "b": 32},
        "separators": lettering.separators,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "xaxis": {
            "range": [0, top], "tickformat": ",d", **space_counts(top), "fixedrange": True,
            "ticks": "outside", "showgrid": False, "zeroline": False, "linecolor": QUIET, "tickcolor": QUIET,
        },
        "yaxis": {"range": [0, 1], "visible": False, "fixedrange": True},
        "annotations": [
            {
                "text": text, "x": x / width * top, "y": 0.5, "yshift": 14 + row * _ROW, "xanchor": "center",
                "yanchor": "bottom", "showarrow": False, "font": {"size": _NUMBER, "color": letters},
            }
            for text, x, row in labels
        ],
    }  # fmt: skip
    traces = [trace for row in rows for trace in _draw_mark(row, look.colour, look.shape, top)]
    if doubted is not None and doubted.height:
        traces.append(_draw_doubts(doubted.filter(pl.col("value") <= top)))
    return go.Figure(traces, layout, _validate=False)


def _draw_doubts(doubted: pl.DataFrame) -> dict[str, Any]:
    ring = {"symbol": "circle-open", "size": 7, "color": IN_DOUBT, "line": {"width": 1.5, "color": IN_DOUBT}}
    return {
        "type": "scatter", "mode": "markers", "x": doubted["value"].to_list(), "y": [0.5] * doubted.height,
        "customdata": [list(row) for row in doubted.select("hover", "claim_id").iter_rows()],
        "marker": ring, "hovertemplate": HOVER, "showlegend": False,
    }  # fmt: skip


def _find_middle(row: Row) -> float:
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return float(high if low is None else low)
    return float(low + high) / 2


def _place_labels(
    rows: list[Row],
    tell: Callable[[Row], str],
    tell_day: Callable[[date], str],
    scale: float,
    width: float,
) -> list[tuple[str, float, int]]:
    """Text, middle in pixels from the left, and row above the marks of each label."""
    ends: list[float] = []  # of each row of labels
    placed = []
    for each in rows:
        number, day = tell(each), tell_day(each["as_of"])
        half = max(measure_width(number, _NUMBER, BOLD), measure_width(day, _DAY)) / 2
        x = min(max(_find_middle(each) * scale, half), width - half)
        row = next((row for row, end in enumerate(ends) if x - half >= end + _GAP), len(ends))
        ends[row : row + 1] = [x + half]
        text = f'<b>{number}</b><br><span style="font-size:{_DAY}px;color:{SOFT}">{day}</span>'
        placed.append((text, x, row))
    return placed


def _draw_mark(row: Row, colour: str, shape: str, top: float) -> list[dict[str, Any]]:
    common = {
        "type": "scatter", "hovertemplate": HOVER, "customdata": [[row["hover"], row["claim_id"]]] * 2,
        "showlegend": False,
    }  # fmt: skip
    low, high = row["low"], row["high"]
    if low is not None and low == high:
        mark = {"symbol": shape, "size": 13, **fill_exact([row], colour)}
        return [{**common, "mode": "markers", "x": [low], "y": [0.5], "marker": mark}]
    if low is not None and high is not None:
        bar = {"color": colour, "width": 12}
        return [{**common, "mode": "lines", "x": [low, high], "y": [0.5, 0.5], "line": bar, "opacity": 0.4}]
    start = low if low is not None else high
    end = min(start + _STEM * top, top) if high is None else max(start - _STEM * top, 0)
    tick = {"symbol": "line-ns-open", "size": 20, "color": colour, "line": {"width": 2.2, "color": colour}}
    return [
        {
            **common, "mode": "lines", "x": [start, end], "y": [0.5, 0.5], "hoverinfo": "skip",
            "hovertemplate": None, "line": {"color": colour, "width": 1.6},
        },
        {**common, "mode": "markers", "x": [start], "y": [0.5], "marker": tick},
    ]  # fmt: skip
