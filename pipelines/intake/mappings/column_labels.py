"""What the header, labels and places of a table say of its figures, by the mapping's own dictionary."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import CellCoordinatesException

from pipelines.core.model import TOTAL
from pipelines.intake.files.file_kind import read_text
from pipelines.intake.files.json_records import read_json_value
from pipelines.intake.mappings.mapping_file import (
    DAYS,
    Column,
    Facts,
    Find,
    Gives,
    Mapping,
    MappingError,
    ReportFormat,
)
from pipelines.intake.mappings.notation import CellAmount, Dates, NotationError, parse_day, tidy
from pipelines.intake.mappings.patterns import find_all, fit
from pipelines.sheets.raw_table import Grid

# A fact's name → its value. `breakdown` holds a tuple of key=value parts, or None where a label is not known.
Said = dict[str, Any]


@dataclass
class MappedFigure:
    """One cell that should be a figure, or a row that could not be read at all (then without column)."""

    raw: str
    place: str
    grid: int
    row: int
    column: str | None = None  # header
    label: dict[str, str] = field(default_factory=dict)  # header → text of the row's labels
    said: Said = field(default_factory=dict)
    amount: CellAmount | None = None
    faults: list[str] = field(default_factory=list)  # it cannot be a claim
    doubts: list[str] = field(default_factory=list)  # a person has to look


_SEARCHED: Final = (ReportFormat.HTML, ReportFormat.PDF)


def state_facts(facts: Facts, said: Said | None = None) -> Said:
    """The facts that a mapping states, with the parts of a breakdown apart; `said` keeps its own parts."""
    stated: Said = {
        name: value
        for name in Facts.__struct_fields__
        if name != "breakdown" and (value := getattr(facts, name)) is not None
    }
    parts = {*(said or {}).get("breakdown", ()), *_split_parts(facts.breakdown or TOTAL)}
    return {**stated, "breakdown": tuple(sorted(parts))}


def merge(said: Said, more: Said) -> Said:
    """The later statement stands, but parts of a breakdown come together; an unknown part stays so."""
    parts = [facts.get("breakdown", ()) for facts in (said, more)]
    known = None if None in parts else tuple(sorted({*parts[0], *parts[1]}))
    return {**said, **more, "breakdown": known}


def interpret(
    gives: Gives,
    text: str,
    values: dict[str, str],
    key: str | None,
    dates: Dates,
    known: Said,
    *,
    typed: bool = False,
) -> Said:
    """What a text says. Raises NotationError on a word that the mapping does not translate, or on no day."""
    if gives in DAYS:
        period = parse_day(text, dates, typed=typed, year=known.get("year"))
        if gives is Gives.AS_OF:
            return {"as_of": period.last, "precision": period.precision}
        if gives is Gives.PERIOD:
            return {"as_of": period.last, "precision": period.precision, "window": period.first}
        return {gives.value: period.first}
    if gives is Gives.YEAR:
        if not re.fullmatch(r"\d{4}", text):
            raise NotationError(f"{text!r} is no year")
        return {"year": int(text)}
    if values and text not in values:
        raise NotationError(f"{text!r} is not among the mapping's values; add what it means")
    meaning = values.get(text, text)
    if gives is Gives.BREAKDOWN:
        return {"breakdown": _split_parts(f"{key}={meaning}" if key and meaning != TOTAL else meaning)}
    return {gives.value: meaning}


def read_searched_text(mapping: Mapping, path: Path) -> str:
    """The report's text, where the mapping has something to find in it; else nothing is read."""
    wanted = any(find.cell is None and find.json is None and not find.sheet for find in mapping.find)
    if not wanted or mapping.format not in _SEARCHED:
        return ""
    return "\n".join(passage.text for passage in read_text(path))


def find_facts(mapping: Mapping, grid: Grid, path: Path, text: str) -> Said:
    """What the document says once, for every figure of this grid; `text` is what is searched.

    Raises MappingError by fact.
    """
    said: Said = {}
    for find in sorted(mapping.find, key=lambda find: find.gives is not Gives.YEAR):  # days may need the year
        words = _locate(mapping, find, grid, path, text)
        try:
            typed = find.cell is not None and _is_typed(grid, find.cell)
            said |= interpret(find.gives, words, find.values, None, mapping.dates, said, typed=typed)
        except NotationError as error:
            raise MappingError(f"{path}: find {find.gives}: {error}") from error
    return said


