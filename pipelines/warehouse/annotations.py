"""What people decided beside the figures of one situation, each in a file of its own, each optional.

`explanations.toml`: contradictions with a known cause. `bridges.toml`: breaks across which figures may still
be compared. `comparable.toml`: one thing that speakers count under different measures. `changes.toml`:
changes of a stock that a report states without the figure it starts from. Each has a table of its own, and
every entry must match something that was published.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import msgspec

from pipelines.core.model import TOTAL, Measure, Role
from pipelines.core.situation import SituationError, Texts, TomlStruct, read_toml
from pipelines.warehouse.load import insert_tuples
from pipelines.warehouse.published_build import read_query

FILES: Final = ("explanations.toml", "bridges.toml", "comparable.toml", "changes.toml")
T = TypeVar("T")


class UnmatchedAnnotationError(SituationError):
    """An entry matches nothing that was published; the message names its file, it, and what it expects."""


class Explanation(TomlStruct, frozen=True):
    """Why one contradiction, or all that fit, is known and what is behind it. It stays visible."""

    rule: str
    organisation: str
    reason: Texts
    decided: date
    measure: Measure | None = None
    breakdown: str | None = None
    as_of: date | None = None
    values: list[int] | None = None
    link: str | None = None


class Bridge(TomlStruct, frozen=True):
    """Why figures on both sides of one break may be set against each other."""

    organisation: str
    measure: Measure
    population: str
    at: date
    reason: Texts
    decided: date
    link: str | None = None


class ComparedSide(TomlStruct, frozen=True):
    """What one kind of speaker, or one organisation, calls the thing."""

    measure: Measure
    population: str
    breakdown: str = TOTAL
    role: Role | None = None
    organisation: str | None = None


class Comparable(TomlStruct, frozen=True):
    """One thing under several names; `since` is the day from which every side must count."""

    id: str
    text: Texts
    side: list[ComparedSide]
    since: date | None = None


class StatedChange(TomlStruct, frozen=True):
    """People more (or fewer, negative) in a stock at `as_of` than at `period_start`, as one report says."""

    organisation: str
    measure: Measure
    population: str
    period_start: date
    as_of: date
    change: int
    published: date
    publisher: str
    url: str | None = None


class _Explanations(TomlStruct, frozen=True):
    explanation: list[Explanation] = msgspec.field(default_factory=list)


class _Bridges(TomlStruct, frozen=True):
    bridge: list[Bridge] = msgspec.field(default_factory=list)


class _Comparables(TomlStruct, frozen=True):
    comparable: list[Comparable] = msgspec.field(default_factory=list)


class _StatedChanges(TomlStruct, frozen=True):
    change: list[StatedChange] = msgspec.field(default_factory=list)


def load(con: duckdb.DuckDBPyConnection, folders: Mapping[str, Path]) -> None:
    """Read the four files of each situation into their tables. `folders`: by situation.

    Raises SituationError with the file and key at fault, or where a text lacks Spanish or English.
    """
    for table, read in (
        ("explanations", _list_explanations),
        ("bridges", _list_bridges),
        ("comparables", _list_comparables),
        ("stated_changes", _list_changes),
    ):
        insert_tuples(con, table, [row for of in folders.items() for row in read(*of)])


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Whether every entry of the four files matches something. Needs the marts.

    Raises UnmatchedAnnotationError.
    """
    unmatched = con.execute(read_query("annotations_unmatched")).fetchall()
    if unmatched:
        lines = [
            f"{situation}/{file}: {entry}: matches nothing; it expects {expected}"
            for situation, file, entry, expected in unmatched
        ]
        raise UnmatchedAnnotationError("\n".join(lines))


def _read_file(path: Path, kind: type[T]) -> T:
    return read_toml(path, kind) if path.exists() else kind()


def _list_texts(texts: Texts, path: Path, of: str) -> tuple[str, str, str | None]:
    """In Spanish, English and Portuguese. Raises SituationError where one of the first two is missing."""
    missing = [language for language in ("es", "en") if not texts.get(language)]
    if missing:
        raise SituationError(f"{path}: {of} has no text in {missing[0]!r}")
    return texts["es"], texts["en"], texts.get("pt")


Rows = Iterator[tuple[object, ...]]


def _list_explanations(situation: str, folder: Path) -> Rows:
    path = folder / "explanations.toml"
    for each in _read_file(path, _Explanations).explanation:
        texts = _list_texts(each.reason, path, f"the explanation of {each.rule!r}")
        yield (
            situation,
            each.rule,
            each.organisation,
            each.measure,
            each.breakdown,
            each.as_of,
            each.values,
            *texts,
            each.link,
            each.decided,
        )


def _list_bridges(situation: str, folder: Path) -> Rows:
    path = folder / "bridges.toml"
    for each in _read_file(path, _Bridges).bridge:
        texts = _list_texts(each.reason, path, f"the bridge at {each.at}")
        yield (
            situation,
            each.organisation,
            each.measure,
            each.population,
            each.at,
            *texts,
            each.link,
            each.decided,
        )


def _list_comparables(situation: str, folder: Path) -> Rows:
    path = folder / "comparable.toml"
    for each in _read_file(path, _Comparables).comparable:
        texts = _list_texts(each.text, path, f"comparable {each.id!r}")
        for side in each.side:
            if side.role is None and side.organisation is None:
                raise SituationError(
                    f"{path}: a side of {each.id!r} names neither a role nor an organisation"
                )
            yield (
                situation,
                each.id,
                *texts,
                each.since,
                side.role,
                side.organisation,
                side.measure,
                side.population,
                side.breakdown,
            )


def _list_changes(situation: str, folder: Path) -> Rows:
    for each in _read_file(folder / "changes.toml", _StatedChanges).change:
        yield (
            situation,
            each.organisation,
            each.measure,
            each.population,
            each.period_start,
            each.as_of,
            each.change,
            each.published,
            each.publisher,
            each.url,
        )
