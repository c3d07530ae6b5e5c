"""`build`: read `data/`, make a new DuckDB file, check it, publish it."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import FrameType
from typing import Any, Final

import duckdb
import typer

from pipelines.cli.name_warnings import count_named, print_named
from pipelines.cli.options import (
    DATA,
    AcceptLoss,
    AsJson,
    DataFolder,
    Situation,
    choose_situations,
    fail,
    print_json,
    print_quality,
)
from pipelines.core.counted import count_of
from pipelines.core.frames import read_rows
from pipelines.core.model import RowState
from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError, list_untranslated, read_situation
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build, shared_builds, table_registry
from pipelines.warehouse.build import BuildError, BuildOutcome, ReportProgress
from pipelines.warehouse.build_store import BuildStore, StoreError, open_store
from pipelines.warehouse.corrections import CorrectionError
from pipelines.warehouse.releases import DamagedError

NOT_SENT: Final = 5  # a command ends so where its last build was published here, and the store did not get it
SHOWN: Final = 20  # files, reports and rows that a command shows before the rest is only counted


@dataclass
class Sending:
    """Of the command that runs: what kept its last build from the store; empty where nothing did."""

    missed: str = ""


SENDING: Final = Sending()


@contextmanager
def show_progress() -> Iterator[ReportProgress]:
    """A progress bar on a terminal, silence otherwise."""
    if not sys.stderr.isatty():
        yield lambda _doing, _share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("build", total=1.0)

        def report(doing: str, share: float) -> None:
            bar.update(task, description=doing, completed=share)

        yield report


@contextmanager
def end_when_told() -> Iterator[None]:
    """Being told to stop ends the command as an error does: what it began is taken away again."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_build(data: DataDir, *, accept_loss: bool = False) -> BuildOutcome:
    """Build and publish, with the progress and the messages of a terminal. Exits with 1 on a failed build.

    Where the environment names a store for the builds, it is looked at before and gets the build after. What
    fails there is said, and the command ends with NOT_SENT: the build itself is published here.
    """
    store, missed = _open_store()
    behind = ""
    with end_when_told():
        if store is not None:
            behind = _catch_up(store, data)
        try:
            with show_progress() as report:
                outcome = warehouse_build.build(
                    data, today=date.today(), report=report, waiting=say_waiting, accept_loss=accept_loss
                )
        except (BuildError, SituationError, CorrectionError) as error:
            fail(f"{error}\nNothing was published; the last good build is still served.")
        if store is not None:
            missed = _send(store, data)
    if missed:
        missed = "; ".join(dict.fromkeys(each for each in (behind, missed) if each))
        typer.echo(
            f"build {outcome.build.id} is published here only, until `build` runs again: {missed}", err=True
        )
    SENDING.missed = missed
    return outcome


def _open_store() -> tuple[BuildStore | None, str]:
    """The store that the environment names, or what is wrong with what it says."""
    try:
        return open_store(), ""
    except StoreError as error:
        return None, str(error)


def _catch_up(store: BuildStore, data: DataDir) -> str:
    """Begin with what another machine published, if it is newer; what was missed."""
    try:
        if shared_builds.Follower(store, data).look():
            typer.echo(f"{store.name}: another machine published; this build starts from that one", err=True)
    except (StoreError, OSError) as error:
        return str(error)
    return ""


def _send(store: BuildStore, data: DataDir) -> str:
    """Send what is published here; why not."""
    try:
        shared_builds.send(store, data)
    except (StoreError, DamagedError, OSError) as error:
        return str(error)
    return ""


def print_reports(con: duckdb.DuckDBPyConnection, situations: list[str]) -> None:
    """What became of each report that a mapping reads, and why rows of them do not count."""
    params = {"situations": situations}
    reports = read_rows(con, published_build.read_query("reports_read"), params)
    for row in reports[:SHOWN]:
        typer.echo(f"{row['situation']}/{row['file']}: {format_counts(row)}")
    if len(reports) > SHOWN:
        accepted = sum(row["accepted"] for row in reports[SHOWN:])
        rest = count_of(len(reports) - SHOWN, "more report")
        typer.echo(f"… and {rest} with {count_of(accepted, 'figure')} accepted")
    for row in read_rows(con, published_build.read_query("reports_aside"), params)[:SHOWN]:
        more = f" and {row['reports'] - 1} more" if row["reports"] > 1 else ""
        typer.echo(
            f"  {row['state']}: {row['why']} ({count_of(row['rows_aside'], 'row')}, {row['file']}{more})"
        )


def print_untranslated(data: DataDir, situations: list[str]) -> None:
    """Which texts of a situation its readers see in Spanish, because nobody wrote them in their language."""
    for situation in situations:
        for language, places in list_untranslated(read_situation(data.situation(situation))).items():
            more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
            typer.echo(
                f"{situation}: readers in `{language}` see Spanish, for situation.toml has nothing else, of: "
                f"{', '.join(places[:SHOWN])}{more}"
            )


def format_counts(row: dict[str, Any]) -> str:
    """How many rows were read, and what became of them."""
    return (
        f"{row['rows_read']} read: {row['accepted']} accepted, {row['pending']} held for a person, "
        f"{row['quarantined']} quarantined"
    )


def say_waiting() -> None:
    print("another build is running; waiting for it", file=sys.stderr)


def build(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    accept_loss: AcceptLoss = False,
    as_json: AsJson = False,
) -> None:
    """Build the DuckDB file from the data folder and publish it; nothing is done where nothing changed."""
    data = DataDir(data_dir)
    situations = choose_situations(data, situation)
    outcome = run_build(data, accept_loss=accept_loss)
    if as_json:
        print_json({"build": outcome.build.id, "new": outcome.is_new, "rows": outcome.counts})
    elif outcome.is_new:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(outcome.counts.items()))
        typer.echo(f"build {outcome.build.id} published: {counts}")
        if set(outcome.counts) & {RowState.PENDING, RowState.QUARANTINED}:
            typer.echo("  `export quarantine` and `export pending` say which rows do not count, and why")
        with published_build.open_current(data) as con:
            print_reports(con, situations)
            print_quality(table_registry.read_table(con, "quality", situations=situations))
            print_named(count_named(con, data, situations))
            print_untranslated(data, situations)
    else:
        typer.echo(f"build {outcome.build.id} is current: no input changed")
