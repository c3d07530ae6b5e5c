"""The traces of one series, in the visual language of `language.py`."""

from typing import Any, Final

import polars as pl

from dashboards.charts.language import IN_DOUBT, Look, Mark, look, marked
from dashboards.charts.lines import line_points

HOVER: Final = "%{customdata[0]}<extra></extra>"
SMALL: Final = 7
Trace = dict[str, Any]  # plain: the figure makes and checks its traces itself, twice would take twice as long


def series_traces(series: pl.DataFrame, axes: dict[str, str], stem: float, legend: bool) -> list[Trace]:
    """Line, points, bounds and spans of one series (POINT_SCHEMA, one kind).

    `axes` names the panel's axes (xaxis, yaxis); `stem` is the length of an open bound, in people.
    """
    rows = marked(series)
    name = series["series"][0]
    style = look(series["slot"][0], series["variant"][0])
    common: dict[str, Any] = {**axes, "name": name, "hovertemplate": HOVER, "showlegend": False}
    promises = series["kind"][0] == "promise"  # each stands for itself: no line joins them
    traces = [] if promises else [_line(series, style, common)]
    if legend:
        traces.append(_legend(style, common))
    points = rows.filter(~pl.col("mark").is_in([Mark.LOWER_BOUND, Mark.UPPER_BOUND, Mark.SPAN]))
    if points.height:
        traces.append(_points(points, style.colour, style.shape, common))
    for mark, direction in ((Mark.LOWER_BOUND, 1), (Mark.UPPER_BOUND, -1)):
        bound = rows.filter(pl.col("mark") == mark)
        if bound.height:
            traces.extend(_bounds(bound, direction, stem, style.colour, common))
    spans = rows.filter(pl.col("mark") == Mark.SPAN)
    if spans.height:
        traces.append(_spans(spans, style.colour, common))
    return traces


def doubt_trace(rows: pl.DataFrame, axes: dict[str, str]) -> Trace:
    """Marks of what is in doubt (DOUBT_SCHEMA)."""
    return _scatter(
        x=rows["as_of"].to_list(),
        y=rows["value"].to_list(),
        mode="markers",
        customdata=_carried(rows),
        marker={"symbol": "circle-open", "size": SMALL, "color": IN_DOUBT, "line": {"width": 1.5}},
        hovertemplate=HOVER,
        showlegend=False,
        **axes,
    )


def _scatter(**of: Any) -> Trace:
    return {"type": "scatter", **of}


def _legend(style: Look, common: dict[str, Any]) -> Trace:
    """An entry of the legend: the line with its mark, drawn nowhere else."""
    return _scatter(
        x=[None],
        y=[None],
        mode="lines+markers",
        line={"color": style.colour, "width": 1.6, "dash": style.dash},
        marker={"symbol": style.shape, "size": SMALL + 2, "color": style.colour},
        **{**common, "showlegend": True},
    )


def _line(series: pl.DataFrame, style: Look, common: dict[str, Any]) -> Trace:
    x, y = line_points(series)
    shape = "hv" if series["kind"][0] == "cumulative" else "linear"
    return _scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": style.colour, "width": 1.6, "shape": shape, "dash": style.dash},
        connectgaps=False,
        hoverinfo="skip",
        **{**common, "hovertemplate": None},
    )


def _points(rows: pl.DataFrame, colour: str, shape: str, common: dict[str, Any]) -> Trace:
    suffix = {Mark.CONTRADICTED: "-open", Mark.REVISED: "-dot"}
    size = {Mark.SECONDHAND: SMALL}
    marks = [Mark(mark) for mark in rows["mark"]]
    pale = [second == "secondhand" for second in rows["provenance"]]
    return _scatter(
        x=rows["as_of"].to_list(),
        y=rows["low"].to_list(),
        mode="markers",
        customdata=_carried(rows),
        marker={
            "color": colour,
            "symbol": [shape + suffix.get(mark, "") for mark in marks],
            "size": [size.get(mark, SMALL + 2) for mark in marks],
            "opacity": [0.6 if second else 1.0 for second in pale],
            "line": {"color": colour, "width": [2 if mark is Mark.CONTRADICTED else 0 for mark in marks]},
        },
        **common,
    )


def _bounds(
    rows: pl.DataFrame, direction: int, stem: float, colour: str, common: dict[str, Any]
) -> list[Trace]:
    """A tick at the bound, and an open stem away from it that ends in an arrowhead."""
    limit = rows["low" if direction > 0 else "high"].to_list()
    ends = [max(value + direction * stem, 0) for value in limit]
    x = rows["as_of"].to_list()
    stems_x = [moment for day in x for moment in (day, day, None)]
    stems_y = [value for low, end in zip(limit, ends, strict=True) for value in (low, end, None)]
    quiet = {**common, "hovertemplate": None, "hoverinfo": "skip"}
    return [
        _scatter(
            x=stems_x, y=stems_y, mode="lines", line={"color": colour, "width": 1.2, "dash": "dot"}, **quiet
        ),
        _scatter(
            x=x,
            y=ends,
            mode="markers",
            marker={
                "symbol": f"triangle-{'up' if direction > 0 else 'down'}-open",
                "size": 6,
                "color": colour,
            },
            **quiet,
        ),
        _scatter(
            x=x,
            y=limit,
            mode="markers",
            customdata=_carried(rows),
            marker={
                "symbol": "line-ew-open",
                "size": 11,
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            **common,
        ),
    ]


def _spans(rows: pl.DataFrame, colour: str, common: dict[str, Any]) -> Trace:
    """A thick pale bar from the lowest to the highest number allowed, with no point inside."""
    x: list[Any] = []
    y: list[Any] = []
    carried: list[Any] = []
    for moment, low, high, data in zip(rows["as_of"], rows["low"], rows["high"], _carried(rows), strict=True):
        x += [moment, moment, None]
        y += [low, high, None]
        carried += [data, data, None]
    return _scatter(
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


def _carried(rows: pl.DataFrame) -> list[list[str]]:
    """What a point carries: its hover text and the claim behind it."""
    return [list(row) for row in rows.select("hover", "claim_id").iter_rows()]
