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
    YEAR = "year"  # for days that are written without one; of months: the year by which theirs is called
    CUT_OFF = "cut_off"  # the last day that is counted: months after it have not been, its own ends there
    URL = "url"
    NOTE = "note"


YEAR: Final = "{year}"  # in a pattern of [[find]]: the year that was found
DAYS: Final = (Gives.AS_OF, Gives.PERIOD_START, Gives.PERIOD, Gives.PUBLISHED, Gives.CUT_OFF)
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
    values: dict[str, str] = {}  # the publisher's word → ours; "/…/" is a pattern for the whole word
    down: bool = False  # a label that stands once for a block of rows
    months: int | None = None  # columns are the months of a year that begins with this month (1-12)
    check: bool = False  # numbers that are compared with others and are no figures
    rounded: bool = False  # a fraction is rounded to whole people and called `about`

    @property
    def title(self) -> str:
        """How messages call it."""
        if self.months is not None:
            return "months"
        return self.name if self.name is not None else f"/{self.matches}/"


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact that stands once in the document: in a cell, at a JSON path, in a sheet's name, in its text, in
    the file's name, or in a sentence that some cell of a sheet holds."""

    gives: Gives
    cell: str | None = None  # "B2"
    json: str | None = None
    sheet: bool = False
    file: bool = False
    sentence: str | None = None  # a pattern: in a cell of the sheets whose name it fits
    section: str | None = None  # a pattern: rather below this heading in the sheet's first column
    # its first group is the fact; needed where the text is searched. Of several the first that finds anything
    # counts; "{year}" in it is the year that was found.
    pattern: str | list[str] | None = None
    values: dict[str, str] = {}
    optional: bool = False
    near: int | None = (
        None  # days at most between a cut-off and `as_of`; where they lie further apart, all wait
    )

    @property
    def patterns(self) -> list[str]:
        """The patterns, first choice first."""
        return [self.pattern] if isinstance(self.pattern, str) else self.pattern or []


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
    within: str | None = None  # another label: only rows that share it add up
    without: str | None = None  # a pattern: labels of rows that are parts of other rows


class Refuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is there and is no figure of ours, said by name: rows of a table, or, beside tables, others."""

    why: str
    column: str | None = None  # of a table's labels
    matches: str | None = None  # a pattern for the whole label
    heading: str | None = None  # a pattern: headings of tables that are not read
    sheet: str | None = None  # a pattern: names of sheets in which nothing is read


class TablePlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of several tables of a workbook: where it begins, where it ends, what its columns are.

    It begins at `range`, below the one cell that fits `heading`, or at the one that fits `first`. It goes
    right to a column without a header and down to a blank row, or to the first row whose first cell fits
    `last`. Patterns are compared with what stands in a cell, spaces and footnote marks aside.
    """

    sheet: str  # a pattern for its name; of several the one with the greatest number in its group
    heading: str | None = None
    first: str | None = None
    range: str | None = None  # "A9:D14", headers included
    header: int = 1  # rows of headers
    columns: int | None = None  # how many, where another table follows without a gap
    last: str | None = None
    rows: tuple[int, int]  # fewest and most rows of data
    optional: bool = False
    defaults: Facts = Facts()
    column: list[Column]
    find: list[Find] = []
    skip: list[Skip] = []
    sum: list[Sum] = []
    refuse: list[Refuse] = []


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one publisher's reports are read."""

    publisher: str
    format: ReportFormat
    provenance: Provenance = Provenance.PRIMARY
    rows: tuple[int, int] = (0, 0)  # fewest and most rows of data that a table may have
    defaults: Facts = Facts()
    where: Where = Where()
    numbers: Numbers = Numbers()
    dates: Dates = Dates()
    column: list[Column] = []
    find: list[Find] = []
    skip: list[Skip] = []
    sum: list[Sum] = []
    refuse: list[Refuse] = []
    table: list[TablePlace] = []  # instead of `column`: several tables of one workbook

    @property
    def states_moment(self) -> bool:
        """Whether the report says which day a figure is about; if not, its publication day is taken."""
        columns = [*self.column, *(column for table in self.table for column in table.column)]
        finds = [*self.find, *(find for table in self.table for find in table.find)]
        given = {gives for column in columns for gives in (column.gives, column.header_gives)}
        given |= {find.gives for find in finds}
        stated = [self.defaults, *(table.defaults for table in self.table)]
        stated += [column.figure for column in columns if column.figure]
        return bool({Gives.AS_OF, Gives.PERIOD, Gives.CUT_OFF} & given) or any(f.as_of for f in stated)


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
    if bool(mapping.table) == bool(mapping.column):
        raise MappingError("give either [[column]] (one table) or [[table]] with its own columns")
    if mapping.table and mapping.format is not ReportFormat.XLSX:
        raise MappingError(f"[[table]] is for xlsx; this mapping is for {mapping.format}")
    for pattern in mapping.dates.patterns:
        compile_pattern(pattern, mapping.dates.locale)
    _check_part(mapping)
    for table in mapping.table:
        if [table.range, table.heading, table.first].count(None) != 2:
            raise MappingError("table: say where it begins: one of range, heading, first")
        for place in (table.sheet, table.heading, table.first, table.last):
            patterns.compile_pattern(place or "")
        _check_part(table)
    for refused in mapping.refuse:
        if (refused.heading is None) == (refused.sheet is None):
            raise MappingError("refuse: give heading or sheet; rows are refused in their table")
        patterns.compile_pattern(refused.heading or refused.sheet or "")


