"""What stands around the figures of a chart: axes, headings, silences and numbered events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.charts.language import GRID, HATCH, QUIET

EVENT_ROW: Final = 15  # pixels of one row of numbered marks
SILENCE_SHOWN_DAYS: Final = 21  # a shorter silence up to today is no news
FIELD: Final = "rgba(128,128,128,0.10)"
_SMALL: Final = {"showarrow": False, "font": {"size": 11}}
GAP: Final = 0.13  # of the height, between two panels


@dataclass(frozen=True)
class Event:
    """Something that happened: its day, the label above its mark, and what the mark says when touched."""

    day: date
    label: str
    title: str


def domain(place: int, panels: int) -> tuple[float, float]:
    """Bottom and top of a panel, from the top of the figure down."""
    height = (1 - GAP * (panels - 1)) / panels
    top = 1 - place * (height + GAP)
    return round(top - height, 4), round(top, 4)


def top(points: pl.DataFrame) -> float:
    """The highest number that the panel has to show."""
    highest = points.select(pl.max_horizontal(pl.col("low").max(), pl.col("high").max())).item()
    return float(highest) if highest else 1.0


def count_axis(domain: tuple[float, float], top: float, anchor: str) -> dict[str, Any]:
    """A vertical axis of counts from zero; `top` is the highest number shown."""
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
    }


def room(*numbers: float) -> int:
    """Pixels left of a vertical axis for its labels; to find out by itself plotly would draw twice."""
    return 8 + 8 * max(len(f"{number * 1.14:,.0f}") for number in numbers)


def heading(title: str, top: float) -> dict[str, Any]:
    """What a panel shows, above it."""
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


def silence(layout: dict[str, Any], last: date, until: date, suffix: str, words: str) -> None:
    """A grey field from the last figure to today: nobody has said anything since."""
    if (until - last).days < SILENCE_SHOWN_DAYS:
        return
    place = {"xref": f"x{suffix}", "yref": f"y{suffix} domain"}
    field = {**place, "type": "rect", "x0": last, "x1": until, "y0": 0, "y1": 1, "layer": "below"}
    layout["shapes"] += [
        {**field, "line": {"width": 0}, "fillcolor": FIELD},
        {**field, "type": "line", "x1": last, "line": {"color": HATCH, "width": 1, "dash": "dot"}},
    ]
    middle = last + (until - last) / 2
    layout["annotations"].append({**place, "text": words, "x": middle, "y": 0.92, **_SMALL})


def mark_events(layout: dict[str, Any], events: Sequence[Event], rows: list[int]) -> None:
    """A thin vertical line through all panels for each event, its number above."""
    for event, row in zip(events, rows, strict=True):
        place = {"xref": "x", "yref": "paper"}
        line = {"color": QUIET, "width": 0.8, "dash": "dot"}
        at = {"x0": event.day, "x1": event.day, "y0": 0, "y1": 1}
        layout["shapes"].append({**place, **at, "type": "line", "line": line, "layer": "below"})
        above = {"x": event.day, "y": 1, "yanchor": "bottom", "yshift": 20 + row * EVENT_ROW}
        layout["annotations"].append(
            {**place, **above, "text": event.label, "hovertext": event.title, **_SMALL}
        )
