"""Bytes become tables or text: one module a format, a well-kept library in each.

A reader never types a value. It hands on every cell as the text that stood there, with the row number
that a person sees in the file, and names what it could not read.
"""

from dataclasses import dataclass, field

import polars as pl


class ReadError(ValueError):
    """A whole file cannot be read; the message names the file, what was found and what to do."""


@dataclass(frozen=True)
class Fault:
    """A row that could not be read as a row: where, what stood there, why."""

    row: int
    raw: str
    reason: str


@dataclass(frozen=True)
class Table:
    """A table as its file gives it.

    `cells` holds `row` (Int64, the number a person sees: the header is row 1) and one String column for
    each header cell, in the order of the file; an empty cell is null.
    """

    name: str  # sheet, page or "" where the file has one table
    cells: pl.DataFrame
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Passage:
    """A stretch of text and where it stands: page from 1, box in points or pixels where known."""

    text: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
