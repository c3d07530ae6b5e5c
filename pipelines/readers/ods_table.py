"""ODS by calamine; formulas and merged cells, which it passes over in silence, by a look at the XML."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import python_calamine
from lxml import etree

from pipelines.readers.archives import check_archive
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Grid, ReadError, Row, Table, tabulate_all
from pipelines.readers.spreadsheet import cell_name, write_date, write_number

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS: Final = (f"{_NS}table-cell", f"{_NS}covered-table-cell")
Mark = tuple[int, int, str]  # first and last row, from 1, and what is wrong with them
Marks = dict[str, list[Mark]]  # by sheet


def read_ods(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank. Raises ReadError as `read_xlsx` does."""
    return tabulate_all(read_ods_grids(path, limits=limits), path)


def read_ods_grids(path: Path, *, limits: Limits = DEFAULT, computed: bool = False) -> list[Grid]:
    """All rows of all sheets, read in a child; `computed` accepts what formulas gave."""
    return run_confined("ods_grids", path, list[Grid], limits, computed=computed)


def parse(path: Path, *, limits: Limits, computed: bool) -> list[Grid]:
    """The child's side of the above. A few bytes can state a million equal rows, so it is always confined."""
    check_archive(path, limits)
    try:
        marks = _find_marks(path, computed, limits)
        with python_calamine.load_workbook(path) as book:
            return [
                Grid(
                    sheet.name,
                    list(_rows(book.get_sheet_by_name(sheet.name), marks.get(sheet.name, []), path, limits)),
                    sheet.visible is not python_calamine.SheetVisibleEnum.Visible,
                )
                for sheet in book.sheets_metadata
            ]
    except (python_calamine.CalamineError, etree.XMLSyntaxError, KeyError, zipfile.BadZipFile) as error:
        raise ReadError(
            f"{path}: the spreadsheet cannot be opened ({error}); save it again as .ods"
        ) from error


def _rows(sheet: Any, marks: list[Mark], path: Path, limits: Limits) -> Iterator[Row]:
    if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
        raise ReadError(
            f"{path}: sheet {sheet.name!r} has {sheet.total_height:,} rows, {sheet.total_width:,} columns; "
            f"at most {limits.rows:,} and {limits.columns:,} are read"
        )
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        faults = [reason for first, last, reason in marks if first <= number <= last]
        texts: list[str | None] = []
        typed: list[int] = []
        for column, value in enumerate(values, 1):
            text, fault = _read_value(value)
            texts.append(text)
            if isinstance(value, int | float | dt.date):
                typed.append(column)
            if fault:
                faults.append(f"cell {cell_name(number, column)} {fault}")
        while texts and not texts[-1]:
            texts.pop()
        yield Row(number, texts, "; ".join(faults) or None, typed)


def _read_value(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, bool):
        return str(value).upper(), f"holds the truth value {str(value).upper()}; paste it as a value"
    if isinstance(value, int | float):
        return write_number(value), None
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return write_date(value), None
    return str(value) or None, None


def _find_marks(path: Path, computed: bool, limits: Limits) -> Marks:
    """Where formulas, percentages and merged cells stand; a repeated row counts as often as it says."""
    marks: Marks = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        parser = etree.iterparse(
            stream, events=("end",), tag=f"{_NS}table", resolve_entities=False, no_network=True
        )
        for _, table in parser:
            sheet = marks.setdefault(table.get(f"{_NS}name", ""), [])
            number = 1
            for row in table.iter(f"{_NS}table-row"):
                repeated = int(row.get(f"{_NS}number-rows-repeated", "1"))
                column = 1
                for cell in row.iterchildren(_CELLS):
                    for span, reason in _judge(cell, number, column, computed):
                        sheet.append((number, number + repeated + span - 2, reason))
                    column += int(cell.get(f"{_NS}number-columns-repeated", "1"))
                number += repeated
            if len(sheet) > limits.marks:
                raise ReadError(f"{path}: more than {limits.marks:,} formulas and merged cells in one sheet")
            table.clear()
    return marks


def _judge(cell: Any, row: int, column: int, computed: bool) -> Iterator[tuple[int, str]]:
    """What spoils the rows from this cell's on: how many rows, and why."""
    place = cell_name(row, column)
    formula = cell.get(f"{_NS}formula")
    if formula and not computed:
        yield 1, f"cell {place} holds the formula {formula.removeprefix('of:')}; paste it as a value"
    if cell.get("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type") == "percentage":
        yield 1, f"cell {place} is a percentage, not a count"
    down = int(cell.get(f"{_NS}number-rows-spanned", "1"))
    across = int(cell.get(f"{_NS}number-columns-spanned", "1"))
    if down > 1 or across > 1:
        end = cell_name(row + down - 1, column + across - 1)
        yield down, f"the merged range {place}:{end} covers this row; unmerge it and fill each cell"
