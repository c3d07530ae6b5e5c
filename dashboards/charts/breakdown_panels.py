"""Parts of a whole: the latest bulletin as bars of one length, every bulletin as a stacked column on its day.

Only bulletins whose parts are known exactly and fit their total are given to this module: what is withheld is
no part of any of them, so that nothing can be had back as the rest of a bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.axes import EVENT_ROW, Event
from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.line_gaps import stagger_rows
from dashboards.charts.theme import INK, ON_DARK, ON_PALE, QUIET, SOFT, fix_colour
from dashboards.charts.timeseries import HOVER, Lettering

PANELS: Final = ("value", "share")
WIDTH, HEIGHT, PHONE_HEIGHT = 780, 430, 640
NARROW: Final = 560  # pixels of a page below which the columns stand below the bars
FEWEST: Final = 4  # bulletins that make columns; fewer leave the bars alone
SHADES: Final = {  # of the parts, the largest first, by whether they are of people held or of people who left
    True: ("#E0A58C", "#B5482A", "#8F6A5C", "#F0D3C6", "#C98B73", "#D9C2B8"),
    False: ("#9CCBD1", "#1B7F8C", "#5F8F96", "#CFE5E8", "#78AEB6", "#B4CBCE"),
}
OTHERS: Final = ("#E2DDD5", "#7A746C", "#A59D92", "#CFC8BD", "#8F877C", "#B9B2A7")  # of a division beside it
REST: Final = "#EFEBE4"  # of all others, of whom no bulletin says anything
HEAD: Final = 26  # pixels of a heading
EDGE: Final = 2
BAR, LEAST = 78.0, 290.0  # pixels of a bar with its names, and of columns with what stands around them
DAY_MS: Final = 86_400_000


@dataclass(frozen=True)
class Part:
    """People of one part, and their number in words; `value` None: all others, drawn without a number."""

    name: str
    value: int | None = None
    told: str = ""
    claim_id: str = ""


@dataclass(frozen=True)
class ShareBar:
    """One division of the latest bulletin: parts in the order drawn, and their total."""

    parts: tuple[Part, ...]
    total: int
    chosen: bool  # the division of the columns


@dataclass(frozen=True)
class Bulletin:
    """One bulletin: people of each part in the order of `Columns.names`, its total, what is said when
    touched.
    """

    day: date
    values: tuple[int, ...]
    total: int
    told: str  # the total in words
    share: str  # of the last part, in words
    hover: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Every bulletin of one division; below it the share of the last of `names`, called `share`."""

    heading: str
    names: tuple[str, ...]
    bulletins: tuple[Bulletin, ...]
    span: tuple[date, date]
    share: str
    note: str
    events: tuple[Event, ...] = ()
    panels: tuple[str, ...] = PANELS


