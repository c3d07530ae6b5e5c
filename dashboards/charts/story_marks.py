"""The marks of one panel of a drawing over time: line, exact figures, bounds, rings for what is in doubt."""

from collections.abc import Sequence
from math import hypot
from typing import Final

import polars as pl

from dashboards.charts.label_places import Segment
from dashboards.charts.line_gaps import find_line_points, is_long, lay_stretches, list_silent_stretches
from dashboards.charts.story_canvas import Row, StoryPanel
from dashboards.charts.theme import IN_DOUBT, Look, fill_exact
from dashboards.charts.timeseries import HOVER

# What stands in a key for a mark of a shape.
SIGNS: Final = {
    "circle": "●",
    "square": "■",
    "triangle-up": "▲",
    "diamond": "◆",
    "pentagon": "⬟",
    "hexagon": "⬢",
}
SLOW_DAYS: Final = 30  # a line is paler where more days pass without a figure
SPAN: Final = "▮"
PALE: Final = 0.45  # opacity of a span
STEM: Final = 11.0  # pixels of the open end of a bound
RING: Final = 4.5  # pixels from the middle of a ring to its outer edge
_OFF_LINE, _OFF_MARK = RING + 3.0, RING + 5.0  # a ring nearer to a line's or a mark's middle would touch it


def find_height(row: Row) -> float:
    """The number at which a figure is labelled: as stated, of a span its middle."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return float(high if low is None else low)
    return float(low + high) / 2


def draw_line(panel: StoryPanel, look: Look, axes: Row) -> list[Row]:
    """The line through the exact figures: paler where a month passes without one, faint dots across
    silences, nothing above a year; a tint below where it has no silence.
    """
    if not panel.joined:
        return []
    quiet = {**axes, "mode": "lines", "hoverinfo": "skip", "connectgaps": False}
    silent = list_silent_stretches(panel.points)
    slow = [each for each in list_silent_stretches(panel.points, SLOW_DAYS) if each not in silent]
    x, y = find_line_points(panel.points, SLOW_DAYS)
    traces = [{**quiet, "x": x, "y": y, "line": {"color": look.colour, "width": 2.4}}]
    red, green, blue = (int(look.colour[at : at + 2], 16) for at in (1, 3, 5))
    if not silent:  # a tint below a silence would colour years without figures
        x, y = find_line_points(panel.points)
        tint = {"fill": "tozeroy", "fillcolor": f"rgba({red},{green},{blue},0.07)", "line": {"width": 0}}
        traces.insert(0, {**quiet, "x": x, "y": y, **tint})
    dotted = {"color": look.colour, "width": 1.3, "dash": "1.5px,4.5px"}
    solid = {"color": look.colour, "width": 1.6}
    joined = [each for each in silent if not is_long(each)]
    for stretches, line, opacity in ((slow, solid, 0.55), (joined, dotted, 0.6)):
        if stretches:
            x, y = lay_stretches(stretches)
            traces.append({**quiet, "x": x, "y": y, "line": line, "opacity": opacity})
    return traces


def draw_exact(rows: Sequence[Row], look: Look, axes: Row, newest: str) -> Row:
    """The exact figures that stand; second hand is a ring in the series' colour, the newest one is larger."""
    usual = 5.0 if len(rows) > 28 else 6.5
    second = [row["provenance"] == "secondhand" for row in rows]
    sizes = [
        9.5 if row["claim_id"] == newest else usual + (1.5 if ring else 0)
        for row, ring in zip(rows, second, strict=True)
    ]
    return {
        **axes, "mode": "markers", "x": [row["as_of"] for row in rows], "y": [row["low"] for row in rows],
        "cliponaxis": False, "hovertemplate": HOVER,
        "customdata": [[row["hover"], row["claim_id"]] for row in rows],
        "marker": {"symbol": look.shape, "size": sizes, "opacity": 1, **fill_exact(rows, look.colour)},
    }  # fmt: skip


