"""What the header, labels and places of a table say of its figures, by the mapping's own dictionary."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import CellCoordinatesException

from pipelines.core.model import TOTAL, Precision
from pipelines.intake.files.file_kind import read_text
from pipelines.intake.files.json_records import read_json_value
from pipelines.intake.mappings.mapping_file import (
    DAYS,
    YEAR,
    Column,
    Facts,
    Find,
    Gives,
    Mapping,
    MappingError,
    ReportFormat,
    compile_word,
)
from pipelines.intake.mappings.notation import CellAmount, Dates, NotationError, parse_day, parse_month, tidy
from pipelines.intake.mappings.patterns import find_all, fit, search
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
    means: dict[str, str] = field(default_factory=dict)  # header → what the label means, or its text
    only_checked: bool = False  # a number that others are compared with
    refused: str | None = None  # why it is no figure of ours
    said: Said = field(default_factory=dict)
    amount: CellAmount | None = None
    faults: list[str] = field(default_factory=list)  # it cannot be a claim
    doubts: list[str] = field(default_factory=list)  # a person has to look


_LONGEST_YEAR: Final = 366 + 61  # days: what is counted to the end of a year may be published later
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
        if gives is Gives.CUT_OFF:
            return {"cut_off": period.last}
        if gives is Gives.PERIOD:
            return {"as_of": period.last, "precision": period.precision, "window": period.first}
        return {gives.value: period.first}
    if gives is Gives.YEAR:
        if not re.fullmatch(r"(\d\d)?\d\d", text):
            raise NotationError(f"{text!r} is no year")
        return {"year": int(text) if len(text) == 4 else 2000 + int(text)}
    meaning = translate(values, text)
    if gives is Gives.BREAKDOWN:
        return {"breakdown": _split_parts(f"{key}={meaning}" if key and meaning != TOTAL else meaning)}
    return {gives.value: meaning}


def translate(values: dict[str, str], text: str) -> str:
    """What the publisher's word means: itself where there are no values. Raises NotationError on another."""
    if not values or text in values:
        return values.get(text, text)
    for word, meaning in values.items():
        if word.casefold() == text.casefold():
            return meaning
        pattern = compile_word(word)
        if pattern is not None and fit(pattern, text):
            return meaning
    raise NotationError(f"{text!r} is not among the mapping's values; add what it means")


def read_searched_text(mapping: Mapping, path: Path) -> str:
    """The report's text, where the mapping has something to find in it; else nothing is read."""
    wanted = any(find.cell is None and find.json is None and not find.sheet for find in mapping.find)
    if not wanted or mapping.format not in _SEARCHED:
        return ""
    return "\n".join(passage.text for passage in read_text(path))


def find_facts(mapping: Mapping, grid: Grid, path: Path, text: str, sheets: Sequence[Grid] = ()) -> Said:
    """What the document says once, for every figure of this grid; `text` is what is searched, `sheets` are
    those in which sentences stand. Where a place says two things, `doubts` holds that.

    Raises MappingError by fact.
    """
    said: Said = {}
    doubts: list[str] = []
    for find in sorted(mapping.find, key=lambda find: find.gives is not Gives.YEAR):  # days may need the year
        words = _locate(mapping, find, grid, path, text, sheets, (said, doubts))
        if words is None:
            continue
        try:
            typed = find.cell is not None and _is_typed(_find_whole(grid, sheets), find.cell)
            found = interpret(find.gives, words, find.values, None, mapping.dates, said, typed=typed)
        except NotationError as error:
            raise MappingError(f"{path}: find {find.gives}: {error}") from error
        if find.gives is Gives.YEAR and said.get("year", found["year"]) != found["year"]:
            raise MappingError(f"{path}: find year: {said['year']} in one place, {found['year']} in another")
        said |= found
        if find.near is not None and {"cut_off", "as_of"} <= set(said):
            apart = abs((said["cut_off"] - said["as_of"]).days)
            if apart > find.near:
                doubts.append(f"{said['as_of']} and the cut-off {said['cut_off']} lie {apart} days apart")
    return said | ({"doubts": tuple(doubts)} if doubts else {})


