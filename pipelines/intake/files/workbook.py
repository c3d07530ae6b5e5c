"""What XLSX and ODS share: numbers and days as text, merged cells."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from pipelines.sheets.raw_table import Row


def name_cell(row: int, column: int) -> str:
    """Both from 1: row 7, column 2 is B7."""
    return f"{get_column_letter(column)}{row}"


def write_number(value: float, *, percent: bool = False) -> str:
    """1697.0 is 1697, 0.1 + 0.2 is 0.3: the fifteen digits that a spreadsheet shows, never an exponent.

    A percentage keeps its sign, so that 100 % of something never becomes the count 1.
    """
    exact = Decimal(f"{value:.15g}") * (100 if percent else 1)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def write_date(value: dt.date | dt.time | dt.timedelta) -> str:
    """ISO text; a moment at midnight is a day."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value) if isinstance(value, dt.timedelta) else value.isoformat()


class MergedRange(NamedTuple):
    """A merged range, all four from 1."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def name(self) -> str:
        return f"{name_cell(self.top, self.left)}:{name_cell(self.bottom, self.right)}"


class SheetMarks(NamedTuple):
    """What stands behind the cells of a sheet: merged ranges, rows and columns that are not shown."""

    merged: list[MergedRange]
    rows: list[int]
    columns: list[int]


Headings = dict[MergedRange, str | None]


def settle_merged(
    row: Row, ranges: Sequence[MergedRange], header_rows: Sequence[int], headings: Headings
) -> Row:
    """A row with the merged ranges over it: in `header_rows` their text stands in each of their cells, in
    every other row they are a fault. `headings` remembers the text of a range for its lower rows."""
    covering = [found for found in ranges if found.top <= row.number <= found.bottom]
    if not covering:
        return row
    if row.number in header_rows:
        return _spread_heading(row, covering, headings)
    names = [
        f"the merged range {found.name} covers this row; unmerge it and fill each cell" for found in covering
    ]
    return replace(row, fault="; ".join([*([row.fault] if row.fault else []), *names]))


def _spread_heading(row: Row, covering: Sequence[MergedRange], headings: Headings) -> Row:
    """Write a merged heading into each cell it covers; only its first cell holds the text."""
    width = max(len(row.cells), *(found.right for found in covering))
    cells = row.cells + [None] * (width - len(row.cells))
    for found in covering:
        if row.number == found.top:
            headings[found] = cells[found.left - 1]
        cells[found.left - 1 : found.right] = [headings.get(found)] * (found.right - found.left + 1)
    return replace(row, cells=cells)
