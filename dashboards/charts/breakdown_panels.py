"""Parts of a whole over time in two panels: how many people, and which share of their total.

A line joins only figures that count the same from one date, and breaks where a bulletin gave the total and
not the part, or where the figure is withheld. A withheld figure is a grey cross below zero: that there is
one, never how many.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import EVENT_ROW, Event, find_domain, make_date_axis, make_heading, mark_events
from dashboards.charts.line_gaps import is_silence, stagger_rows
from dashboards.charts.theme import GRID, QUIET, choose_look
from dashboards.charts.timeseries import LEGEND_ROW, Lettering, make_layout

PART_SCHEMA: Final = {
    "part": pl.String(),  # the name to show
    "slot": pl.Int64(),  # which colour and shape
    "line": pl.String(),  # figures with one value here may be joined; null: never
    "as_of": pl.Date(),
    "state": pl.String(),  # stated, silent (the bulletin did not say) or withheld
    "value": pl.Int64(),  # null where silent or withheld
    "exact": pl.Boolean(),
    "share": pl.Float64(),  # of the total, from 0 to 1; null where it is not exactly known
    "hover": pl.String(),
    "claim_id": pl.String(),
}
SIZE: Final = 8
BELOW: Final = 0.06  # of the axis: where the crosses of withheld figures stand
MARGIN: Final = 62  # pixels left of the axes
PANELS: Final = ("value", "share")


def draw_parts_over_time(
    points: pl.DataFrame,
    titles: tuple[str, str],
    lettering: Lettering,
    span: tuple[date, date],
    events: Sequence[Event] = (),
    panels: Sequence[str] = PANELS,
) -> go.Figure:
    """The figure of points in PART_SCHEMA; `titles` of the panels of counts and of shares.

    Of `panels` (PANELS) that of shares is there only where at least one share is known. `events` come in time
    order.
    """
    known = points["share"].is_not_null().any()
    columns = [column for column in panels if column == "value" or known] or ["value"]
    names = points["part"].unique(maintain_order=True).to_list()
    figure = go.Figure()
    rows = stagger_rows([event.day for event in events], *span)
    depth = EVENT_ROW * (max(rows, default=-1) + 1)
    layout: dict[str, Any] = make_layout(len(columns), depth, LEGEND_ROW * len(names), lettering)
    layout["margin"]["l"] = MARGIN
    for place, column in enumerate(columns):
        suffix = "" if place == 0 else str(place + 1)
        highest = points[column].max()
        top = float(highest) if isinstance(highest, int | float) and highest > 0 else 1.0
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for name in names:
            figure.add_traces(_draw_part(points.filter(part=name), column, axes, legend=place == 0))
        if column == "value":
            figure.add_traces(_draw_withheld(points, axes, -BELOW * top))
        domain = find_domain(place, len(columns))
        last = place == len(columns) - 1
        layout[f"xaxis{suffix}"] = make_date_axis(
            *span, lettering.tick, anchor=f"y{suffix}", linecolor=QUIET, tickcolor=QUIET, showticklabels=last
        )
        layout[f"yaxis{suffix}"] = _make_axis(domain, top, f"x{suffix}", share=column == "share")
        layout["annotations"].append(make_heading(titles[PANELS.index(column)], domain[1]))
    mark_events(layout, events, rows)
    figure.update_layout(**layout)
    return figure


def _make_axis(domain: tuple[float, float], top: float, anchor: str, *, share: bool) -> dict[str, Any]:
    lowest = 0.0 if share else -2 * BELOW * top
    return {
        "domain": list(domain),
        "anchor": anchor,
        "range": [lowest, top * 1.14],
        "tickformat": ".0%" if share else ",d",
        "tick0": 0,
        "nticks": 6,
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": QUIET,
        "fixedrange": True,
    }


def _draw_part(own: pl.DataFrame, column: str, axes: dict[str, str], *, legend: bool) -> list[go.Scatter]:
    """Line and marks of one part in one panel."""
    style = choose_look(own["slot"][0])
    x, y = _break_line(own, column)
    stated = own.filter(pl.col(column).is_not_null())
    common: dict[str, Any] = {**axes, "name": own["part"][0]}
    return [
        go.Scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": style.colour, "width": 1.6},
            connectgaps=False,
            hoverinfo="skip",
            showlegend=False,
            **common,
        ),
        go.Scatter(
            x=stated["as_of"].to_list(),
            y=stated[column].to_list(),
            mode="markers",
            marker={
                "symbol": [style.shape + ("" if exact else "-open") for exact in stated["exact"]],
                "size": SIZE,
                "color": style.colour,
            },
            customdata=[list(row) for row in stated.select("hover", "claim_id").iter_rows()],
            hovertemplate="%{customdata[0]}<extra></extra>",
            showlegend=False,
            **common,
        ),
        *([_draw_legend(style.colour, style.shape, common)] if legend else []),
    ]


def _draw_legend(colour: str, shape: str, common: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=[None],
        y=[None],
        mode="lines+markers",
        line={"color": colour, "width": 1.6},
        marker={"symbol": shape, "size": SIZE, "color": colour},
        **common,
    )


def _break_line(own: pl.DataFrame, column: str) -> tuple[list[date | None], list[float | None]]:
    """x and y of the line: exact figures of one line in time order, broken by whatever is not one.

    A bulletin without the part breaks it, and so does a time in which nobody spoke for long.
    """
    x: list[date | None] = []
    y: list[float | None] = []
    for line in own["line"].drop_nulls().unique(maintain_order=True):
        joined = own.filter((pl.col("line") == line) | (pl.col("state") == "silent")).sort("as_of")
        spoken: date | None = None
        for day, value, exact in joined.select("as_of", column, "exact").iter_rows():
            if spoken is not None and is_silence(spoken, day):
                x.append(None)
                y.append(None)
            spoken = day
            x.append(day if exact and value is not None else None)
            y.append(value if exact else None)
        x.append(None)
        y.append(None)
    return x, y


def _draw_withheld(points: pl.DataFrame, axes: dict[str, str], height: float) -> Sequence[go.Scatter]:
    hidden = points.filter(state="withheld")
    if hidden.is_empty():
        return []
    return [
        go.Scatter(
            x=hidden["as_of"].to_list(),
            y=[height] * hidden.height,
            mode="markers",
            marker={"symbol": "x-thin-open", "size": SIZE, "color": "#7D7D7D", "line": {"width": 1.5}},
            customdata=[list(row) for row in hidden.select("hover", "claim_id").iter_rows()],
            hovertemplate="%{customdata[0]}<extra></extra>",
            showlegend=False,
            **axes,
        )
    ]
