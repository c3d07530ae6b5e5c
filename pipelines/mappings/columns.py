"""The header of a table meets its mapping: each column is a figure, a label, skipped, or fails by name."""

import re
from dataclasses import dataclass

from pipelines.mappings.facts import Said, interpret, state
from pipelines.mappings.notation import NotationError, tidy
from pipelines.mappings.schema import Column, Mapping, MappingError
from pipelines.readers import Grid


@dataclass(frozen=True)
class Bound:
    """A column of the mapping at its place in the grid."""

    index: int
    header: str
    column: Column
    said: Said  # by its header and by the mapping


def bind(mapping: Mapping, grid: Grid, known: Said, place: str) -> list[Bound]:
    """Each column of the grid with what the mapping says of it. Raises MappingError by name."""
    headers = _headers(mapping, grid, place)
    _refuse_nameless(mapping, grid, headers, place)
    bound: list[Bound] = []
    for index, header in enumerate(headers):
        if not header:
            continue
        column = _column_for(mapping, header, place)
        if any(other.header == header for other in bound):
            raise MappingError(f"{place}: the header {header!r} stands twice")
        bound.append(Bound(index, header, column, _said_by_header(mapping, column, header, known, place)))
    for column in mapping.column:
        if not column.optional and all(other.column is not column for other in bound):
            found = [text for text in headers if text]
            raise MappingError(f"{place}: column {column.title!r} is not there; found are {found}")
    return bound


def _headers(mapping: Mapping, grid: Grid, place: str) -> list[str]:
    rows = {row.number: row for row in grid.rows if row.number in mapping.where.header_rows}
    missing = [number for number in mapping.where.header_rows if number not in rows]
    if missing:
        raise MappingError(f"{place}: there is no row {missing[0]}, which should be the header")
    for row in rows.values():
        if row.fault:
            raise MappingError(f"{place}: row {row.number} is a header and cannot be read: {row.fault}")
    width = max(len(row.cells) for row in rows.values())
    headers = []
    for index in range(width):
        parts = [tidy(row.cells[index] or "") for row in rows.values() if index < len(row.cells)]
        headers.append(" / ".join(dict.fromkeys(part for part in parts if part)))
    return headers


def _refuse_nameless(mapping: Mapping, grid: Grid, headers: list[str], place: str) -> None:
    last = max(mapping.where.header_rows)
    for row in grid.rows:
        for index, cell in enumerate(row.cells):
            nameless = index >= len(headers) or not headers[index]
            if cell and nameless and row.number > last and not row.fault:
                raise MappingError(
                    f"{place}: row {row.number} holds something in column {index + 1}, which has no header"
                )


def _column_for(mapping: Mapping, header: str, place: str) -> Column:
    for column in mapping.column:
        if column.name is not None and tidy(column.name) == header:
            return column
    found = [c for c in mapping.column if c.matches is not None and re.fullmatch(c.matches, header)]
    if len(found) > 1:
        raise MappingError(f"{place}: column {header!r} matches {found[0].title} and {found[1].title}")
    if not found:
        raise MappingError(
            f"{place}: column {header!r} is not in the mapping; "
            "add it as a figure, as a label (gives) or with skip = true"
        )
    return found[0]


def _said_by_header(mapping: Mapping, column: Column, header: str, known: Said, place: str) -> Said:
    if column.figure is None:
        return {}
    said: Said = {}
    if column.header_gives:
        group = re.fullmatch(column.matches or ".*", header)
        text = group[1] if group and group.re.groups else header
        try:
            said = interpret(column.header_gives, text, column.values, column.key, mapping.dates, known)
        except NotationError as error:
            raise MappingError(f"{place}: header {header!r}: {error}") from error
    return said | state(column.figure, said)
