"""Two counts of one period beside each other, a pair of columns for each period, with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts import axes
from dashboards.charts.theme import INK, PALETTE, QUIET
from dashboards.charts.timeseries import HOVER

WIDTH, HEIGHT = 880, 320
NARROW: Final = 560  # pixels of a page below which the oldest periods are left out
MOST_NARROW: Final = 6
COLOURS: Final = (PALETTE[1], PALETTE[0])


@dataclass(frozen=True)
class Pair:
    """One period in words, people of both counts, what is said of each when touched, the claims behind
    them.
    """

    name: str
    values: tuple[int, int]
    hovers: tuple[str, str]
    claim_ids: tuple[str, str]


def draw_pairs(
    pairs: Sequence[Pair],
    names: tuple[str, str],
    separators: str,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels, the oldest pair first; `names` of both counts."""
    shown = list(pairs)[-MOST_NARROW:] if width < NARROW else list(pairs)
    top = float(max(1, *(value for pair in shown for value in pair.values)))
    key = "   ".join(
        f"<span style='color:{colour}'>■</span> {name}" for colour, name in zip(COLOURS, names, strict=True)
    )
    layout: dict[str, Any] = {
        "height": height, "margin": {"l": axes.measure_room(top), "r": 10, "t": 34, "b": 44},
        "separators": separators, "dragmode": False, "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "barmode": "group", "bargap": 0.3,
        "hoverlabel": {"align": "left"}, "annotations": [axes.make_heading(key, 1.0)],
        "xaxis": {
            "type": "category", "tickvals": [pair.name for pair in shown],
            "ticktext": [pair.name.replace(" – ", "<br>– ") for pair in shown], "tickangle": 0,
            "fixedrange": True, "linecolor": QUIET, "showgrid": False,
        },
        "yaxis": axes.make_count_axis((0.0, 1.0), top, "x"),
    }  # fmt: skip
    traces = [
        {
            "type": "bar", "x": [pair.name for pair in shown], "y": [pair.values[side] for pair in shown],
            "marker": {"color": COLOURS[side]}, "texttemplate": "%{y:,.0f}", "textposition": "outside",
            "textfont": {"size": 12, "color": INK}, "cliponaxis": False,
            "customdata": [[pair.hovers[side], pair.claim_ids[side]] for pair in shown],
            "hovertemplate": HOVER,
        }
        for side in (0, 1)
    ]  # fmt: skip
    return go.Figure(traces, layout)
