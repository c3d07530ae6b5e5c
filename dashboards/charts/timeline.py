"""Panels of figures over one time axis, with events marked: the chart of Overview and Progress.

A panel holds one kind only, so a stock and a cumulative never share an axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import furniture
from dashboards.charts.axes import Tick, date_axis
from dashboards.charts.furniture import EVENT_ROW, Event
from dashboards.charts.language import QUIET
from dashboards.charts.lines import staggered
from dashboards.charts.traces import Trace, doubt_trace, series_traces

PANEL_HEIGHT: Final = 250
LEGEND_ROW: Final = 21  # pixels of one entry: one below the other, so that they fit on a phone


class MixedKindsError(ValueError):
    """A panel was given figures of two kinds; they never share an axis."""


@dataclass(frozen=True)
class Panel:
    """One axis: figures in POINT_SCHEMA, all of one kind, and the words above them."""

    title: str
    points: pl.DataFrame
    legend: bool = False
    doubted: pl.DataFrame | None = None  # DOUBT_SCHEMA: marks off the line


@dataclass(frozen=True)
class Lettering:
    """How the figure writes: dates and numbers, and the words of a silence that reaches today."""

    tick: Tick
    separators: str
    silence: str


def timeline(
    panels: Sequence[Panel],
    events: Sequence[Event],
    lettering: Lettering,
    since: date,
    until: date,
    today: date | None = None,
) -> go.Figure:
    """The figure. `events` come in time order; `today` draws the silence after the last figure.

    Raises MixedKindsError where one panel holds two kinds.
    """
    traces: list[Trace] = []
    rows = staggered([event.day for event in events], since, until)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    entries = sum(panel.points["series"].n_unique() for panel in panels if panel.legend)
    layout: dict[str, Any] = frame_of(len(panels), depth, LEGEND_ROW * entries, lettering)
    for place, panel in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        _check(panel)
        shown = panel.points.filter(pl.col("as_of").is_between(since, until))
        top = furniture.top(shown)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for name in shown["series"].unique(maintain_order=True):
            own = shown.filter(pl.col("series") == name)
            traces += series_traces(own, axes, stem=top * 0.07, legend=panel.legend)
        if panel.doubted is not None and panel.doubted.height:
            traces.append(doubt_trace(panel.doubted.filter(pl.col("as_of").is_between(since, until)), axes))
        domain = furniture.domain(place, len(panels))
        layout[f"xaxis{suffix}"] = date_axis(
            since,
            until,
            lettering.tick,
            anchor=f"y{suffix}",
            linecolor=QUIET,
            tickcolor=QUIET,
            showticklabels=place == len(panels) - 1,
        )
        layout[f"yaxis{suffix}"] = furniture.count_axis(domain, top, f"x{suffix}")
        layout["margin"]["l"] = max(layout["margin"]["l"], furniture.room(top))
        layout["annotations"].append(furniture.heading(panel.title, domain[1]))
        if today is not None and shown.height:
            last = max(shown["as_of"].to_list())
            furniture.silence(layout, last, min(today, until), suffix, lettering.silence)
    furniture.mark_events(layout, events, rows)
    # At once, and unchecked as plotly does for its own: checking takes most of the time. The tests check it.
    return go.Figure(traces, layout, _validate=False)


def _check(panel: Panel) -> None:
    kinds = panel.points["kind"].unique().to_list()
    if len(kinds) > 1:
        raise MixedKindsError(f"panel {panel.title!r} was given {sorted(kinds)}; one panel is one kind")


def frame_of(panels: int, depth: int, below: int, lettering: Lettering) -> dict[str, Any]:
    """The layout that every figure starts from; `depth` and `below` are pixels for events and legend."""
    return {
        "height": PANEL_HEIGHT * panels + depth + below + 78,
        "margin": {"l": 8, "r": 12, "t": 34 + depth, "b": 44 + below},
        "separators": lettering.separators,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 24,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": True,
        "legend": {
            "orientation": "v",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "itemclick": False,
            "itemdoubleclick": False,
            "tracegroupgap": 0,
        },
        "hoverlabel": {"align": "left"},
        "annotations": [],
        "shapes": [],
    }
