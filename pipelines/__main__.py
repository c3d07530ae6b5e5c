"""`python -m pipelines`: data in. Each command is a module of `pipelines.cli`."""

import atexit
import errno
import gc
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.abc import MetaPathFinder
from typing import Any, Final

import duckdb
import typer
from typer.core import TyperGroup

from pipelines.cli.build import NOT_SENT, SENDING
from pipelines.cli.options import DiscreetStream, fail
from pipelines.core import private_files
from pipelines.core.situation import SituationError
from pipelines.intake.inbox import QueueError
from pipelines.warehouse.published_build import NoBuildError

PLACES: Final = {  # of each command: its module, and the function or the group of commands in it
    "build": "build.build",
    "ingest": "ingest.ingest",
    "count": "count.count",
    "collect": "collect.collect",
    "read": "read.read",
    "review": "review.review",
    "recheck": "recheck.recheck",
    "archive": "archive.archive",
    "status": "status.status",
    "check": "status.check",
    "export": "export.export",
    "extract": "read.extract",
    "outlook": "outlook.outlook",
    "backtest": "outlook.backtest",
    "federate": "federate.federate",
    "new": "new.new",
    "map": "map.map_file",
    "export-labels": "labels.export_labels",
    "lake": "lake.app",
    "questions": "questions.questions",
}


class _Imported(Mapping[str, Any]):
    """The commands by their names, each imported when it is asked for: most libraries serve only a few."""

    def __getitem__(self, name: str) -> Any:
        return _import_command(name, PLACES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


@cache
def _import_command(name: str, place: str) -> Any:
    module, _, member = place.partition(".")
    found = getattr(import_module(f"pipelines.cli.{module}"), member)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return typer.main.get_group(alone).commands[name]


class Commands(TyperGroup):
    """No command ends in a traceback for what lies outside the code: files, folders, disks, settings."""

    def __init__(self, **stated: Any) -> None:
        super().__init__(**stated)
        self.commands = _Imported()  # type: ignore[assignment]

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


@app.callback()
def _keep_private(context: typer.Context) -> None:
    """Whatever a command creates is its owner's alone, whatever umask it was called with."""
    context.with_resource(private_files.keep_private())


class _WithoutPandas(MetaPathFinder):
    """No command uses pandas, and DuckDB loads it for one constant where it can, which takes a while."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not loaded here", name=fullname)


if __name__ == "__main__":
    sys.stderr = DiscreetStream(sys.stderr)
    sys.meta_path.insert(0, _WithoutPandas())
    atexit.register(gc.freeze)  # what ends need not look for cycles: that takes a tenth of a second
    app()
