"""XLSX by openpyxl: what a person typed comes out as they would type it; what a formula computed does not.

A formula, a merged range, a truth value or an error spoils its own row, never the sheet.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter

from pipelines.readers.archives import check_archive
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import Grid, ReadError, Row, Table, tabulate

_PASTE: Final = "paste it as a value"
_FAILURES: Final = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError, EOFError,
    zipfile.BadZipFile, ParseError, python_calamine.CalamineError,
)  # fmt: skip # what openpyxl and calamine raise on a workbook that is not one


def read_xlsx(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank, hidden ones included.

    Raises ReadError when the workbook is broken, a bomb, wholly blank, or has a bad header.
    """
    tables = [
        table
        for grid in read_xlsx_grids(path, limits=limits)
        if (table := tabulate(grid.name, grid.rows, f"{path}: sheet {grid.name!r}", hidden=grid.hidden))
    ]
    if not tables:
        raise ReadError(f"{path}: every sheet is blank")
    return tables


def read_xlsx_grids(path: Path, *, limits: Limits = DEFAULT) -> list[Grid]:
    """All rows of all sheets, blank ones included, each with its fault. Raises ReadError as above."""
    check_archive(path, limits)
    try:
        merged = _merged_ranges(path)
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
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
    except _FAILURES as error:
        raise ReadError(f"{path}: the workbook cannot be opened ({error}); save it again as .xlsx") from error


def _merged_ranges(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """For each sheet, the first and last row of every merged range and its name, rows from 1."""
    with python_calamine.load_workbook(path) as book:
        return {
            name: [
                (
                    top + 1,
                    bottom + 1,
                    f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}",
                )
                for (top, left), (bottom, right) in book.get_sheet_by_name(name).merged_cell_ranges or []
            ]
            for name in book.sheet_names
        }


def _rows(sheet: Any, merged: list[tuple[int, int, str]], source: str, limits: Limits) -> Iterator[Row]:
    sheet.reset_dimensions()  # the stated size may lie
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > limits.rows:
            raise ReadError(f"{source}: more than {limits.rows:,} rows")
        texts: list[str | None] = []
        faults: list[str] = []
        for column, cell in enumerate(cells, 1):
            text, fault = _read_cell(cell)
            texts.append(text)
            if fault:
                faults.append(f"cell {get_column_letter(column)}{number} {fault}")
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
        yield Row(number, texts, "; ".join(faults) or None)


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
