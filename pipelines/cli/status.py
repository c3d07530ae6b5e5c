"""`status` and `check`: how fresh each organisation's figures are, and what the checks found."""

import shutil
import sys
from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli.name_warnings import count_named, print_named
from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_situations,
    day_option,
    fail,
    print_json,
    print_quality,
    print_undated,
    read_undated,
)
from pipelines.core.counted import count_of
from pipelines.core.frames import read_frame
from pipelines.core.model import Kind
from pipelines.core.paths import SQL, DataDir
from pipelines.core.retention import Kept, measure_kept
from pipelines.core.situation import read_situation
from pipelines.core.staleness import is_stale
from pipelines.warehouse import published_build, snapshots, table_registry

MOST: Final = 5  # rows of a failed check that are listed


def check(data_dir: DataFolder = DATA, situation: Situation = None, as_json: AsJson = False) -> None:
    """Run the stopping checks again on the published build, and list what the reviewing ones found.

    Ends with 1 where a stopping check finds rows, or nobody ever read a front page's headline again.
    """
    data = DataDir(data_dir)
    situations = choose_situations(data, situation)
    try:
        with published_build.open_current(data) as con:
            failed = {
                path.stem: read_frame(con.sql(path.read_text(encoding="utf-8")))
                for path in sorted((SQL / "checks" / "fail").glob("*.sql"))
            }
            failed["headline_never_read_again"] = read_frame(
                con.sql(published_build.read_query("headlines_unread"), params={"situations": situations})
            )
            findings = table_registry.read_table(con, "findings", situations=situations)
    except published_build.NoBuildError as error:
        fail(str(error))
    rules = sorted(path.stem for path in (SQL / "checks" / "review").glob("*.sql"))
    found = {rule: findings.filter(pl.col("rule") == rule) for rule in rules}
    if as_json:
        print_json(
            {
                "fail": {name: rows.to_dicts() for name, rows in failed.items()},
                "review": {rule: rows.to_dicts() for rule, rows in found.items()},
            }
        )
    else:
        for name, rows in failed.items():
            typer.echo(f"{'FAILED' if rows.height else 'ok':8} {name:32} {rows.height or ''}")
            for row in rows.head(MOST).to_dicts():
                typer.echo("           " + " ".join(str(cell) for cell in row.values() if cell is not None))
        for rule, rows in found.items():
            typer.echo(f"{'review' if rows.height else 'ok':8} {rule:32} {rows.height or ''}")
            for row in rows.to_dicts():
                amounts = " / ".join(str(amount) for amount in row["amounts"])
                typer.echo(
                    f"           {row['situation']} {row['organisation']} {row['measure']} "
                    f"{row['breakdown']} {row['as_of']}: {amounts}"
                )
    if any(rows.height for rows in failed.values()):
        raise typer.Exit(1)


SILENT: Final = 4  # as `collect` ends when a source fell silent
_MB: Final = 1_000_000


