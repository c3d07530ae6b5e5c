"""`python -m dashboards serve-site`: a published site on this machine, to look at it before it goes out."""

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer


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

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it overrides
        pass


def serve_site(
    out: Annotated[Path, typer.Argument(help="A folder that `publish` wrote.")],
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 8600,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve a published site until Ctrl-C."""
    if not (out / "index.html").is_file():
        raise typer.BadParameter(f"{out} holds no index.html; run `python -m dashboards publish {out}` first")
    with server(out, host, port) as serving:
        typer.echo(f"http://{host}:{serving.server_address[1]}/")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def server(out: Path, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """The server of a folder, not yet running."""
    return ThreadingHTTPServer((host, port), partial(_Handler, directory=str(out)))
