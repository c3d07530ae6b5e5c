"""`archive`: ask a public archive for copies of cited documents. Off until somebody names an archive."""

import os
from dataclasses import asdict
from datetime import date
from typing import Annotated, Final

import typer

from pipelines.cli.build import run_build
from pipelines.cli.collect import ALLOW_PRIVATE, note_documents
from pipelines.cli.options import DATA, AsJson, DataFolder, Situation, choose_own_situation, fail, print_json
from pipelines.core.counted import count_of
from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError
from pipelines.intake.archiving.capture_run import ArchiveOutcome

NOT_COPIED: Final = 3


def archive(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be asked for; send and keep nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a public archive for copies of cited documents. Off until sources.toml names one.

    Ends with 3 where there is no copy of a document that was asked for, or the archive took no more.
    """
    from pipelines.intake.archiving.capture_run import ask_for_copies
    from pipelines.intake.crawler.crawl_state import CollectError
    from pipelines.intake.crawler.polite_client import Outside

    data = DataDir(data_dir)
    name = choose_own_situation(data, situation)
    outside = Outside(allow_private=os.environ.get(ALLOW_PRIVATE) == "1")
    run_build(data)
    if not dry_run:
        note_documents(data, name)
    try:
        done = ask_for_copies(
            data, name, date.today(), outside, dry_run=dry_run, report=lambda text: typer.echo(text, err=True)
        )
    except SituationError as error:
        fail(str(error), code=2)
    except CollectError as error:
        fail(str(error))
    if as_json:
        print_json(asdict(done))
    else:
        _say_outcome(done)
    if done.copied:
        run_build(data)
    if done.problems or done.stopped:
        raise typer.Exit(NOT_COPIED)


def _say_outcome(done: ArchiveOutcome) -> None:
    if done.dry_run or done.host is None:
        _say_documents(done)
        return
    counts = {"copied": done.copied, "at work": done.pending, "for a later run": done.waiting}
    typer.echo(f"{done.host}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    for problem, count in sorted(done.problems.items()):
        typer.echo(f"{count:6} no copy: {problem}")
    if done.stopped:
        typer.echo(f"stopped: {done.stopped}")


def _say_documents(done: ArchiveOutcome) -> None:
    if done.dry_run:
        for address in done.documents:
            typer.echo(address)
    whom = f"{done.host} would be asked" if done.host else "no archive is named"
    cited = count_of(len(done.documents), "cited document has", "cited documents have")
    typer.echo(f"nothing was sent: {cited} no copy, {whom}")
    if done.host is None:
        typer.echo(
            "To begin, in sources.toml: `contact`, an e-mail or web address of yours, and below [archive]\n"
            'address = "https://web.archive.org". docs/recheck.md says what is sent'
        )