def draw_parts(
    bars: Sequence[ShareBar],
    heading: str,
    columns: Columns,
    stock: bool,
    lettering: Lettering,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels. `heading` names the total and the day of the bars."""
    shades = SHADES[stock]
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": EDGE, "r": EDGE, "t": HEAD, "b": 10},
        "separators": lettering.separators,
        "dragmode": False, "hovermode": "closest", "hoverdistance": 24, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "hoverlabel": {"align": "left"},
        "annotations": [], "shapes": [], "barmode": "stack",
    }  # fmt: skip
    several = len(columns.bulletins) >= FEWEST and not (width < NARROW and height < HEIGHT)
    across, down = (0.0, 1.0), (0.0, 1.0)
    if several and width < NARROW:  # the columns below take their room first; the chosen division leads
        bars = bars[: max(1, int((height - HEAD - LEAST) / BAR))]
    high = min(height - HEAD - 20, BAR * len(bars))
    if several and width < NARROW:
        down = (1 - high / (height - HEAD - 10), 1.0)
    elif several:
        across = (0.0, 0.36)
    else:
        layout["height"] = height = HEAD + 20 + high if height == HEIGHT else height
    traces = _draw_bars(layout, bars, shades, across, down, (width - 2 * EDGE) * (across[1] - across[0]))
    layout["annotations"].append(_head(heading, across[0], 1.0, 0))
    if several:
        place = ((0.0, 1.0), (0.0, down[0])) if width < NARROW else ((0.44, 1.0), (0.0, 1.0))
        traces += _draw_columns(layout, columns, shades, *place, width - 2 * EDGE, height, lettering)
    return go.Figure(traces, layout)


def _head(text: str, x: float, y: float, shift: float) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>", "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom", "yshift": 6 + shift, "showarrow": False, "align": "left", "font": {"size": 13.5},
    }  # fmt: skip


def _tell(text: str, x: float, y: float, shift: float) -> dict[str, Any]:
    """A line of a heading that only explains."""
    return _head("", x, y, shift) | {"text": text, "font": {"size": 12, "color": SOFT}}


def _draw_bars(
    layout: dict[str, Any],
    bars: Sequence[ShareBar],
    shades: Sequence[str],
    across: tuple[float, float],
    down: tuple[float, float],
    wide: float,
) -> list[dict[str, Any]]:
    """Bars of one length: the names above both ends, the numbers inside."""
    count = len(bars)
    layout["xaxis2"] = {
        "domain": list(across),
        "anchor": "y2",
        "range": [0, 1],
        "visible": False,
        "fixedrange": True,
    }
    layout["yaxis2"] = {
        "domain": list(down), "anchor": "x2", "range": [-count, 0], "visible": False, "fixedrange": True,
    }  # fmt: skip
    traces = []
    for row, bar in enumerate(bars):
        y, left = -row - 0.62, 0.0
        colours = shades if bar.chosen else OTHERS
        names = [part.name for part in bar.parts]
        for place, part in enumerate(bar.parts):
            known = sum(each.value or 0 for each in bar.parts)
            share = (bar.total - known if part.value is None else part.value) / bar.total
            colour = REST if part.value is None else colours[place if len(bar.parts) > 1 else 1]
            traces.append(
                {
                    "type": "bar", "orientation": "h", "x": [share], "y": [y], "base": [left], "width": 0.46,
                    "xaxis": "x2", "yaxis": "y2", "marker": {"color": colour, "line": {"color": QUIET,
                    "width": 1}},
                    "customdata": [[f"<b>{part.told}</b> · {part.name}", part.claim_id]],
                    "hovertemplate": HOVER if part.claim_id else None,
                    "hoverinfo": None if part.claim_id else "skip",
                }
            )  # fmt: skip
            number = part.told
            fits = number and measure_width(number, 15, BOLD) + 12 < share * wide
            last = place == len(bar.parts) - 1
            if fits:
                ink = _choose_ink(colour)
                text = fix_colour(f"<b>{number}</b>", ink)
                layout["annotations"].append(_put(text, left + share if last else left, y, last, 15, ink))
            elif number:
                names[place] += f" {number}"
            left += share
        layout["annotations"] += _name(names, row, wide)
    return traces


def _name(names: Sequence[str], row: int, wide: float) -> list[dict[str, Any]]:
    """The parts' names above a bar: at both ends of two, in one line of more."""
    y = -row - 0.34
    if len(names) == 2 and sum(measure_width(name, 13, BOLD) for name in names) + 16 < wide:
        return [_put(f"<b>{names[0]}</b>", 0, y, False, 13, INK, "bottom"),
                _put(f"<b>{names[1]}</b>", 1, y, True, 13, INK, "bottom")]  # fmt: skip
    line = wrap_text(" · ".join(names), 12, wide, BOLD)[0]
    return [_put(f"<b>{line}</b>", 0, y, False, 12, INK, "bottom")]


def _put(
    text: str, x: float, y: float, right: bool, size: float, colour: str, anchor: str = "middle"
) -> dict[str, Any]:
    inside = anchor == "middle"
    return {
        "text": text, "x": x, "y": y, "xref": "x2", "yref": "y2", "xanchor": "right" if right else "left",
        "yanchor": anchor, "xshift": (-6 if right else 6) if inside else 0, "showarrow": False,
        "font": {"size": size, "color": colour},
    }  # fmt: skip


def _choose_ink(colour: str) -> str:
    """Dark letters or white ones, whichever are read on the colour."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return ON_PALE if 0.299 * red + 0.587 * green + 0.114 * blue > 130 else ON_DARK


def _draw_columns(
    layout: dict[str, Any],
    columns: Columns,
    shades: Sequence[str],
    across: tuple[float, float],
    down: tuple[float, float],
    wide: float,
    high: float,
    lettering: Lettering,
) -> list[dict[str, Any]]:
    """A stacked column on each bulletin's day, totals above those with room, the shares as a row below."""
    since, until = columns.span
    shares = columns.panels == ("share",)
    days = [bulletin.day for bulletin in columns.bulletins]
    span = max((until - since).days, 1)
    newest = columns.bulletins[-1]
    edge = max(measure_width(text, 12, BOLD) for text in (newest.told, newest.share)) / 2  # beyond its column
    begin = measure_width(columns.bulletins[0].told, 12, BOLD) / 2  # before its column
    pixel = span / ((across[1] - across[0]) * wide - 46 - begin - edge)  # days of one
    gaps = [(later - day).days for day, later in pairwise(days)]
    thick = max(min(11 * pixel, 0.86 * min(gaps, default=span)), 2 * pixel)
    top = 1.0 if shares else float(max(bulletin.total for bulletin in columns.bulletins))
    rows = stagger_rows([event.day for event in columns.events], since, until)
    depth = float(EVENT_ROW * (max(rows, default=-1) + 1))
    told = columns.note if wide >= NARROW and not shares else ""  # else the key says it
    note = wrap_text(told, 12, (across[1] - across[0]) * wide)
    depth += 16 * len(note)
    layout["margin"] |= {"t": layout["margin"]["t"] + depth + 18, "b": 90}
    row = 0.0 if down[1] == 1.0 else 76 / high
    layout["xaxis"] = axes.make_date_axis(
        since,
        until,
        lettering.tick,
        anchor="y",
        domain=[across[0] + 46 / wide, across[1] - edge / wide],
        linecolor=QUIET,
    )
    layout["xaxis"]["range"][0] -= timedelta(days=begin * pixel)  # its number stays off the axis
    axes.thin_ticks(layout["xaxis"], 1 / pixel)
    layout["yaxis"] = axes.make_count_axis((down[0], down[1] - row), top, "x") | (
        {"tickformat": ".0%", "range": [0, 1]} if shares else {}
    )
    named = " ".join(
        f"<span style='color:{shades[place + (len(columns.names) == 1)]}'>■</span> {name}"
        for place, name in enumerate(columns.names)
    )
    layout["annotations"] += [
        _head(columns.heading, across[0], down[1] - row, 18 + depth),
        _head(named, across[0], down[1] - row, depth) | {"font": {"size": 12}},
        *(
            _tell(line, across[0], down[1] - row, depth - 16 * (number + 1))
            for number, line in enumerate(note)
        ),
    ]
    first = 1 if len(columns.names) == 1 else 0  # of the shades: one part alone is dark, as in its bar
    stacked: list[tuple[list[int], str, list[str]]] = [
        (
            [each.values[place] for each in columns.bulletins],
            shades[place + first],
            [each.claim_ids[place] for each in columns.bulletins],
        )
        for place in reversed(range(len(columns.names)))  # the smallest part stands on the axis
    ]
    rest = [each.total - sum(each.values) for each in columns.bulletins]
    if any(rest):
        stacked.append((rest, REST, stacked[0][2]))
    traces = [
        {
            "type": "bar", "x": days, "width": thick * DAY_MS, "xaxis": "x", "yaxis": "y",
            "y": [
                value / (each.total if shares else 1)
                for value, each in zip(values, columns.bulletins, strict=True)
            ],
            "marker": {"color": colour, "line": {"width": 1 if colour == REST else 0, "color": QUIET}},
            "customdata": [
                [each.hover, claim] for each, claim in zip(columns.bulletins, claims, strict=True)
            ],
            "hovertemplate": HOVER,
        }
        for values, colour, claims in stacked
    ]  # fmt: skip
    for each in _choose_apart(columns.bulletins, 36 * pixel):
        if not shares:
            layout["annotations"].append(_mark(f"<b>{each.told}</b>", each.day, each.total, 3, 12, INK))
    if "share" in columns.panels:
        for each in _choose_apart(columns.bulletins, 40 * pixel):
            below = _mark(
                f"<b>{each.share}</b>", each.day, 0, -72, 12, shades[max(len(columns.names) - 1, 1)]
            )
            layout["annotations"].append(below)
        label = _mark(columns.share, since, 0, -56, 12, SOFT)
        layout["annotations"].append(label | {"xanchor": "left", "x": across[0], "xref": "paper"})
    axes.mark_events(layout, columns.events, rows)
    return traces


def _choose_apart(bulletins: Sequence[Bulletin], days: float) -> list[Bulletin]:
    """The first, the last, and between them those that many days apart."""
    chosen = [bulletins[0]]
    for each in bulletins[1:-1]:
        far = (each.day - chosen[-1].day).days >= days
        if far and (bulletins[-1].day - each.day).days >= days:
            chosen.append(each)
    return [*chosen, bulletins[-1]]


def _mark(text: str, day: date, y: float, shift: float, size: float, colour: str) -> dict[str, Any]:
    return {
        "text": text, "x": day, "y": y, "xref": "x", "yref": "y", "xanchor": "center", "yanchor": "bottom",
        "yshift": shift, "showarrow": False, "font": {"size": size, "color": colour},
    }  # fmt: skip
