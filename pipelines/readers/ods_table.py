"""ODS by calamine; formulas and merged cells, which it passes over in silence, by a look at the XML."""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import python_calamine
from lxml import etree

from pipelines.readers.archives import check_archive
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.merged import Headings, Range, settle_merged
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Grid, ReadError, Row, Table, tabulate_all
from pipelines.readers.spreadsheet import cell_name, write_date, write_number

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS: Final = (f"{_NS}table-cell", f"{_NS}covered-table-cell")
Mark = tuple[int, int, str]  # first and last row, from 1, and what is wrong with them


class Found(NamedTuple):
    """What calamine passes over in one sheet: rows that cannot be used, and merged cells."""

    marks: list[Mark]
    merged: list[Range]


def read_ods(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank. Raises ReadError as `read_xlsx` does."""
    return tabulate_all(read_ods_grids(path, limits=limits), path)


def read_ods_grids(
    path: Path, *, limits: Limits = DEFAULT, computed: bool = False, header_rows: Sequence[int] = ()
) -> list[Grid]:
    """All rows of all sheets, read in a child. `computed` accepts what formulas gave; in `header_rows` the
    text of merged cells stands in each of them."""
    return run_confined(
        "ods_grids", path, list[Grid], limits, computed=computed, header_rows=list(header_rows)
    )


def parse(path: Path, *, limits: Limits, computed: bool, header_rows: Sequence[int]) -> list[Grid]:
    """The child's side of the above. A few bytes can state a million equal rows, so it is always confined."""
    check_archive(path, limits)
    try:
        found = _look_through(path, computed, limits)
        with python_calamine.load_workbook(path) as book:
            return [
                Grid(
                    sheet.name,
                    list(
                        _rows(
                            book.get_sheet_by_name(sheet.name),
                            found.get(sheet.name, Found([], [])),
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


def _rows(sheet: Any, found: Found, header_rows: Sequence[int], path: Path, limits: Limits) -> Iterator[Row]:
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
                faults.append(f"cell {cell_name(number, column)} {fault}")
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


def _look_through(path: Path, computed: bool, limits: Limits) -> dict[str, Found]:
    """Where formulas, percentages and merged cells stand; a repeated row counts as often as it says."""
    sheets: dict[str, Found] = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        parser = etree.iterparse(
            stream, events=("end",), tag=f"{_NS}table", resolve_entities=False, no_network=True
        )
        for _, table in parser:
            marks, merged = sheets.setdefault(table.get(f"{_NS}name", ""), Found([], []))
            number = 1
            for row in table.iter(f"{_NS}table-row"):
                repeated = int(row.get(f"{_NS}number-rows-repeated", "1"))
                column = 1
                for cell in row.iterchildren(_CELLS):
                    marks += [
                        (number, number + repeated - 1, reason)
                        for reason in _judge(cell, number, column, computed)
                    ]
                    merged += _merged(cell, number, column, repeated)
                    column += int(cell.get(f"{_NS}number-columns-repeated", "1"))
                number += repeated
            if len(marks) + len(merged) > limits.marks:
                raise ReadError(f"{path}: more than {limits.marks:,} formulas and merged cells in one sheet")
            table.clear()
    return sheets


def _judge(cell: Any, row: int, column: int, computed: bool) -> Iterator[str]:
    """What spoils the row of this cell."""
    place = cell_name(row, column)
    formula = cell.get(f"{_NS}formula")
    if formula and not computed:
        yield f"cell {place} holds the formula {formula.removeprefix('of:')}; paste it as a value"
    if cell.get("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type") == "percentage":
        yield f"cell {place} is a percentage, not a count"


def _merged(cell: Any, row: int, column: int, repeated: int) -> Iterator[Range]:
    """The range that a cell opens; where its row stands for equal rows, over all of them."""
    down = int(cell.get(f"{_NS}number-rows-spanned", "1"))
    across = int(cell.get(f"{_NS}number-columns-spanned", "1"))
    if down > 1 or across > 1:
        yield Range(row, row + repeated + down - 2, column, column + across - 1)
