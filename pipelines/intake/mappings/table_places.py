"""Where the tables of a workbook stand: one sheet holds several, below each other and side by side.

Input: sheets as a person sees them and the places that a mapping names. Output: each table as a grid of its
own, at its own rows and columns, under a mapping for it alone. A place that is not there, or stands twice, is
refused with what stands there instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import msgspec
from openpyxl.utils.cell import range_boundaries

from pipelines.intake.files.workbook import name_cell
from pipelines.intake.mappings.mapping_file import Mapping, MappingError, TablePlace
from pipelines.intake.mappings.notation import Numbers, strip_marks, tidy
from pipelines.intake.mappings.patterns import search
from pipelines.sheets.raw_table import Grid, Row

_GAP: Final = 3  # rows below a heading in which the header begins
_LETTERS: Final = 60  # of a text that a message shows


def locate_tables(mapping: Mapping, grids: Sequence[Grid], path: Path) -> Iterator[tuple[Mapping, Grid]]:
    """Each table that the mapping names, and the mapping for it alone. Raises MappingError by name."""
    for table in mapping.table:
        sheet = _choose_sheet(table, grids, path)
        box = None if sheet is None else _find_box(table, sheet, mapping.numbers, path)
        if sheet is None or box is None:
            continue
        grid, headers = _cut_out(table, sheet, box, mapping.numbers, path)
        defaults = msgspec.structs.asdict(mapping.defaults)
        stated = {name: fact for name, fact in msgspec.structs.asdict(table.defaults).items() if fact}
        yield (
            msgspec.structs.replace(
                mapping,
                rows=table.rows,
                defaults=type(mapping.defaults)(**{**defaults, **stated}),
                where=msgspec.structs.replace(mapping.where, header_rows=headers),
                column=table.column,
                find=[*mapping.find, *table.find],
                skip=table.skip,
                sum=table.sum,
                refuse=table.refuse,
                table=[],
            ),
            grid,
        )


def find_cells(sheet: Grid, pattern: str, numbers: Numbers) -> list[tuple[int, int, str]]:
    """Row, column (from 1) and text of each cell whose text fits somewhere. Raises PatternError."""
    return [
        (row.number, column, words)
        for row in sheet.rows
        for column, text in enumerate(row.cells, 1)
        if text and column not in row.typed and search(pattern, words := strip_marks(text, numbers))
    ]


def _choose_sheet(table: TablePlace, grids: Sequence[Grid], path: Path) -> Grid | None:
    """Of several sheets the newest, by the number in the pattern's group; hidden ones are not looked at."""
    shown = [grid for grid in grids if not grid.hidden]
    fitting = [(grid, match) for grid in shown if (match := search(table.sheet, tidy(grid.name)))]
    if not fitting:
        if table.optional:
            return None
        names = [grid.name for grid in shown]
        aside = [grid.name for grid in grids if grid.hidden]
        more = f" (and hidden: {aside})" if aside else ""
        raise MappingError(f"{path}: no sheet's name fits {table.sheet!r}; the file has {names}{more}")
    if len(fitting) == 1:
        return fitting[0][0]
    numbers = [int(m[1]) if m.re.groups and (m[1] or "").isdigit() else -1 for _, m in fitting]
    if numbers.count(max(numbers)) > 1 or max(numbers) < 0:
        raise MappingError(f"{path}: several sheets fit {table.sheet!r}: {[g.name for g, _ in fitting]}")
    return fitting[numbers.index(max(numbers))][0]


Box = tuple[int, int, int | None, int | None]  # top, left; bottom, right where the mapping says so


