"""A table as a picture with all its lines inside: the first rows that fit, and how many more there are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lxml import etree

from dashboards.exhibits import Exhibit
from dashboards.exports import content, picture
from dashboards.exports.imprint import Imprint
from dashboards.exports.layout import INK, LEADING, PAD, SMALL, Text, plan
from dashboards.exports.lettering import width_of, wrapped
from dashboards.exports.sizes import Size
from dashboards.markup import Cell, Link, Run
from dashboards.words import words_of

ROWS: Final = 40  # of a picture at most, however large it is
BETWEEN: Final = 10  # pixels between two columns
ABOVE: Final = 4  # pixels above and below the text of a row
WIDEST: Final = 0.34  # of the table, for one column; longer texts take more lines
LETTERING: Final = 0.7  # of the largest, which a chart has: a table is read, not seen
RULE: Final = "#d8d3cd"
Lines = list[list[str]]  # of each cell of a row


def draw(exhibit: Exhibit, imprint: Imprint, size: Size) -> etree._Element:
    """The picture as an SVG element of the size's pixels. `exhibit` has rows."""
    columns = range(len(exhibit.heads))
    rows = [[_plain(cell) for cell in row] for row in exhibit.rows[:ROWS]]
    chosen = plan(imprint, replace(size, largest=size.largest * LETTERING), 0)
    root = picture.page(imprint, size, chosen)
    left, top, width, height = chosen.chart
    left, width = left + PAD, width - 2 * PAD
    widths = _widths([list(exhibit.heads), *rows], width)
    heads = [wrapped(text, SMALL, widths[n], bold=True) for n, text in enumerate(exhibit.heads)]
    below = top + height - _height([[""]])  # kept for the line that says how many more
    at = _row(root, heads, exhibit, widths, left, top, bold=True)
    shown = 0
    for row in rows:
        lines = [wrapped(row[n], SMALL, widths[n]) for n in columns]
        if at + _height(lines) > below:
            break
        at = _row(root, lines, exhibit, widths, left, at)
        shown += 1
    whole = len(exhibit.rows) if exhibit.whole is None else content.table(exhibit).height
    if whole > shown:
        more = words_of(imprint.language).plural("export.more_rows", whole - shown)
        picture.write(root, [Text((more,), SMALL, INK, bold=True)], left, at + ABOVE)
    return root


def _plain(cell: Cell) -> str:
    """The text of a cell; its parts one after the other."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, Run):
        return "".join(part if isinstance(part, str) else part.text for part in cell.parts)
    return "; ".join(map(_plain, cell))


def _widths(rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Of the columns: their longest words, and of what is left the more the longer their texts are."""
    columns = list(zip(*rows, strict=True))
    words = [max(_wide(word) for text in column for word in text.split() or [""]) for column in columns]
    texts = [min(max(map(_wide, column)), width * WIDEST) for column in columns]
    free = width - BETWEEN * (len(columns) - 1)
    if sum(words) >= free:
        return [each * free / sum(words) for each in words]
    wanted = [max(text - word, 1) for text, word in zip(texts, words, strict=True)]
    share = (free - sum(words)) / sum(wanted)
    return [word + each * share for word, each in zip(words, wanted, strict=True)]


def _wide(text: str) -> float:
    return width_of(text, SMALL, bold=True)


def _height(lines: Lines) -> float:
    return max(len(each) for each in lines) * SMALL * LEADING + 2 * ABOVE


def _row(
    root: etree._Element,
    lines: Lines,
    exhibit: Exhibit,
    widths: Sequence[float],
    left: float,
    top: float,
    bold: bool = False,
) -> float:
    """One row with a rule below it; where the next one begins."""
    x = left
    for column, texts in enumerate(lines):
        block = Text(tuple(texts), SMALL, INK, bold)
        end = x + widths[column] if column in exhibit.numeric else None
        picture.write(root, [block], x, top + ABOVE, end)
        x += widths[column] + BETWEEN
    bottom = top + _height(lines)
    root.append(
        picture.element("rect", x=f"{left:g}", y=f"{bottom:.1f}", width=f"{x - BETWEEN - left:.1f}", height=1)
    )
    root[-1].set("fill", RULE)
    return bottom
