"""`python -m dashboards brief`: a situation as of a day on one printable page."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboards import exports
from dashboards.brief import TooMuchError, pdf
from dashboards.view import UnknownSituationError, open_view
from dashboards.words import FIRST_LANGUAGE, languages
from pipelines.published import NoBuildError


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
    if lang not in languages():
        raise typer.BadParameter(f"no language is called {lang!r}; there are {', '.join(languages())}")
    try:
        out.write_bytes(pdf(open_view(situation, lang, known_on.date() if known_on else None)))
    except UnknownSituationError as error:
        raise typer.BadParameter(str(error)) from error
    except (NoBuildError, TooMuchError, exports.MissingBrowserError, exports.PictureFailedError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
