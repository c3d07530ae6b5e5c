"""`python -m dashboards`: files out. Each command is a module of `dashboards.cli`."""

import typer

from dashboards.cli.chart import brief, chart
from dashboards.cli.digest import digest
from dashboards.cli.mcp_server import mcp
from dashboards.cli.publish import keys, publish, serve_site
from dashboards.cli.verify import verify
from pipelines.core import private_files

app = typer.Typer(
    name="python -m dashboards",
    help="Liberómetro, files out: charts, and the static site, from the published build.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS = (chart, brief, digest, verify, publish, serve_site, keys, mcp)
for command in COMMANDS:
    app.command(command.__name__.replace("_", "-"))(command)


@app.callback()
def _keep_private(context: typer.Context) -> None:
    """What a command creates is its owner's alone, except what it publishes or was asked to write."""
    context.with_resource(private_files.keep_private())


if __name__ == "__main__":
    app()
