"""XLSX by openpyxl: what a person typed comes out as they would type it; what a formula computed does not.

A formula, a merged range, a truth value or an error spoils its own row, never the sheet.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import regex
from lxml import etree
from openpyxl.utils.cell import range_boundaries
from openpyxl.xml.constants import SHEET_MAIN_NS

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.intake.files.archive import check_archive
from pipelines.intake.files.workbook import (
    Headings,
    MergedRange,
    SheetMarks,
    name_cell,
    settle_merged,
    write_date,
    write_number,
)
from pipelines.sheets.raw_table import Grid, ReadError, Row, Sheet, Table, require_tables, tabulate_all
from pipelines.sheets.sandbox import read_confined_tables, run_confined

_PASTE: Final = "paste it as a value"
_RESAVE: Final = "open the workbook in a spreadsheet programme and save it"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"  # whose rows openpyxl does not see
FAILURES: Final = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError, EOFError,
    zipfile.BadZipFile, ParseError, etree.XMLSyntaxError, OverflowError, ArithmeticError,
)  # fmt: skip # what openpyxl raises on a workbook that is not one


def read_xlsx(path: Path, *, limits: FileLimits = DEFAULT) -> list[Table]:
    """One table for each sheet that is not blank, hidden ones included.

    Raises ReadError when the workbook is broken, a bomb, wholly blank, or has a bad header.
    """
    return require_tables(read_confined_tables(f"{__name__}:parse_tables", path, limits), path)


def read_xlsx_grids(
    path: Path, *, limits: FileLimits = DEFAULT, computed: bool = False, header_rows: Sequence[int] = ()
) -> list[Grid]:
    """All rows of all sheets that hold something, each with its fault.

    `computed` takes what a formula gave when the workbook was last saved, instead of refusing it. In
    `header_rows` a merged range is a heading over several columns: its text stands in each of its cells.
    """
    options = {"computed": computed, "header_rows": list(header_rows)}
    return run_confined(f"{__name__}:parse", path, list[Grid], limits, **options)


def read_xlsx_whole(path: Path, sheets: Sequence[str] = (), *, limits: FileLimits = DEFAULT) -> list[Grid]:
    """The sheets whose name fits one of the patterns (none given: all), as a person sees them: with what
    formulas gave, merged ranges as they are, and each unusable cell spoiled alone. Other sheets come without
    rows, so that their names are known."""
    return run_confined(f"{__name__}:parse_whole", path, list[Grid], limits, sheets=list(sheets))


def parse_whole(path: Path, *, limits: FileLimits, sheets: Sequence[str]) -> list[Grid]:
    """The child's side of `read_xlsx_whole`."""
    check_archive(path, limits)
    grids = []
    with (
        _refusing(path),
        _open_workbook(path, results=False) as book,
        _open_workbook(path, results=True) as saved,
        zipfile.ZipFile(path) as archive,
    ):
        for sheet in book.worksheets:
            hidden = sheet.sheet_state != "visible"
            if sheets and not any(regex.search(p, sheet.title.strip(), timeout=1) for p in sheets):
                grids.append(Grid(sheet.title, [], hidden))
                continue
            marks = _look_through(archive, sheet, path, limits)
            rows = list(_read_whole_rows(sheet, saved[sheet.title], path, limits))
            grids.append(
                Grid(sheet.title, rows, hidden, [(*r,) for r in marks.merged], marks.rows, marks.columns)
            )
    return grids


def _read_whole_rows(sheet: Any, saved: Any, path: Path, limits: FileLimits) -> Iterator[Row]:
    for number, (cells, results) in enumerate(_align_rows(sheet, saved), 1):
        beyond = any(cell.value is not None for cell in cells[limits.columns :])
        if number > limits.rows or beyond:
            raise ReadError(
                f"{path}: sheet {sheet.title!r}: row {number}: more rows or columns than are read"
            )
        row = _read_row(number, cells[: limits.columns], results[: limits.columns], apart=True)
        if row.cells:
            yield row


def parse(path: Path, *, limits: FileLimits, computed: bool, header_rows: Sequence[int]) -> list[Grid]:
    """The child's side of `read_xlsx_grids`."""
    with _refusing(path):
        return [
            Grid(name, list(rows), hidden)
            for name, rows, hidden in _read_sheets(path, limits, computed, header_rows)
        ]


