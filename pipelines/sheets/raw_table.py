"""What a reader hands on: cells and stretches of text exactly as they stood, and what could not be read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PanicException

from pipelines.core.privacy import DiscreetError

ROW: Final = "row"  # the column of every table that says where a row stands
_PIECE: Final = 8_000_000  # bytes of rows, about, that are turned into a frame at once
_CELL: Final = 16  # bytes of a cell beside its letters
_RAW: Final = 2_000  # characters of a faulty row that are kept


class ReadError(DiscreetError):
    """A whole file cannot be read; the message names the file, what was found and what to do."""


# Whatever a library raises on a file that nobody foresaw; a panic of polars is no `Exception`.
FAILURES: Final = (Exception, PanicException)


def explain_failure(error: BaseException, path: Path, name: str) -> str:
    """Why a file was not read, with its name. A library may repeat the file's text: that is left out."""
    if isinstance(error, ReadError):
        return str(error).replace(str(path), name)
    if isinstance(error, OSError):
        return f"{name}: cannot be read ({error.strerror or type(error).__name__})"
    return f"{name}: its reader failed ({type(error).__name__}); save it anew, or in another format"


@dataclass(frozen=True)
class Fault:
    """A row that could not be read as a row: where, what stood there, why.

    `stands_for`: the last fault of a file that has more than are kept tells how many it stands for.
    """

    row: int
    raw: str
    reason: str
    stands_for: int = 1


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
    hidden_rows: list[int] = field(default_factory=list)  # of an XLSX, by their numbers


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
    number or a date: 1.697 there is never 1,697, however the publisher writes numbers in text. `spoiled` says
    of single columns, from 1, why their cell cannot be used, where the rest of the row can.
    """

    number: int
    cells: list[str | None]
    fault: str | None = None
    typed: list[int] = field(default_factory=list)
    spoiled: dict[int, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def raw(self) -> str:
        """The row's cells on one line, for a message; of a monstrous row its beginning."""
        text = " | ".join(cell or "" for cell in self.cells)
        return text if len(text) <= _RAW else f"{text[:_RAW]}… ({len(text):,} characters)"


@dataclass(frozen=True)
class Grid:
    """All rows of one sheet, page or HTML table, header included.

    `merged` are ranges as (top, bottom, left, right), `hidden_rows` and `hidden_columns` numbers, all from 1:
    known where a sheet was read whole.
    """

    name: str
    rows: list[Row]
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


Sheet = tuple[str, Iterable[Row], bool]  # its name, its rows, whether it is hidden


def tabulate_pieces(
    name: str, rows: Iterable[Row], source: str, *, hidden: bool = False, columns: Sequence[str] = ()
) -> Iterator[Table]:
    """Take the first row that is not blank as the header and the rest as cells; nothing if all is blank.

    The table comes in pieces, so that a million rows never exist as lists. With `columns` the header has been
    read before. Short rows are filled with null: a format for which a short row is a mistake marks it as a
    fault itself. Raises ReadError on a header that is faulty, repeats a cell or leaves one empty.
    """
    names = list(columns)
    faults: list[Fault] = []
    unseen: list[int] = []
    batch: list[tuple[int | str | None, ...]] = []
    size = 0
    for row in rows:
        if row.fault is None and not any(row.cells):
            continue
        if not names:
            names = read_header(row, source)
            continue
        fault = row.fault or _find_overhang(row, len(names))
        if fault:
            faults.append(Fault(row.number, row.raw, fault))
            size += len(faults[-1].raw)
        else:
            cells = [cell or None for cell in row.cells[: len(names)]]
            batch.append((row.number, *cells, *[None] * (len(names) - len(cells))))
            unseen += [row.number] * row.hidden
            size += len(batch[-1]) * _CELL + sum(len(cell) for cell in cells if cell)
        if size > _PIECE:
            yield Table(name, _make_frame(batch, names), faults, hidden, unseen)
            batch, faults, unseen, size = [], [], [], 0
    if names:
        yield Table(name, _make_frame(batch, names), faults, hidden, unseen)


def tabulate_all(sheets: Iterable[Sheet], path: Path) -> Iterator[tuple[int, Table]]:
    """The pieces of a table for each sheet that is not blank, with the sheet's number."""
    for number, (name, rows, hidden) in enumerate(sheets):
        for piece in tabulate_pieces(name, rows, f"{path}: sheet {name!r}", hidden=hidden):
            yield number, piece


def cap_faults(pieces: Iterable[tuple[int, Table]], most: int) -> Iterator[tuple[int, Table]]:
    """The pieces with the first `most` rows at fault of each table, and one that stands for the others."""
    kept: Counter[int] = Counter()
    left: dict[int, tuple[Table, Fault, Fault]] = {}
    for number, table in pieces:
        room = most - kept[number]
        kept[number] += len(table.faults)
        if len(table.faults) <= room:
            yield number, table
            continue
        beyond = table.faults[max(0, room) :]
        yield number, replace(table, faults=table.faults[: max(0, room)])
        first = left[number][1] if number in left else beyond[0]
        left[number] = (replace(table, cells=table.cells.clear()), first, beyond[-1])
    for number, (table, first, last) in left.items():
        count = kept[number] - most
        fault = Fault(first.row, say_cut(count), say_more(count, f"row {last.row}", first.reason), count)
        yield number, replace(table, faults=[fault])


def say_cut(rows: int) -> str:
    """What stands in the place of the text of many rows."""
    return f"… ({rows:,} rows)"


def say_more(rows: int, last: str, reason: str) -> str:
    """Why many rows are told of by one."""
    return f"{rows:,} more rows at fault, up to {last}; the file keeps them. The first of them: {reason}"


def require_tables(tables: list[Table], path: Path) -> list[Table]:
    """The tables. Raises ReadError when there is none."""
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
                f"{place}: the same header stands in cells {names.index(name) + 1} and {number}; "
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
