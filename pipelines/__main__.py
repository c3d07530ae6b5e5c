"""`python -m pipelines`: data in. Each command is a module of `pipelines.cli`."""

import errno
import sys
from typing import Any

import duckdb
import typer
from typer.core import TyperGroup

from pipelines.cli import lake
from pipelines.cli.archive import archive
from pipelines.cli.build import NOT_SENT, SENDING, build
from pipelines.cli.collect import collect
from pipelines.cli.count import count
from pipelines.cli.export import export
from pipelines.cli.federate import federate
from pipelines.cli.ingest import ingest
from pipelines.cli.labels import export_labels
from pipelines.cli.map import map_file
from pipelines.cli.new import new
from pipelines.cli.options import DiscreetStream, fail
from pipelines.cli.outlook import backtest, outlook
from pipelines.cli.questions import questions
from pipelines.cli.read import extract, read
from pipelines.cli.recheck import recheck
from pipelines.cli.review import review
from pipelines.cli.status import check, status
from pipelines.core import private_files
from pipelines.core.situation import SituationError
from pipelines.intake.inbox import QueueError
from pipelines.warehouse.published_build import NoBuildError


class Commands(TyperGroup):
    """No command ends in a traceback for what lies outside the code: files, folders, disks, settings."""

    def invoke(self, ctx: Any) -> Any:
        SENDING.missed = ""
        try:
            done = super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # who read our output had enough
                raise
            fail(f"{error.filename or 'a file'}: {error.strerror or error}")
        except (SituationError, QueueError, NoBuildError, duckdb.IOException) as error:
            fail(str(error))
        if SENDING.missed:  # a code of the command's own, which says more, comes before
            raise typer.Exit(NOT_SENT)
        return done


app = typer.Typer(
    cls=Commands,
    name="python -m pipelines",
    help="Liberómetro, data in: from published reports to the DuckDB file that the pages read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    build, ingest, count, collect, read, review, recheck, archive, status, check, export, extract, outlook,
    backtest, federate, new,
)  # fmt: skip
for command in COMMANDS:
    app.command(command.__name__)(command)
app.command("map")(map_file)
app.command("export-labels")(export_labels)
app.add_typer(lake.app, name="lake")
app.add_typer(questions, name="questions")


@app.callback()
def _keep_private(context: typer.Context) -> None:
    """Whatever a command creates is its owner's alone, whatever umask it was called with."""
    context.with_resource(private_files.keep_private())


if __name__ == "__main__":
    sys.stderr = DiscreetStream(sys.stderr)
    app()
