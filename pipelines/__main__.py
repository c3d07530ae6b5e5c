"""`python -m pipelines`: data in. Each command is a module of `pipelines.cli`."""

import sys

import typer

from pipelines.cli.build import build
from pipelines.cli.collect import collect
from pipelines.cli.export import export
from pipelines.cli.ingest import ingest
from pipelines.cli.options import DiscreetStream
from pipelines.cli.outlook import backtest, outlook
from pipelines.cli.read import extract, read
from pipelines.cli.recheck import recheck
from pipelines.cli.review import review
from pipelines.cli.status import check, status

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
    sys.stderr = DiscreetStream(sys.stderr)
    app()
