"""A mapping file: its keys as types, read, checked, and refused with its place."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core.model import BREAKDOWN_KEYS, TOTAL, Measure, Provenance, Qualifier
from pipelines.core.privacy import DiscreetError
from pipelines.intake.mappings import patterns
from pipelines.intake.mappings.notation import Dates, NotationError, Numbers, compile_pattern
from pipelines.intake.mappings.patterns import PatternError


class MappingError(DiscreetError):
    """A mapping contradicts itself, or a report is not the table that its mapping describes."""


class ReportFormat(StrEnum):
    """What the publisher's file is."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"


class Gives(StrEnum):
    """What a label, a header or a place in the document says about figures."""

    MEASURE = "measure"
    BREAKDOWN = "breakdown"
    POPULATION = "population"
    QUALIFIER = "qualifier"
    ORGANISATION = "organisation"
    AS_OF = "as_of"
    PERIOD_START = "period_start"
    PERIOD = "period"  # a month or day: as_of is its end, and a flow's window starts with it
    PUBLISHED = "published"
    YEAR = "year"  # for days that are written without one
    URL = "url"
    NOTE = "note"


DAYS: Final = (Gives.AS_OF, Gives.PERIOD_START, Gives.PERIOD, Gives.PUBLISHED)
WORDS: Final = (Gives.MEASURE, Gives.BREAKDOWN, Gives.POPULATION, Gives.QUALIFIER, Gives.ORGANISATION)


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known about figures without reading it from a cell."""

    organisation: str | None = None
    measure: Measure | None = None
    population: str | None = None
    breakdown: str | None = None
    qualifier: Qualifier | None = None
    as_of: date | None = None
    period_start: date | None = None
    note: str | None = None


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which table of the file, and how it is laid out. Row numbers are those a person sees, from 1."""

    tables: list[str] = []  # names of sheets, "page 2", "table 1"; empty: all
    pages: list[int] = []  # PDF: only these
    edges: list[float] = []  # PDF table without lines: x of the column edges, in points
    records: str = ""  # JSON: the path to the list of records
    header_rows: tuple[int, ...] = (1,)  # several are joined by " / "
    encoding: str | None = None  # CSV that is not UTF-8
    separator: str | None = None  # CSV; else recognised from the header
    computed: bool = False  # take what formulas gave when the workbook was saved


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column by its header, or several by a regular expression: figures, labels, or skipped."""

    name: str | None = None
    matches: str | None = None
    optional: bool = False
    skip: bool = False
    figure: Facts | None = None
    header_gives: Gives | None = None  # what the header of a figure says
    gives: Gives | None = None  # what a label says
    key: str | None = None  # breakdown key that goes before the label's value
    values: dict[str, str] = {}  # the publisher's word → ours

    @property
    def title(self) -> str:
        """How messages call it."""
        return self.name if self.name is not None else f"/{self.matches}/"


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact that stands once in the document: in a cell, at a JSON path, in a sheet's name, in its text."""

    gives: Gives
    cell: str | None = None  # "B2"
    json: str | None = None
    sheet: bool = False
    pattern: str | None = None  # its first group is the fact; needed where the text is searched
    values: dict[str, str] = {}


class Skip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows that are no data: those whose cell in `column` is one of `equals` or matches."""

    column: str
    equals: list[str] = []
    matches: str | None = None


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parts that must add up: columns `parts` to `total` in each row, or all rows to the row `total_row`."""

    total: str | None = None
    parts: list[str] = []
    column: str | None = None  # of the labels
    total_row: str | None = None  # the label of the row that holds the sums


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one publisher's reports are read."""

    publisher: str
    format: ReportFormat
    provenance: Provenance = Provenance.PRIMARY
    rows: tuple[int, int]  # fewest and most rows of data that a table may have
    defaults: Facts = Facts()
    where: Where = Where()
    numbers: Numbers = Numbers()
    dates: Dates = Dates()
    column: list[Column]
    find: list[Find] = []
    skip: list[Skip] = []
    sum: list[Sum] = []

    @property
    def states_moment(self) -> bool:
        """Whether the report says which day a figure is about; if not, its publication day is taken."""
        given = [
            *(column.gives for column in self.column),
            *(column.header_gives for column in self.column),
            *(find.gives for find in self.find),
        ]
        stated = [self.defaults, *(column.figure for column in self.column if column.figure)]
        return bool({Gives.AS_OF, Gives.PERIOD} & set(given)) or any(facts.as_of for facts in stated)


class ReportFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known about a report beside its content."""

    published: date | None = None
    retrieved: date | None = None
    url: str | None = None


def read_mapping(path: Path) -> Mapping:
    """Read a mapping strictly. Raises MappingError with the file, the key and what to change."""
    try:
        return parse_mapping(path.read_bytes())
    except FileNotFoundError as error:
        raise MappingError(f"{path}: the file is missing") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from error


def parse_mapping(content: bytes) -> Mapping:
    """The mapping that a TOML file is. Raises MappingError with the key and what to change."""
    try:
        mapping = msgspec.toml.decode(content, type=Mapping)
        _check_mapping(mapping)
    except (msgspec.DecodeError, UnicodeDecodeError, NotationError, PatternError, RecursionError) as error:
        raise MappingError(str(error)) from error
    return mapping


def _check_mapping(mapping: Mapping) -> None:
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
        patterns.compile_pattern(skip.matches or "")
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
    patterns.compile_pattern(column.matches or "")
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
    if patterns.compile_pattern(find.pattern or "()").groups != 1:
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
