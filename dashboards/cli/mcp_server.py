"""`python -m dashboards mcp`: the published build answers programs over standard input and output."""

import sys
from importlib.util import find_spec
from typing import Final

import typer

MISSING: Final = (
    "the library that this needs is not installed: `make run` installs it, or `pip install mcp`, which "
    "pyproject.toml lists under [mcp]"
)
WAITS: Final = "waiting for a program on standard input (docs/mcp.md says how to connect one); Ctrl-D ends it"


def mcp() -> None:
    """Answer programs (language models) over the Model Context Protocol, on standard input and output.

    It opens no port and writes nothing. A program starts it itself: docs/mcp.md says how to connect one.
    """
    if find_spec("mcp") is None:
        typer.echo(MISSING, err=True)
        raise typer.Exit(1)
    from dashboards.mcp_server.server import make_server

    if sys.stdin.isatty():
        typer.echo(WAITS, err=True)
    make_server().run("stdio")
