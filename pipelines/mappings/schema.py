"""The keys of a mapping file as types; docs/mappings.md explains each with a complete example."""

from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from pipelines.mappings.notation import Dates, Numbers
from pipelines.model import Measure, Provenance, Qualifier


class MappingError(ValueError):
    """A mapping contradicts itself, or a report is not the table that its mapping describes."""


class Format(StrEnum):
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
    format: Format
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


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known about a report beside its content."""

    published: date | None = None
    retrieved: date | None = None
    url: str | None = None
