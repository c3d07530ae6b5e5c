"""`outlook`: what may come for one organisation's figures, or for many series of a manifest."""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    default_situation,
    fail,
    print_json,
)
from pipelines.outlook import batch as batches
from pipelines.outlook.by_when import by_when
from pipelines.outlook.forecast import HORIZONS, Outlook, Refused, look_ahead, record
from pipelines.outlook.refusals import WORDS
from pipelines.paths import DataDir

Organisation = Annotated[str | None, typer.Option("--organisation", help="Whose figures (an id).")]
AsKnownOn = Annotated[
    datetime | None,
    typer.Option("--as-known-on", formats=["%Y-%m-%d"], help="The day to look from; today by default."),
]


def outlook(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    organisation: Organisation = None,
    as_known_on: AsKnownOn = None,
    horizon: Annotated[list[int] | None, typer.Option("--horizon", min=1, help="Days ahead; repeat.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A manifest, one JSON object a line, instead of the data.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Median and 50, 80 and 95 % intervals of people held and of releases, or the reason why not."""
    if batch is not None:
        _batch(batch)
        return
    if organisation is None:
        fail("name whose figures with --organisation, or give a manifest with --batch", code=2)
    from pipelines.published import NoBuildError, opened, outlook_breaks, outlook_rows

    data = DataDir(data_dir)
    name = default_situation(data, situation)
    today = as_known_on.date() if as_known_on else date.today()
    try:
        with opened(data) as con:
            rows = outlook_rows(con, name, organisation, today)
            breaks = outlook_breaks(con, name, organisation, today)
    except NoBuildError as error:
        fail(str(error))
    results = look_ahead(rows, today, horizon or HORIZONS, breaks)
    reaching_zero = by_when(rows, today, breaks)
    if as_json:
        print_json(
            {
                "situation": name,
                "organisation": organisation,
                "as_known_on": today,
                "outlook": [record(result) for result in results],
                "by_when": asdict(reaching_zero),
            }
        )
        return
    for result in results:
        typer.echo(_sentence(result))


def _batch(manifest: Path) -> None:
    """Print results as they come, faults on standard error; exits with 1 when there was one."""
    faults = 0
    try:
        for line in batches.run(manifest):
            if line.error is not None:
                faults += 1
                typer.echo(line.error, err=True)
                continue
            sys.stdout.write(json.dumps(line.values, ensure_ascii=False) + "\n")
    except batches.BatchError as error:
        fail(str(error), code=2)
    if faults:
        raise typer.Exit(1)


def _sentence(result: Outlook | Refused) -> str:
    start = f"{result.target}, {result.horizon} days ahead:"
    if isinstance(result, Refused):
        return f"{start} no outlook ({result.refused}). {WORDS[result.refused]}"
    return (
        f"{start} {result.median} (50 %: {result.lo50} to {result.hi50}; "
        f"80 %: {result.lo80} to {result.hi80}; 95 %: {result.lo95} to {result.hi95})"
    )
