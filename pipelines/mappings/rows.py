"""A report and its mapping become figures: each cell's amount, and all that is said about it.

A column that the mapping does not mention ends the reading by name; a row or cell at fault is kept as one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from pipelines.mappings.columns import Bound, bind
from pipelines.mappings.facts import Figure, Said, find_facts, interpret, merge, searched_text, state
from pipelines.mappings.notation import NotationError, parse_number, tidy
from pipelines.mappings.schema import Format, Gives, Mapping, MappingError, Skip
from pipelines.mappings.sums import check_sums
from pipelines.mappings.tables import load_grids
from pipelines.readers import Grid, Row

_NEEDED: Final = (Gives.MEASURE, Gives.BREAKDOWN, Gives.POPULATION, Gives.ORGANISATION)


def collect_figures(mapping: Mapping, path: Path) -> list[Figure]:
    """Every figure of the report in the order of the file. Raises MappingError and ReadError."""
    grids = load_grids(mapping, path)
    text = searched_text(mapping, path)
    figures: list[Figure] = []
    rows = 0
    for number, grid in enumerate(grids):
        place = f"{path}: {grid.name}" if grid.name else str(path)
        known = state(mapping.defaults) | find_facts(mapping, grid, path, text)
        bound = bind(mapping, grid, known, place)
        for row in _data_rows(mapping, grid, bound):
            rows += 1
            figures += _read_row(mapping, grid, number, row, bound, known)
    check_sums(mapping, figures)
    low, high = mapping.rows
    if not low <= rows <= high:
        if not figures:
            raise MappingError(f"{path}: {rows} rows of data, {low} to {high} were expected")
        for figure in figures:
            figure.doubts.append(f"the table has {rows} rows, {low} to {high} were expected")
    return figures


def _data_rows(mapping: Mapping, grid: Grid, bound: list[Bound]) -> Iterator[Row]:
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
    text = tidy(_cell(row, index) or "")
    return text in skip.equals or bool(skip.matches is not None and re.search(skip.matches, text))


def _cell(row: Row, index: int) -> str | None:
    return row.cells[index] if index < len(row.cells) else None


def _read_row(
    mapping: Mapping, grid: Grid, number: int, row: Row, bound: list[Bound], known: Said
) -> list[Figure]:
    where = _place(mapping.format, grid, row)
    if row.fault:
        return [
            Figure(row.raw, where, number, row.number, said={**known, "breakdown": None}, faults=[row.fault])
        ]
    said, labels, faults = _read_labels(mapping, row, bound, known)
    figures = []
    for b in bound:
        text = _cell(row, b.index)
        if b.column.figure is None or text is None:
            continue
        figure = Figure(
            text, f"{where} {_column_place(mapping.format, b)}", number, row.number, b.header, labels
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
    mapping: Mapping, row: Row, bound: list[Bound], known: Said
) -> tuple[Said, dict[str, str], list[str]]:
    """What the row's labels say, their texts, and what is wrong with them."""
    said, texts, faults = known, {}, []
    for b in bound:
        gives = b.column.gives
        if gives is None:
            continue
        text = tidy(_cell(row, b.index) or "")
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


def _place(form: Format, grid: Grid, row: Row) -> str:
    if form is Format.JSON:
        return f"record {row.number - 1}"
    kind = "sheet " if form in {Format.XLSX, Format.ODS} else ""
    return f"{kind}{grid.name} row {row.number}" if grid.name else f"row {row.number}"


def _column_place(form: Format, bound: Bound) -> str:
    if form is Format.JSON:
        return f"key {bound.header}"
    if form in {Format.HTML, Format.PDF}:
        return f"column {bound.index + 1}"
    return f"column {get_column_letter(bound.index + 1)}"
