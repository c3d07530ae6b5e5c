"""`review`: a person's yes to the figures that wait, in the terminal or on a page of this machine."""

from datetime import date
from typing import Annotated

import typer

from pipelines.commands.build import run
from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    default_situation,
    fail,
    print_json,
)
from pipelines.paths import DataDir
from pipelines.review.desk import Desk
from pipelines.review.page import serve
from pipelines.review.walk import walk


def review(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", help="Your name or initials; asked for by default.")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="A page in the browser of this machine instead.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", help="Of that page, on 127.0.0.1; 0 takes a free one.")
    ] = 8765,
    as_json: AsJson = False,
) -> None:
    """Accept, correct or reject what waits, warnings first; --json only lists it. Builds before and after."""
    data = DataDir(data_dir)
    desk = Desk(data, default_situation(data, situation), date.today())
    run(data)
    if as_json:
        print_json([figure.as_json() for figure in desk.waiting()])
    elif page:
        serve(desk, port, rebuild=lambda: run(data).counts)
    else:
        _walk(data, desk, reviewer)


def _walk(data: DataDir, desk: Desk, reviewer: str | None) -> None:
    waiting = len(desk.waiting())
    if not waiting:
        typer.echo("nothing waits")
        return
    name = (reviewer or typer.prompt("your name or initials")).strip()
    if not name:
        fail("a decision is signed: give --reviewer", code=2)
    decided = walk(desk, name)
    if decided:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(run(data).counts.items()))
        typer.echo(
            f"\n{decided} decided, written to {desk.folder / 'decisions.csv'}; the build now has {counts}"
        )
    else:
        typer.echo("\nnothing decided")
