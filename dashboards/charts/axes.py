"""What stands around the figures of a chart: dates in the reader's language, headings, silences, events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import polars as pl

from dashboards.charts.fonts import measure_width
from dashboards.charts.theme import GRID, HATCH, QUIET

Tick = Callable[[date, str], str]  # day, Babel skeleton → label


def make_date_axis(since: date, until: date, tick: Tick, **more: Any) -> dict[str, Any]:
    """A plotly date axis from `since` to `until` with labels of its own."""
    days, labels = choose_ticks(since, until, tick)
    pad = max((until - since) // 50, timedelta(days=1))
    return {
        "type": "date",
        "range": [since - pad, until + pad],
        "tickvals": days,
        "ticktext": labels,
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "outside",
        "ticklen": 4,
        **more,
    }


def thin_ticks(axis: dict[str, Any], pixels: float) -> None:
    """Every second label of a date axis goes until none touches the next; `pixels` are those of a day."""
    while len(axis["tickvals"]) > 2 and any(
        (later - day).days * pixels < measure_width(max(name.split("<br>"), key=len), 12) + 6
        for (day, later), name in zip(pairwise(axis["tickvals"]), axis["ticktext"], strict=False)
    ):
        axis["tickvals"], axis["ticktext"] = axis["tickvals"][::2], axis["ticktext"][::2]


def choose_ticks(since: date, until: date, tick: Tick) -> tuple[list[date], list[str]]:
    """At most eight labelled days: days, months or years, the year named at the first and at each January."""
    span = (until - since).days
    if span <= 45:
        step = max(1, -(-span // 6))
        days = [since + timedelta(days=n) for n in range(0, span + 1, step)]
        return days, [tick(day, "MMMd") for day in days]
    months = -(-span // 30 // 7) or 1
    step = next((size for size in (1, 2, 3, 6, 12, 24, 60) if size >= months), 120)
    firsts = [day for day in list_month_starts(since, until) if (day.month - 1 + 12 * day.year) % step == 0]
    labels = []
    for place, day in enumerate(firsts):
        month = "MMM" if step < 12 else ""
        year = place == 0 or day.month == 1 or step >= 12
        labels.append(tick(day, "y") if not month else tick(day, month) + (f"<br>{day.year}" if year else ""))
    return firsts, labels


def list_month_starts(since: date, until: date) -> list[date]:
    """The first day of each month from `since` to `until`."""
    starts = []
    day = since.replace(day=1)
    while day <= until:
        if day >= since:
            starts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return starts


EVENT_ROW: Final = 15  # pixels of one row of numbered marks
SILENCE_SHOWN_DAYS: Final = 21  # a shorter silence up to today is no news
TAB: Final = 0.065  # of the width, for the silence after the last figure
TAB_GAP: Final = 0.01
FIELD: Final = "rgba(128,128,128,0.06)"
_SMALL: Final[dict[str, Any]] = {"showarrow": False, "font": {"size": 12}}
GAP: Final = 0.13  # of the height, between two panels


@dataclass(frozen=True)
class Event:
    """Something that happened: its day, the label above its mark, and what the mark says when touched."""

    day: date
    label: str
    title: str
    hover: str = ""  # where it says more than the title


def find_domain(place: int, panels: int) -> tuple[float, float]:
    """Bottom and top of a panel, from the top of the figure down."""
    height = (1 - GAP * (panels - 1)) / panels
    top = 1 - place * (height + GAP)
    return round(top - height, 4), round(top, 4)


def find_top(points: pl.DataFrame) -> float:
    """The highest number that the panel has to show."""
    highest = points.select(pl.max_horizontal(pl.col("low").max(), pl.col("high").max())).item()
    return float(highest) if highest else 1.0


def space_counts(top: float) -> dict[str, int]:
    """The marks of an axis of counts up to `top`: whole numbers only, as nobody is half a person."""
    return {"dtick": 1} if top < 6 else {"nticks": 6}


def make_count_axis(domain: tuple[float, float], top: float, anchor: str) -> dict[str, Any]:
    """A vertical axis of counts from zero; `top` is the highest number shown."""
    return {
        "domain": list(domain),
        "anchor": anchor,
        "range": [0, top * 1.14],
        "tickformat": ",d",
        **space_counts(top),
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": QUIET,
        "fixedrange": True,
    }


def measure_room(*numbers: float) -> int:
    """Pixels left of a vertical axis for its labels; to find out by itself plotly would draw twice."""
    return 8 + 8 * max(len(f"{number * 1.14:,.0f}") for number in numbers)


def make_heading(title: str, top: float) -> dict[str, Any]:
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


def end_axis(last: date, until: date) -> date:
    """Where a time axis ends: at the last figure, where nobody has spoken for long since."""
    return last if (until - last).days >= SILENCE_SHOWN_DAYS else until


def mark_silence(layout: dict[str, Any], text: str) -> dict[str, Any]:
    """Make room right of all panels for a narrow tab that says since when nobody has spoken; its hatching.

    The hatching is a trace, because shapes have no patterns; it stands on axes of its own.
    """
    for name in [name for name in layout if name.startswith("xaxis")]:
        layout[name]["domain"] = [0, 1 - TAB - TAB_GAP]
    hidden = {"range": [0, 1], "visible": False, "fixedrange": True}
    layout["xaxis9"] = {**hidden, "domain": [1 - TAB, 1], "anchor": "y9"}
    layout["yaxis9"] = {**hidden, "domain": [0, 1], "anchor": "x9"}
    layout["annotations"].append(
        {
            "text": text,
            "xref": "paper",
            "yref": "paper",
            "x": 1 - TAB / 2,
            "y": 0.5,
            "xanchor": "center",
            "yanchor": "middle",
            "textangle": -90,
            **_SMALL,
        }
    )
    return {
        "type": "scatter", "x": [0, 1], "y": [1, 1], "xaxis": "x9", "yaxis": "y9",
        "mode": "none", "fill": "tozeroy", "fillcolor": FIELD,
        "fillpattern": {"shape": "/", "size": 9, "solidity": 0.12, "fgcolor": HATCH, "bgcolor": FIELD},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


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
