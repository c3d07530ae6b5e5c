"""What a reader hands on: cells and stretches of text exactly as they stood, and what could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.core.privacy import DiscreetError

ROW: Final = "row"  # the column of every table that says where a row stands
_BATCH: Final = 50_000  # rows turned into a frame at once, so that a million rows never exist as lists
_RAW: Final = 2_000  # characters of a faulty row that are kept


class ReadError(DiscreetError):
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
    hidden: bool = False  # a sheet that the spreadsheet programme does not show


@dataclass(frozen=True)
class Passage:
    """A stretch of text and where it stands: page from 1, box in points or pixels where known.

    `confidence` is how sure a recognising engine is of its least sure line, of 1; None where text is text.
    """

    text: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Row:
    """One row before anybody said which row is the header.

    `fault` says why it cannot be used. `typed` are the columns, from 1, that the file itself holds as a
    number or a date: 1.697 there is never 1,697, however the publisher writes numbers in text.
    """

    number: int
    cells: list[str | None]
    fault: str | None = None
    typed: list[int] = field(default_factory=list)

    @property
    def raw(self) -> str:
        """The row's cells on one line, for a message; of a monstrous row its beginning."""
        text = " | ".join(cell or "" for cell in self.cells)
        return text if len(text) <= _RAW else f"{text[:_RAW]}… ({len(text):,} characters)"


@dataclass(frozen=True)
class Grid:
    """All rows of one sheet, page or HTML table, header included."""

    name: str
    rows: list[Row]
    hidden: bool = False


def tabulate(name: str, rows: Iterable[Row], source: str, *, hidden: bool = False) -> Table | None:
    """Take the first row that is not blank as the header and the rest as cells; None if all is blank.

    Short rows are filled with null: a format for which a short row is a mistake marks it as a fault itself.
    Raises ReadError on a header that is faulty, repeats a cell or leaves one empty.
    """
    columns: list[str] = []
    frames: list[pl.DataFrame] = []
    faults: list[Fault] = []
    batch: list[tuple[int | str | None, ...]] = []
    for row in rows:
        if row.fault is None and not any(row.cells):
            continue
        if not columns:
            columns = read_header(row, source)
            continue
        fault = row.fault or _find_overhang(row, len(columns))
        if fault:
            faults.append(Fault(row.number, row.raw, fault))
            continue
        cells = [cell or None for cell in row.cells[: len(columns)]]
        batch.append((row.number, *cells, *[None] * (len(columns) - len(cells))))
        if len(batch) == _BATCH:
            frames.append(_make_frame(batch, columns))
            batch = []
    if not columns:
        return None
    return Table(name, pl.concat([*frames, _make_frame(batch, columns)]), faults, hidden)


def tabulate_all(grids: Iterable[Grid], path: Path) -> list[Table]:
    """A table for each grid that is not blank. Raises ReadError when all are, or on a bad header."""
    tables = [
        table
        for grid in grids
        if (table := tabulate(grid.name, grid.rows, f"{path}: sheet {grid.name!r}", hidden=grid.hidden))
    ]
    if not tables:
        raise ReadError(f"{path}: every sheet is blank")
    return tables


def read_header(row: Row, source: str) -> list[str]:
    """The column names of a header row, without the space around them. Raises ReadError as above."""
    place = f"{source}: row {row.number}"
    if row.fault:
        raise ReadError(f"{place} is the header and cannot be read: {row.fault}")
    names = [(cell or "").strip() for cell in row.cells]
    for number, name in enumerate(names, 1):
        if not name:
            raise ReadError(
                f"{place}: header cell {number} of {len(names)} is empty; name the column or delete it"
            )
        if names.index(name) + 1 < number:
            raise ReadError(
                f"{place}: the header {name!r} stands twice, in cells {names.index(name) + 1} and {number}; "
                "give each column its own name"
            )
    if ROW in names:
        raise ReadError(f"{place}: a column may not be called {ROW!r}, which is the row's place; rename it")
    return names


def _find_overhang(row: Row, width: int) -> str | None:
    extra = [number for number, cell in enumerate(row.cells, 1) if cell and number > width]
    if not extra:
        return None
    return f"cell {extra[0]} of the row stands in a column without a header"


def _make_frame(batch: list[tuple[int | str | None, ...]], columns: list[str]) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {ROW: pl.Int64(), **dict.fromkeys(columns, pl.String())}
    return pl.DataFrame(batch, schema=schema, orient="row")
