"""Merged cells of a spreadsheet: a heading over several columns, or what spoils the rows it covers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines.readers.shapes import Row
from pipelines.readers.spreadsheet import cell_name


class Range(NamedTuple):
    """A merged range, all four from 1."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def name(self) -> str:
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


Headings = dict[Range, str | None]


def settle_merged(row: Row, ranges: Sequence[Range], header_rows: Sequence[int], headings: Headings) -> Row:
    """A row with the merged ranges over it: in `header_rows` their text stands in each of their cells, in
    every other row they are a fault. `headings` remembers the text of a range for its lower rows."""
    covering = [found for found in ranges if found.top <= row.number <= found.bottom]
    if not covering:
        return row
    if row.number in header_rows:
        return _spread(row, covering, headings)
    names = [
        f"the merged range {found.name} covers this row; unmerge it and fill each cell" for found in covering
    ]
    return replace(row, fault="; ".join([*([row.fault] if row.fault else []), *names]))


def _spread(row: Row, covering: Sequence[Range], headings: Headings) -> Row:
    """Write a merged heading into each cell it covers; only its first cell holds the text."""
    width = max(len(row.cells), *(found.right for found in covering))
    cells = row.cells + [None] * (width - len(row.cells))
    for found in covering:
        if row.number == found.top:
            headings[found] = cells[found.left - 1]
        cells[found.left - 1 : found.right] = [headings.get(found)] * (found.right - found.left + 1)
    return replace(row, cells=cells)