def _check_part(part: Mapping | TablePlace) -> None:
    """The keys that a mapping of one table and each of several tables share. Raises MappingError."""
    if part.column and not any(column.figure for column in part.column):
        raise MappingError("no column is a figure; give at least one [column.figure]")
    for column in part.column:
        _check_column(column)
    for facts in (part.defaults, *(column.figure for column in part.column if column.figure)):
        check_breakdown(facts.breakdown or TOTAL)
    for find in part.find:
        _check_find(find)
    for pattern in [row.matches for row in part.skip] + [row.matches for row in part.refuse]:
        patterns.compile_pattern(pattern or "")
    for total in part.sum:
        patterns.compile_pattern(total.without or "")
        by_column = total.total is not None and total.parts
        by_row = total.column is not None and total.total_row is not None
        if bool(by_column) == bool(by_row):
            raise MappingError("sum: give either total and parts (columns) or column and total_row (rows)")
    low, high = part.rows
    if not 0 <= low <= high:
        raise MappingError(f"rows: expected [fewest, most], found [{low}, {high}]")


def _check_column(column: Column) -> None:
    if [column.name, column.matches, column.months].count(None) != 2:
        raise MappingError(f"column {column.title!r}: give either name or matches, or months")
    if column.months is not None and not 1 <= column.months <= 12:
        raise MappingError(f"months: expected the first month of the year, 1 to 12, found {column.months}")
    for word in column.values:
        compile_word(word)
    patterns.compile_pattern(column.matches or "")
    if [column.skip, column.check, column.figure is not None, column.gives is not None].count(True) != 1:
        raise MappingError(f"column {column.title!r}: make it one of figure, gives, check, skip")
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
    if find.sentence is not None and not find.patterns:
        raise MappingError(f"find {find.gives}: a sentence needs a pattern, whose group is the fact")
    for pattern in (find.sentence, find.section):
        patterns.compile_pattern(pattern or "")
    if find.cell is None and find.json is None and not find.sheet and not find.patterns:
        raise MappingError(f"find {find.gives}: say where (cell, json, sheet) or give a pattern")
    for said in find.patterns:
        if patterns.compile_pattern(said.replace(YEAR, "2000")).groups != 1:
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


def compile_word(word: str) -> str | None:
    """The pattern of a key of `values` written as /…/; None where it is a word. Raises PatternError."""
    if len(word) < 3 or not (word.startswith("/") and word.endswith("/")):
        return None
    patterns.compile_pattern(word[1:-1])
    return word[1:-1]
