"""`python -m dashboards chart`: one chart as a file, or the names of all of them."""

from pathlib import Path
from typing import Annotated

import typer

from dashboards import catalog
from dashboards.view import open_view
from dashboards.words import FIRST_LANGUAGE


def chart(
    name: Annotated[str | None, typer.Argument(help="The chart's name; --list prints them.")] = None,
    situation: Annotated[
        str | None, typer.Option(help="The situation; the default one when not given.")
    ] = None,
    lang: Annotated[str, typer.Option(help="The language of its words.")] = FIRST_LANGUAGE,
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print every chart's name and title.")] = False,
) -> None:
    """Write one chart as a file, with its source lines inside."""
    view = open_view(situation, lang)
    if listed or name is None or out is None:
        for each in catalog.charts(view).values():
            exhibit = each.draw(view)
            typer.echo(f"{each.name}\t{exhibit.title if exhibit else '-'}")
        return
    exhibit = catalog.exhibit(view, name)
    if exhibit is None:
        raise typer.BadParameter(f"{view.situation_id} has nothing to show in {name}")
    out.write_bytes(exhibit.csv())
