"""Panels of figures over one time axis, with events marked: the chart of Overview and Progress.

A panel holds one kind only, so a stock and a cumulative never share an axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Tick, date_axis
from dashboards.charts.language import GRID, HATCH, QUIET
from dashboards.charts.lines import staggered
from dashboards.charts.traces import series_traces

PANEL_HEIGHT: Final = 250
EVENT_ROW: Final = 15  # pixels of one row of numbered marks
LEGEND_ROW: Final = 21  # pixels of one entry: one below the other, so that they fit on a phone
GAP: Final = 0.13  # of the height, between two panels


class MixedKindsError(ValueError):
    """A panel was given figures of two kinds; they never share an axis."""


@dataclass(frozen=True)
class Panel:
    """One axis: figures in POINT_SCHEMA, all of one kind, and the words above them."""

    title: str
    points: pl.DataFrame
    legend: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened: its day, the label above its mark, and what the mark says when touched."""

    day: date
    label: str
    title: str


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
    figure = go.Figure()
    rows = staggered([event.day for event in events], since, until)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    entries = sum(panel.points["series"].n_unique() for panel in panels if panel.legend)
    layout: dict[str, Any] = _frame(len(panels), depth, LEGEND_ROW * entries, lettering)
    for place, panel in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        _check(panel)
        shown = panel.points.filter(pl.col("as_of").is_between(since, until))
        top = _top(shown)
        for name in shown["series"].unique(maintain_order=True):
            own = shown.filter(pl.col("series") == name)
            axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
            figure.add_traces(series_traces(own, axes, stem=top * 0.07, legend=panel.legend))
        domain = _domain(place, len(panels))
        layout[f"xaxis{suffix}"] = date_axis(
            since, until, lettering.tick, anchor=f"y{suffix}", linecolor=QUIET, tickcolor=QUIET,
            showticklabels=place == len(panels) - 1,
        )
        layout[f"yaxis{suffix}"] = _count_axis(domain, top, f"x{suffix}")
        layout["annotations"].append(_heading(panel.title, domain[1]))
        if today is not None and shown.height and place < len(panels):
            _silence(layout, shown["as_of"].max(), min(today, until), suffix, lettering.silence)
    _mark_events(layout, events, rows)
    figure.update_layout(**layout)
    return figure


def _check(panel: Panel) -> None:
    kinds = panel.points["kind"].unique().to_list()
    if len(kinds) > 1:
        raise MixedKindsError(f"panel {panel.title!r} was given {sorted(kinds)}; one panel is one kind")


def _frame(panels: int, depth: int, below: int, lettering: Lettering) -> dict[str, Any]:
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


def _domain(place: int, panels: int) -> tuple[float, float]:
    """Bottom and top of a panel, from the top of the figure down."""
    height = (1 - GAP * (panels - 1)) / panels
    top = 1 - place * (height + GAP)
    return round(top - height, 4), round(top, 4)


def _top(points: pl.DataFrame) -> float:
    """The highest number that the panel has to show."""
    highest = points.select(pl.max_horizontal(pl.col("low").max(), pl.col("high").max())).item()
    return float(highest) if highest else 1.0


def _count_axis(domain: tuple[float, float], top: float, anchor: str) -> dict[str, Any]:
    return {
        "domain": list(domain),
        "anchor": anchor,
        "range": [0, top * 1.14],
        "tickformat": ",d",
        "nticks": 6,
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": QUIET,
        "fixedrange": True,
        "automargin": True,
    }


def _heading(title: str, top: float) -> dict[str, Any]:
    return {
        "text": f"<b>{title}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
        "align": "left",
        "font": {"size": 13},
    }


def _silence(layout: dict[str, Any], last: Any, until: date, suffix: str, words: str) -> None:
    """A hatched field from the last figure to today: nobody has said anything since."""
    if (until - last).days < 21:
        return
    domain = f"y{suffix} domain"
    layout["shapes"].append(
        {
            "type": "rect",
            "xref": f"x{suffix}",
            "yref": domain,
            "x0": last,
            "x1": until,
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": "rgba(128,128,128,0.10)",
            "layer": "below",
        }
    )
    layout["shapes"].append(
        {
            "type": "line",
            "xref": f"x{suffix}",
            "yref": domain,
            "x0": last,
            "x1": last,
            "y0": 0,
            "y1": 1,
            "line": {"color": HATCH, "width": 1, "dash": "dot"},
            "layer": "below",
        }
    )
    layout["annotations"].append(
        {
            "text": words,
            "xref": f"x{suffix}",
            "yref": domain,
            "x": last + (until - last) / 2,
            "y": 0.92,
            "showarrow": False,
            "font": {"size": 11},
        }
    )


def _mark_events(layout: dict[str, Any], events: Sequence[Event], rows: list[int]) -> None:
    """A thin vertical line through all panels for each event, its number above."""
    for event, row in zip(events, rows, strict=True):
        layout["shapes"].append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": event.day,
                "x1": event.day,
                "y0": 0,
                "y1": 1,
                "line": {"color": QUIET, "width": 0.8, "dash": "dot"},
                "layer": "below",
            }
        )
        layout["annotations"].append(
            {
                "text": event.label,
                "hovertext": event.title,
                "xref": "x",
                "yref": "paper",
                "x": event.day,
                "y": 1,
                "yanchor": "bottom",
                "yshift": 20 + row * EVENT_ROW,
                "showarrow": False,
                "font": {"size": 11},
            }
        )
