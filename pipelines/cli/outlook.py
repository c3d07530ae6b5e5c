"""`outlook` and `backtest`: what may come for figures or many series, and how it would have done."""

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_situation,
    day_option,
    fail,
    print_json,
    refuse_unknown,
)
from pipelines.core.counted import count_of
from pipelines.core.model import Kind, Qualifier
from pipelines.core.paths import DataDir
from pipelines.core.privacy import DiscreetError
from pipelines.core.situation import read_organisations
from pipelines.forecast.backtest import run_backtest, summarise
from pipelines.forecast.outlook import HORIZONS, Outlook, Refused, estimate_by_when, look_ahead, make_record
from pipelines.forecast.refusals import WORDS
from pipelines.pace.known_values import EXACT, SCHEMA

COLUMNS: Final = ("as_of", "published", "kind", "value", "qualifier", "period_start")
KINDS: Final = (str(Kind.STOCK), str(Kind.CUMULATIVE), str(Kind.FLOW))


class BatchError(DiscreetError):
    """A manifest line or a series cannot be read; the message names the file, the row and what to change."""


class BatchEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a manifest. `breaks` are days from which something else was counted."""

    id: str | int
    path: str
    as_known_on: date
    horizons: tuple[int, ...] = HORIZONS
    breaks: list[date] = []


@dataclass(frozen=True)
class BatchLine:
    """One result, or what kept a series from having any."""

    values: dict[str, Any]
    error: str | None = None


def run_batch(manifest: Path) -> Iterator[BatchLine]:
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
            entry = _read_entry(line, f"{manifest} line {number}")
            rows = read_series(manifest.parent / entry.path)
        except BatchError as error:
            yield BatchLine({}, str(error))
            continue
        for result in look_ahead(rows, entry.as_known_on, entry.horizons, entry.breaks):
            yield BatchLine({"id": entry.id} | make_record(result))


def _read_entry(line: str, place: str) -> BatchEntry:
    try:
        entry = msgspec.json.decode(line, type=BatchEntry)
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
            rows = [_read_row(row, f"{path} row {number}") for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BatchError(f"{path}: cannot be read ({error})") from error
    return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


def _read_row(row: dict[str, Any], place: str) -> tuple[Any, ...]:
    if None in row or None in row.values():
        raise BatchError(f"{place}: it has more or fewer cells than the header")
    cells = {name: text.strip() for name, text in row.items()}
    if cells["kind"] not in KINDS:
        raise BatchError(f"{place}: kind {cells['kind']!r} is not one of {', '.join(KINDS)}")
    qualifier = cells["qualifier"] or EXACT
    if qualifier not in list(Qualifier):
        raise BatchError(f"{place}: qualifier {qualifier!r} is not one of {', '.join(Qualifier)}")
    as_of, published = (
        _parse_day(cells["as_of"], "as_of", place),
        _parse_day(cells["published"], "published", place),
    )
    if as_of is None or published is None:
        raise BatchError(f"{place}: as_of and published must both be given")
    value = _parse_people(cells["value"], "value", place)
    high = _parse_people(cells.get("value_high", ""), "value_high", place)
    start = _parse_day(cells["period_start"], "period_start", place)
    return as_of, published, cells["kind"], value, high, qualifier, start


def _parse_day(text: str, column: str, place: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BatchError(f"{place}: {column} {text!r} is not a day like 2026-01-31") from error


def _parse_people(text: str, column: str, place: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise BatchError(f"{place}: {column} {text!r} is not a number") from error
    if not (number.is_integer() and number >= 0):
        raise BatchError(f"{place}: {column} {text!r} is not a whole number of people")
    return int(number)


Organisation = Annotated[str | None, typer.Option("--organisation", help="Whose figures (an id).")]
AsKnownOn = Annotated[
    date | None,
    day_option("--as-known-on", "The day to look from; today by default."),
]


def outlook(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    organisation: Organisation = None,
    as_known_on: AsKnownOn = None,
    horizon: Annotated[list[int] | None, typer.Option("--horizon", min=1, help="Days ahead; repeat.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A manifest, one JSON object a line, instead of the data.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Median and 50, 80 and 95 % intervals of people held and of releases, or the reason why not."""
    if batch is not None:
        _print_batch(batch)
        return
    if organisation is None:
        fail("name whose figures with --organisation, or give a manifest with --batch", code=2)
    today = as_known_on or date.today()
    name, rows, breaks = _read_statements(DataDir(data_dir), situation, organisation, today)
    results = look_ahead(rows, today, horizon or HORIZONS, breaks)
    reaching_zero = estimate_by_when(rows, today, breaks)
    if as_json:
        print_json(
            {
                "situation": name,
                "organisation": organisation,
                "as_known_on": today,
                "outlook": [make_record(result) for result in results],
                "by_when": asdict(reaching_zero),
            }
        )
        return
    for result in results:
        typer.echo(_compose_sentence(result))


def _read_statements(
    data: DataDir, situation: str | None, organisation: str, today: date
) -> tuple[str, pl.DataFrame, list[date]]:
    """The situation, what its organisation stated by a day, its breaks. Exits with 2 on an unknown one."""
    from pipelines.warehouse.published_build import (
        NoBuildError,
        open_current,
        read_pace_breaks,
        read_pace_statements,
    )

    name = choose_situation(data, situation)
    known = [each.id for each in read_organisations(data.situation(name))]
    if organisation not in known:
        refuse_unknown("organisation", organisation, known)
    try:
        with open_current(data) as con:
            return (
                name,
                read_pace_statements(con, name, organisation, today),
                read_pace_breaks(con, name, organisation, today),
            )
    except NoBuildError as error:
        fail(str(error))


def _print_batch(manifest: Path) -> None:
    """Print results as they come, faults on standard error; exits with 1 when there was one."""
    faults = 0
    try:
        for line in run_batch(manifest):
            if line.error is not None:
                faults += 1
                typer.echo(line.error, err=True)
                continue
            sys.stdout.write(json.dumps(line.values, ensure_ascii=False) + "\n")
    except BatchError as error:
        fail(str(error), code=2)
    if faults:
        raise typer.Exit(1)


def _compose_sentence(result: Outlook | Refused) -> str:
    start = f"{result.target}, {count_of(result.horizon, 'day')} ahead:"
    if isinstance(result, Refused):
        return f"{start} no outlook ({result.refused}). {WORDS[result.refused]}"
    return (
        f"{start} {result.median} (50 %: {result.lo50} to {result.hi50}; "
        f"80 %: {result.lo80} to {result.hi80}; 95 %: {result.lo95} to {result.hi95})"
    )


def backtest(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    organisation: Organisation = None,
    as_known_on: AsKnownOn = None,
    as_json: AsJson = False,
) -> None:
    """Score the outlook at every past publication against three simple forecasters (lower is better)."""
    if organisation is None:
        fail("name whose figures with --organisation", code=2)
    today = as_known_on or date.today()
    _, rows, breaks = _read_statements(DataDir(data_dir), situation, organisation, today)
    made = run_backtest(rows, today, breaks=breaks)
    summary = summarise(made)
    refused = made.filter(made["refused"].is_not_null()).group_by("target", "horizon", "refused").len()
    if as_json:
        print_json({"record": summary.to_dicts(), "refused": refused.sort(refused.columns).to_dicts()})
        return
    table = Table(*summary.columns)
    for row in summary.iter_rows():
        table.add_row(*(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)
    for target, horizon, reason, number in refused.sort(refused.columns).iter_rows():
        typer.echo(f"{target}, {count_of(horizon, 'day')} ahead: {number} refused ({reason})")
