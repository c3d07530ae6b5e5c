"""XLSX by openpyxl: what a person typed comes out as they would type it; what a formula computed does not.

A formula, a merged range, a truth value or an error spoils its own row, never the sheet.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import python_calamine

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.intake.files.sandbox import run_confined
from pipelines.intake.files.workbook import (
    Headings,
    MergedRange,
    check_archive,
    name_cell,
    settle_merged,
    write_date,
    write_number,
)
from pipelines.sheets.raw_table import Grid, ReadError, Row, Table, tabulate_all

_PASTE: Final = "paste it as a value"
_RESAVE: Final = "open the workbook in a spreadsheet programme and save it"
FAILURES: Final = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError, EOFError,
    zipfile.BadZipFile, ParseError, python_calamine.CalamineError,
)  # fmt: skip # what openpyxl and calamine raise on a workbook that is not one


def read_xlsx(path: Path, *, limits: FileLimits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank, hidden ones included.

    Raises ReadError when the workbook is broken, a bomb, wholly blank, or has a bad header.
    """
    return tabulate_all(read_xlsx_grids(path, limits=limits), path)


def read_xlsx_grids(
    path: Path, *, limits: FileLimits = DEFAULT, computed: bool = False, header_rows: Sequence[int] = ()
) -> list[Grid]:
    """All rows of all sheets, blank ones included, each with its fault; a large workbook is read in a child.

    `computed` takes what a formula gave when the workbook was last saved, instead of refusing it. In
    `header_rows` a merged range is a heading over several columns: its text stands in each of its cells.
    """
    if check_archive(path, limits) <= limits.inline_bytes:
        return parse(path, limits=limits, computed=computed, header_rows=header_rows)
    return run_confined(
        "xlsx_grids", path, list[Grid], limits, computed=computed, header_rows=list(header_rows)
    )


def parse(path: Path, *, limits: FileLimits, computed: bool, header_rows: Sequence[int]) -> list[Grid]:
    """The grids, read in this process; the archive has been checked."""
    try:
        merged = _read_merged_ranges(path)
        with ExitStack() as books:
            book = books.enter_context(_open_workbook(path, results=False))
            saved = books.enter_context(_open_workbook(path, results=True)) if computed else None
            return [
                Grid(
                    sheet.title,
                    list(_read_sheet(sheet, saved and saved[sheet.title], merged, header_rows, limits)),
                    sheet.sheet_state != "visible",
                )
                for sheet in book.worksheets
            ]
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error
    except FAILURES as error:
        raise ReadError(f"{path}: the workbook cannot be opened ({error}); save it again as .xlsx") from error


@contextmanager
def _open_workbook(path: Path, *, results: bool) -> Iterator[Any]:
    """The workbook with formulas as they are written, or with what they gave when it was saved."""
    book = openpyxl.load_workbook(path, read_only=True, keep_links=False, data_only=results)
    try:
        yield book
    finally:
        book.close()


def _read_merged_ranges(path: Path) -> dict[str, list[MergedRange]]:
    with python_calamine.load_workbook(path) as book:
        return {
            name: [
                MergedRange(top + 1, bottom + 1, left + 1, right + 1)
                for (top, left), (bottom, right) in book.get_sheet_by_name(name).merged_cell_ranges or []
            ]
            for name in book.sheet_names
        }


def _read_sheet(
    sheet: Any,
    saved: Any,
    merged: dict[str, list[MergedRange]],
    header_rows: Sequence[int],
    limits: FileLimits,
) -> Iterator[Row]:
    """`saved` is the same sheet with the results of its formulas, where those are wanted."""
    place = f"sheet {sheet.title!r}"
    ranges = merged[sheet.title]
    if len(ranges) > limits.merged_ranges:
        raise ReadError(f"{place}: {len(ranges):,} merged ranges; unmerge them and fill each cell")
    headings: Headings = {}
    for number, (cells, results) in enumerate(_align_rows(sheet, saved), 1):
        if number > limits.rows:
            raise ReadError(f"{place}: more than {limits.rows:,} rows")
        row = _read_row(number, cells, results)
        if cells:
            row = settle_merged(row, ranges, header_rows, headings)
        if len(row.cells) > limits.columns:
            raise ReadError(
                f"{place}: row {number} has {len(row.cells):,} columns; at most {limits.columns:,} are read"
            )
        yield row


def _align_rows(sheet: Any, saved: Any) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    sheet.reset_dimensions()  # the stated size may lie
    if saved is None:
        yield from ((cells, ()) for cells in sheet.iter_rows())
        return
    saved.reset_dimensions()
    yield from zip(sheet.iter_rows(), saved.iter_rows(), strict=True)


def _read_row(number: int, cells: Sequence[Any], results: Sequence[Any]) -> Row:
    texts: list[str | None] = []
    typed: list[int] = []
    faults: list[str] = []
    for column, cell in enumerate(cells, 1):
        counted = results[column - 1] if results and cell.data_type == "f" else cell
        text, fault = _read_cell(counted)
        if counted is not cell and text is None:
            text, fault = str(cell.value), f"holds the formula {cell.value} without a result; {_RESAVE}"
        texts.append(text)
        if isinstance(counted.value, int | float | dt.date):
            typed.append(column)
        if fault:
            faults.append(f"cell {name_cell(number, column)} {fault}")
    while texts and not texts[-1]:
        texts.pop()
    return Row(number, texts, "; ".join(faults) or None, typed)


def _read_cell(cell: Any) -> tuple[str | None, str | None]:
    """The text a person would type for this cell, and what makes it unusable."""
    value = cell.value
    if value is None:
        return None, None
    if cell.data_type == "f":
        text = value if isinstance(value, str) else f"={getattr(value, 'text', None) or '…'}"
        return text, f"holds the formula {text}; {_PASTE}"
    if cell.data_type == "e":
        return str(value), f"holds the error {value}"
    if isinstance(value, bool):
        return str(value).upper(), f"holds the truth value {str(value).upper()}; {_PASTE}"
    if isinstance(value, int | float):
        return write_number(value, percent="%" in (cell.number_format or "")), None
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return write_date(value), None
    return str(value), None
