"""`python -m pipelines`: data in. Each command is a module of `pipelines.commands`."""

import typer

from pipelines.commands.backtest import backtest
from pipelines.commands.build import build
from pipelines.commands.check import check
from pipelines.commands.collect import collect
from pipelines.commands.export import export
from pipelines.commands.extract import extract
from pipelines.commands.ingest import ingest
from pipelines.commands.outlook import outlook
from pipelines.commands.read import read
from pipelines.commands.recheck import recheck
from pipelines.commands.review import review
from pipelines.commands.status import status

app = typer.Typer(
    name="python -m pipelines",
    help="Liberómetro, data in: from published reports to the DuckDB file that the pages read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    build, ingest, collect, read, review, recheck, status, check, export, extract, outlook, backtest,
)  # fmt: skip
for command in COMMANDS:
    app.command(command.__name__)(command)

if __name__ == "__main__":
    app()
