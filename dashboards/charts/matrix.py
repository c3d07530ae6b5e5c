"""A matrix of what may be compared: a box for each pairing, the kind of reason first, then both values.

On a phone each row becomes a card with its cells below one another. Boxes that compare stand out in colour
and in their words; the others differ in colour by kind and say the kind in bold, so that no colour is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.theme import INK, PALETTE

ROW: Final = 62  # pixels of a row of the wide drawing
HEAD: Final = 72
FIRST: Final = 1.45  # columns that the first one, of names, is wide
LINE: Final = 40  # pixels of a cell on a phone
CARD: Final = 40  # pixels of a card's head
LETTERS: Final = {
    "wide": (22, 26, 30),
    "narrow": (34, 30, 44),
}  # of a line: head of a column, cell, name of a row
FILLS: Final = {
    "comparable": PALETTE[1], "promise": "#E1EAE4", "people": "#E6E3DD", "cause": "#E9E4F0",
    "start": "#F1E8D8", "unknown_start": "#F1E8D8", "days": "#F6F1E7",
}  # fmt: skip


@dataclass(frozen=True)
class Box:
    """One cell: its kind (of FILLS), the reason or result in a few words, the values, the claim behind it."""

    kind: str
    head: str
    line: str
    claim_id: str


@dataclass(frozen=True)
class Label:
    """A row's or a column's name, what it counts, and its colour."""

    name: str
    told: str
    colour: str = INK


def draw_matrix(
    corner: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    narrow: bool = False,
) -> go.Figure:
    """The figure, rows from the top; `boxes` of each row in the columns' order."""
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    marks: list[tuple[float, float, Box]] = []
    put = _put_cards if narrow else _put_table
    width, height = put(corner, columns, rows, boxes, shapes, notes, marks)
    axis = {"visible": False, "fixedrange": True}
    return go.Figure(
        [
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _, _ in marks], "y": [y for _, y,
                _ in marks],
                "marker": {"size": 30, "opacity": 0.001, "color": INK},
                "customdata": [[f"<b>{box.head}</b><br>{box.line}", box.claim_id] for _, _, box in marks],
                "hovertemplate": "%{customdata[0]}<extra></extra>", "showlegend": False,
            }
        ],
        {
            "height": height, "margin": {"l": 14, "r": 14, "t": 4, "b": 4}, "dragmode": False,
            "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": {**axis, "range": [0, width]}, "yaxis": {**axis, "range": [-height, 0]},
            "shapes": shapes, "annotations": notes, "showlegend": False,
        },
    )  # fmt: skip


def _put_table(
    corner: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    marks: list[tuple[float, float, Box]],
) -> tuple[float, float]:
    """Width in columns and height in pixels of the table that was put."""
    head, cell, name = LETTERS["wide"]
    notes.append(_write(corner, 0, -HEAD + 8, 11.5, yanchor="bottom"))
    for place, column in enumerate(columns):
        x = FIRST + place
        notes.append(
            _write(_join(column, head), x + 0.05, -HEAD + 8, 11.5, yanchor="bottom", color=column.colour)
        )
        shapes.append(_fill(x + 0.02, -HEAD + 3, x + 0.98, -HEAD + 6, column.colour))
    for number, (row, cells) in enumerate(zip(rows, boxes, strict=True)):
        top = -HEAD - number * ROW
        notes.append(_write(_join(row, name), 0, top - 8, 11.5))
        for place, box in enumerate(cells):
            x = FIRST + place
            shapes.append(_fill(x + 0.02, top - ROW + 4, x + 0.98, top, FILLS[box.kind]))
            notes.append(_write(_join_box(box, cell), x + 0.05, top - 8, 11, color=_choose_ink(box)))
            marks.append((x + 0.5, top - ROW / 2, box))
    return FIRST + len(columns), HEAD + ROW * len(rows)


def _put_cards(
    _corner: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    marks: list[tuple[float, float, Box]],
) -> tuple[float, float]:
    """The same of the cards, which are one wide; what compares comes first in each."""
    head, cell, name = LETTERS["narrow"]
    at = 0.0
    for row, cells in zip(rows, boxes, strict=True):
        notes.append(_write(_join(row, name), 0, at - 4, 12))
        at -= CARD
        for named, box in _gather(columns, cells):
            shapes.append(_fill(0, at - LINE + 3, 1, at, FILLS[box.kind]))
            notes.append(_write(_join(named, head), 0.015, at - 5, 10.5, color=_choose_ink(box)))
            notes.append(_write(_join_box(box, cell), 0.52, at - 5, 10.5, color=_choose_ink(box)))
            marks.append((0.5, at - LINE / 2, box))
            at -= LINE
        at -= 8
    return 1, -at


def _gather(columns: Sequence[Label], cells: Sequence[Box]) -> list[tuple[Label, Box]]:
    """The cells of a card: each that compares, then one for each reason with the columns that it holds
    for.
    """
    pairs = list(zip(columns, cells, strict=True))
    found = [(column, box) for column, box in pairs if box.kind == "comparable"]
    for kind in dict.fromkeys(box.kind for box in cells if box.kind != "comparable"):
        own = [(column, box) for column, box in pairs if box.kind == kind]
        names = ", ".join(dict.fromkeys(column.name for column, _ in own))
        lines = {box.line for _, box in own}
        box = own[0][1]
        found.append(
            (
                own[0][0] if len(own) == 1 else Label(names, ""),
                box if len(lines) == 1 else Box(kind, box.head, "", box.claim_id),
            )
        )
    return found


def _choose_ink(box: Box) -> str:
    return "#FFFFFF" if box.kind == "comparable" else INK


def _join(label: Label, letters: int) -> str:
    return f"<b>{wrap(label.name, letters)}</b><br>{wrap(label.told, letters + 2)}"


def _join_box(box: Box, letters: int) -> str:
    return f"<b>{wrap(box.head, letters)}</b><br>{wrap(box.line, letters + 2)}"


def wrap(text: str, letters: int) -> str:
    """A text in lines of about so many letters."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= letters or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "<br>".join(lines)


def _fill(x0: float, y0: float, x1: float, y1: float, colour: str) -> dict[str, Any]:
    return {
        "type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "fillcolor": colour, "line": {"width": 0},
        "layer": "below",
    }  # fmt: skip


def _write(text: str, x: float, y: float, size: float, color: str = INK, **where: Any) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xanchor": "left", "yanchor": "top", "align": "left",
        "showarrow": False,
        "font": {"size": size, "color": color}, **where,
    }  # fmt: skip
