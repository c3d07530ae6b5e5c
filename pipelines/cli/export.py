"""`export`: any published table by name, as CSV, JSON or Parquet."""

import sys
from datetime import date
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from pipelines.cli.options import DATA, DataFolder, Situation, choose_situations, day_option, fail
from pipelines.core import private_files
from pipelines.core.formulas import mark_formulas
from pipelines.core.paths import DataDir
from pipelines.warehouse import published_build, table_registry


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def export(
    name: Annotated[str | None, typer.Argument(help="The table; --list names them.")] = None,
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")] = None,
    as_known_on: Annotated[
        date | None,
        day_option("--as-known-on", "Only what was published by this day."),
    ] = None,
    list_tables: Annotated[bool, typer.Option("--list", help="Name the tables and stop.")] = False,
) -> None:
    """Write one published table. JSON is one array of objects, days are YYYY-MM-DD, missing is empty.

    In CSV a text that a spreadsheet would compute has an apostrophe before it.
    """
    if list_tables:
        typer.echo("\n".join(table_registry.TABLES))
        return
    if name is None:
        fail("name a table; --list names them", code=2)
    data = DataDir(data_dir)
    situations = choose_situations(data, situation) if situation else None
    try:
        content = _encode_table(data, name, situations, as_known_on, form)
    except (published_build.NoBuildError, table_registry.UnknownTableError) as error:
        fail(str(error), code=2 if isinstance(error, table_registry.UnknownTableError) else 1)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        private_files.write_for_caller(out, content)


def _encode_table(
    data: DataDir, name: str, situations: list[str] | None, as_known_on: date | None, form: ExportFormat
) -> bytes:
    with published_build.open_current(data) as con:
        frame = table_registry.read_table(con, name, situations=situations, as_known_on=as_known_on)
    buffer = BytesIO()
    if form is ExportFormat.PARQUET:
        frame.write_parquet(buffer)
    elif form is ExportFormat.JSON:
        frame.write_json(buffer)
        buffer.write(b"\n")
    else:
        mark_formulas(_flatten_lists(frame)).write_csv(buffer)
    return buffer.getvalue()


def _flatten_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """CSV has no lists: their members are joined by `;`."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(";") for name in lists)