def draw_bounds(rows: Sequence[Row], look: Look, axes: Row, stem: float) -> list[Row]:
    """A tick and an open stem of `stem` people towards where the truth lies; a pale bar over a span."""
    stems: list[tuple[object, float | None]] = []
    spans: list[tuple[object, float | None]] = []
    for row in rows:
        low, high, day = row["low"], row["high"], row["as_of"]
        if low is None or high is None:
            end = low + stem if high is None else max(high - stem, 0)
            stems += [(day, find_height(row)), (day, end), (None, None)]
        else:
            middle, half = (low + high) / 2, max((high - low) / 2, stem / 4)
            spans += [(day, middle - half), (day, middle + half), (None, None)]
    quiet = {**axes, "mode": "lines", "hoverinfo": "skip", "connectgaps": False, "cliponaxis": False}
    traces: list[Row] = [
        {**quiet, "x": [at[0] for at in ends], "y": [at[1] for at in ends], "opacity": pale,
         "line": {"color": look.colour, "width": width}}
        for ends, width, pale in ((stems, 1.5, 1.0), (spans, 6, PALE)) if ends
    ]  # fmt: skip
    open_ended = [row["low"] is None or row["high"] is None for row in rows]
    traces.append(
        {
            **axes, "mode": "markers", "x": [row["as_of"] for row in rows],
            "y": [find_height(row) for row in rows], "hovertemplate": HOVER, "cliponaxis": False,
            "customdata": [[row["hover"], row["claim_id"]] for row in rows],
            "marker": {
                "symbol": ["line-ew-open" if each else "circle" for each in open_ended],
                "size": [11 if each else 6 for each in open_ended], "color": look.colour,
                "opacity": [1.0 if each else 0.0 for each in open_ended],
                "line": {"width": 2, "color": look.colour},
            },
        }
    )  # fmt: skip
    return traces


def count_doubts(panels: Sequence[StoryPanel]) -> tuple[int, int]:
    """How many figures are in doubt, and how many contradict each other."""
    doubted = sum(panel.doubted.height for panel in panels)
    return doubted, sum(len(list_doubts(panel)) for panel in panels) - doubted


def list_doubts(panel: StoryPanel) -> list[Row]:
    """What is in doubt in a panel, and figures that contradict each other: day, value, hover, claim_id."""
    columns = ("as_of", "value", "hover", "claim_id")
    unsettled = panel.points.filter(pl.col("contradicted") & (pl.col("low") == pl.col("high")))
    return panel.doubted.select(columns).to_dicts() + unsettled.select(columns).to_dicts()


def draw_doubts(rows: Sequence[Row], axes: Row) -> Row:
    """A small grey ring for each, which nothing joins."""
    ring = {"width": 1.5, "color": IN_DOUBT}
    return {
        **axes, "mode": "markers", "x": [row["as_of"] for row in rows], "y": [row["value"] for row in rows],
        "customdata": [[row["hover"], row["claim_id"]] for row in rows], "hovertemplate": HOVER,
        "marker": {"symbol": "circle-open", "size": 7, "color": IN_DOUBT, "line": ring},
    }  # fmt: skip


def is_clear(at: tuple[float, float], lines: Sequence[Segment], marks: Sequence[tuple[float, float]]) -> bool:
    """Whether a ring at a place in pixels touches no line and no mark."""
    return all(find_distance(at, line) > _OFF_LINE for line in lines) and all(
        hypot(at[0] - x, at[1] - y) > _OFF_MARK for x, y in marks
    )


def find_distance(at: tuple[float, float], line: Segment) -> float:
    """Pixels from a place to the nearest one of a segment."""
    x, y, dx, dy = line[0], line[1], line[2] - line[0], line[3] - line[1]
    length = dx * dx + dy * dy
    along = 0.0 if not length else min(max(((at[0] - x) * dx + (at[1] - y) * dy) / length, 0.0), 1.0)
    return hypot(at[0] - x - along * dx, at[1] - y - along * dy)
