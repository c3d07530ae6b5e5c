"""The outlook as a fan: the figures so far, and from the newest one the intervals of what may come."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import axes
from dashboards.charts.theme import PALETTE
from dashboards.charts.timeseries import Lettering, Panel, draw_panels

AHEAD_SCHEMA: Final = {
    "day": pl.Date(),
    **{name: pl.Int64() for name in ("median", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95")},
    "hover": pl.String(),
}
SHADES: Final = (
    ("95", 0.14),
    ("80", 0.22),
    ("50", 0.34),
)  # outermost first, so that the inner one is darkest


def draw_fan(
    panel: Panel,
    newest: tuple[date, int],
    ahead: pl.DataFrame,
    lettering: Lettering,
    since: date,
    slot: int,
) -> go.Figure:
    """The figure of one series' points and of its outlook (AHEAD_SCHEMA, in time order) from `newest`."""
    until = max(ahead["day"].to_list())
    figure = draw_panels([panel], [], lettering, since, until)
    colour = PALETTE[slot]
    days = [newest[0], *ahead["day"].to_list()]
    for level, opacity in SHADES:
        low = [newest[1], *ahead[f"lo{level}"].to_list()]
        high = [newest[1], *ahead[f"hi{level}"].to_list()]
        figure.add_trace(_draw_area(days, low, high, colour, opacity))
    figure.add_trace(
        go.Scatter(
            x=ahead["day"].to_list(),
            y=ahead["median"].to_list(),
            mode="markers",
            marker={"symbol": "line-ew-open", "size": 12, "color": colour, "line": {"width": 2}},
            hovertext=ahead["hover"].to_list(),
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )
    shown = panel.points.filter(pl.col("as_of").is_between(since, until))
    lows = [*ahead["lo95"].to_list(), *shown["low"].drop_nulls().to_list()]
    top = max(axes.find_top(shown), *ahead["hi95"].to_list())
    figure.update_layout(
        yaxis={"range": [0, top * 1.14]}, margin={"l": axes.measure_room(top)}, showlegend=False
    )
    if panel.points["kind"][0] == "cumulative":  # far from zero, where a fan would be a thin line
        figure.update_layout(yaxis={"range": [min(lows) * 0.9, top * 1.05]})
    return figure


def _draw_area(
    days: Sequence[date], low: Sequence[int], high: Sequence[int], colour: str, opacity: float
) -> go.Scatter:
    outline: dict[str, Any] = {"x": [*days, *reversed(days)], "y": [*high, *reversed(low)]}
    return go.Scatter(
        **outline,
        mode="lines",
        fill="toself",
        fillcolor=colour,
        opacity=opacity,
        line={"width": 0, "color": colour},
        hoverinfo="skip",
        showlegend=False,
    )
