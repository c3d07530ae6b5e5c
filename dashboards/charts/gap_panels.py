"""Two speakers on one thing, a small panel each, all on one scale: where their days match the gap is shaded.

Beyond the days that match both lines go on without shade. Each end is named with its own number and day; how
far apart they are stands above the panel, in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.line_gaps import is_silence
from dashboards.charts.theme import LETTERS, QUIET, Look
from dashboards.charts.timeseries import HOVER, Lettering

WIDTH: Final = 880  # pixels that it takes of a page
NARROW: Final = 560  # pixels of a page below which panels stand below one another
LEAST: Final = 210  # pixels of such a panel
PANEL: Final = 330  # pixels of a panel, its heading included
HEADING: Final = 86  # of it: what is counted, by whom, how far apart
BETWEEN: Final = 0.05  # of the width
SHADE: Final = "rgba(128,120,150,0.20)"
FIRST_FROM: Final = 0.1  # of the height: a line that begins lower begins at nothing


@dataclass(frozen=True)
class GapPoint:
    """One exact figure: its day, people, what is said when it is touched, the claim behind it."""

    day: date
    value: int
    hover: str
    claim_id: str


@dataclass(frozen=True)
class GapLine:
    """One speaker's figures in time order; `first` and `last` are the words at its ends."""

    points: tuple[GapPoint, ...]
    look: Look
    first: str
    last: str


@dataclass(frozen=True)
class GapPanel:
    """Two lines, and as (day of the one, day of the other) where their days match, in time order."""

    heading: str
    lines: tuple[GapLine, GapLine]
    matched: tuple[tuple[date, date], ...]


def draw_gap_panels(
    panels: Sequence[GapPanel], lettering: Lettering, width: float = WIDTH, height: float = PANEL + 40
) -> go.Figure:
    """The figure of so many pixels: panels beside one another,
    where it is narrow those that fit below another.

    A narrow one of height 0 takes what it needs for all.
    """
    narrow = width < NARROW
    if narrow:
        panels = panels[: max(int(height // LEAST), 1)] if height else panels
        height = height or PANEL * len(panels)
    top = float(max(point.value for panel in panels for line in panel.lines for point in line.points)) * 1.12
    count = len(panels)
    above = 6 if narrow else HEADING + 10
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": axes.measure_room(top), "r": 14, "t": above, "b": 44},
        "separators": lettering.separators, "dragmode": False, "hovermode": "closest", "hoverdistance": 24,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False,
        "hoverlabel": {"align": "left"}, "annotations": [], "shapes": [],
    }  # fmt: skip
    inner = height - 40
    traces: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        if narrow:
            each = 1 / count
            high = 1 - place * each
            across, down = (
                (0.0, 1.0),
                (high - each + (48 / inner if place < count - 1 else 0), high - HEADING / inner),
            )
        else:
            wide = (1 - BETWEEN * (count - 1)) / count
            across = (place * (wide + BETWEEN), place * (wide + BETWEEN) + wide)
            down = (0.0, 1.0)
        days = [point.day for line in panel.lines for point in line.points]
        layout[f"xaxis{suffix}"] = axes.make_date_axis(
            min(days), max(days), lettering.tick, anchor=f"y{suffix}", domain=list(across), linecolor=QUIET
        )
        _thin_ticks(layout[f"xaxis{suffix}"], 3 if count > 1 and not narrow else 5)
        layout[f"yaxis{suffix}"] = axes.make_count_axis((max(down[0], 0.0), down[1]), top, f"x{suffix}") | {
            "range": [0, top], "nticks": 5, "showticklabels": narrow or place == 0,
        }  # fmt: skip
        layout["annotations"].append(_head(panel.heading, across[0], down[1]))
        on = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        traces += _shade(panel, on)
        upper, lower = sorted(panel.lines, key=lambda line: -line.points[-1].value)
        for line, is_upper in ((upper, True), (lower, False)):
            traces.append(_draw_line(line, on))
            layout["annotations"] += _name_ends(line, is_upper, suffix, FIRST_FROM * top)
    return go.Figure(traces, layout)


def _thin_ticks(axis: dict[str, Any], most: int) -> None:
    """Leave so many labels that they do not touch in a panel."""
    step = -(-len(axis["tickvals"]) // most)
    axis["tickvals"], axis["ticktext"] = axis["tickvals"][::step], axis["ticktext"][::step]


def _head(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 10, "align": "left", "showarrow": False, "font": {"size": 12.5},
    }  # fmt: skip


def _draw_line(line: GapLine, on: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers", **on,
        "x": [point.day for point in line.points], "y": [point.value for point in line.points],
        "line": {"color": line.look.colour, "width": 2}, "showlegend": False,
        "marker": {"symbol": line.look.shape, "size": 7, "color": line.look.colour},
        "customdata": [[point.hover, point.claim_id] for point in line.points], "hovertemplate": HOVER,
    }  # fmt: skip


def _shade(panel: GapPanel, on: dict[str, str]) -> list[dict[str, Any]]:
    """The area between both lines from one day that matches to the next, and a thin upright at each."""
    one, other = panel.lines
    found = []
    for (left, right), (next_left, next_right) in zip(panel.matched, panel.matched[1:], strict=False):
        if is_silence(left, next_left):
            continue
        there = [point for point in one.points if left <= point.day <= next_left]
        back = [point for point in other.points if right <= point.day <= next_right][::-1]
        found.append(
            {
                "type": "scatter", "mode": "lines", **on, "fill": "toself", "fillcolor": SHADE,
                "showlegend": False, "line": {"width": 0}, "hoverinfo": "skip",
                "x": [point.day for point in (*there, *back)], "y": [point.value for point in (*there,
                *back)],
            }
        )  # fmt: skip
    return found


def _name_ends(line: GapLine, above: bool, suffix: str, lowest: float) -> list[dict[str, Any]]:
    where: dict[str, Any] = {"yanchor": "bottom" if above else "top", "yshift": 7 if above else -7}
    common = {
        "xref": f"x{suffix}", "yref": f"y{suffix}", "showarrow": False,
        "font": {"size": 12, "color": LETTERS.get(line.look.colour, line.look.colour)},
    }  # fmt: skip
    first, last = line.points[0], line.points[-1]
    clear = where["yshift"]
    before = [point.value for point in line.points[-4:]]
    if above and max(before) > 1.05 * last.value:  # it falls: the words stand clear of the line
        clear = 20
    texts = [
        {
            **common,
            **where,
            "yshift": clear,
            "text": line.last,
            "x": last.day,
            "y": last.value,
            "xanchor": "right",
            "xshift": 8,
        }
    ]
    if first.day != last.day and first.value > lowest:
        texts.append(
            {
                **common,
                **where,
                "text": line.first,
                "x": first.day,
                "y": first.value,
                "xanchor": "left",
                "xshift": -6,
            }
        )
    return texts
