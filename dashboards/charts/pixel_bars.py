"""Bars with their words, placed in pixels: from the left, and from the top down."""

from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.theme import INK

NARROW: Final = 560.0  # pixels below which the words of bars stand above them


class PixelBars:
    """What is drawn so far of a figure so many pixels wide; bars begin at `left`."""

    def __init__(self, width: float, left: float) -> None:
        self.width = width
        self.narrow = width < NARROW
        self.left = 2.0 if self.narrow else left
        self.scale = 1.0  # pixels of a person
        self.traces: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []

    def make_figure(self, height: float) -> go.Figure:
        """The figure of so many pixels with all that was drawn."""
        hidden = {"visible": False, "fixedrange": True}
        layout = {
            "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False,
            "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False, "barmode": "overlay", "annotations": self.notes,
            "xaxis": {**hidden, "range": [0, self.width]}, "yaxis": {**hidden, "range": [-height, 0]},
        }  # fmt: skip
        return go.Figure(self.traces, layout)

    def draw_bar(self, left: float, wide: float, y: float, thick: float, marker: dict[str, Any]) -> None:
        """A bar around the height `y`."""
        self.traces.append(
            {
                "type": "bar", "orientation": "h", "x": [wide], "y": [-y], "base": [left], "width": thick,
                "marker": marker, "hoverinfo": "skip",
            }
        )  # fmt: skip

    def touch(self, x: float, y: float, hover: str, claim_id: str) -> None:
        """What is said when a place is touched, and the claim behind it."""
        self.traces.append(
            {
                "type": "scatter", "x": [x], "y": [-y], "mode": "markers",
                "marker": {"size": 22, "color": INK, "opacity": 0.001},
                "customdata": [[hover, claim_id]], "hovertemplate": "%{customdata[0]}<extra></extra>",
            }
        )  # fmt: skip

    def write(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """A line of text that begins at `x`, around the height `y`."""
        self.notes.append(
            {
                "text": text, "x": x, "y": -y, "xanchor": "left", "yanchor": "middle", "align": "left",
                "showarrow": False, "borderpad": 0, "font": {"size": size, "color": colour},
            }
        )  # fmt: skip
