"""`read`: a report in prose goes into the inbox, its figures into the queue that waits for a person."""

from datetime import datetime
from pathlib import Path
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
from pipelines.prose import read_report
from pipelines.queue import QueueError, enqueue, keep
from pipelines.readers import ReadError
from pipelines.situation import read_organisations, read_situation


def read(
    files: Annotated[list[Path], typer.Argument(help="Texts, pages, PDFs or images of one report.")],
    published: Annotated[
        datetime, typer.Option("--published", formats=["%Y-%m-%d"], help="The day it was published.")
    ],
    publisher: Annotated[str, typer.Option("--publisher", help="The outlet or organisation.")],
    url: Annotated[str | None, typer.Option("--url", help="Where it stands on the web.")] = None,
    retrieved: Annotated[
        datetime | None, typer.Option("--retrieved", formats=["%Y-%m-%d"], help="The day it was obtained.")
    ] = None,
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    as_json: AsJson = False,
) -> None:
    """Read a report in prose: its figures wait until `review` is done. The text stays on this machine."""
    data = DataDir(data_dir)
    folder = data.situation(default_situation(data, situation))
    settings, organisations = read_situation(folder), read_organisations(folder)
    results = []
    for path in files:
        try:
            rows = read_report(
                path if not path.is_file() else keep(folder, path),
                situation=settings,
                organisations=organisations,
                published=published.date(),
                publisher=publisher,
                url=url,
                retrieved=retrieved.date() if retrieved else None,
            )
            results.append({"file": str(path), "figures": rows.height, "new": enqueue(folder, rows)})
        except (ReadError, QueueError, OSError) as error:
            fail(str(error))
    run(data)
    if as_json:
        print_json(results)
    else:
        for each in results:
            typer.echo(f"{each['file']}: {each['figures']} figures read, {each['new']} new in the queue")
        typer.echo("`python -m pipelines review` decides about them")
