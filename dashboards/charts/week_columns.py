"""A pace as columns, one for each ISO week, with the mean of four weeks as a line.

A column is people, not a rate: what one day saw is never drawn as if it had gone on for a week. It is pale
where a count begins or ends in another week; a week of which no figure speaks is a hatched stub, not nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import axes
from dashboards.charts.axes import EVENT_ROW, Event, make_date_axis
from dashboards.charts.line_gaps import stagger_rows
from dashboards.charts.theme import HATCH, INK, PALETTE, PAPER, QUIET
from dashboards.charts.timeseries import Lettering, make_layout

WEEK_SCHEMA: Final = {
    "monday": pl.Date(),
    "people": pl.Float64(),  # null: no figure speaks of the week
    "whole": pl.Boolean(),  # whether the counts fit the week, so that none had to be divided
    "mean": pl.Float64(),  # of four whole weeks up to this one; null where one has no figure
    "hover": pl.String(),
}
HEIGHT: Final = 300
DAY_MS: Final = 86_400_000
NUMBERED: Final = 20  # columns at most that carry their number: on a phone more would touch
MEAN: Final = INK  # 3:1 on the columns, on paper; in the dark both turn
STUB: Final = 0.04  # of the height


def draw_weeks(
    weeks: pl.DataFrame,
    events: Sequence[Event],
    lettering: Lettering,
    title: str,
    slot: int,
    silence: str = "",
) -> go.Figure:
    """The figure of weeks without a gap between them (WEEK_SCHEMA, in time order).

    `slot` gives the colour, the same as the measure has elsewhere; `silence` says since when, up to today,
    nobody has spoken.
    """
    since, until = weeks["monday"][0], weeks["monday"][-1] + timedelta(days=6)
    rows = stagger_rows([event.day for event in events], since, until)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    counted: list[float] = weeks["people"].drop_nulls().to_list()
    lowest, highest = min(0.0, *counted), max(1.0, *counted)
    layout: dict[str, Any] = make_layout(1, depth, 0, lettering) | {
        "height": HEIGHT + depth,
        "showlegend": False,
        "barmode": "overlay",
    }
    layout["xaxis"] = make_date_axis(
        since, until, lettering.tick, anchor="y", linecolor=QUIET, tickcolor=QUIET
    )
    layout["yaxis"] = axes.make_count_axis((0.0, 1.0), highest, "x") | {
        "range": [lowest * 1.14, highest * 1.14]
    }
    layout["margin"]["l"] = axes.measure_room(lowest, highest)
    layout["annotations"].append(axes.make_heading(title, 1.0))
    axes.mark_events(layout, events, rows)
    numbered = weeks.height <= NUMBERED
    told = weeks.filter(pl.col("people").is_not_null())
    silent = weeks.filter(pl.col("people").is_null())
    traces = [
        _draw_columns(told.filter("whole"), PALETTE[slot], 0.92, numbered),
        _draw_columns(told.filter(~pl.col("whole")), PALETTE[slot], 0.38, numbered),
        _draw_stubs(silent, highest * STUB),
        *_draw_mean(weeks),
    ]
    if silence:
        traces.append(axes.mark_silence(layout, silence))
    return go.Figure(traces, layout)


def _draw_columns(weeks: pl.DataFrame, colour: str, opacity: float, numbered: bool) -> dict[str, Any]:
    people = weeks["people"].to_list()
    return {
        "type": "bar",
        "x": _list_middles(weeks),
        "y": people,
        "width": 6 * DAY_MS,
        "marker": {"color": colour, "opacity": opacity, "line": {"color": colour, "width": 1}},
        "texttemplate": "%{y:,.0f}" if numbered else None,
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": 11, "color": INK},
        "cliponaxis": False,
        "hovertext": weeks["hover"].to_list(),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _draw_stubs(weeks: pl.DataFrame, height: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": _list_middles(weeks),
        "y": [height] * weeks.height,
        "width": 6 * DAY_MS,
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
            "pattern": {"shape": "/", "size": 5, "fgcolor": HATCH},
        },
        "hovertext": weeks["hover"].to_list(),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _draw_mean(weeks: pl.DataFrame) -> list[dict[str, Any]]:
    """The mean in ink on a halo of paper, so that it is seen on every column and beside them."""
    common = {
        "type": "scatter", "x": _list_middles(weeks), "y": weeks["mean"].to_list(), "mode": "lines",
        "connectgaps": False, "hoverinfo": "skip",
    }  # fmt: skip
    return [
        {**common, "line": {"color": PAPER, "width": 6}},
        {**common, "line": {"color": MEAN, "width": 2.6}},
    ]


def _list_middles(weeks: pl.DataFrame) -> list[Any]:
    """The Thursday noon of each week, where its column stands."""
    middle = pl.col("monday").cast(pl.Datetime("ms")) + pl.duration(days=3, hours=12)
    return weeks.select(middle).to_series().to_list()


def list_mondays(since: date, until: date) -> list[date]:
    """The Mondays of all ISO weeks that a span touches."""
    first = since - timedelta(days=since.weekday())
    return [first + timedelta(days=7 * n) for n in range((until - first).days // 7 + 1)]
