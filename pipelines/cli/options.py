"""Options that several commands share, so that they are spelled and explained once."""

import io
import json
import sys
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO

import duckdb
import polars as pl
import typer

from pipelines.core import private_files
from pipelines.core.counted import count_of
from pipelines.core.frames import read_rows
from pipelines.core.paths import DATA_VARIABLE, ROOT, DataDir
from pipelines.core.privacy import PersonalRules, mask_message
from pipelines.core.shown_names import list_close
from pipelines.core.situation import read_situation
from pipelines.warehouse.published_build import read_query

Situation = Annotated[
    str | None, typer.Option("--situation", help="Only this situation (a folder below the data folder).")
]


def _resolve_in_checkout(context: typer.Context, parameter: typer.CallbackParam, stated: Path) -> Path:
    """What nobody wrote on the command line is a folder of the checkout, wherever the command is started.

    Whichever command it is, what is private in that folder is made so before anything is read or written.
    """
    source = context.get_parameter_source(parameter.name or "")
    written = source is not None and source.name == "COMMANDLINE"
    folder = stated if written or Path.cwd() == ROOT else ROOT / stated
    refused = private_files.tighten(DataDir(folder))
    if refused:
        more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
        typer.echo(
            f"{refused[0]}{more}: open to other users and not ours to close; chmod -R go= it", err=True
        )
    return folder


DataFolder = Annotated[
    Path,
    typer.Option("--data-dir", envvar=DATA_VARIABLE, help="The data folder.", callback=_resolve_in_checkout),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
AcceptLoss = Annotated[
    bool,
    typer.Option(
        "--accept-loss",
        help="Publish although today lies before the last build, or far fewer rows count than in it.",
    ),
]

DATA: Path = Path("data")


def day_option(name: str, explained: str) -> Any:
    """An option that is a day."""
    return typer.Option(name, parser=_parse_day, metavar="YYYY-MM-DD", help=explained)


def _parse_day(written: str) -> date:
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"{written!r}: expected a day as YYYY-MM-DD") from None


def choose_situations(data: DataDir, situation: str | None) -> list[str]:
    """The situations a command is about: the named one, or all. Exits with 2 on an unknown name."""
    known = data.situations()
    if not known:
        fail(f"{data.root}: no situation here (a folder with a situation.toml)", code=2)
    if situation is None:
        return known
    if situation not in known:
        fail(f"unknown situation {situation!r}; {data.root} has: {', '.join(known)}", code=2)
    return [situation]


def choose_situation(data: DataDir, situation: str | None) -> str:
    """The one situation a command is about: the named one, the only one, or the one marked as default."""
    names = choose_situations(data, situation)
    if len(names) > 1:
        marked = [name for name in names if read_situation(data.situation(name)).default]
        if len(marked) != 1:
            fail(
                f"{data.root} has several situations ({', '.join(names)}); name one with --situation", code=2
            )
        return marked[0]
    return names[0]


def choose_own_situation(data: DataDir, situation: str | None) -> str:
    """The same for a command that writes: what is written beside another group's figures would go with its
    next folder. Exits with 2 for such a situation."""
    name = choose_situation(data, situation)
    by = read_situation(data.situation(name)).signed_by
    if by is not None:
        fail(f"{name} is of {by.group}, who answer for it: tell them.\nNothing was written.", code=2)
    return name


def print_quality(quality: pl.DataFrame) -> None:
    """The compass of quality, a line a situation. `quality`: rows of the table of that name."""
    for row in quality.to_dicts():
        read = row["read_again"] + row["read_again_in_copy"]
        typer.echo(
            f"{row['situation']}: {count_of(row['figures'], 'figure')}, "
            f"{100 * read // row['figures']} % read again "
            f"({row['read_again']} in the source, {row['read_again_in_copy']} in a copy), "
            f"{row['in_doubt']} in doubt, {row['withdrawn']} withdrawn, {count_of(row['repeats'], 'repeat')}"
        )


def read_undated(
    con: duckdb.DuckDBPyConnection, situations: list[str], file: str | None = None
) -> list[dict[str, Any]]:
    """How many running totals of each situation, of one file or of all, do not say since when they count."""
    return read_rows(con, read_query("undated_totals"), {"situations": situations, "file": file})


def print_undated(undated: list[dict[str, Any]]) -> None:
    """A line a situation: such a total heads no page."""
    for row in undated:
        which = count_of(row["totals"], "running total does", "running totals do")
        typer.echo(
            f"  {row['situation']}: {which} not say since when (period_start, the first day counted, "
            "is empty): such a total stands beside no other and is no headline"
        )


def print_json(value: Any) -> None:
    """Print one JSON document; dates become ISO text."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error and exit."""
    typer.echo(mask_message(message), err=True)
    raise typer.Exit(code)


class DiscreetStream(io.TextIOBase):
    """Standard error that masks what is personal, whoever writes it: a log keeps what a terminal forgets."""

    def __init__(self, below: TextIO) -> None:
        self._below = below

    def write(self, text: str) -> int:
        """Write a text masked; returns the length of what was given."""
        self._below.write(mask_message(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what waits."""
        self._below.flush()

    def isatty(self) -> bool:
        """Whether a person reads along."""
        return self._below.isatty()

    def fileno(self) -> int:
        """The descriptor below."""
        return self._below.fileno()


def refuse_unknown(what: str, name: str, known: Collection[str]) -> NoReturn:
    """Exit with 2: nothing is called so. Says which names come close, or all of them."""
    fail(f"no {what} is called {name!r}; there is: {', '.join(list_close(name, known))}", code=2)


def refuse_personal(**given: str | None) -> None:
    """Exit with 2 where an option, or a file's name, holds something personal: it would be kept or logged."""
    for what, text in given.items():
        kinds = PersonalRules().describe(text) if text else None
        if kinds:
            fail(f"{what.replace('_', ' ')}: {kinds}; aggregates only. Give another.", code=2)