def _locate(
    mapping: Mapping,
    find: Find,
    grid: Grid,
    path: Path,
    text: str,
    sheets: Sequence[Grid],
    known: tuple[Said, list[str]],
) -> str | None:
    """The text of the fact. The same fact found twice is one; two different ones are a mistake, and in
    sentences, of which the first stands, a doubt. None: it is not there and need not be.

    `known` is what was said before, and the doubts of it.
    """
    sources = [[text]]
    if find.cell is not None:
        sources = [[_read_cell(_find_whole(grid, sheets), find.cell, path)]]
    elif find.json is not None:
        sources = [[read_json_value(path, find.json)]]
    elif find.sheet:
        sources = [[grid.name]]
    elif find.file:
        sources = [[path.name]]
    elif find.sentence is not None:
        sources = _read_sentences(find, sheets)
    elif mapping.format not in _SEARCHED:
        raise MappingError(f"{path}: find {find.gives}: say in which cell, or at which JSON path, it stands")
    if not find.patterns:
        return tidy(sources[0][0])
    said, doubts = known
    found: list[str] = []
    for texts, pattern in product(sources, find.patterns):
        wanted = pattern.replace(YEAR, str(said.get("year", YEAR)))
        matches = [match for each in texts for match in find_all(wanted, each)] if not found else []
        found = found or list(dict.fromkeys(tidy(match[1] or "") for match in matches))
    if not found and find.optional:
        return None
    if len(found) > 1 and find.sentence is not None:
        doubts.append(f"{find.gives} is said in several ways: {', '.join(found)}; the first is taken")
    elif len(found) != 1:
        seen = " ".join(sources[-1])[:80]
        what = f"finds several: {sorted(found)}" if found else f"finds nothing in {seen!r}"
        raise MappingError(f"{path}: find {find.gives}: the pattern {find.patterns[0]!r} {what}")
    return found[0]


def _read_sentences(find: Find, sheets: Sequence[Grid]) -> list[list[str]]:
    """The texts of the sheets that `sentence` names: below the heading that `section` fits, then all."""
    every: list[str] = []
    within: list[str] = []
    for sheet in sheets:
        if sheet.hidden or not search(find.sentence or "", tidy(sheet.name)):
            continue
        inside = False
        for row in sheet.rows:
            title = tidy(row.cells[0] or "")
            if title and find.section is not None:
                inside = search(find.section, title) is not None
            texts = [tidy(cell) for cell in row.cells if cell]
            every += texts
            within += texts if inside else []
    return [within, every]


def _find_whole(grid: Grid, sheets: Sequence[Grid]) -> Grid:
    """The sheet that a table was cut out of, or the table itself."""
    return next((sheet for sheet in sheets if sheet.name == grid.name), grid)


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
        header = tidy(column.name or header)
        if any(other.header == header for other in bound):
            raise MappingError(f"{place}: the header {header!r} stands twice")
        bound.append(
            BoundColumn(index, header, column, _interpret_header(mapping, column, header, known, place))
        )
    for column in mapping.column:
        if column.months is not None:
            _check_months(mapping, column, [b.header for b in bound if b.column is column], place)
        elif not column.optional and all(other.column is not column for other in bound):
            found = [text for text in headers if text]
            raise MappingError(f"{place}: column {column.title!r} is not there; found are {found}")
    return bound


def _check_months(mapping: Mapping, column: Column, headers: list[str], place: str) -> None:
    """A month that is left out or stands elsewhere would lend its place to another."""
    months = [parse_month(header, mapping.dates.locale) for header in headers]
    if months != [((column.months or 1) + i - 1) % 12 + 1 for i in range(12)]:
        raise MappingError(
            f"{place}: twelve months were expected, from month {column.months} on; found are {headers}"
        )


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
    named = [column for column in mapping.column if column.name is not None]
    for fold in (str, str.casefold):
        for column in named:
            if fold(tidy(column.name or "")) == fold(header):
                return column
    found = [c for c in mapping.column if c.matches is not None and fit(c.matches, header)]
    if not found and parse_month(header, mapping.dates.locale):
        found = [c for c in mapping.column if c.months is not None]
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
    if column.months is not None:
        said = _say_month(column.months, parse_month(header, mapping.dates.locale) or 1, known, place)
    if column.header_gives:
        group = fit(column.matches or ".*", header)
        text = (group[1] or "") if group and group.re.groups else header
        try:
            said = interpret(column.header_gives, text, column.values, column.key, mapping.dates, known)
        except NotationError as error:
            raise MappingError(f"{place}: header {header!r}: {error}") from error
    return said | state_facts(column.figure, said)


def _say_month(starts: int, month: int, known: Said, place: str) -> Said:
    """When a month of the stated year begins and ends: at the cut-off where it is running; `not_yet` where it
    lies after. A year that does not begin in January is called by the one in which it ends."""
    year, cut_off = known.get("year"), known.get("cut_off")
    if year is None or cut_off is None:
        missing = "year" if year is None else "cut_off"
        raise MappingError(f"{place}: months need a [[find]] that gives {missing}")
    first = date(year - 1 if month >= starts > 1 else year, month, 1)
    begins = date(year - 1 if starts > 1 else year, starts, 1)
    if not 0 <= (cut_off - begins).days < _LONGEST_YEAR:
        raise MappingError(f"{place}: the cut-off {cut_off} is not in the year that begins on {begins}")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if first > cut_off:
        return {"not_yet": cut_off}
    precision = Precision.MONTH if last <= cut_off else Precision.DAY
    return {"as_of": min(last, cut_off), "window": first, "precision": precision, "running": last > cut_off}