def _locate(mapping: Mapping, find: Find, grid: Grid, path: Path, text: str) -> str:
    """The text of the fact. The same fact found twice is one; two different ones are a mistake."""
    if find.cell is not None:
        source = _read_cell(grid, find.cell, path)
    elif find.json is not None:
        source = read_json_value(path, find.json)
    elif find.sheet:
        source = grid.name
    elif mapping.format in _SEARCHED:
        source = text
    else:
        raise MappingError(f"{path}: find {find.gives}: say in which cell, or at which JSON path, it stands")
    if find.pattern is None:
        return tidy(source)
    found = sorted({tidy(match[1] or "") for match in find_all(find.pattern, source)})
    if len(found) != 1:
        what = f"finds several: {found}" if found else f"finds nothing in {source[:80]!r}"
        raise MappingError(f"{path}: find {find.gives}: the pattern {find.pattern!r} {what}")
    return found[0]


def _parse_coordinates(cell: str, path: Path | str) -> tuple[int, int]:
    try:
        return coordinate_to_tuple(cell)
    except (CellCoordinatesException, ValueError) as error:
        raise MappingError(f"{path}: {cell!r} is no cell; write one like B2") from error


def _read_cell(grid: Grid, cell: str, path: Path) -> str:
    row_number, column = _parse_coordinates(cell, path)
    row = next((row for row in grid.rows if row.number == row_number), None)
    text = row.cells[column - 1] if row and len(row.cells) >= column else None
    if not text:
        raise MappingError(f"{path}: cell {cell} is empty, and the mapping needs what stands there")
    return text


def _is_typed(grid: Grid, cell: str) -> bool:
    row_number, column = _parse_coordinates(cell, grid.name)
    return any(row.number == row_number and column in row.typed for row in grid.rows)


def _split_parts(breakdown: str) -> tuple[str, ...]:
    return () if breakdown == TOTAL else tuple(breakdown.split(";"))


@dataclass(frozen=True)
class BoundColumn:
    """A column of the mapping at its place in the grid."""

    index: int
    header: str
    column: Column
    said: Said  # by its header and by the mapping


def bind(mapping: Mapping, grid: Grid, known: Said, place: str) -> list[BoundColumn]:
    """Each column of the grid with what the mapping says of it. Raises MappingError by name."""
    headers = _join_headers(mapping, grid, place)
    _refuse_nameless(mapping, grid, headers, place)
    bound: list[BoundColumn] = []
    for index, header in enumerate(headers):
        if not header:
            continue
        column = _find_column(mapping, header, place)
        if any(other.header == header for other in bound):
            raise MappingError(f"{place}: the header {header!r} stands twice")
        bound.append(
            BoundColumn(index, header, column, _interpret_header(mapping, column, header, known, place))
        )
    for column in mapping.column:
        if not column.optional and all(other.column is not column for other in bound):
            found = [text for text in headers if text]
            raise MappingError(f"{place}: column {column.title!r} is not there; found are {found}")
    return bound


def _join_headers(mapping: Mapping, grid: Grid, place: str) -> list[str]:
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


def _find_column(mapping: Mapping, header: str, place: str) -> Column:
    for column in mapping.column:
        if column.name is not None and tidy(column.name) == header:
            return column
    found = [c for c in mapping.column if c.matches is not None and fit(c.matches, header)]
    if len(found) > 1:
        raise MappingError(f"{place}: column {header!r} matches {found[0].title} and {found[1].title}")
    if not found:
        raise MappingError(
            f"{place}: column {header!r} is not in the mapping; "
            "add it as a figure, as a label (gives) or with skip = true"
        )
    return found[0]


def _interpret_header(mapping: Mapping, column: Column, header: str, known: Said, place: str) -> Said:
    if column.figure is None:
        return {}
    said: Said = {}
    if column.header_gives:
        group = fit(column.matches or ".*", header)
        text = (group[1] or "") if group and group.re.groups else header
        try:
            said = interpret(column.header_gives, text, column.values, column.key, mapping.dates, known)
        except NotationError as error:
            raise MappingError(f"{place}: header {header!r}: {error}") from error
    return said | state_facts(column.figure, said)
