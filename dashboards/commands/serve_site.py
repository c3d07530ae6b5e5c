"""`python -m dashboards serve-site`: a published site on this machine, to look at it before it goes out."""

from functools import partial
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
