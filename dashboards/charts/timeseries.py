"""Figures over time: panels over one time axis with events marked, and the traces of each series.

A panel holds one kind only, so a stock and a cumulative never share an axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import (
    EVENT_ROW,
    Event,
    Tick,
    find_domain,
    find_top,
    make_count_axis,
    make_date_axis,
    make_heading,
    mark_events,
    mark_silence,
    measure_room,
)
from dashboards.charts.line_gaps import find_line_points, find_silent_stretches, stagger_rows
from dashboards.charts.theme import IN_DOUBT, QUIET, Look, Mark, add_marks, choose_look, fill_exact

HOVER: Final = "%{customdata[0]}<extra></extra>"
SMALL: Final = 7
MANY: Final = 12  # points of a series from which on their marks are smaller
Trace = dict[str, Any]  # plain: the figure makes and checks its traces itself, twice would take twice as long


def draw_series(series: pl.DataFrame, axes: dict[str, str], stem: float, legend: bool) -> list[Trace]:
    """Line, points, bounds and spans of one series (POINT_SCHEMA, one kind).

    `axes` names the panel's axes (xaxis, yaxis); `stem` is the length of an open bound, in people.
    """
    rows = add_marks(series)
    name = series["series"][0]
    style = choose_look(series["slot"][0], series["variant"][0])
    common: dict[str, Any] = {**axes, "name": name, "hovertemplate": HOVER, "showlegend": False}
    promises = series["kind"][0] == "promise"  # each stands for itself: no line joins them
    traces = [] if promises else _draw_line(series, style, common)
    if legend:
        traces.append(_draw_legend(style, common))
    points = rows.filter(~pl.col("mark").is_in([Mark.LOWER_BOUND, Mark.UPPER_BOUND, Mark.SPAN]))
    if points.height:
        traces.append(_draw_points(points, style.colour, style.shape, common))
    for mark, direction in ((Mark.LOWER_BOUND, 1), (Mark.UPPER_BOUND, -1)):
        bound = rows.filter(pl.col("mark") == mark)
        if bound.height:
            traces.extend(_draw_bounds(bound, direction, stem, style.colour, common))
    spans = rows.filter(pl.col("mark") == Mark.SPAN)
    if spans.height:
        traces.append(_draw_spans(spans, style.colour, common))
    return traces


def draw_doubts(rows: pl.DataFrame, axes: dict[str, str]) -> Trace:
    """Marks of what is in doubt (DOUBT_SCHEMA)."""
    return _make_scatter(
        x=rows["as_of"].to_list(),
        y=rows["value"].to_list(),
        mode="markers",
        customdata=_list_carried(rows),
        marker={"symbol": "circle-open", "size": SMALL, "color": IN_DOUBT, "line": {"width": 1.5}},
        hovertemplate=HOVER,
        showlegend=False,
        **axes,
    )


def _make_scatter(**of: Any) -> Trace:
    return {"type": "scatter", **of}


def _draw_legend(style: Look, common: dict[str, Any]) -> Trace:
    """An entry of the legend: the line with its mark, drawn nowhere else."""
    return _make_scatter(
        x=[None],
        y=[None],
        mode="lines+markers",
        line={"color": style.colour, "width": 1.6, "dash": style.dash},
        marker={"symbol": style.shape, "size": SMALL + 2, "color": style.colour},
        **{**common, "showlegend": True},
    )


def _draw_line(series: pl.DataFrame, style: Look, common: dict[str, Any]) -> list[Trace]:
    """The line, straight from figure to figure, and fine dots across the times when nobody spoke."""
    line = {"color": style.colour, "width": 2.2, "dash": style.dash}
    quiet = {**common, "hovertemplate": None, "hoverinfo": "skip", "mode": "lines", "connectgaps": False}
    x, y = find_line_points(series)
    traces = [_make_scatter(x=x, y=y, line=line, **quiet)]
    x, y = find_silent_stretches(series)
    if x:
        traces.append(_make_scatter(x=x, y=y, line={**line, "width": 1.4, "dash": "2px,4px"}, **quiet))
    return traces


def _draw_points(rows: pl.DataFrame, colour: str, shape: str, common: dict[str, Any]) -> Trace:
    return _make_scatter(
        x=rows["as_of"].to_list(),
        y=rows["low"].to_list(),
        mode="markers",
        customdata=_list_carried(rows),
        marker={
            "symbol": [shape + ("-dot" if mark == Mark.REVISED else "") for mark in rows["mark"]],
            "size": SMALL + 2 if rows.height <= MANY else SMALL - 1,
            "opacity": 1,
            **fill_exact(rows.to_dicts(), colour),
        },
        **common,
    )


def _draw_bounds(
    rows: pl.DataFrame, direction: int, stem: float, colour: str, common: dict[str, Any]
) -> list[Trace]:
    """A tick at the bound, and an open stem away from it: a head would stand at a number that nobody said."""
    limit = rows["low" if direction > 0 else "high"].to_list()
    ends = [max(value + direction * stem, 0) for value in limit]
    x = rows["as_of"].to_list()
    stems_x = [moment for day in x for moment in (day, day, None)]
    stems_y = [value for low, end in zip(limit, ends, strict=True) for value in (low, end, None)]
    quiet = {**common, "hovertemplate": None, "hoverinfo": "skip"}
    return [
        _make_scatter(x=stems_x, y=stems_y, mode="lines", line={"color": colour, "width": 1.5}, **quiet),
        _make_scatter(
            x=x,
            y=limit,
            mode="markers",
            customdata=_list_carried(rows),
            marker={
                "symbol": "line-ew-open",
                "size": 11,
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            **common,
        ),
    ]


def _draw_spans(rows: pl.DataFrame, colour: str, common: dict[str, Any]) -> Trace:
    """A thick pale bar from the lowest to the highest number allowed, with no point inside."""
    x: list[Any] = []
    y: list[Any] = []
    carried: list[Any] = []
    for moment, low, high, data in zip(
        rows["as_of"], rows["low"], rows["high"], _list_carried(rows), strict=True
    ):
        x += [moment, moment, None]
        y += [low, high, None]
        carried += [data, data, None]
    return _make_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        opacity=0.55,
        line={"color": colour, "width": 6},
        marker={"symbol": "line-ew-open", "size": 9, "color": colour, "line": {"width": 2, "color": colour}},
        connectgaps=False,
        customdata=carried,
        **common,
    )


def _list_carried(rows: pl.DataFrame) -> list[list[str]]:
    """What a point carries: its hover text and the claim behind it."""
    return [list(row) for row in rows.select("hover", "claim_id").iter_rows()]


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
    """How the figure writes dates and numbers."""

    tick: Tick
    separators: str


def draw_panels(
    panels: Sequence[Panel],
    events: Sequence[Event],
    lettering: Lettering,
    since: date,
    until: date,
    silence: str = "",
) -> go.Figure:
    """The figure. `events` come in time order; `silence` says since when, up to today, nobody has spoken.

    Raises MixedKindsError where one panel holds two kinds.
    """
    traces: list[Trace] = []
    rows = stagger_rows([event.day for event in events], since, until)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    entries = sum(panel.points["series"].n_unique() for panel in panels if panel.legend)
    layout: dict[str, Any] = make_layout(len(panels), depth, LEGEND_ROW * entries, lettering)
    for place, panel in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        _check_kind(panel)
        shown = panel.points.filter(pl.col("as_of").is_between(since, until))
        top = find_top(shown)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for name in shown["series"].unique(maintain_order=True):
            own = shown.filter(pl.col("series") == name)
            traces += draw_series(own, axes, top * 0.07, panel.legend)
        if panel.doubted is not None and panel.doubted.height:
            traces.append(draw_doubts(panel.doubted.filter(pl.col("as_of").is_between(since, until)), axes))
        domain = find_domain(place, len(panels))
        layout[f"xaxis{suffix}"] = make_date_axis(
            since,
            until,
            lettering.tick,
            anchor=f"y{suffix}",
            linecolor=QUIET,
            tickcolor=QUIET,
            showticklabels=place == len(panels) - 1,
        )
        layout[f"yaxis{suffix}"] = make_count_axis(domain, top, f"x{suffix}")
        layout["margin"]["l"] = max(layout["margin"]["l"], measure_room(top))
        layout["annotations"].append(make_heading(panel.title, domain[1]))
    if silence:
        traces.append(mark_silence(layout, silence))
    mark_events(layout, events, rows)
    # At once, and unchecked as plotly does for its own: checking takes most of the time. The tests check it.
    return go.Figure(traces, layout, _validate=False)


def _check_kind(panel: Panel) -> None:
    kinds = panel.points["kind"].unique().to_list()
    if len(kinds) > 1:
        raise MixedKindsError(f"panel {panel.title!r} was given {sorted(kinds)}; one panel is one kind")


def make_layout(panels: int, depth: int, below: int, lettering: Lettering) -> dict[str, Any]:
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
