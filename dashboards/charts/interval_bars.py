"""Bars of a pace: one for each reporting interval, as wide as the days between its two statements.

The area of a bar is people. What the statements leave open is pale; an interval without change is a line on
zero, and days between no two statements stay empty.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import axes
from dashboards.charts.axes import EVENT_ROW, Event, make_date_axis
from dashboards.charts.line_gaps import is_silence, stagger_rows
from dashboards.charts.theme import PALETTE, QUIET
from dashboards.charts.timeseries import Lettering, make_layout

BAR_SCHEMA: Final = {
    "start": pl.Date(),
    "end": pl.Date(),
    "low": pl.Float64(),  # people per week; null: no lower limit
    "central": pl.Float64(),
    "high": pl.Float64(),  # null: no upper limit
    "hover": pl.String(),
}
HEIGHT: Final = 300
DAY_MS: Final = 86_400_000
HOVER: Final = "%{hovertext}<extra></extra>"
BAND: Final = "rgba(128,128,128,0.22)"
SMOOTH: Final = "#7D7D7D"


def draw_bars(
    made: pl.DataFrame,
    smooth: pl.DataFrame,
    events: Sequence[Event],
    lettering: Lettering,
    since: date,
    until: date,
    title: str,
    slot: int,
    silence: str = "",
) -> go.Figure:
    """The figure of intervals (BAR_SCHEMA) with the smoothed pace (`day`, `per_week`, `low80`, `high80`).

    `slot` gives the colour, the same as the measure has elsewhere; `silence` says since when, up to today,
    nobody has spoken.
    """
    rows = stagger_rows([event.day for event in events], since, until)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    colour, pieces = PALETTE[slot], _split_pieces(smooth)
    figure = go.Figure(
        [
            *(_draw_margin(piece) for piece in pieces),
            _draw_boxes(made, "certain", colour, 0.85),
            _draw_boxes(made, "possible", colour, 0.28),
            _draw_levels(made, colour),
            *(_draw_line(piece) for piece in pieces),
        ]
    )
    layout: dict[str, Any] = make_layout(1, depth, 0, lettering) | {
        "height": HEIGHT + depth,
        "showlegend": False,
        "barmode": "overlay",
    }
    layout["xaxis"] = make_date_axis(
        since, until, lettering.tick, anchor="y", linecolor=QUIET, tickcolor=QUIET
    )
    lowest, highest = _find_extent(made)
    layout["yaxis"] = axes.make_count_axis((0.0, 1.0), highest, "x") | {
        "range": [lowest * 1.14, max(highest, 1.0) * 1.14]
    }
    layout["margin"]["l"] = axes.measure_room(lowest, highest)
    layout["annotations"].append(axes.make_heading(title, 1.0))
    if silence:
        figure.add_trace(axes.mark_silence(layout, silence))
    axes.mark_events(layout, events, rows)
    figure.update_layout(**layout)
    return figure


def _find_extent(made: pl.DataFrame) -> tuple[float, float]:
    """The lowest and the highest number shown, zero among them."""
    shown = [value for name in ("low", "central", "high") for value in made[name].drop_nulls().to_list()]
    return min(0.0, *shown), max(1.0, *shown)


def split_bar(low: float | None, central: float, high: float | None) -> dict[str, tuple[float, float]]:
    """From and to of both parts of a bar: `certain` from zero to what is sure, `possible` the rest.

    Where a bound is open nothing is sure, and what is possible has no end to draw: pale up to the centre.
    """
    if low is None or high is None:
        return {"certain": (0.0, 0.0), "possible": (0.0, central)}
    return {"certain": (0.0, low if low > 0 else min(high, 0.0)), "possible": (low, high)}


def _draw_boxes(made: pl.DataFrame, part: str, colour: str, opacity: float) -> go.Bar:
    parts = [split_bar(*row)[part] for row in made.select("low", "central", "high").iter_rows()]
    days = [(end - start).days for start, end in made.select("start", "end").iter_rows()]
    return go.Bar(
        x=[
            start + timedelta(days=length / 2)
            for start, length in zip(_list_moments(made), days, strict=True)
        ],
        width=[length * DAY_MS for length in days],
        base=[low for low, _ in parts],
        y=[high - low for low, high in parts],
        marker={"color": colour, "opacity": opacity, "line": {"width": 0}},
        hovertext=made["hover"].to_list(),
        hovertemplate=HOVER,
    )


def _list_moments(made: pl.DataFrame) -> list[Any]:
    return made["start"].cast(pl.Datetime("ms")).to_list()


def _draw_levels(made: pl.DataFrame, colour: str) -> go.Scatter:
    """A line at the central pace from the first to the last day of each interval: zero is seen too."""
    x: list[date | None] = []
    y: list[float | None] = []
    for start, end, central in made.select("start", "end", "central").iter_rows():
        x += [start, end, None]
        y += [central, central, None]
    return go.Scatter(
        x=x, y=y, mode="lines", line={"color": colour, "width": 2.4}, connectgaps=False, hoverinfo="skip"
    )


Piece = list[tuple[date, float, float, float]]  # day, pace, and both ends of its margin


def _split_pieces(smooth: pl.DataFrame) -> list[Piece]:
    """The smoothed pace, broken where nobody spoke for long."""
    pieces: list[Piece] = []
    for row in smooth.select("day", "per_week", "low80", "high80").iter_rows():
        if not pieces or is_silence(pieces[-1][-1][0], row[0]):
            pieces.append([])
        pieces[-1].append(row)
    return pieces


def _draw_margin(piece: Piece) -> go.Scatter:
    days = [row[0] for row in piece]
    return go.Scatter(
        x=days + days[::-1],
        y=[row[3] for row in piece] + [row[2] for row in reversed(piece)],
        mode="lines",
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        hoverinfo="skip",
    )


def _draw_line(piece: Piece) -> go.Scatter:
    return go.Scatter(
        x=[row[0] for row in piece],
        y=[row[1] for row in piece],
        mode="lines",
        line={"color": SMOOTH, "width": 1.6, "dash": "dash"},
        hoverinfo="skip",
    )
