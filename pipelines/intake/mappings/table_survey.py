"""What tables a workbook holds, and a first draft of the mapping that would read them.

Input: a file. Output: each block of cells with its range, the text above it and its headers; then TOML that a
person completes. A draft guesses nothing about what a number means: it says TODO there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl.utils import column_index_from_string

from pipelines.intake.files.workbook import name_cell
from pipelines.intake.files.xlsx import read_xlsx_whole
from pipelines.intake.mappings.mapping_file import Mapping
from pipelines.intake.mappings.notation import parse_month, tidy
from pipelines.intake.mappings.patterns import allow_time, search
from pipelines.sheets.raw_table import Grid

_LABELS: Final = 12  # labels that a draft lists
_PLACE: Final = re.compile(
    r"sheet (?P<sheet>.*) rows? (?P<row>\d+)(?: to \d+)?(?: column (?P<column>[A-Z]+))?"
)
_WORDS: Final = 70  # letters of a heading that are shown


@dataclass(frozen=True)
class SeenTable:
    """A block of cells without a blank row or column in it; numbers of rows and columns from 1."""

    sheet: str
    hidden: bool
    top: int  # its header
    left: int
    bottom: int
    right: int
    heading: str
    headers: list[str]
    labels: list[str]  # of its first column

    @property
    def place(self) -> str:
        """Its range."""
        return f"{name_cell(self.top, self.left)}:{name_cell(self.bottom, self.right)}"


def survey(path: Path) -> list[SeenTable]:
    """Every table of a workbook, by sheet and from the top. Raises ReadError."""
    return [table for grid in read_xlsx_whole(path) for table in _find_tables(grid)]


def _find_tables(grid: Grid) -> Iterator[SeenTable]:
    rows = {row.number: row for row in grid.rows}
    covered = {
        (row, column): (top, left)
        for top, bottom, left, right in grid.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    filled = {(row.number, at) for row in grid.rows for at, cell in enumerate(row.cells, 1) if cell}
    filled |= {cell for cell, first in covered.items() if first in filled}
    numbers = {(row.number, at) for row in grid.rows for at in row.typed}
    for block in _join(filled):
        if not block & numbers:
            continue
        first = min(row for row, _ in block & numbers)
        left, right = min(c for _, c in block), max(c for _, c in block)
        headers = [r for r in range(min(r for r, _ in block), first) if _count(filled, r, left, right) > 1]
        top = headers[-1] if headers else first
        if headers and len({covered.get((top, c), (top, c)) for c in range(left, right + 1)}) < 2:
            top = first
        above = rows.get(max((r for r, c in filled if r < top and c == left), default=0))
        titled = above is not None and top - above.number <= 2 and left not in above.typed
        texts = rows[top].cells
        yield SeenTable(
            grid.name, grid.hidden, top, left, max(r for r, _ in block), right,
            tidy(above.cells[left - 1] or "") if titled and above is not None else "",
            [tidy(texts[c - 1] or "") if c <= len(texts) else "" for c in range(left, right + 1)],
            [
                tidy(rows[r].cells[left - 1] or "")
                for r in range(top + 1, max(r for r, _ in block) + 1)
                if r in rows and len(rows[r].cells) >= left and left not in rows[r].typed
            ],
        )  # fmt: skip


def _count(filled: set[tuple[int, int]], row: int, left: int, right: int) -> int:
    return sum((row, column) in filled for column in range(left, right + 1))


def _join(cells: set[tuple[int, int]]) -> list[set[tuple[int, int]]]:
    """Cells that touch each other, corners among it, by block, from the top left."""
    left, blocks = set(cells), []
    for start in sorted(cells):
        if start not in left:
            continue
        left.discard(start)
        block, edge = {start}, [start]
        while edge:
            row, column = edge.pop()
            near = {(row + d, column + r) for d in (-1, 0, 1) for r in (-1, 0, 1)} & left
            left -= near
            block |= near
            edge += near
        blocks.append(block)
    return blocks


def draft_mapping(tables: Sequence[SeenTable], locale: str = "en") -> str:
    """A mapping in TOML for the tables that are shown, with TODO where only a person knows."""
    lines = [
        'publisher = "TODO"', 'format = "xlsx"', 'defaults = { organisation = "TODO" }',
        f'dates = {{ patterns = ["MM/dd/yyyy"], locale = "{locale}" }}',
        "# find = [{ gives = \"as_of\", sentence = '^Notes$', pattern = 'as of (\\d+/\\d+/\\d+)' }]",
    ]  # fmt: skip
    for table in tables:
        if table.hidden:
            continue
        rows = table.bottom - table.top
        place = f"heading = {_pattern(table.heading)}" if table.heading else f'range = "{table.place}"'
        lines += ["", "[[table]]", f"sheet = {_pattern(table.sheet)}", f"{place} # {table.place}"]
        lines += [f"rows = [{max(1, rows - 3)}, {rows + 3}]", 'defaults = { measure = "TODO" }', "column = ["]
        months = [h for h in table.headers if parse_month(h, locale)]
        for at, header in enumerate(h for h in table.headers if h):
            if at == 0:
                labels = [label for label in dict.fromkeys(table.labels) if label][:_LABELS]
                words = ", ".join(f'"{label}" = "TODO"' for label in labels)
                values = f"values = {{ {words} }}"
                lines.append(f'    {{ name = "{header}", gives = "breakdown", key = "TODO", {values} }},')
            elif len(months) == 12 and header in months:
                if header == months[0]:
                    lines.append(f"    {{ months = {parse_month(header, locale)}, figure = {{}} }},")
            else:
                lines.append(f'    {{ name = "{header}", figure = {{}} }},')
        lines.append("]")
    return "\n".join(lines) + "\n"


def _pattern(text: str) -> str:
    marked = "".join(
        f"\\{letter}" if letter in r".^$*+?{}[]\|()" else letter for letter in tidy(text)[:_WORDS]
    )
    return f"'^{marked.replace(chr(39), '.')}'"


def list_unexplained(mapping: Mapping, tables: Sequence[SeenTable], places: Sequence[str]) -> list[SeenTable]:
    """The tables of which nothing was taken and which the mapping does not refuse; `places`: of what."""
    told = [match for place in places if (match := _PLACE.fullmatch(place))]
    with allow_time():
        return [t for t in tables if not t.hidden and not _is_refused(mapping, t) and not _is_told(t, told)]


def _is_refused(mapping: Mapping, table: SeenTable) -> bool:
    for refused in mapping.refuse:
        sheet = refused.sheet is not None and search(refused.sheet, tidy(table.sheet))
        if sheet or (refused.heading is not None and search(refused.heading, table.heading)):
            return True
    return False


def _is_told(table: SeenTable, told: Sequence[re.Match[str]]) -> bool:
    return any(
        place["sheet"] == table.sheet
        and table.top <= int(place["row"]) <= table.bottom
        and (not place["column"] or table.left <= column_index_from_string(place["column"]) <= table.right)
        for place in told
    )
