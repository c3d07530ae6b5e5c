"""`backtest`: the outlook's track record over one organisation's own past."""

from datetime import date

import typer
from rich.console import Console
from rich.table import Table

from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    default_situation,
    fail,
    print_json,
)
from pipelines.commands.outlook import AsKnownOn, Organisation
from pipelines.outlook.backtest import run, summarise
from pipelines.paths import DataDir


def backtest(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    organisation: Organisation = None,
    as_known_on: AsKnownOn = None,
    as_json: AsJson = False,
) -> None:
    """Score the outlook at every past publication against three simple forecasters (lower is better)."""
    if organisation is None:
        fail("name whose figures with --organisation", code=2)
    from pipelines.published import NoBuildError, opened, outlook_breaks, outlook_rows

    data = DataDir(data_dir)
    today = as_known_on.date() if as_known_on else date.today()
    try:
        name = default_situation(data, situation)
        with opened(data) as con:
            rows = outlook_rows(con, name, organisation, today)
            breaks = outlook_breaks(con, name, organisation, today)
    except NoBuildError as error:
        fail(str(error))
    made = run(rows, today, breaks=breaks)
    summary = summarise(made)
    refused = made.filter(made["refused"].is_not_null()).group_by("target", "horizon", "refused").len()
    if as_json:
        print_json({"record": summary.to_dicts(), "refused": refused.sort(refused.columns).to_dicts()})
        return
    table = Table(*summary.columns)
    for row in summary.iter_rows():
        table.add_row(*(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)
    for target, horizon, reason, number in refused.sort(refused.columns).iter_rows():
        typer.echo(f"{target}, {horizon} days ahead: {number} refused ({reason})")
