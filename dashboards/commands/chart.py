"""`python -m dashboards chart`: one chart as a file, or the names of all of them."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboards import catalog, exports
from dashboards.builder import UnknownChoiceError
from dashboards.exports import asking
from dashboards.view import UnknownSituationError, View, open_view
from dashboards.words import FIRST_LANGUAGE, languages
from pipelines.published import NoBuildError

FORMATS = (*exports.PICTURES, *exports.TABLES)


def chart(
    name: Annotated[str | None, typer.Argument(help="The chart's name (--list), or `builder`.")] = None,
    situation: Annotated[str | None, typer.Option(help="The situation; the first one by default.")] = None,
    lang: Annotated[str, typer.Option(help="The language of its words.")] = FIRST_LANGUAGE,
    form: Annotated[
        str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; by default what FILE ends in.")
    ] = None,
    size: Annotated[str, typer.Option(help=f"Of a picture: {', '.join(exports.SIZES)}.")] = exports.USUAL,
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    known_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it was known on a day.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            help="What the builder is to draw: what=…, who=…, part=… as in its address; repeatable."
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Where this is served, printed in the file; $LIBEROMETRO_ADDRESS.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print every chart's name, formats, title.")] = False,
) -> None:
    """Write one chart as a file with its title, key, source, edition and address inside."""
    if address is not None:
        os.environ["LIBEROMETRO_ADDRESS"] = address
    if lang not in languages():
        raise typer.BadParameter(f"no language is called {lang!r}; there are {', '.join(languages())}")
    try:
        view = open_view(situation, lang, known_on.date() if known_on else None)
        if listed:
            _print_all(view)
            return
        if name is None or out is None:
            raise typer.BadParameter("say which chart and --out FILE, or --list")
        out.write_bytes(_made(view, name, form or out.suffix.lstrip("."), size, option or []))
    except (NoBuildError, exports.MissingBrowserError, exports.PictureFailedError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except (
        UnknownSituationError, UnknownChoiceError, catalog.UnknownChartError, asking.UnknownOptionError,
        exports.NoPictureError, exports.UnknownSizeError,
    ) as error:  # fmt: skip
        raise typer.BadParameter(str(error)) from error


def _made(view: View, name: str, form: str, size: str, options: list[str]) -> bytes:
    if form not in FORMATS:
        raise typer.BadParameter(f"no format is called {form!r}; there are {', '.join(FORMATS)}")
    pairs = [tuple(each.partition("=")[::2]) for each in options]
    exhibit, origin = asking.asked(view, name, [(key, value) for key, value in pairs])
    if exhibit is None:
        raise typer.BadParameter(f"{view.situation_id} has nothing to show in {name}")
    return exports.made(exhibit, view, form, size, origin)


def _print_all(view: View) -> None:
    for each in catalog.charts(view).values():
        exhibit = each.draw(view)
        if exhibit is None:
            typer.echo(f"{each.name}\t-\tnothing to show")
        else:
            typer.echo(f"{each.name}\t{','.join(exports.formats(exhibit))}\t{exhibit.title}")
