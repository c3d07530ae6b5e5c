"""`digest`: what changed within some days as a file, and to the channels that a group names."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from dashboards.cli.publish import read_base_url
from dashboards.digest import delivery, sent
from dashboards.digest.delivery import ChannelOutcome
from dashboards.digest.entries import Digest, collect_digest
from dashboards.digest.forms import FORMS
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages
from dashboards.queries.database import find_data_dir, find_today
from dashboards.queries.view import UnknownSituationError
from dashboards.site.edition import open_edition
from pipelines.core import private_files
from pipelines.core.situation import SituationError, read_situation
from pipelines.warehouse.published_build import NoBuildError

FAILED: Final = 3
UNSURE: Final = 4
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day that it tells of.")]


def digest(
    since: Day,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; today by default.")
    ] = None,
    situation: Annotated[str | None, typer.Option(help="The situation; the first one by default.")] = None,
    language: Annotated[str, typer.Option(help="The language of its words.")] = FIRST_LANGUAGE,
    form: Annotated[Literal["text", "html", "json"], typer.Option(help="What is written.")] = "text",
    out: Annotated[Path | None, typer.Option(help="The file to write; printed without one.")] = None,
    base_url: Annotated[str, typer.Option(help="Where the site is served, for the figures' addresses.")] = "",
    send: Annotated[bool, typer.Option("--send", help="Send it to the channels of its settings.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what --send would send; send nothing.")
    ] = False,
    unsure: Annotated[
        Literal["sent", "again"] | None,
        typer.Option(help="With --send: messages that may have arrived did, or are to be sent again."),
    ] = None,
) -> None:
    """Write what changed: withdrawn, corrected, in doubt, revised, new, fallen silent.

    With --send, to the channels that situation.toml names under digest; ends with 3 when one failed, with 4
    when nobody can tell whether a message arrived.
    """
    if (send or dry_run) and (out is not None or form != "text"):
        raise typer.BadParameter("--send and --dry-run go with neither --out nor --form")
    if unsure is not None and not send:
        raise typer.BadParameter("--unsure goes with --send")
    made = _make_digest(since.date(), until.date() if until else None, situation, language, base_url)
    try:
        if dry_run:
            _show_messages(made)
        elif send:
            _send(made, unsure)
        elif out is not None:
            private_files.write_for_caller(out, FORMS[form](made).encode())
        else:
            typer.echo(FORMS[form](made), nl=False)
    except SituationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except (sent.SentError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _make_digest(
    since: date, until: date | None, situation: str | None, language: str, base_url: str
) -> Digest:
    if language not in list_languages():
        raise typer.BadParameter(
            f"no language is called {language!r}; there are {', '.join(list_languages())}"
        )
    try:
        edition = open_edition(situation, read_base_url(base_url))
    except UnknownSituationError as error:
        raise typer.BadParameter(str(error)) from error
    except NoBuildError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    last = until or find_today(edition.first.situation.timezone)
    if since > last:
        raise typer.BadParameter(f"--since {since} is later than {last}")
    return collect_digest(edition, edition.views[language], since, last)


def _find_folders(made: Digest) -> tuple[Path, Path]:
    """The situation's folder, and the private one where what was sent is kept."""
    folder = find_data_dir().situation(made.view.situation_id)
    return folder, folder / "inbox"


def _show_messages(made: Digest) -> None:
    folder, kept = _find_folders(made)
    state = sent.read_state(kept)
    for channel in delivery.list_channels(read_situation(folder)):
        own = state.channels.get(channel.name, sent.ChannelState())
        messages = delivery.plan_messages(channel, made, own)
        entries = sum(len(each.entries) for each in messages)
        typer.echo(f"{channel.name}: {entries} entries in {len(messages)} messages would be sent")
        for each in messages:
            typer.echo(each.body.decode())


def _send(made: Digest, unsure: Literal["sent", "again"] | None) -> None:
    folder, kept = _find_folders(made)
    channels = delivery.list_channels(read_situation(folder))
    outcomes = []
    for each in delivery.send_digest(made, channels, kept, unsure):
        _say_outcome(each)
        outcomes.append(each)
    if any(each.unsure for each in outcomes):
        raise typer.Exit(UNSURE)
    if any(each.trouble for each in outcomes):
        raise typer.Exit(FAILED)


def _say_outcome(outcome: ChannelOutcome) -> None:
    typer.echo(f"{outcome.name}: {outcome.entries} entries in {outcome.messages} messages sent")
    if outcome.trouble:
        typer.echo(f"{outcome.name}: stopped: {outcome.trouble}", err=True)
    if outcome.unsure:
        typer.echo(
            f"{outcome.name}: {outcome.unsure} entries may have arrived and are not sent again; look there, "
            "then run this with --unsure sent or --unsure again",
            err=True,
        )
