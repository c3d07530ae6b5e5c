"""The key of weekly columns: signs drawn as wide on every page, because the font has none like the marks."""

from collections.abc import Sequence
from typing import Final

from dashboards.charts.fonts import measure_width, wrap_text
from dashboards.charts.label_places import Box
from dashboards.charts.story_canvas import LINE, TEXT, Canvas, Row
from dashboards.charts.theme import HATCH, INK, SOFT
from dashboards.charts.week_blocks import Block

_SWATCH: Final = 11.0
PALE: Final = 0.38


def write_key(canvas: Canvas, marks: Sequence[tuple[str, str]], colour: str, top: float) -> float:
    """A drawn sign and the words of each mark (name, text), in as many lines as they take; their pixels."""
    x, y, room = 0.0, top, canvas.right
    for name, text in marks:
        lines = wrap_text(text, TEXT, room - _SWATCH - 6)
        wide = _SWATCH + 6 + max(measure_width(line, TEXT) for line in lines)
        if x and x + wide > room:
            x, y = 0.0, y + LINE
        _draw_sign(canvas, name, colour, x, y + 2.5)
        for number, line in enumerate(lines):
            canvas.write(line, 0, y + number * LINE, TEXT, SOFT, xshift=x + _SWATCH + 6)
        canvas.ground.boxes.append(Box(x, y, x + wide, y + len(lines) * LINE))
        x, y = (x + wide + 16, y) if len(lines) == 1 else (0.0, y + len(lines) * LINE)
    return y - top + (LINE if x else 0)


def list_marks(rows: Sequence[Row], blocks: Sequence[Block], silent: bool) -> list[str]:
    """Which marks weeks (week_columns.WEEK_SCHEMA) and blocks have, in the order of the key; `silent`:
    whether of a week there is no figure.
    """
    told = [row for row in rows if row["people"] is not None and row["limit"] != "open"]
    limits = {row["limit"] for row in rows} | {block.limit for block in blocks}
    wholes = {bool(row["whole"]) for row in told} | {False for block in blocks if block.limit != "open"}
    present = {
        "whole": True in wholes,
        "pale": False in wholes,
        "least": not limits.isdisjoint(("up", "down")),
        "open": "open" in limits,
        "none": silent,
        "mean": any(row["mean"] is not None for row in rows),
    }
    return [name for name, is_there in present.items() if is_there]


def _draw_sign(canvas: Canvas, name: str, colour: str, x: float, y: float) -> None:
    """The sign of a mark, as wide on every page."""
    high = 1 - (y + _SWATCH / 2) / canvas.height if name == "mean" else 1 - y / canvas.height
    low = high if name == "mean" else 1 - (y + _SWATCH) / canvas.height
    common = {
        "xref": "paper", "yref": "paper", "xsizemode": "pixel", "xanchor": 0, "y0": low, "y1": high,
    }  # fmt: skip
    if name == "mean":
        line = {"color": INK, "width": 2.6}
        canvas.shapes.append({**common, "type": "line", "x0": x - 1, "x1": x + _SWATCH + 2, "line": line})
        return
    box = {**common, "type": "rect", "x0": x, "x1": x + _SWATCH}
    if name == "none":
        canvas.shapes.append({**box, "line": {"color": HATCH, "width": 1}})
        for start in (0.0, _SWATCH / 2):
            canvas.shapes.append(
                {**common, "type": "line", "x0": x + start, "x1": x + start + _SWATCH / 2,
                 "line": {"color": HATCH, "width": 1}}
            )  # fmt: skip
        return
    if name == "open":
        canvas.shapes.append({**box, "line": {"color": colour, "width": 1.2, "dash": "4px,3px"}})
        return
    opacity = 1 if name == "whole" else PALE
    if name == "least":
        box["y1"] = 1 - (y + 4) / canvas.height
        line = {"color": colour, "width": 1.6, "dash": "4px,3px"}
        top = 1 - (y + 1) / canvas.height
        ends = {"x0": x, "x1": x + _SWATCH, "y0": top, "y1": top}
        canvas.shapes.append({**common, **ends, "type": "line", "line": line})
    canvas.shapes.append(
        {**box, "fillcolor": colour, "opacity": opacity, "line": {"color": colour, "width": 1}}
    )