def _find_box(table: TablePlace, sheet: Grid, numbers: Numbers, path: Path) -> Box | None:
    """Where the table begins. Raises MappingError where that is nowhere or in two places."""
    if table.range is not None:
        try:
            left, top, right, bottom = range_boundaries(table.range)
        except ValueError as error:
            raise MappingError(f"{table.range!r} is no range; write one like A9:D14") from error
        return top or 1, left or 1, bottom, right
    pattern = table.heading or table.first or ""
    found = find_cells(sheet, pattern, numbers)
    if not found and table.optional:
        return None
    if len(found) != 1:
        what = "heading" if table.heading else "first header"
        places = ", ".join(f"{name_cell(r, c)} {t[:_LETTERS]!r}" for r, c, t in found)
        why = f"several fit: {places}" if found else f"none does{_name_similar(pattern, sheet)}"
        raise MappingError(f"{path}: sheet {sheet.name!r}: one {what} must fit {pattern!r}; {why}")
    row, column, text = found[0]
    if table.first is not None:
        return row, column, None, None
    bottom = max((m[1] for m in sheet.merged if m[0] <= row <= m[1] and m[2] <= column <= m[3]), default=row)
    texts = {r.number: r.cells[column - 1] for r in sheet.rows if len(r.cells) >= column}
    for below in range(bottom + 1, bottom + 1 + _GAP):
        if texts.get(below):
            return below, column, None, None
    raise MappingError(
        f"{path}: sheet {sheet.name!r}: nothing stands in the {_GAP} rows below the heading "
        f"{name_cell(row, column)} {text[:_LETTERS]!r}"
    )


def _name_similar(pattern: str, sheet: Grid) -> str:
    """The texts of the sheet that look most like what was sought: a renamed heading is among them."""
    texts = {tidy(text) for row in sheet.rows for text in row.cells if text and not text[:1].isdigit()}
    near = get_close_matches(pattern.strip("^$"), sorted(texts), n=3, cutoff=0.4)
    return f"; most like it: {[text[:_LETTERS] for text in near]}" if near else ""


def _cut_out(
    table: TablePlace, sheet: Grid, box: Box, numbers: Numbers, path: Path
) -> tuple[Grid, tuple[int, ...]]:
    """The table's own rows, every cell beside it blank, and the numbers of its header rows."""
    top, left, bottom, right = box
    place = f"{path}: sheet {sheet.name!r}"
    headers = tuple(range(top, top + table.header))
    rows = {row.number: row for row in sheet.rows}
    titles = {number: _spread(rows.get(number, Row(number, [])), sheet) for number in headers}
    right = right or _find_right(table, left, list(titles.values()))
    kept = [_keep(titles[number], left, right, numbers) for number in headers]
    number = top + table.header
    while bottom is None or number <= bottom:
        row = rows.get(number)
        blank = row is None or not any(row.cells[left - 1 : right])
        if blank and bottom is None:
            if table.last is not None:
                raise MappingError(f"{place}: row {number} is blank and no row before it fits {table.last!r}")
            break
        if row is not None and not blank:
            if table.columns is None and table.range is None and right + 1 in row.typed:
                raise MappingError(
                    f"{place}: {name_cell(number, right + 1)} holds something beside the table, "
                    "in a column without a header"
                )
            kept.append(_keep(row, left, right))
            if table.last is not None and search(table.last, strip_marks(row.cells[left - 1] or "", numbers)):
                break
        number += 1
    return replace(sheet, rows=kept), headers


def _spread(row: Row, sheet: Grid) -> Row:
    """A header row with the text of every merged range in each of its cells."""
    texts = {r.number: r.cells for r in sheet.rows}
    cells = list(row.cells)
    for top, bottom, left, right in sheet.merged:
        if top <= row.number <= bottom:
            cells += [None] * (right - len(cells))
            above = texts.get(top, [])
            cells[left - 1 : right] = [above[left - 1] if len(above) >= left else None] * (right - left + 1)
    return replace(row, cells=cells)


def _find_right(table: TablePlace, left: int, titles: Sequence[Row]) -> int:
    if table.columns is not None:
        return left + table.columns - 1
    right = left
    while any(len(row.cells) > right and row.cells[right] for row in titles):
        right += 1
    return right


def _keep(row: Row, left: int, right: int, numbers: Numbers | None = None) -> Row:
    """The row with nothing but the table's own cells; `numbers`: it is a header, whose marks go."""
    cells = [cell if left <= at <= right else None for at, cell in enumerate(row.cells[:right], 1)]
    if numbers is not None:
        cells = [strip_marks(cell, numbers) if cell else cell for cell in cells]
    return replace(row, cells=cells)
