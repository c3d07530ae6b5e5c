"""What the columns of a list of stays mean: read from TOML, held against the situation that is counted for.

A word of the list never leaves: a code counts as the part that the mapping, or the situation, has for it.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.core.privacy import DiscreetError
from pipelines.core.situation import Situation, TomlStruct, read_toml

BUNDLED: Final = Path(__file__).parent / "mappings"
FOLDER: Final = "stays"  # of a situation: the mappings of its lists
UNKNOWN: Final = "?"  # stands in a part for a code that nobody explained


class CountError(DiscreetError):
    """A list cannot be counted; the message names file, row and column, and never what stands there."""


class Grain(StrEnum):
    """What one row of the list is."""

    STAYS = "stays"  # a person from entry to exit
    PLACEMENTS = "placements"  # a person in one facility: a transfer looks like an exit and an entry


class HeadCount(StrEnum):
    """Who is held on a day."""

    MIDNIGHT = "midnight"  # who is there at its end
    DAY = "day"  # who was there at any time of it


class GoesTo(StrEnum):
    """What an exit is."""

    RELEASED = "released"
    DIED = "died"
    LEFT = "left"  # out of this count, but neither: sent elsewhere, removed, house arrest
    HELD = "held"  # no exit: the person is still in custody


class Fault(StrEnum):
    """What lists get wrong, in the order in which a row is asked. A row has one fault at most."""

    PERSON_MISSING = "person_missing"
    ENTRY_UNREAD = "entry_unread"
    ENTRY_IN_FUTURE = "entry_in_future"
    EXIT_UNREAD = "exit_unread"
    EXIT_IN_FUTURE = "exit_in_future"
    EXIT_BEFORE_ENTRY = "exit_before_entry"
    EXIT_UNDATED = "exit_undated"
    EXIT_UNEXPLAINED = "exit_unexplained"  # told, and no mistake: many lists leave it empty
    TWICE = "twice"
    OVERLAPPING = "overlapping"
    EXIT_MISSING = "exit_missing"
    UNKNOWN_CODE = "unknown_code"
    IMPLAUSIBLE_AGE = "implausible_age"


class Exit(TomlStruct, frozen=True):
    """What one code of an exit means."""

    to: GoesTo
    mechanism: str | None = None


class Exits(TomlStruct, frozen=True):
    """The column that says how a stay ended."""

    column: str
    codes: dict[str, Exit]


class Attribute(TomlStruct, frozen=True):
    """A column whose codes are parts of one breakdown.

    A code that the situation lists itself (`Isla Norte` for `isla_norte`) needs no line in `codes`; `others`
    is the part that every other code belongs to.
    """

    column: str
    codes: dict[str, str] = {}
    others: str | None = None


class Mapping(TomlStruct, frozen=True):
    """One kind of list. Every key but the first five may be missing."""

    grain: Grain
    organisation: str  # whose count it is, as the situation names it
    person: str  # the column that says which rows are of one person
    entry: str
    exit: str
    stay: str | None = None  # what the list itself takes for one stay
    recorded: str | None = None  # the day on which a row came into the list
    birth: str | None = None  # day of birth
    birth_year: str | None = None
    population: str | None = None
    sheet: str | None = None  # of a workbook with several
    encoding: str = "utf-8"
    separator: str | None = None
    days: list[str] = []  # how days are written, beside 2026-04-27: "%d/%m/%Y"
    head_count: HeadCount = HeadCount.MIDNIGHT
    gap_hours: int | None = None  # placements that are so close are one stay
    assume: list[Fault] = []  # mistakes that this list is known for, counted as docs/count.md says
    how: Exits | None = None
    ages: dict[str, tuple[int, int]] = {}  # part of `age` → first and last year of life
    sex: Attribute | None = None
    service: Attribute | None = None
    nationality: Attribute | None = None
    sentenced: Attribute | None = None
    facility: Attribute | None = None

    @property
    def gap(self) -> timedelta:
        """Placements this close are one stay."""
        return timedelta(hours=self.gap_hours or 0)

    def list_attributes(self) -> dict[str, Attribute]:
        """Key of a breakdown → its column."""
        found = {key: getattr(self, key) for key in ATTRIBUTES}
        return {key: each for key, each in found.items() if each is not None}

    def list_columns(self) -> dict[str, str]:
        """Our name → the list's: the only columns that are read."""
        named = {key: getattr(self, key) for key in COLUMNS}
        columns = {key: name for key, name in named.items() if name is not None}
        columns |= {key: each.column for key, each in self.list_attributes().items()}
        return columns | ({"how": self.how.column} if self.how else {})

    def make_codes(self, situation: Situation) -> pl.DataFrame:
        """What each code means: key, raw (as written), part, goes_to; `stated`: the mapping says so."""
        rows: list[tuple[str, str, str | None, str | None, bool]] = []
        for key, each in self.list_attributes().items():
            rows += [(key, part, part, None, False) for part in situation.breakdown_values.get(key, [])]
            rows += [(key, raw, part, None, True) for raw, part in each.codes.items()]
        if self.how is not None:
            rows += [
                ("how", raw, each.mechanism, each.to.value, True) for raw, each in self.how.codes.items()
            ]
        texts = dict.fromkeys(("key", "raw", "part", "goes_to"), pl.String)
        return pl.DataFrame(rows, schema={**texts, "stated": pl.Boolean}, orient="row")


