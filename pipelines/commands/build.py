"""`build`: read `data/`, make a new DuckDB file, check it, publish it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import typer
from rich.console import Console
from rich.progress import Progress

from pipelines import published, warehouse
from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    chosen,
    fail,
    print_json,
    print_quality,
)
from pipelines.corrections import CorrectionError
from pipelines.paths import DataDir
from pipelines.situation import SituationError


@contextmanager
def progress() -> Iterator[warehouse.Report]:
    """A progress bar on a terminal, silence otherwise."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("build", total=1.0)

        def report(doing: str, share: float) -> None:
            bar.update(task, description=doing, completed=share)

        yield report


def run(data: DataDir) -> warehouse.Outcome:
    """Build and publish, with the progress and the messages of a terminal. Exits with 1 on a failed build."""
    try:
        with progress() as report:
            return warehouse.build(data, today=date.today(), report=report, waiting=_say_waiting)
    except (warehouse.BuildError, SituationError, CorrectionError) as error:
        fail(f"{error}\nNothing was published; the last good build is still served.")


def _say_waiting() -> None:
    print("another build is running; waiting for it", file=sys.stderr)


def build(data_dir: DataFolder = DATA, situation: Situation = None, as_json: AsJson = False) -> None:
    """Build the DuckDB file from the data folder and publish it; nothing is done where nothing changed."""
    data = DataDir(data_dir)
    situations = chosen(data, situation)
    outcome = run(data)
    if as_json:
        print_json({"build": outcome.build.id, "new": outcome.is_new, "rows": outcome.counts})
    elif outcome.is_new:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(outcome.counts.items()))
        typer.echo(f"build {outcome.build.id} published: {counts}")
        with published.opened(data) as con:
            print_quality(published.read_table(con, "quality", situations=situations))
    else:
        typer.echo(f"build {outcome.build.id} is current: no input changed")
