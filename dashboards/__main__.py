"""`python -m dashboards`: files out. Each command is a module of `dashboards.cli`."""

import typer

from dashboards.cli.chart import brief, chart
from dashboards.cli.publish import keys, publish, serve_site
from dashboards.cli.verify import verify

app = typer.Typer(
    name="python -m dashboards",
    help="Liberómetro, files out: charts, and the static site, from the published build.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS = (chart, brief, verify, publish, serve_site, keys)
for command in COMMANDS:
    app.command(command.__name__.replace("_", "-"))(command)


@app.callback()
def _commands() -> None:
    """Keep the command's name where there is only one."""


if __name__ == "__main__":
    app()