def parse_tables(path: Path, *, limits: FileLimits) -> Iterator[tuple[int, Table]]:
    """The child's side of `read_xlsx`."""
    with _refusing(path):
        yield from tabulate_all(_read_sheets(path, limits, computed=False, header_rows=()), path)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What openpyxl raises on a workbook that is none, as ReadError."""
    try:
        yield
    except ReadError:
        raise
    except FAILURES as error:
        raise ReadError(f"{path}: the workbook cannot be opened ({error}); save it again as .xlsx") from error


def _read_sheets(
    path: Path, limits: FileLimits, computed: bool, header_rows: Sequence[int]
) -> Iterator[Sheet]:
    check_archive(path, limits)
    with ExitStack() as books:
        book = books.enter_context(_open_workbook(path, results=False))
        saved = books.enter_context(_open_workbook(path, results=True)) if computed else None
        with zipfile.ZipFile(path) as archive:
            marks = [_look_through(archive, sheet, path, limits) for sheet in book.worksheets]
        for sheet, seen in zip(book.worksheets, marks, strict=True):
            results = saved[sheet.title] if saved else None
            rows = _read_sheet(sheet, results, seen, header_rows, path, limits)
            yield sheet.title, rows, sheet.sheet_state != "visible"


@contextmanager
def _open_workbook(path: Path, *, results: bool) -> Iterator[Any]:
    """The workbook with formulas as they are written, or with what they gave when it was saved."""
    with path.open("rb") as file:  # by its bytes: openpyxl would go by the name
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False, data_only=results)
        try:
            yield book
        finally:
            book.close()


def _look_through(archive: zipfile.ZipFile, sheet: Any, path: Path, limits: FileLimits) -> SheetMarks:
    """The merged ranges, which stand behind the rows, and what is hidden; rows are let go as they pass.

    Raises ReadError where openpyxl would drop a row or a cell without a word: one that stands before another
    which came earlier, or under another name.
    """
    place = f"{path}: sheet {sheet.title!r}"
    marks = SheetMarks([], [], [])
    last = 0
    with archive.open(sheet._worksheet_path) as stream:
        parser = etree.iterparse(
            stream,
            events=("end",),
            tag=("{*}row", "{*}mergeCell", "{*}col"),
            resolve_entities=False,
            no_network=True,
        )
        for _, element in parser:
            if element.tag == f"{{{SHEET_MAIN_NS}}}row":
                last = _check_order(element, last, place)
                if element.get("hidden") in {"1", "true"}:
                    marks.rows.append(last)
            elif element.tag == f"{{{SHEET_MAIN_NS}}}col" and element.get("hidden") in {"1", "true"}:
                first, final = int(element.get("min", 1)), int(element.get("max", 1))
                marks.columns.extend(range(first, min(final, limits.columns) + 1))
            elif element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
                left, top, right, bottom = (edge or 0 for edge in range_boundaries(element.get("ref", "")))
                marks.merged.append(MergedRange(top, bottom, left, right))
            elif element.tag.startswith(_STRICT):
                raise ReadError(f"{place}: is saved as “Strict Open XML”; save it as an ordinary .xlsx")
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(marks.merged) > limits.merged_ranges:
                raise ReadError(
                    f"{place}: more than {limits.merged_ranges:,} merged ranges; "
                    "unmerge them and fill each cell"
                )
    return marks


def _check_order(row: Any, last: int, place: str) -> int:
    """The row's number, which is above that of the one before; its cells run from left to right."""
    number = int(row.get("r", last + 1))
    letters = [cell.get("r", "").rstrip("0123456789").upper() for cell in row]
    columns = [(len(name), name) for name in letters if name]
    if number <= last or any(right <= left for left, right in pairwise(columns)):
        raise ReadError(f"{place}: row {number} or a cell in it stands twice or out of order; {_RESAVE}")
    return number


def _read_sheet(
    sheet: Any,
    saved: Any,
    marks: SheetMarks,
    header_rows: Sequence[int],
    path: Path,
    limits: FileLimits,
) -> Iterator[Row]:
    """`saved` is the same sheet with the results of its formulas, where those are wanted. Blank rows are left
    out: a single cell in the last row would bring a million."""
    place = f"{path}: sheet {sheet.title!r}"
    headings: Headings = {}
    unseen = set(marks.rows)
    for number, (cells, results) in enumerate(_align_rows(sheet, saved), 1):
        if number > limits.rows:
            raise ReadError(f"{place}: more than {limits.rows:,} rows")
        if not cells:
            continue
        if len(cells) > limits.columns and any(cell.value is not None for cell in cells[limits.columns :]):
            raise ReadError(
                f"{place}: row {number} has {len(cells):,} columns; at most {limits.columns:,} are read"
            )
        row = settle_merged(_read_row(number, cells, results), marks.merged, header_rows, headings)
        if row.fault or row.cells:
            yield replace(row, hidden=True) if number in unseen else row


def _align_rows(sheet: Any, saved: Any) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    sheet.reset_dimensions()  # the stated size may lie
    if saved is None:
        yield from ((cells, ()) for cells in sheet.iter_rows())
        return
    saved.reset_dimensions()
    yield from zip(sheet.iter_rows(), saved.iter_rows(), strict=True)


def _read_row(number: int, cells: Sequence[Any], results: Sequence[Any], *, apart: bool = False) -> Row:
    """`apart`: what spoils a cell spoils it alone, not its row."""
    texts: list[str | None] = []
    typed: list[int] = []
    faults: dict[int, str] = {}
    for column, cell in enumerate(cells, 1):
        counted = results[column - 1] if results and cell.data_type == "f" else cell
        text, fault = _read_cell(counted)
        if counted is not cell and text is None:
            text, fault = str(cell.value), f"holds the formula {cell.value} without a result; {_RESAVE}"
        texts.append(None if apart and text is not None and not text.strip() else text)
        if isinstance(counted.value, int | float | dt.date):
            typed.append(column)
        if fault:
            faults[column] = f"cell {name_cell(number, column)} {fault}"
    while texts and not texts[-1]:
        texts.pop()
    if apart:
        return Row(number, texts, None, typed, faults)
    return Row(number, texts, "; ".join(faults.values()) or None, typed)


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
