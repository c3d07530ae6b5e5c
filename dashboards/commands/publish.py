"""`python -m dashboards publish`: the static site of the published build, whole or not at all."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import duckdb
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dashboards.exports import MissingBrowserError
from dashboards.queries import today
from dashboards.site import bundle, signing
from dashboards.site import edition as editions
from dashboards.site.folder import NotASiteError
from dashboards.site.publishing import publish as write_site
from dashboards.view import UnknownSituationError
from pipelines.published import NoBuildError

OTHER_FORM: Final = (
    "the build was made by another version of this program, and lacks what the site is made from: run "
    "`python -m pipelines build`, then publish again"
)
_SERVED: Final = re.compile(r"https?://[^\s?#]+")


def publish(
    out: Annotated[Path, typer.Argument(help="The folder of the site; it is replaced as a whole.")],
    situation: Annotated[
        str | None, typer.Option(help="The situation; the default one when not given.")
    ] = None,
    base_url: Annotated[
        str, typer.Option(help="Where the site will be served, for what must be a whole address.")
    ] = "",
    day: Annotated[
        str | None,
        typer.Option(
            help="The day that ages are counted from: YYYY-MM-DD or `today`; the build's day if not given."
        ),
    ] = None,
    packed: Annotated[
        Path | None, typer.Option("--bundle", help="Write the site as one ZIP, for mirrors, as well.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The private key to sign with; `keys` makes one.", dir_okay=False)
    ] = None,
) -> None:
    """Write the whole site: pages, charts, feeds and data in every language, and a manifest of them."""
    if base_url and not _SERVED.fullmatch(base_url):
        raise typer.BadParameter(
            f"{base_url!r} is no address; write https://example.org/folder", param_hint="--base-url"
        )
    console = Console(stderr=True)
    try:
        signs = _key(key)
        edition = editions.edition(situation, base_url, _day(day))
        if day == "today":
            told = today(edition.first.situation.timezone)
            edition = editions.edition(situation, base_url, told)
        _remark(console, edition)
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as bar:
            rows: dict[str, TaskID] = {}

            def told_so(name: str, done: int, pieces: int) -> None:
                rows.setdefault(name, bar.add_task(name, total=pieces) if name not in rows else rows[name])
                bar.update(rows[name], completed=done)

            files = write_site(edition, out, told_so, signs)
    except (
        NoBuildError,
        UnknownSituationError,
        NotASiteError,
        MissingBrowserError,
        signing.KeyFileError,
    ) as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        console.print(OTHER_FORM, style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    typer.echo(
        f"{out}: {files} files, {size / 1e6:.1f} MB, build {edition.build.id}, ages counted to {edition.day}"
    )
    if packed is not None:
        typer.echo(f"{packed}: {bundle.write(out, packed, signs) / 1e6:.1f} MB")


def _key(path: Path | None) -> Ed25519PrivateKey | None:
    """The key to sign with; a passphrase is asked for where it has one."""
    if path is None:
        return None
    try:
        return signing.private(path)
    except signing.LockedKeyError:
        return signing.private(path, typer.prompt(f"Passphrase of {path}", hide_input=True, err=True))


def _day(text: str | None) -> date | None:
    if text is None or text == "today":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no day; write YYYY-MM-DD or today", param_hint="--day"
        ) from error


def _remark(console: Console, edition: editions.Edition) -> None:
    """The build may be older than today: ages in the pages are then those of its day."""
    now = today(edition.first.situation.timezone)
    if edition.day != now:
        console.print(f"ages are counted to {edition.day}, the day of the build; --day today counts to {now}")
