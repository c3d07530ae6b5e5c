"""`chart` and `brief`: one chart, or one printable page, as a file."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboards.charts import theme
from dashboards.exhibits import chart_registry
from dashboards.exhibits.custom_chart import UnknownChoiceError
from dashboards.export import chromium, formats
from dashboards.export.brief import TooMuchError, make_pdf
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages
from dashboards.queries.view import UnknownSituationError, View, open_view
from pipelines.core import private_files
from pipelines.warehouse.published_build import NoBuildError


def brief(
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    situation: Annotated[str | None, typer.Option(help="The situation; the first one by default.")] = None,
    lang: Annotated[str, typer.Option(help="The language of its words.")] = FIRST_LANGUAGE,
    known_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it was known on a day.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Where this is served, printed on the page; $LIBEROMETRO_ADDRESS.")
    ] = None,
) -> None:
    """Write one A4 page: answer, charts, what changed, contradictions, sources, how to read."""
    if address is not None:
        os.environ["LIBEROMETRO_ADDRESS"] = address
    if lang not in list_languages():
        raise typer.BadParameter(f"no language is called {lang!r}; there are {', '.join(list_languages())}")
    try:
        content = make_pdf(open_view(situation, lang, known_on.date() if known_on else None))
        private_files.write_for_caller(out, content)
    except UnknownSituationError as error:
        raise typer.BadParameter(str(error)) from error
    except (NoBuildError, TooMuchError, chromium.MissingBrowserError, chromium.PictureFailedError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


FORMATS = (*formats.PICTURES, *formats.TABLES)


def chart(
    name: Annotated[str | None, typer.Argument(help="The chart's name (--list), or `builder`.")] = None,
    situation: Annotated[str | None, typer.Option(help="The situation; the first one by default.")] = None,
    lang: Annotated[str, typer.Option(help="The language of its words.")] = FIRST_LANGUAGE,
    form: Annotated[
        str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; by default what FILE ends in.")
    ] = None,
    size: Annotated[str, typer.Option(help=f"Of a picture: {', '.join(theme.SIZES)}.")] = theme.USUAL,
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
    if lang not in list_languages():
        raise typer.BadParameter(f"no language is called {lang!r}; there are {', '.join(list_languages())}")
    try:
        view = open_view(situation, lang, known_on.date() if known_on else None)
        if listed:
            _print_all(view)
            return
        if name is None or out is None:
            raise typer.BadParameter("say which chart and --out FILE, or --list")
        content = _make_file(view, name, form or out.suffix.lstrip("."), size, option or [])
        private_files.write_for_caller(out, content)
    except (NoBuildError, chromium.MissingBrowserError, chromium.PictureFailedError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except (
        UnknownSituationError, UnknownChoiceError, chart_registry.UnknownChartError,
        chart_registry.UnknownOptionError, formats.NoPictureError, theme.UnknownSizeError,
    ) as error:  # fmt: skip
        raise typer.BadParameter(str(error)) from error


def _make_file(view: View, name: str, form: str, size: str, options: list[str]) -> bytes:
    if form not in FORMATS:
        raise typer.BadParameter(f"no format is called {form!r}; there are {', '.join(FORMATS)}")
    pairs = [tuple(each.partition("=")[::2]) for each in options]
    exhibit, origin = chart_registry.answer_request(view, name, [(key, value) for key, value in pairs])
    if exhibit is None:
        raise typer.BadParameter(f"{view.situation_id} has nothing to show in {name}")
    return formats.make_file(exhibit, view, form, size, origin)


def _print_all(view: View) -> None:
    for each in chart_registry.list_charts(view).values():
        exhibit = each.draw(view)
        if exhibit is None:
            typer.echo(f"{each.name}\t-\tnothing to show")
        else:
            typer.echo(f"{each.name}\t{','.join(formats.list_formats(exhibit))}\t{exhibit.title}")
