"""ODS by calamine; formulas and merged cells, which it passes over in silence, by a look at the XML."""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import python_calamine
from lxml import etree

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

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS: Final = (f"{_NS}table-cell", f"{_NS}covered-table-cell")
Mark = tuple[int, int, str]  # first and last row, from 1, and what is wrong with them


class SheetFindings(NamedTuple):
    """What calamine passes over in one sheet: rows that cannot be used, and merged cells."""

    marks: list[Mark]
    merged: list[MergedRange]


def read_ods(path: Path, *, limits: FileLimits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank. Raises ReadError as `read_xlsx` does."""
    return tabulate_all(read_ods_grids(path, limits=limits), path)


def read_ods_grids(
    path: Path, *, limits: FileLimits = DEFAULT, computed: bool = False, header_rows: Sequence[int] = ()
) -> list[Grid]:
    """All rows of all sheets, read in a child. `computed` accepts what formulas gave; in `header_rows` the
    text of merged cells stands in each of them."""
    return run_confined(
        "ods_grids", path, list[Grid], limits, computed=computed, header_rows=list(header_rows)
    )


def parse(path: Path, *, limits: FileLimits, computed: bool, header_rows: Sequence[int]) -> list[Grid]:
    """The child's side of the above. A few bytes can state a million equal rows, so it is always confined."""
    check_archive(path, limits)
    try:
        found = _look_through(path, computed, limits)
        with python_calamine.load_workbook(path) as book:
            return [
                Grid(
                    sheet.name,
                    list(
                        _read_rows(
                            book.get_sheet_by_name(sheet.name),
                            found.get(sheet.name, SheetFindings([], [])),
                            header_rows,
                            path,
                            limits,
                        )
                    ),
                    sheet.visible is not python_calamine.SheetVisibleEnum.Visible,
                )
                for sheet in book.sheets_metadata
            ]
    except (python_calamine.CalamineError, etree.XMLSyntaxError, KeyError, zipfile.BadZipFile) as error:
        raise ReadError(
            f"{path}: the spreadsheet cannot be opened ({error}); save it again as .ods"
        ) from error


def _read_rows(
    sheet: Any, found: SheetFindings, header_rows: Sequence[int], path: Path, limits: FileLimits
) -> Iterator[Row]:
    headings: Headings = {}
    if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
        raise ReadError(
            f"{path}: sheet {sheet.name!r} has {sheet.total_height:,} rows, {sheet.total_width:,} columns; "
            f"at most {limits.rows:,} and {limits.columns:,} are read"
        )
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        faults = [reason for first, last, reason in found.marks if first <= number <= last]
        texts: list[str | None] = []
        typed: list[int] = []
        for column, value in enumerate(values, 1):
            text, fault = _read_value(value)
            texts.append(text)
            if isinstance(value, int | float | dt.date):
                typed.append(column)
            if fault:
                faults.append(f"cell {name_cell(number, column)} {fault}")
        while texts and not texts[-1]:
            texts.pop()
        row = Row(number, texts, "; ".join(faults) or None, typed)
        yield settle_merged(row, found.merged, header_rows, headings)


def _read_value(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, bool):
        return str(value).upper(), f"holds the truth value {str(value).upper()}; paste it as a value"
    if isinstance(value, int | float):
        return write_number(value), None
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return write_date(value), None
    return str(value) or None, None


def _look_through(path: Path, computed: bool, limits: FileLimits) -> dict[str, SheetFindings]:
    """Where formulas, percentages and merged cells stand; a repeated row counts as often as it says."""
    sheets: dict[str, SheetFindings] = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        parser = etree.iterparse(
            stream, events=("end",), tag=f"{_NS}table", resolve_entities=False, no_network=True
        )
        for _, table in parser:
            marks, merged = sheets.setdefault(table.get(f"{_NS}name", ""), SheetFindings([], []))
            number = 1
            for row in table.iter(f"{_NS}table-row"):
                repeated = int(row.get(f"{_NS}number-rows-repeated", "1"))
                column = 1
                for cell in row.iterchildren(_CELLS):
                    marks += [
                        (number, number + repeated - 1, reason)
                        for reason in _judge_cell(cell, number, column, computed)
                    ]
                    merged += _find_merged(cell, number, column, repeated)
                    column += int(cell.get(f"{_NS}number-columns-repeated", "1"))
                number += repeated
            if len(marks) + len(merged) > limits.marks:
                raise ReadError(f"{path}: more than {limits.marks:,} formulas and merged cells in one sheet")
            table.clear()
    return sheets


def _judge_cell(cell: Any, row: int, column: int, computed: bool) -> Iterator[str]:
    """What spoils the row of this cell."""
    place = name_cell(row, column)
    formula = cell.get(f"{_NS}formula")
    if formula and not computed:
        yield f"cell {place} holds the formula {formula.removeprefix('of:')}; paste it as a value"
    if cell.get("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type") == "percentage":
        yield f"cell {place} is a percentage, not a count"


def _find_merged(cell: Any, row: int, column: int, repeated: int) -> Iterator[MergedRange]:
    """The range that a cell opens; where its row stands for equal rows, over all of them."""
    down = int(cell.get(f"{_NS}number-rows-spanned", "1"))
    across = int(cell.get(f"{_NS}number-columns-spanned", "1"))
    if down > 1 or across > 1:
        yield MergedRange(row, row + repeated + down - 2, column, column + across - 1)
