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
from pipelines.core.counted import count_of
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
    if dry_run and not as_json:
        _say_what_is_asked(folder, source)
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
        typer.echo(
            f"{count_of(noted, 'document')} noted in {data.situation(name) / 'archived_copies.csv'}", err=True
        )
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
        if outcome.silent:
            quiet = f"nothing new for {count_of(outcome.silent_days or 0, 'day')}; it usually publishes every"
            typer.echo(f"{outcome.source}: {outcome.publisher} is silent: {quiet} {outcome.rhythm_days}")
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

    path, sources = folder / "sources.toml", read_sources(folder)
    on = [source.name for source in sources.source if source.enabled]
    if on and not sources.contact:
        typer.echo(
            f'nothing was asked: write `contact = "…"`, an e-mail or web address of yours, into {path}; '
            f"that switches on {', '.join(on)}"
        )
    else:
        typer.echo(f"nothing was asked: {path} has no source that is switched on; docs/collect.md")


def _say_what_is_asked(folder: Path, only: str | None) -> None:
    """Each source's own address, as the file names it; those of articles may name a person."""
    from pipelines.intake.crawler.source_list import read_sources

    sources = read_sources(folder)
    typer.echo("this is asked of each source:" if sources.contact else "with a contact, this would be asked:")
    for source in sources.source:
        if source.enabled and only in {None, source.name}:
            for url in filter(None, (source.url, *source.pages)):
                typer.echo(f"  {source.name}: {source.kind} {url}")
    if off := [source.name for source in sources.source if not source.enabled]:
        typer.echo(f"  switched off: {', '.join(off)}")
