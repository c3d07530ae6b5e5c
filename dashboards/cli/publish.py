"""`publish`, `serve-site` and `keys`: the static site, a look at it, and the keys that sign it."""

import re
from datetime import date
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Final

import duckdb
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dashboards.export.chromium import MissingBrowserError
from dashboards.queries.database import find_today
from dashboards.queries.view import UnknownSituationError
from dashboards.site import bundle, edition, signing
from dashboards.site.edition import open_edition
from dashboards.site.generator import publish as write_site
from dashboards.site.output_folder import NotASiteError
from pipelines.core import signatures
from pipelines.warehouse.published_build import NoBuildError


def keys(
    private: Annotated[
        Path, typer.Argument(help="The private key's new file, outside the site and the checkout.")
    ],
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase; a timer needs a key without one.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Only print the public key of a key that exists.")
    ] = False,
) -> None:
    """Make a pair of Ed25519 keys, or show the public one of a pair. docs/deploy.md says where to keep it."""
    secret = None
    if passphrase:
        secret = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=not show)
    try:
        key = signing.read_private_key(private, secret) if show else signing.make_key(private, secret)
    except FileExistsError as error:
        typer.echo(f"{private} exists and is not overwritten; --show prints its public key", err=True)
        raise typer.Exit(1) from error
    except (signatures.KeyFileError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(signatures.write_pem(key.public_key()).decode().strip())
    typer.echo(f"fingerprint {signatures.compute_fingerprint(key.public_key())}", err=True)


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
    read_base_url(base_url)
    console = Console(stderr=True)
    try:
        signs = _read_key(key)
        edition = open_edition(situation, base_url, _parse_day(day))
        if day == "today":
            told = find_today(edition.first.situation.timezone)
            edition = open_edition(situation, base_url, told)
        _warn_of_age(console, edition)
        _warn_of_words(console, edition)
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
    except NoBuildError as error:
        console.print(f"{error}, then publish again", style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    except (
        UnknownSituationError,
        NotASiteError,
        MissingBrowserError,
        signatures.KeyFileError,
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


def read_base_url(text: str) -> str:
    """The address that `--base-url` names, or none."""
    if text and not _SERVED.fullmatch(text):
        raise typer.BadParameter(
            f"{text!r} is no address; write https://example.org/folder", param_hint="--base-url"
        )
    return text


def _read_key(path: Path | None) -> Ed25519PrivateKey | None:
    """The key to sign with; a passphrase is asked for where it has one."""
    if path is None:
        return None
    try:
        return signing.read_private_key(path)
    except signatures.LockedKeyError:
        return signing.read_private_key(
            path, typer.prompt(f"Passphrase of {path}", hide_input=True, err=True)
        )


def _parse_day(text: str | None) -> date | None:
    if text is None or text == "today":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no day; write YYYY-MM-DD or today", param_hint="--day"
        ) from error


def _warn_of_age(console: Console, edition: edition.Edition) -> None:
    """The build may be older than today: ages in the pages are then those of its day."""
    now = find_today(edition.first.situation.timezone)
    if edition.day != now:
        console.print(f"ages are counted to {edition.day}, the day of the build; --day today counts to {now}")


def _warn_of_words(console: Console, edition: edition.Edition) -> None:
    """Own words of the situation that stand nowhere: their id is mistyped, or they are not plain words."""
    misfits = {key for view in edition.views.values() for key in view.words.find_misfits(view.situation)}
    file = f"{edition.first.situation_id}/situation.toml"
    for key in sorted(misfits):
        console.print(
            f"{file}: wording: {key!r} is not shown: the catalogues have no such text, or it is not words "
            "and names of values alone",
            markup=False,
        )


class _Handler(SimpleHTTPRequestHandler):
    """Files with the types that they have everywhere; quiet."""

    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".atom": "application/atom+xml",
        ".parquet": "application/vnd.apache.parquet",
        ".md": "text/markdown; charset=utf-8",
    }

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Where there is no page, the site's own page that says so, in the language of the address."""
        page = self._lost() if code == HTTPStatus.NOT_FOUND else None
        if page is None:
            super().send_error(code, message, explain)
            return
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def _lost(self) -> bytes | None:
        language = self.path.lstrip("/").split("/")[0]
        names = (f"{language}/404.html", "404.html") if language.isalpha() else ("404.html",)
        found = (Path(self.directory) / name for name in names)
        return next((path.read_bytes() for path in found if path.is_file()), None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def serve_site(
    out: Annotated[Path, typer.Argument(help="A folder that `publish` wrote.")],
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 8600,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve a published site until Ctrl-C."""
    if not (out / "index.html").is_file():
        raise typer.BadParameter(f"{out} holds no index.html; run `python -m dashboards publish {out}` first")
    with make_server(out, host, port) as serving:
        typer.echo(f"http://{host}:{serving.server_address[1]}/")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def make_server(out: Path, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """The server of a folder, not yet running."""
    return ThreadingHTTPServer((host, port), partial(_Handler, directory=str(out)))
