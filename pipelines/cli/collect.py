"""`collect`: read the situation's feeds and page lists, keep what is new, queue its claims for review."""

import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli.options import DATA, AsJson, DataFolder, Situation, choose_own_situation, fail, print_json
from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError, read_organisations, read_situation
from pipelines.intake.crawler.crawl import CrawlOutcome

ALLOW_PRIVATE: Final = "LIBEROMETRO_COLLECT_ALLOW_PRIVATE"  # for tests against a local server only
FAILED: Final = 3
SILENT: Final = 4


def collect(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source of sources.toml.")] = None,
    as_json: AsJson = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be fetched; fetch and keep nothing.")
    ] = False,
) -> None:
    """Collect from sources.toml. Ends with 3 when a source could not be read, with 4 when one fell silent."""
    from pipelines.intake.crawler import crawl, crawl_state, polite_client, report_reading
    from pipelines.intake.inbox import QueueError, enqueue
    from pipelines.intake.prose.prose_report import read_report

    data = DataDir(data_dir)
    folder = data.situation(choose_own_situation(data, situation))
    try:
        desk = report_reading.ReadingContext(
            folder, read_situation(folder), read_organisations(folder), read_report, enqueue
        )
        outside = polite_client.Outside(allow_private=os.environ.get(ALLOW_PRIVATE) == "1")
        done = crawl.collect(desk, only=source, dry_run=dry_run, outside=outside)
    except SituationError as error:
        fail(str(error), code=2)
    except (crawl_state.CollectError, QueueError) as error:
        fail(str(error))
    noted = 0 if dry_run else note_documents(data, folder.name)
    if as_json:
        print_json({**asdict(done), "queued": done.queued, "documents_noted": noted})
    elif done.outcomes:
        _say_outcome(done)
    else:
        _say_how_to_begin(folder)
    if any(outcome.failed for outcome in done.outcomes):
        raise typer.Exit(FAILED)
    if any(outcome.silent for outcome in done.outcomes):
        raise typer.Exit(SILENT)


def note_documents(data: DataDir, name: str) -> int:
    """Note in `archived_copies.csv` what was read of cited documents; returns how many rows were added."""
    from pipelines.intake.archiving.read_documents import record_documents
    from pipelines.intake.crawler.crawl_state import CollectError

    try:
        noted = record_documents(data, name, date.today())
    except CollectError as error:
        fail(str(error))
    if noted:
        typer.echo(f"{noted} documents noted in {data.situation(name) / 'archived_copies.csv'}", err=True)
    return noted


def _say_outcome(done: CrawlOutcome) -> None:
    waiting = "to fetch" if done.dry_run else "waiting"
    table = Table("source", "state", "listed", "new", "reprints", "queued", waiting, "days without news")
    for outcome in done.outcomes:
        quiet = f"{outcome.silent_days}{' SILENT' if outcome.silent else ''}"
        counts = (outcome.listed, outcome.new_reports, outcome.reprints, outcome.queued, outcome.waiting)
        table.add_row(outcome.source, outcome.state, *map(str, counts), quiet)
    Console().print(table)
    for outcome in done.outcomes:
        for text in filter(None, (outcome.reason, outcome.fault)):
            typer.echo(f"{outcome.source}: {text}")
        for problem, count in sorted(outcome.problems.items()):
            typer.echo(f"{outcome.source}: {count} not got: {problem}")
        if outcome.undated:
            typer.echo(
                f"{outcome.source}: {outcome.undated} without a date; read them with `extract --published`"
            )
    for file, problem in done.unreadable.items():
        typer.echo(f"inbox/reports/{file}: {problem}")


def _say_how_to_begin(folder: Path) -> None:
    """What a group fills in before anything is asked of anybody's server."""
    from pipelines.intake.crawler.source_list import read_sources

    sources = read_sources(folder)
    contact = sources.contact or "empty now; publishers see it with every request"
    off = [source.name for source in sources.source if not source.enabled]
    named = f": {', '.join(off)}" if off else " (there is none yet: add one)"
    typer.echo(
        f"nothing was asked: no source is enabled in {folder / 'sources.toml'}. To begin:\n"
        f"1. `contact`: an e-mail or web address of yours ({contact})\n"
        f"2. `enabled = true` for a source whose address and terms you have read{named}\n"
        "3. `collect --source NAME --dry-run` lists what would be fetched\n"
        "docs/collect.md explains every key"
    )
