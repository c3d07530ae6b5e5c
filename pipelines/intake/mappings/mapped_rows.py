"""The tables of a report, as its mapping names them, become figures; parts that must add up are checked.

A column that the mapping does not mention ends the reading by name; a row or cell at fault is kept as one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from pipelines.core.file_limits import DEFAULT
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.intake.files.html_page import read_html_grids
from pipelines.intake.files.json_records import read_json_grid
from pipelines.intake.files.ods import read_ods_grids
from pipelines.intake.files.pdf import read_pdf_grids
from pipelines.intake.files.xlsx import read_xlsx_grids
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
)
from pipelines.intake.mappings.mapping_file import Gives, Mapping, MappingError, ReportFormat, Skip
from pipelines.intake.mappings.notation import NotationError, parse_number, tidy
from pipelines.intake.mappings.patterns import PatternError, allow_time, search
from pipelines.sheets.csv_reader import read_csv_grid
from pipelines.sheets.raw_table import Grid, Row


def check_sums(mapping: Mapping, figures: list[MappedFigure]) -> None:
    """Where parts do not add up to what the publisher states, every figure concerned gets a doubt."""
    for rule in mapping.sum:
        if rule.total is not None:
            lines: dict[tuple[int, int], list[MappedFigure]] = {}
            for figure in figures:
                lines.setdefault((figure.grid, figure.row), []).append(figure)
            names = {tidy(part) for part in rule.parts}
            for line in lines.values():
                totals = [f for f in line if f.column == tidy(rule.total)]
                parts = [f for f in line if f.column in names]
                _compare_sums(totals, parts, f"columns {', '.join(rule.parts)}", f"column {rule.total!r}")
        elif rule.column is not None and rule.total_row is not None:
            _check_row_sums(figures, tidy(rule.column), tidy(rule.total_row))


def _check_row_sums(figures: list[MappedFigure], label: str, total: str) -> None:
    """A table over several pages has its total on the last: rows gather until one is met."""
    if all(figure.label.get(label) != total for figure in figures):
        for figure in figures:
            figure.doubts.append(f"there is no row {total!r} to compare the rows with")
    for column in dict.fromkeys(figure.column for figure in figures if figure.column):
        parts: list[MappedFigure] = []
        for figure in figures:
            if figure.column is None:  # a row at fault may be a part of any column
                parts.append(figure)
            elif figure.column == column and figure.label.get(label) == total:
                _compare_sums([figure], parts, "rows", f"row {total!r}")
                parts = []
            elif figure.column == column:
                parts.append(figure)


def _compare_sums(totals: list[MappedFigure], parts: list[MappedFigure], what: str, where: str) -> None:
    if not totals or not parts:
        return
    amounts = [figure.amount for figure in (*totals, *parts)]
    if any(figure.faults or figure.amount is None for figure in (*totals, *parts)):
        doubt = f"{what} cannot be compared with {where}: one of them could not be read"
    elif any(amount and (amount.high is not None or amount.qualifier) for amount in amounts):
        return  # "more than 500" adds up to nothing
    else:
        added = sum(figure.amount.value for figure in parts if figure.amount)
        stated = sum(figure.amount.value for figure in totals if figure.amount)
        if added == stated:
            return
        doubt = f"{what} add up to {added}, {where} says {stated}"
    for figure in (*totals, *parts):
        figure.doubts.append(doubt)


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
    return collect_from(mapping, load_grids(mapping, path), path, read_searched_text(mapping, path))


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
            raise MappingError(f"{path}: {rows} rows of data, {low} to {high} were expected")
        for figure in figures:
            figure.doubts.append(f"the table has {rows} rows, {low} to {high} were expected")
    return figures


def _collect(mapping: Mapping, grids: list[Grid], path: Path, text: str) -> tuple[int, list[MappedFigure]]:
    """How many rows of data there are, and the figures in them."""
    figures: list[MappedFigure] = []
    rows = 0
    for number, grid in enumerate(grids):
        place = f"{path}: {grid.name}" if grid.name else str(path)
        known = state_facts(mapping.defaults) | find_facts(mapping, grid, path, text)
        bound = bind(mapping, grid, known, place)
        for row in _select_data_rows(mapping, grid, bound):
            rows += 1
            figures += _read_row(mapping, grid, number, row, bound, known)
            if len(figures) > DEFAULT.figures:
                raise MappingError(
                    f"{path}: more than {DEFAULT.figures:,} figures; no report has so many. Split the file"
                )
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
    mapping: Mapping, grid: Grid, number: int, row: Row, bound: list[BoundColumn], known: Said
) -> list[MappedFigure]:
    where = _name_place(mapping.format, grid, row)
    if row.fault:
        return [
            MappedFigure(
                row.raw, where, number, row.number, said={**known, "breakdown": None}, faults=[row.fault]
            )
        ]
    said, labels, faults = _read_labels(mapping, row, bound, known)
    figures = []
    for b in bound:
        text = _read_cell(row, b.index)
        if b.column.figure is None or text is None:
            continue
        figure = MappedFigure(
            text, f"{where} {_name_column_place(mapping.format, b)}", number, row.number, b.header, labels
        )
        figure.said = merge(said, b.said)
        figure.faults = list(faults)
        try:
            figure.amount = parse_number(text, mapping.numbers, typed=b.index + 1 in row.typed)
            if figure.amount is None:
                continue
        except NotationError as error:
            figure.faults.append(str(error))
        figures.append(figure)
    return figures


def _read_labels(
    mapping: Mapping, row: Row, bound: list[BoundColumn], known: Said
) -> tuple[Said, dict[str, str], list[str]]:
    """What the row's labels say, their texts, and what is wrong with them."""
    said, texts, faults = known, {}, []
    for b in bound:
        gives = b.column.gives
        if gives is None:
            continue
        text = tidy(_read_cell(row, b.index) or "")
        texts[b.header] = text
        if not text and "" not in b.column.values:
            if gives in _NEEDED:
                faults.append(f"column {b.header!r} is empty")
                said = {**said, gives.value: None}
            continue
        try:
            typed = b.index + 1 in row.typed
            found = interpret(gives, text, b.column.values, b.column.key, mapping.dates, known, typed=typed)
            said = merge(said, found)
        except NotationError as error:
            faults.append(f"column {b.header!r}: {error}")
            said = {**said, gives.value: None}
    return said, texts, faults


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
