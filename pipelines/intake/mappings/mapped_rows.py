"""The tables of a report, as its mapping names them, become figures.

A column that the mapping does not mention ends the reading by name; a row or cell at fault is kept as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from pipelines.core.counted import count_of
from pipelines.core.file_limits import DEFAULT
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.intake.files.html_page import read_html_grids
from pipelines.intake.files.json_records import read_json_grid
from pipelines.intake.files.ods import read_ods_grids
from pipelines.intake.files.pdf import read_pdf_grids
from pipelines.intake.files.workbook import name_cell
from pipelines.intake.files.xlsx import read_xlsx_grids, read_xlsx_whole
from pipelines.intake.mappings.column_labels import (
    BoundColumn,
    MappedFigure,
    Said,
    bind,
    find_facts,
    interpret,
    merge,
    read_searched_text,
    state_facts,
    translate,
)
from pipelines.intake.mappings.mapping_file import Gives, Mapping, MappingError, Refuse, ReportFormat, Skip
from pipelines.intake.mappings.notation import CellAmount, NotationError, parse_number, strip_marks, tidy
from pipelines.intake.mappings.patterns import PatternError, allow_time, fit, search
from pipelines.intake.mappings.table_checks import check_sums, keep_day, settle_table, settle_tables
from pipelines.intake.mappings.table_places import find_cells, locate_tables
from pipelines.sheets.csv_reader import read_csv_grid
from pipelines.sheets.raw_table import Grid, Row

_KINDS: Final = {
    ReportFormat.CSV: {FileKind.CSV, FileKind.TEXT},
    ReportFormat.XLSX: {FileKind.XLSX},
    ReportFormat.ODS: {FileKind.ODS},
    ReportFormat.JSON: {FileKind.JSON},
    ReportFormat.HTML: {FileKind.HTML},
    ReportFormat.PDF: {FileKind.PDF},
}


def load_grids(mapping: Mapping, path: Path) -> list[Grid]:
    """The tables to read, blank ones left out. Raises ReadError, and MappingError when one is not there."""
    kind = find_kind(path)
    if kind not in _KINDS[mapping.format]:
        raise MappingError(f"{path}: the mapping expects {mapping.format}, the content is: {kind}")
    grids = _read_grids(mapping, path)
    names = [grid.name for grid in grids]
    missing = [name for name in mapping.where.tables if name not in names]
    if missing:
        raise MappingError(f"{path}: there is no {missing[0]!r}; the file has {names}")
    chosen = [grid for grid in grids if not mapping.where.tables or grid.name in mapping.where.tables]
    filled = [grid for grid in chosen if any(row.fault or any(row.cells) for row in grid.rows)]
    if not filled:
        raise MappingError(f"{path}: there is no table in it")
    return filled


def _read_grids(mapping: Mapping, path: Path) -> list[Grid]:
    where = mapping.where
    match mapping.format:
        case ReportFormat.CSV:
            header = max(where.header_rows)
            return [
                read_csv_grid(path, encoding=where.encoding, separator=where.separator, header_row=header)
            ]
        case ReportFormat.XLSX:
            return read_xlsx_grids(path, computed=where.computed, header_rows=where.header_rows)
        case ReportFormat.ODS:
            return read_ods_grids(path, computed=where.computed, header_rows=where.header_rows)
        case ReportFormat.JSON:
            return [read_json_grid(path, where.records)]
        case ReportFormat.HTML:
            return read_html_grids(path)
        case ReportFormat.PDF:
            return read_pdf_grids(path, pages=where.pages or None, edges=where.edges or None)


_NEEDED: Final = (Gives.MEASURE, Gives.BREAKDOWN, Gives.POPULATION, Gives.ORGANISATION)


def collect_figures(mapping: Mapping, path: Path) -> list[MappedFigure]:
    """Every figure of the report in the order of the file. Raises MappingError and ReadError."""
    if mapping.table:
        return _collect_workbook(mapping, path)
    return collect_from(mapping, load_grids(mapping, path), path, read_searched_text(mapping, path))


def _collect_workbook(mapping: Mapping, path: Path) -> list[MappedFigure]:
    """The figures of each table of a workbook, and one faulty row for each thing that is refused by name."""
    kind = find_kind(path)
    if kind not in _KINDS[mapping.format]:
        raise MappingError(f"{path}: the mapping expects {mapping.format}, the content is: {kind}")
    finds = [*mapping.find, *(find for table in mapping.table for find in table.find)]
    wanted = {*(table.sheet for table in mapping.table), *(find.sentence for find in finds if find.sentence)}
    sheets = read_xlsx_whole(path, sorted(wanted))
    figures: list[MappedFigure] = []
    read: list[Grid] = []
    try:
        with allow_time():
            for number, (single, grid) in enumerate(locate_tables(mapping, sheets, path)):
                rows, found = _collect_grid(single, grid, number, path, "", sheets)
                low, high = single.rows
                if not low <= rows <= high:
                    first = min(single.where.header_rows)
                    raise MappingError(
                        f"{path}: sheet {grid.name!r}: the table at row {first} has {count_of(rows, 'row')}, "
                        f"{low} to {high} were expected"
                    )
                figures += settle_table(single, grid, found)
                read.append(grid)
            names = {grid.name for grid in read}
            for refused in mapping.refuse:
                figures += _refuse_tables(mapping, refused, [g for g in sheets if g.name in names], figures)
    except PatternError as error:
        raise MappingError(f"{path}: {error}") from error
    if not read:
        raise MappingError(f"{path}: none of the mapping's tables is in it")
    return settle_tables(figures)


def _refuse_tables(
    mapping: Mapping, refused: Refuse, sheets: list[Grid], figures: list[MappedFigure]
) -> list[MappedFigure]:
    """One faulty row for each sheet that says which of its tables are refused, and why."""
    rows = []
    for sheet in sheets if refused.heading else ():
        found = find_cells(sheet, refused.heading or "", mapping.numbers)
        if found:
            row, column, text = found[0]
            titles = "; ".join(title for _, _, title in found)
            rows.append(
                MappedFigure(
                    text, f"sheet {sheet.name} {name_cell(row, column)}", -1, row,
                    said={"breakdown": None, **keep_day(figures)},
                    faults=[f"refused: {refused.why}: {titles}"],
                )
            )  # fmt: skip
    return rows


def collect_from(mapping: Mapping, grids: list[Grid], path: Path, text: str) -> list[MappedFigure]:
    """Every figure of the tables; `text` is what facts are searched in. Raises MappingError."""
    try:
        with allow_time():
            rows, figures = _collect(mapping, grids, path, text)
    except PatternError as error:
        raise MappingError(f"{path}: {error}") from error
    check_sums(mapping, figures)
    low, high = mapping.rows
    if not low <= rows <= high:
        if not figures:
            raise MappingError(f"{path}: {count_of(rows, 'row')} of data, {low} to {high} were expected")
        for figure in figures:
            figure.doubts.append(f"the table has {count_of(rows, 'row')}, {low} to {high} were expected")
    return figures


def _collect(mapping: Mapping, grids: list[Grid], path: Path, text: str) -> tuple[int, list[MappedFigure]]:
    """How many rows of data there are, and the figures in them."""
    figures: list[MappedFigure] = []
    rows = 0
    for number, grid in enumerate(grids):
        more, found = _collect_grid(mapping, grid, number, path, text)
        rows, figures = rows + more, figures + found
        if len(figures) > DEFAULT.figures:
            raise MappingError(
                f"{path}: more than {DEFAULT.figures:,} figures; no report has so many. Split the file"
            )
    return rows, figures


def _collect_grid(
    mapping: Mapping, grid: Grid, number: int, path: Path, text: str, sheets: list[Grid] | None = None
) -> tuple[int, list[MappedFigure]]:
    """How many rows of data one table has, and the figures in them."""
    figures: list[MappedFigure] = []
    rows = 0
    place = f"{path}: {grid.name}" if grid.name else str(path)
    known = state_facts(mapping.defaults) | find_facts(mapping, grid, path, text, sheets or ())
    bound = bind(mapping, grid, known, place)
    above: dict[int, str] = {}
    for row in _select_data_rows(mapping, grid, bound):
        rows += 1
        figures += _read_row(mapping, grid, number, row, bound, known, above)
        if len(figures) > DEFAULT.figures:
            break
    return rows, figures


def _select_data_rows(mapping: Mapping, grid: Grid, bound: list[BoundColumn]) -> Iterator[Row]:
    last = max(mapping.where.header_rows)
    places = {b.header: b.index for b in bound}
    for row in grid.rows:
        if row.number <= last or not (row.fault or any(row.cells)):
            continue
        if row.fault is None and any(_is_skipped(skip, row, places) for skip in mapping.skip):
            continue
        yield row


def _is_skipped(skip: Skip, row: Row, places: dict[str, int]) -> bool:
    index = places.get(tidy(skip.column))
    if index is None:
        raise MappingError(f"skip: there is no column {skip.column!r}")
    text = tidy(_read_cell(row, index) or "")
    return text in skip.equals or bool(skip.matches is not None and search(skip.matches, text))


def _read_cell(row: Row, index: int) -> str | None:
    return row.cells[index] if index < len(row.cells) else None


def _read_row(
    mapping: Mapping,
    grid: Grid,
    number: int,
    row: Row,
    bound: list[BoundColumn],
    known: Said,
    above: dict[int, str],
) -> list[MappedFigure]:
    """`above`: the last text of each column whose labels stand once for several rows."""
    where = _name_place(mapping.format, grid, row)
    if row.fault:
        return [
            MappedFigure(
                row.raw, where, number, row.number, said={**known, "breakdown": None}, faults=[row.fault]
            )
        ]
    labels = _read_labels(mapping, row, bound, known, above)
    figures = []
    for b in bound:
        text = _read_cell(row, b.index)
        if (b.column.figure is None and not b.column.check) or text is None:
            continue
        figure = MappedFigure(
            text, f"{where} {_name_column_place(mapping.format, b)}", number, row.number, b.header,
            labels.texts, labels.means, b.column.check, labels.refused,
        )  # fmt: skip
        figure.said = merge(labels.said, b.said)
        figure.faults = list(labels.faults)
        figure.doubts = list(known.get("doubts", ()))
        if row.number in grid.hidden_rows or b.index + 1 in grid.hidden_columns:
            figure.doubts.append("its row or column is hidden in the workbook")
        try:
            figure.amount = _read_amount(mapping, grid, row, b, text)
            if figure.amount is None:
                continue
        except NotationError as error:
            figure.faults.append(str(error))
        figures.append(figure)
    return figures


def _read_amount(mapping: Mapping, grid: Grid, row: Row, b: BoundColumn, text: str) -> CellAmount | None:
    """What the cell says; None where it gives no figure, a month that has not been among it."""
    column = b.index + 1
    if column in row.spoiled:
        raise NotationError(row.spoiled[column])
    if any(m[0] <= row.number <= m[1] and m[2] <= column <= m[3] for m in grid.merged):
        raise NotationError("the cell is merged with others; whose the number is cannot be told")
    amount = parse_number(text, mapping.numbers, typed=column in row.typed, rounded=b.column.rounded)
    if amount is not None and "not_yet" in b.said:
        if amount.value == 0:
            return None
        raise NotationError(
            f"{text!r} stands under a month that begins after the cut-off {b.said['not_yet']}"
        )
    return amount


@dataclass
class _Labels:
    """What the labels of a row say, their texts and meanings, what is wrong with them, why it is refused."""

    said: Said
    texts: dict[str, str] = field(default_factory=dict)
    means: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refused: str | None = None


def _read_labels(
    mapping: Mapping, row: Row, bound: list[BoundColumn], known: Said, above: dict[int, str]
) -> _Labels:
    labels = _Labels(known)
    for b in bound:
        gives = b.column.gives
        if gives is None:
            continue
        text = strip_marks(_read_cell(row, b.index) or "", mapping.numbers)
        if b.column.down:
            text = above[b.index] = text or above.get(b.index, "")
        labels.texts[b.header] = labels.means[b.header] = text
        refused = [r.why for r in mapping.refuse if b.header == r.column and fit(r.matches or "", text)]
        if refused:
            labels.refused = refused[0]
            continue
        if not text and "" not in b.column.values:
            if gives in _NEEDED:
                labels.faults.append(f"column {b.header!r} is empty")
                labels.said = {**labels.said, gives.value: None}
            continue
        try:
            typed = b.index + 1 in row.typed
            found = interpret(gives, text, b.column.values, b.column.key, mapping.dates, known, typed=typed)
            labels.said = merge(labels.said, found)
            labels.means[b.header] = translate(b.column.values, text)
        except NotationError as error:
            labels.faults.append(f"column {b.header!r}: {error}")
            labels.said = {**labels.said, gives.value: None}
    return labels


def _name_place(form: ReportFormat, grid: Grid, row: Row) -> str:
    if form is ReportFormat.JSON:
        return f"record {row.number - 1}"
    kind = "sheet " if form in {ReportFormat.XLSX, ReportFormat.ODS} else ""
    return f"{kind}{grid.name} row {row.number}" if grid.name else f"row {row.number}"


def _name_column_place(form: ReportFormat, bound: BoundColumn) -> str:
    if form is ReportFormat.JSON:
        return f"key {bound.header}"
    if form in {ReportFormat.HTML, ReportFormat.PDF}:
        return f"column {bound.index + 1}"
    return f"column {get_column_letter(bound.index + 1)}"
