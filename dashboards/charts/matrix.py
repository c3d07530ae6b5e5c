"""A matrix of what may be compared: a box for each pairing, the kind of reason first, then both values.

Where it is narrow each row with something to compare becomes a card, and the others are named below. Boxes
that compare stand out in colour and in their words; the others differ in colour by kind and say the kind in
bold, so that no colour is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.theme import INK, LETTERS, ON_DARK, ON_PALE, PALETTE, SOFT, fix_colour

NARROW: Final = 560  # pixels of a page below which rows become cards
WIDTH, HEIGHT = 880, 490  # pixels that it takes of a page
FIRST: Final = 0.27  # of the width, for the names of rows
HEAD: Final = 66  # pixels of the columns' names
BAR: Final = 3
GAP: Final = 5  # pixels between two boxes
CARD: Final = 46  # pixels of a box on a phone, the gap below it included
SIZES: Final = (13.0, 12.5, 12.0, 11.5, 11.0)  # of letters: the largest that fits
COMPARABLE: Final = "comparable"
FILLS: Final = {
    COMPARABLE: PALETTE[1], "promise": "#E1EAE4", "people": "#E6E3DD", "cause": "#E9E4F0",
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


@dataclass
class _Sheet:
    """What is drawn so far; pixels from the upper left."""

    shapes: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    marks: list[tuple[float, float, Box]] = field(default_factory=list)

    def fill(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A box without an edge."""
        self.shapes.append(
            {
                "type": "rect", "x0": left, "x1": left + width, "y0": -top, "y1": -top - height,
                "fillcolor": colour, "line": {"width": 0}, "layer": "below",
            }
        )  # fmt: skip

    def write(self, lines: Sequence[str], left: float, top: float, size: float, colour: str) -> None:
        """Lines one below the other, their first one's top at `top`."""
        self.notes.append(
            {
                "text": fix_colour("<br>".join(lines), colour) if colour in (ON_DARK,
                ON_PALE) else "<br>".join(lines),
                "x": left, "y": -top, "xanchor": "left", "yanchor": "top",
                "align": "left", "showarrow": False, "font": {"size": size, "color": colour},
                "borderpad": 0,
            }
        )  # fmt: skip


def draw_matrix(
    corner: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    others: str,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> go.Figure:
    """The figure of so many pixels, rows from the top; `boxes` of each row in the columns' order.

    `corner` heads the rows, `others` the rows of a narrow drawing with nothing to compare.
    """
    sheet = _Sheet()
    if width < NARROW:
        height = _put_cards(sheet, others, columns, rows, boxes, width, height)
    else:
        _put_table(sheet, corner, columns, rows, boxes, width, height)
    axis = {"visible": False, "fixedrange": True}
    marks = sheet.marks
    trace = {
        "type": "scatter", "mode": "markers", "x": [x for x, _, _ in marks], "y": [-y for _, y, _ in marks],
        "marker": {"size": 30, "opacity": 0.001, "color": INK}, "showlegend": False,
        "customdata": [[f"<b>{box.head}</b><br>{box.line}", box.claim_id] for _, _, box in marks],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }  # fmt: skip
    layout = {
        "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False,
        "hovermode": "closest", "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {**axis, "range": [0, width]}, "yaxis": {**axis, "range": [-height, 0]},
        "shapes": sheet.shapes, "annotations": sheet.notes, "showlegend": False,
    }  # fmt: skip
    return go.Figure([trace], layout)


def _put_table(
    sheet: _Sheet,
    corner: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    width: float,
    height: float,
) -> None:
    first = FIRST * width
    wide = (width - first) / len(columns)
    high = (height - HEAD) / len(rows)
    inside = wide - GAP - 18
    size = next(
        (
            size
            for size in SIZES
            if all(
                _count_lines(box.head, box.line, size, inside) * size * 1.3 <= high - GAP - 6
                for cells in boxes
                for box in cells
            )
        ),
        SIZES[-1],
    )
    sheet.write([corner], 0, HEAD - 26, size, SOFT)
    for place, column in enumerate(columns):
        left = first + place * wide
        lines = _wrap(column.name, column.told, size, inside)
        colour = LETTERS.get(column.colour, column.colour)
        sheet.write(lines, left + 8, HEAD - 12 - len(lines) * size * 1.3, size, colour)
        sheet.fill(left, HEAD - BAR - GAP, wide - GAP, BAR, column.colour)
    for number, (row, cells) in enumerate(zip(rows, boxes, strict=True)):
        top = HEAD + number * high
        sheet.write(_wrap(row.name, row.told, size, first - 14), 0, top + 4, size, INK)
        for place, box in enumerate(cells):
            left = first + place * wide
            sheet.fill(left, top, wide - GAP, high - GAP, FILLS[box.kind])
            sheet.write(_wrap(box.head, box.line, size, inside), left + 8, top + 4, size, _choose_ink(box))
            sheet.marks.append((left + wide / 2, top + high / 2, box))


def _put_cards(
    sheet: _Sheet,
    others: str,
    columns: Sequence[Label],
    rows: Sequence[Label],
    boxes: Sequence[Sequence[Box]],
    width: float,
    height: float,
) -> float:
    """The pixels down to which cards were put, at least `height`; 0 leaves it to what they need."""
    size, top = SIZES[3], 0.0
    rest: list[str] = []
    cards: list[tuple[Label, list[tuple[Label, Box]]]] = []
    for row, cells in zip(rows, boxes, strict=True):
        compared = [each for each in zip(columns, cells, strict=True) if each[1].kind == COMPARABLE]
        if compared:
            cards.append((row, compared))
        else:
            rest.append(f"{row.name} ({row.told})")
    names = wrap_text(f"{others} {'; '.join(rest)}", size, width - 4) if rest else []
    needed = sum(20 + CARD * len(compared) for _, compared in cards) + 17 * len(names)
    spare = max(height - needed, 0) / max(len(cards), 1)
    for row, compared in cards:
        sheet.write([f"<b>{row.name}</b> {row.told}"], 0, top, size, INK)
        top += 20
        for column, box in compared:
            sheet.fill(0, top, width, CARD - 4, FILLS[box.kind])
            sheet.write([f"<b>{column.name}</b>", column.told], 8, top, size, _choose_ink(box))
            middle = 8 + max(measure_width(column.name, size, BOLD), measure_width(column.told, size)) + 12
            sheet.write([f"<b>{box.head}</b>", box.line], middle, top, size, _choose_ink(box))
            sheet.marks.append((width / 2, top + CARD / 2, box))
            top += CARD
        top += min(spare, 16)
    if names and (top + 17 * len(names) <= height or not height):
        sheet.write(names, 0, top, size, SOFT)
        top += 17 * len(names)
    return max(top, height)


def _choose_ink(box: Box) -> str:
    return ON_DARK if box.kind == COMPARABLE else ON_PALE


def _wrap(head: str, line: str, size: float, width: float) -> list[str]:
    """The first in bold, the second below it."""
    return [
        *(f"<b>{each}</b>" for each in wrap_text(head, size, width, BOLD)),
        *wrap_text(line, size, width),
    ]


def _count_lines(head: str, line: str, size: float, width: float) -> int:
    return len(_wrap(head, line, size, width))
