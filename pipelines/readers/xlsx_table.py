"""XLSX by openpyxl: what a person typed comes out as they would type it; what a formula computed does not.

A formula, a merged range, a truth value or an error spoils its own row, never the sheet.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import python_calamine

from pipelines.readers.archives import check_archive
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Grid, ReadError, Row, Table, tabulate_all
from pipelines.readers.spreadsheet import cell_name, write_date, write_number

_PASTE: Final = "paste it as a value"
FAILURES: Final = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError, EOFError,
    zipfile.BadZipFile, ParseError, python_calamine.CalamineError,
)  # fmt: skip # what openpyxl and calamine raise on a workbook that is not one


def read_xlsx(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank, hidden ones included.

    Raises ReadError when the workbook is broken, a bomb, wholly blank, or has a bad header.
    """
    return tabulate_all(read_xlsx_grids(path, limits=limits), path)


def read_xlsx_grids(path: Path, *, limits: Limits = DEFAULT, computed: bool = False) -> list[Grid]:
    """All rows of all sheets, blank ones included, each with its fault; a large workbook is read in a child.

    `computed` takes what a formula gave when the workbook was last saved, instead of refusing it.
    """
    if check_archive(path, limits) <= limits.inline_bytes:
        return parse(path, limits=limits, computed=computed)
    return run_confined("xlsx_grids", path, list[Grid], limits, computed=computed)


def parse(path: Path, *, limits: Limits, computed: bool) -> list[Grid]:
    """The grids, read in this process; the archive has been checked."""
    try:
        merged = _merged_ranges(path)
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False, data_only=computed)
        try:
            return [
                Grid(
                    sheet.title,
                    list(_rows(sheet, merged[sheet.title], f"{path}: sheet {sheet.title!r}", limits)),
                    sheet.sheet_state != "visible",
                )
                for sheet in book.worksheets
            ]
        finally:
            book.close()
    except ReadError:
        raise
    except FAILURES as error:
        raise ReadError(f"{path}: the workbook cannot be opened ({error}); save it again as .xlsx") from error


def _merged_ranges(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """For each sheet, the first and last row of every merged range and its name, rows from 1."""
    with python_calamine.load_workbook(path) as book:
        return {
            name: [
                (
                    top + 1,
                    bottom + 1,
                    f"{cell_name(top + 1, left + 1)}:{cell_name(bottom + 1, right + 1)}",
                )
                for (top, left), (bottom, right) in book.get_sheet_by_name(name).merged_cell_ranges or []
            ]
            for name in book.sheet_names
        }


def _rows(sheet: Any, merged: list[tuple[int, int, str]], source: str, limits: Limits) -> Iterator[Row]:
    if len(merged) > limits.merged_ranges:
        raise ReadError(f"{source}: {len(merged):,} merged ranges; unmerge them and fill each cell")
    sheet.reset_dimensions()  # the stated size may lie
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > limits.rows:
            raise ReadError(f"{source}: more than {limits.rows:,} rows")
        texts: list[str | None] = []
        typed: list[int] = []
        faults: list[str] = []
        for column, cell in enumerate(cells, 1):
            text, fault = _read_cell(cell)
            texts.append(text)
            if isinstance(cell.value, int | float | dt.date):
                typed.append(column)
            if fault:
                faults.append(f"cell {cell_name(number, column)} {fault}")
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > limits.columns:
            raise ReadError(
                f"{source}: row {number} has {len(texts):,} columns; at most {limits.columns:,} are read"
            )
        faults += [
            f"the merged range {name} covers this row; unmerge it and fill each cell"
            for top, bottom, name in merged
            if top <= number <= bottom
        ]
        yield Row(number, texts, "; ".join(faults) or None, typed)


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
