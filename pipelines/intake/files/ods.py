"""ODS by calamine; formulas and merged cells, which it passes over in silence, by a look at the XML."""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import python_calamine
from lxml import etree

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.intake.files.archive import check_archive
from pipelines.intake.files.workbook import (
    Headings,
    MergedRange,
    name_cell,
    settle_merged,
    write_date,
    write_number,
)
from pipelines.sheets.raw_table import Grid, ReadError, Row, Sheet, Table, require_tables, tabulate_all
from pipelines.sheets.sandbox import read_confined_tables, run_confined

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS: Final = (f"{_NS}table-cell", f"{_NS}covered-table-cell")
Mark = tuple[int, int, str]  # first and last row, from 1, and what is wrong with them


class SheetFindings(NamedTuple):
    """What calamine passes over in one sheet: rows that cannot be used, and merged cells."""

    marks: list[Mark]
    merged: list[MergedRange]


def read_ods(path: Path, *, limits: FileLimits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank. Raises ReadError as `read_xlsx` does."""
    return require_tables(read_confined_tables(f"{__name__}:parse_tables", path, limits), path)


def read_ods_grids(
    path: Path, *, limits: FileLimits = DEFAULT, computed: bool = False, header_rows: Sequence[int] = ()
) -> list[Grid]:
    """All rows of all sheets. `computed` accepts what formulas gave; in `header_rows` the text of merged
    cells stands in each of them."""
    options = {"computed": computed, "header_rows": list(header_rows)}
    return run_confined(f"{__name__}:parse", path, list[Grid], limits, **options)


def parse(path: Path, *, limits: FileLimits, computed: bool, header_rows: Sequence[int]) -> list[Grid]:
    """The child's side of `read_ods_grids`."""
    with _refusing(path):
        return [
            Grid(name, list(rows), hidden)
            for name, rows, hidden in _read_sheets(path, limits, computed, header_rows)
        ]


def parse_tables(path: Path, *, limits: FileLimits) -> Iterator[tuple[int, Table]]:
    """The child's side of `read_ods`."""
    with _refusing(path):
        yield from tabulate_all(_read_sheets(path, limits, computed=False, header_rows=()), path)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What calamine and lxml raise on a spreadsheet that is none, as ReadError."""
    try:
        yield
    except ReadError:
        raise
    except (python_calamine.CalamineError, etree.XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise ReadError(
            f"{path}: the spreadsheet cannot be opened ({error}); save it again as .ods"
        ) from error


def _read_sheets(
    path: Path, limits: FileLimits, computed: bool, header_rows: Sequence[int]
) -> Iterator[Sheet]:
    check_archive(path, limits)
    found = _look_through(path, computed, limits)
    with python_calamine.load_workbook(path) as book:
        for sheet in book.sheets_metadata:
            findings = found.get(sheet.name, SheetFindings([], []))
            rows = _read_rows(book.get_sheet_by_name(sheet.name), findings, header_rows)
            yield sheet.name, rows, sheet.visible is not python_calamine.SheetVisibleEnum.Visible


def _read_rows(sheet: Any, found: SheetFindings, header_rows: Sequence[int]) -> Iterator[Row]:
    headings: Headings = {}
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
    """Where formulas, percentages and merged cells stand; a repeated row counts as often as it says.

    Raises ReadError where a sheet would be too large once its repeated rows and columns are written out:
    a few bytes can state billions of cells, and calamine makes room for all that lie between the first and
    the last.
    """
    sheets: dict[str, SheetFindings] = {}
    names: list[str] = []
    row = right = bottom = 0
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        parser = etree.iterparse(
            stream,
            events=("start", "end"),
            tag=(f"{_NS}table", f"{_NS}table-row"),
            resolve_entities=False,
            no_network=True,
        )
        for event, element in parser:
            if element.tag == f"{_NS}table":
                if event == "start":
                    names.append(element.get(f"{_NS}name", ""))
                    row = right = bottom = 0
                else:
                    names.pop()
                    element.clear()
                continue
            if event == "start" or len(names) != 1:
                if len(names) > 1:
                    raise ReadError(f"{path}: a table stands inside a cell of another; take it out")
                continue
            found = sheets.setdefault(names[0], SheetFindings([], []))
            repeated = _read_count(element, "number-rows-repeated")
            width = _look_at_row(element, row + 1, repeated, computed, found)
            row += repeated
            if width:
                right, bottom = max(right, width), row
            _bound_sheet(path, names[0], bottom, right, len(found.marks) + len(found.merged), limits)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return sheets


def _look_at_row(row: Any, number: int, repeated: int, computed: bool, found: SheetFindings) -> int:
    """Note what spoils a row and what is merged in it; the last of its columns that holds something."""
    column, width = 1, 0
    for cell in row.iterchildren(_CELLS):
        found.marks.extend(
            (number, number + repeated - 1, reason) for reason in _judge_cell(cell, number, column, computed)
        )
        found.merged.extend(_find_merged(cell, number, column, repeated))
        column += _read_count(cell, "number-columns-repeated")
        if len(cell) or cell.get(f"{_OFFICE}value-type") or cell.get(f"{_NS}formula"):
            width = column - 1
    return width


def _bound_sheet(path: Path, name: str, rows: int, columns: int, marks: int, limits: FileLimits) -> None:
    """Raises ReadError where the sheet, written out, is more than is read."""
    if rows > limits.rows or columns > limits.columns:
        raise ReadError(
            f"{path}: sheet {name!r} has {rows:,} rows, {columns:,} columns; "
            f"at most {limits.rows:,} and {limits.columns:,} are read"
        )
    if rows * columns > limits.cells:
        raise ReadError(
            f"{path}: sheet {name!r} has {rows * columns:,} cells; at most {limits.cells:,} are read"
        )
    if marks > limits.marks:
        raise ReadError(f"{path}: more than {limits.marks:,} formulas and merged cells in one sheet")


def _read_count(element: Any, name: str) -> int:
    """How often a thing is repeated, or over how many it reaches. Raises ValueError."""
    return max(1, int(element.get(f"{_NS}{name}", "1")[:18]))


def _judge_cell(cell: Any, row: int, column: int, computed: bool) -> Iterator[str]:
    """What spoils the row of this cell."""
    place = name_cell(row, column)
    formula = cell.get(f"{_NS}formula")
    if formula and not computed:
        yield f"cell {place} holds the formula {formula.removeprefix('of:')}; paste it as a value"
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        yield f"cell {place} is a percentage, not a count"


def _find_merged(cell: Any, row: int, column: int, repeated: int) -> Iterator[MergedRange]:
    """The range that a cell opens; where its row stands for equal rows, over all of them."""
    down = _read_count(cell, "number-rows-spanned")
    across = _read_count(cell, "number-columns-spanned")
    if down > 1 or across > 1:
        yield MergedRange(row, row + repeated + down - 2, column, column + across - 1)
