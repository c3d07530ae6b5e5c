"""A mapping file becomes a Mapping, or fails with its place: what the types say, and what they cannot."""

import re
from pathlib import Path

import msgspec

from pipelines.mappings.notation import NotationError, compile_pattern
from pipelines.mappings.schema import WORDS, Column, Find, Gives, Mapping, MappingError
from pipelines.model import BREAKDOWN_KEYS, TOTAL, Measure, Qualifier


def read_mapping(path: Path) -> Mapping:
    """Read a mapping strictly. Raises MappingError with the file, the key and what to change."""
    try:
        mapping = msgspec.toml.decode(path.read_bytes(), type=Mapping)
        _check(mapping)
    except (msgspec.DecodeError, UnicodeDecodeError, NotationError, re.error) as error:
        raise MappingError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise MappingError(f"{path}: the file is missing") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from error
    return mapping


def _check(mapping: Mapping) -> None:
    """What the types cannot say. Raises MappingError."""
    if not any(column.figure for column in mapping.column):
        raise MappingError("no column is a figure; give at least one [column.figure]")
    for column in mapping.column:
        _check_column(column)
    for pattern in mapping.dates.patterns:
        compile_pattern(pattern, mapping.dates.locale)
    for facts in (mapping.defaults, *(column.figure for column in mapping.column if column.figure)):
        check_breakdown(facts.breakdown or TOTAL)
    for find in mapping.find:
        _check_find(find)
    for skip in mapping.skip:
        re.compile(skip.matches or "")
    for total in mapping.sum:
        by_column = total.total is not None and total.parts
        by_row = total.column is not None and total.total_row is not None
        if bool(by_column) == bool(by_row):
            raise MappingError("sum: give either total and parts (columns) or column and total_row (rows)")
    low, high = mapping.rows
    if not 0 <= low <= high:
        raise MappingError(f"rows: expected [fewest, most], found [{low}, {high}]")


def _check_column(column: Column) -> None:
    if (column.name is None) == (column.matches is None):
        raise MappingError(f"column {column.title!r}: give either name or matches")
    re.compile(column.matches or "")
    if [column.skip, column.figure is not None, column.gives is not None].count(True) != 1:
        raise MappingError(f"column {column.title!r}: make it one of figure, gives, skip")
    if column.header_gives and not column.figure:
        raise MappingError(f"column {column.title!r}: header_gives belongs to a figure")
    if column.key is not None and column.key not in BREAKDOWN_KEYS:
        raise MappingError(
            f"column {column.title!r}: breakdown key {column.key!r} is unknown; the keys are "
            + ", ".join(BREAKDOWN_KEYS)
        )
    if column.gives:
        _check_values(f"column {column.title!r}", column.gives, column.values)


def _check_find(find: Find) -> None:
    if find.cell is None and find.json is None and not find.sheet and find.pattern is None:
        raise MappingError(f"find {find.gives}: say where (cell, json, sheet) or give a pattern")
    if re.compile(find.pattern or "()").groups != 1:
        raise MappingError(f"find {find.gives}: the pattern needs one group, which is the fact")
    _check_values(f"find {find.gives}", find.gives, find.values)


def _check_values(place: str, gives: Gives, values: dict[str, str]) -> None:
    """A word of the publisher means what the mapping says, or nothing."""
    if gives in WORDS and not values:
        raise MappingError(f"{place}: gives {gives}, so it needs values: the publisher's word = ours")
    closed: dict[Gives, list[str]] = {Gives.MEASURE: list(Measure), Gives.QUALIFIER: list(Qualifier)}
    allowed = closed.get(gives)
    wrong = [value for value in values.values() if allowed and value not in allowed]
    if wrong:
        raise MappingError(f"{place}: {wrong[0]!r} is no {gives}")


def check_breakdown(breakdown: str) -> None:
    """Raises MappingError unless it is `total` or known keys with values, joined by `;`."""
    if breakdown == TOTAL:
        return
    for part in breakdown.split(";"):
        key, _, value = part.partition("=")
        if key not in BREAKDOWN_KEYS or not value:
            raise MappingError(f"breakdown {part!r}: expected key=value with a key of the closed list")
