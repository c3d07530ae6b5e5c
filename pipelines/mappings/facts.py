"""What labels, headers and places in a document say about figures, by the mapping's own dictionary."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import CellCoordinatesException

from pipelines.mappings.notation import Amount, Dates, NotationError, parse_day, tidy
from pipelines.mappings.schema import DAYS, Facts, Find, Format, Gives, Mapping, MappingError
from pipelines.model import TOTAL
from pipelines.readers import Grid, read_text
from pipelines.readers.json_records import read_json_value

# A fact's name → its value. `breakdown` holds a tuple of key=value parts, or None where a label is not known.
Said = dict[str, Any]


@dataclass
class Figure:
    """One cell that should be a figure, or a row that could not be read at all (then without column)."""

    raw: str
    place: str
    grid: int
    row: int
    column: str | None = None  # header
    label: dict[str, str] = field(default_factory=dict)  # header → text of the row's labels
    said: Said = field(default_factory=dict)
    amount: Amount | None = None
    faults: list[str] = field(default_factory=list)  # it cannot be a claim
    doubts: list[str] = field(default_factory=list)  # a person has to look


_SEARCHED: Final = (Format.HTML, Format.PDF)


def state(facts: Facts, said: Said | None = None) -> Said:
    """The facts that a mapping states, with the parts of a breakdown apart; `said` keeps its own parts."""
    stated: Said = {
        name: value
        for name in Facts.__struct_fields__
        if name != "breakdown" and (value := getattr(facts, name)) is not None
    }
    parts = {*(said or {}).get("breakdown", ()), *_parts(facts.breakdown or TOTAL)}
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
        return {"breakdown": _parts(f"{key}={meaning}" if key and meaning != TOTAL else meaning)}
    return {gives.value: meaning}


def searched_text(mapping: Mapping, path: Path) -> str:
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
        source = _cell_text(grid, find.cell, path)
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
    found = sorted({tidy(match[1]) for match in re.finditer(find.pattern, source)})
    if len(found) != 1:
        what = f"finds several: {found}" if found else f"finds nothing in {source[:80]!r}"
        raise MappingError(f"{path}: find {find.gives}: the pattern {find.pattern!r} {what}")
    return found[0]


def _coordinates(cell: str, path: Path | str) -> tuple[int, int]:
    try:
        return coordinate_to_tuple(cell)
    except (CellCoordinatesException, ValueError) as error:
        raise MappingError(f"{path}: {cell!r} is no cell; write one like B2") from error


def _cell_text(grid: Grid, cell: str, path: Path) -> str:
    row_number, column = _coordinates(cell, path)
    row = next((row for row in grid.rows if row.number == row_number), None)
    text = row.cells[column - 1] if row and len(row.cells) >= column else None
    if not text:
        raise MappingError(f"{path}: cell {cell} is empty, and the mapping needs what stands there")
    return text


def _is_typed(grid: Grid, cell: str) -> bool:
    row_number, column = _coordinates(cell, grid.name)
    return any(row.number == row_number and column in row.typed for row in grid.rows)


def _parts(breakdown: str) -> tuple[str, ...]:
    return () if breakdown == TOTAL else tuple(breakdown.split(";"))
