"""Two counts of one period beside each other, a pair of columns for each period, with their numbers.

Days between two periods of which no pair is stated are hatched from top to bottom, so that no column seems to
follow and none seems small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.fonts import BOLD, balance_text, measure_width
from dashboards.charts.theme import HATCH, INK, PALETTE, PAPER, QUIET, SOFT
from dashboards.charts.timeseries import HOVER

WIDTH, HEIGHT = 780, 320
COLOURS: Final = (PALETTE[1], PALETTE[0])
EDGE: Final = 2  # pixels
_TOP, _FOOT = 30, 44  # pixels of the key and of the periods
_COLUMN: Final = 0.36  # of a period's room
_FEWEST: Final = 5  # periods that take all the width
_TEXT: Final = 12.0
NUMBER: Final = "%{y:,.0f}"


@dataclass(frozen=True)
class Pair:
    """One period: its first and last day in words, people of both counts, what is said of each when touched,
    the claims behind them. `values` None: nobody states both.
    """

    start: str
    end: str
    values: tuple[int, int] | None = None
    hovers: tuple[str, str] = ("", "")
    claim_ids: tuple[str, str] = ("", "")


def draw_pairs(
    pairs: Sequence[Pair],
    names: tuple[str, str],
    gap: str,
    separators: str,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels, the oldest pair first; `names` of both counts, `gap` of none."""
    stated = [(place, pair.values, pair) for place, pair in enumerate(pairs) if pair.values is not None]
    silent = [place for place, pair in enumerate(pairs) if pair.values is None]
    top = float(max(1, *(value for _, values, _ in stated for value in values)))
    left = axes.measure_room(top)
    aside = max(0.0, (_FEWEST - len(pairs)) / 2)  # periods left free at each side
    room = (width - left - EDGE) / (len(pairs) + 2 * aside)
    one_line = measure_width("   ".join(f"■ {name}" for name in names), 13, BOLD) < width - EDGE
    apart = "   " if one_line else "<br>"
    over = _TOP + 18 * (apart == "<br>")
    person = (height - over - _FOOT) / (1.14 * top)  # pixels of one
    key = apart.join(
        f"<span style='color:{colour}'>■</span> {name}" for colour, name in zip(COLOURS, names, strict=True)
    )
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "x": [place for place, _, _ in stated],
            "y": [values[side] for _, values, _ in stated],
            "width": _COLUMN, "offset": -_COLUMN * (1 - side), "marker": {"color": COLOURS[side]},
            "texttemplate": [_write_number(values, side, person, room) for _, values, _ in stated],
            "textposition": "outside", "textangle": 0, "cliponaxis": False,
            "constraintext": "none",
            "textfont": {"size": _TEXT, "color": INK},
            "customdata": [[pair.hovers[side], pair.claim_ids[side]] for _, _, pair in stated],
            "hovertemplate": HOVER,
        }
        for side in (0, 1)
    ]  # fmt: skip
    high = 1.14 * top  # as make_count_axis goes
    traces.append(
        {
            "type": "bar", "x": silent, "y": [high] * len(silent), "width": 2 * _COLUMN, "hoverinfo": "skip",
            "marker": {
                "color": "rgba(0,0,0,0)", "line": {"width": 0},
                "pattern": {"shape": "/", "size": 5, "fgcolor": HATCH},
            },
        }
    )  # fmt: skip
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": left, "r": EDGE, "t": over, "b": _FOOT},
        "separators": separators, "dragmode": False, "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "barmode": "overlay",
        "hoverlabel": {"align": "left"},
        "annotations": [
            axes.make_heading(key, 1.0) | {"xshift": -left},
            *(_write_gap(gap, place, high / 2, 2 * _COLUMN * room) for place in silent),
        ],
        "xaxis": {
            "range": [-0.5 - aside, len(pairs) - 0.5 + aside], "tickvals": list(range(len(pairs))),
            "ticktext": _label_periods(pairs, room), "tickangle": 0, "fixedrange": True, "linecolor": QUIET,
            "showgrid": False, "zeroline": False, "tickfont": {"size": _TEXT, "color": INK},
        },
        "yaxis": axes.make_count_axis((0.0, 1.0), top, "x"),
    }  # fmt: skip
    return go.Figure(traces, layout)


def _write_number(values: tuple[int, int], side: int, person: float, room: float) -> str:
    """The number over a column: a line higher than its neighbour's where they would lie on each other."""
    wide = sum(measure_width(f"{value:,}", _TEXT) for value in values) / 2 + 2
    touches = wide > _COLUMN * room and abs(values[0] - values[1]) * person < 1.3 * _TEXT
    return NUMBER + "<br> " * (touches and side == int(values[1] > values[0]))


def _label_periods(pairs: Sequence[Pair], room: float) -> list[str]:
    """Both days of each period in two lines; where they would touch, only every so many."""
    widest = max(measure_width(day, _TEXT) for pair in pairs for day in (pair.start, f"– {pair.end}"))
    every = ceil((widest + 6) / room)
    return [f"{pair.start}<br>– {pair.end}" if place % every == 0 else "" for place, pair in enumerate(pairs)]


def _write_gap(text: str, place: int, middle: float, room: float) -> dict[str, Any]:
    """In the hatched days what they mean, upright where a period is narrow."""
    lines = balance_text(text, _TEXT, room - 8)
    upright = any(measure_width(word, _TEXT) > room - 8 for word in text.split())
    return {
        "text": text if upright else "<br>".join(lines), "x": place, "y": middle, "xref": "x", "yref": "y",
        "yanchor": "middle", "textangle": -90 if upright else 0, "showarrow": False, "bgcolor": PAPER,
        "font": {"size": _TEXT, "color": SOFT},
    }  # fmt: skip
