"""`status`: how fresh each organisation's figures are, and what waits."""

import sys
from datetime import date, datetime
from typing import Annotated, Final

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from pipelines import published
from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    chosen,
    fail,
    print_json,
    print_quality,
)
from pipelines.paths import DataDir
from pipelines.staleness import is_stale

SILENT: Final = 4  # as `collect` ends when a source fell silent


def status(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The day to judge from; today by default."),
    ] = None,
    alert: Annotated[
        bool,
        typer.Option(
            "--alert", help="End with 4 where an organisation is silent for more than twice its rhythm_days."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Last figure, age, rhythm and staleness of each organisation and measure; rows by state; quality."""
    data = DataDir(data_dir)
    situations = chosen(data, situation)
    today = on.date() if on else date.today()
    try:
        with published.opened(data) as con:
            build = published.current(data)
            rows = read_figures(con, today, situations)
            quality = published.read_table(con, "quality", situations=situations)
            files = published.read_table(con, "files", situations=situations)
            late = silent(rows)
    except published.NoBuildError as error:
        fail(str(error))
    counts = files.select("rows_read", "accepted", "pending", "quarantined").sum().to_dicts()[0]
    if as_json:
        print_json(
            {
                "build": build.id,
                "on": today,
                "rows": counts,
                "quality": quality.to_dicts(),
                "figures": rows.to_dicts(),
            }
        )
    else:
        _print(rows, counts)
        print_quality(quality)
    if alert and late.height:
        told = ", ".join(
            f"{row['situation']}/{row['organisation']} "
            f"({row['age_days']} days, rhythm {row['rhythm_days']:.0f})"
            for row in late.to_dicts()
        )
        fail(f"silent for more than twice their rhythm: {told}", code=SILENT)


def read_figures(con: duckdb.DuckDBPyConnection, today: date, situations: list[str]) -> pl.DataFrame:
    """The rows of `status.sql`, and whether each is `stale` (null where its day is not known)."""
    rows = con.sql(published.query("status"), params={"today": today, "situations": situations}).pl()
    stale = [
        None if as_of is None else is_stale(as_of, today, rhythm_days)
        for as_of, rhythm_days in rows.select("as_of", "rhythm_days").iter_rows()
    ]
    return rows.with_columns(stale=pl.Series(stale, dtype=pl.Boolean))


def silent(rows: pl.DataFrame) -> pl.DataFrame:
    """situation, organisation, age_days of its newest total, rhythm_days: who is late with every measure.

    `rows` as `read_figures` gives them. Only organisations whose rhythm somebody stated can be late.
    """
    return (
        rows.filter(rhythm_basis="stated")
        .group_by("situation", "organisation")
        .agg(pl.col("age_days").min(), pl.col("rhythm_days").first(), pl.col("stale").all())
        .filter("stale")
        .sort("situation", "organisation")
    )


def _print(rows: pl.DataFrame, counts: dict[str, int]) -> None:
    table = Table("situation", "organisation", "measure", "last figure", "as of", "age", "rhythm", "")
    for row in rows.to_dicts():
        rhythm = f"{row['rhythm_days']:.0f} d" if row["rhythm_days"] else "unknown"
        table.add_row(
            row["situation"],
            row["organisation"],
            row["measure"],
            f"{row['qualifier']} {row['value']}",
            f"{row['as_of']}",
            f"{row['age_days']} d",
            rhythm,
            "stale" if row["stale"] else "",
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    typer.echo(
        "rows: " + ", ".join(f"{count} {state.replace('rows_', '')}" for state, count in counts.items())
    )
