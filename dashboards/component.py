"""The charts of the app: our own thin component, which draws a figure with Plotly's basic bundle.

Through the websocket goes only the name of a figure document (figures.py); the browser fetches the document
itself, which every visitor shares, and keeps it.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import streamlit as st

from dashboards import assets, figures
from dashboards.exhibits import Exhibit
from dashboards.view import View

BELOW: Final = 34  # pixels under the figure for its downloads


class Picked(NamedTuple):
    """A point that the reader touched: its hover text, as the browser sent it, and the claim behind it."""

    hover: str
    claim: str


def draw(exhibit: Exhibit, view: View) -> Picked | None:
    """The exhibit's figure, if it has one; what the reader picked in it, None at first."""
    if exhibit.figure is None:
        return None
    state = _component()(
        key=f"chart-{exhibit.name}",
        data={
            "figure": f"figures/{figures.drawing(exhibit, view.language).name}",
            "failed": view.words("chart.failed"),
        },
        height=int(exhibit.figure.layout.height) + BELOW,
        on_picked_change=_picked,
    )
    return _read(state.get("picked"))


def _picked() -> None:
    """Nothing to do: the run that follows reads what was picked."""


def _read(sent: Any) -> Picked | None:
    if not isinstance(sent, dict):
        return None
    hover, claim = sent.get("hover"), sent.get("claim")
    return Picked(hover, claim) if isinstance(hover, str) and isinstance(claim, str) else None


@lru_cache(maxsize=1)
def _component() -> Any:
    # An inline module has no place of its own to import from: the page's address is one.
    here = f"new URL('{assets.address('mount.js')}', document.baseURI)"
    return st.components.v2.component(
        "liberometro.chart",
        js=f"export default async (mounted) =>\n  (await import({here})).default(mounted);\n",
        isolate_styles=False,
    )
