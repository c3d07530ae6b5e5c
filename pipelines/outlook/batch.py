"""Many series at once: a manifest of JSON lines, each naming a CSV, and JSON lines out."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl

from pipelines.known_values import EXACT, SCHEMA
from pipelines.model import Kind, Qualifier
from pipelines.outlook.forecast import HORIZONS, look_ahead, record

COLUMNS: Final = ("as_of", "published", "kind", "value", "qualifier", "period_start")
KINDS: Final = (str(Kind.STOCK), str(Kind.CUMULATIVE), str(Kind.FLOW))


class BatchError(ValueError):
    """A manifest line or a series cannot be read; the message names the file, the row and what to change."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a manifest. `breaks` are days from which something else was counted."""

    id: str | int
    path: str
    as_known_on: date
    horizons: tuple[int, ...] = HORIZONS
    breaks: list[date] = []


@dataclass(frozen=True)
class Line:
    """One result, or what kept a series from having any."""

    values: dict[str, Any]
    error: str | None = None


def run(manifest: Path) -> Iterator[Line]:
    """Results in the order of the manifest, a series at a time; a fault never stops the others.

    Raises BatchError where the manifest itself cannot be opened.
    """
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(f"{manifest}: cannot be read ({error})") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = _entry(line, f"{manifest} line {number}")
            rows = read_series(manifest.parent / entry.path)
        except BatchError as error:
            yield Line({}, str(error))
            continue
        for result in look_ahead(rows, entry.as_known_on, entry.horizons, entry.breaks):
            yield Line({"id": entry.id} | record(result))


def _entry(line: str, place: str) -> Entry:
    try:
        entry = msgspec.json.decode(line, type=Entry)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BatchError(f"{place}: {error}") from error
    if any(horizon < 1 for horizon in entry.horizons):
        raise BatchError(f"{place}: horizons {entry.horizons} must be 1 or more days")
    return entry


def read_series(path: Path) -> pl.DataFrame:
    """One series as `look_ahead` takes it. An empty value is a figure that is missing. Raises BatchError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise BatchError(
                    f"{path}: column {', '.join(missing)} is missing; it needs {', '.join(COLUMNS)}"
                )
            rows = [_row(row, f"{path} row {number}") for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BatchError(f"{path}: cannot be read ({error})") from error
    return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


def _row(row: dict[str, Any], place: str) -> tuple[Any, ...]:
    if None in row or None in row.values():
        raise BatchError(f"{place}: it has more or fewer cells than the header")
    cells = {name: text.strip() for name, text in row.items()}
    if cells["kind"] not in KINDS:
        raise BatchError(f"{place}: kind {cells['kind']!r} is not one of {', '.join(KINDS)}")
    qualifier = cells["qualifier"] or EXACT
    if qualifier not in list(Qualifier):
        raise BatchError(f"{place}: qualifier {qualifier!r} is not one of {', '.join(Qualifier)}")
    as_of, published = _day(cells["as_of"], "as_of", place), _day(cells["published"], "published", place)
    if as_of is None or published is None:
        raise BatchError(f"{place}: as_of and published must both be given")
    value = _people(cells["value"], "value", place)
    high = _people(cells.get("value_high", ""), "value_high", place)
    start = _day(cells["period_start"], "period_start", place)
    return as_of, published, cells["kind"], value, high, qualifier, start


def _day(text: str, column: str, place: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BatchError(f"{place}: {column} {text!r} is not a day like 2026-01-31") from error


def _people(text: str, column: str, place: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise BatchError(f"{place}: {column} {text!r} is not a number") from error
    if not (number.is_integer() and number >= 0):
        raise BatchError(f"{place}: {column} {text!r} is not a whole number of people")
    return int(number)