ATTRIBUTES: Final = ("sex", "service", "nationality", "sentenced", "facility")
COLUMNS: Final = ("person", "entry", "exit", "stay", "recorded", "birth", "birth_year")


def find_mapping(name: str, situation: Path) -> Path:
    """The file of that name, or the mapping called so of a situation's folder, or a bundled one.

    Raises CountError with the names that there are.
    """
    folders = (situation / FOLDER, BUNDLED)
    for path in (Path(name), *(folder / f"{name}.toml" for folder in folders)):
        if path.is_file():
            return path
    known = ", ".join(sorted({each.stem for folder in folders for each in folder.glob("[!.]*.toml")}))
    raise CountError(f"{name}: no such mapping; write one (docs/count.md), or take of {known}")


def read_mapping(path: Path, situation: Situation) -> Mapping:
    """Read a mapping strictly. Raises SituationError, and CountError for a part that the situation lacks."""
    mapping = read_toml(path, Mapping)
    if mapping.grain is Grain.PLACEMENTS and mapping.gap_hours is None:
        raise CountError(f"{path}: placements need `gap_hours`: how close two of them are one stay")
    if mapping.grain is Grain.STAYS and mapping.gap_hours is not None:
        raise CountError(f"{path}: `gap_hours` joins placements; the grain is stays")
    if mapping.birth and mapping.birth_year:
        raise CountError(f"{path}: give `birth` or `birth_year`, not both")
    if bool(mapping.ages) != bool(mapping.birth or mapping.birth_year):
        raise CountError(f"{path}: `ages` needs `birth` or `birth_year`, and they need `ages`")
    missing = sorted(set(_list_parts(mapping)) - situation.parts)
    if missing:
        raise CountError(
            f"{path}: {', '.join(missing)}: list it under breakdown_values of {situation.id}/situation.toml"
        )
    if mapping.population and mapping.population not in situation.populations:
        raise CountError(f"{path}: population {mapping.population}: not one of {situation.id}")
    return mapping


def _list_parts(mapping: Mapping) -> list[str]:
    parts = [f"age={part}" for part in mapping.ages]
    for key, each in mapping.list_attributes().items():
        parts += [f"{key}={part}" for part in (*each.codes.values(), each.others) if part is not None]
    if mapping.how is not None:
        parts += [f"mechanism={each.mechanism}" for each in mapping.how.codes.values() if each.mechanism]
    return parts