def status(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    on: Annotated[
        date | None,
        day_option("--on", "The day to judge from; by default today where each situation is."),
    ] = None,
    alert: Annotated[
        bool,
        typer.Option(
            "--alert", help="End with 4 where an organisation is silent for more than twice its rhythm_days."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Last figure, age, rhythm, staleness of each organisation and measure; rows by state; quality; limits.

    Ends with 1 where there is no build or a file of it is damaged; `build` mends that.
    """
    data = DataDir(data_dir)
    situations = choose_situations(data, situation)
    days = {name: on or _find_today(read_situation(data.situation(name)).timezone) for name in situations}
    faults, kept = published_build.list_faults(data), measure_kept(data)
    try:
        build = published_build.find_current(data)
        if not snapshots.is_readable(data.snapshots, build.id):
            faults.append(f"{data.snapshots / build.id}.parquet: missing or damaged")
        with published_build.open_current(data) as con:
            rows = read_figures(con, days)
            quality = table_registry.read_table(con, "quality", situations=situations)
            files = table_registry.read_table(con, "files", situations=situations)
            late = find_silent(rows)
            undated = read_undated(con, situations)
            named = count_named(con, data, situations)
    except published_build.NoBuildError as error:
        fail(str(error))
    counts = files.select("rows_read", "accepted", "pending", "quarantined").sum().to_dicts()[0]
    if as_json:
        print_json(
            {
                "build": build.id,
                "on": max(days.values()),
                "rows": counts,
                "quality": quality.to_dicts(),
                "figures": rows.to_dicts(),
                "faults": faults,
                "kept": [each.as_json() for each in kept],
                "free_bytes": shutil.disk_usage(data.root).free,
                "texts_that_may_name": named,
            }
        )
    else:
        _print_freshness(rows, counts)
        print_undated(undated)
        print_quality(quality)
        _print_kept(kept, shutil.disk_usage(data.root).free)
        print_named(named)
    if faults:
        fail(
            "\n".join(f"damaged: {fault}" for fault in faults)
            + f"\nReaders get build {build.id} of {build.built_at}. `python -m pipelines build` mends it."
        )
    if alert and late.height:
        told = ", ".join(
            f"{row['situation']}/{row['organisation']} "
            f"({count_of(row['age_days'], 'day')}, rhythm {row['rhythm_days']:.0f})"
            for row in late.to_dicts()
        )
        fail(f"silent for more than twice their rhythm: {told}", code=SILENT)


def _find_today(timezone: str) -> date:
    """The day from which pages count an age too: today where the situation is, wherever the machine is."""
    return datetime.now(ZoneInfo(timezone)).date()


def read_figures(con: duckdb.DuckDBPyConnection, days: dict[str, date]) -> pl.DataFrame:
    """The rows of `last_figures.sql`, and whether each is `stale` (null where its day is not known).

    `days`: situation → the day to judge it from.
    """
    as_map = {"key": list(days), "value": list(days.values())}  # how DuckDB takes a map
    rows = read_frame(con.sql(published_build.read_query("last_figures"), params={"days": as_map}))
    stale = [
        None if as_of is None else is_stale(as_of, days[situation], rhythm_days)
        for situation, as_of, rhythm_days in rows.select("situation", "as_of", "rhythm_days").iter_rows()
    ]
    return rows.with_columns(stale=pl.Series(stale, dtype=pl.Boolean))


def find_silent(rows: pl.DataFrame) -> pl.DataFrame:
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


def _print_kept(kept: list[Kept], free: int) -> None:
    for each in kept:
        typer.echo(
            f"kept: {each.what}: {count_of(each.files, 'file')} of at most {each.most_files:,}, "
            f"{each.bytes / _MB:.1f} MB of at most {each.most_bytes // _MB:,}"
        )
        if each.is_above:
            typer.echo(f"kept: {each.what} are above their limit ({each.where}): {each.above}", err=True)
    typer.echo(f"free on the disk: {free / _MB:,.0f} MB")


def _print_freshness(rows: pl.DataFrame, counts: dict[str, int]) -> None:
    table = Table("situation", "organisation", "measure", "last figure", "as of", "age", "rhythm", "")
    for row in rows.to_dicts():
        rhythm = f"{row['rhythm_days']:.0f} d" if row["rhythm_days"] else "unknown"
        high = f"-{row['value_high']}" if row["value_high"] is not None else ""
        since = f" since {row['period_start']}" if row["period_start"] else ""
        if row["kind"] == Kind.CUMULATIVE and not since:
            since = ", since when is not said"
        table.add_row(
            row["situation"],
            row["organisation"],
            row["measure"],
            f"{row['qualifier']} {row['value']}{high}{since}",
            f"{row['as_of']}",
            f"{row['age_days']} d",
            rhythm,
            "stale" if row["stale"] else "",
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    typer.echo(
        "rows: " + ", ".join(f"{count} {state.replace('rows_', '')}" for state, count in counts.items())
    )
