"""The last look before a build is published: no text of any table may hold something personal.

What comes in by the known ways was masked there, row by row. Here a build stops on what came in by another.
"""

from typing import Final

import duckdb
import polars as pl

from pipelines.core.privacy import PersonalRules, describe_column
from pipelines.core.situation import SituationError
from pipelines.warehouse.published_build import read_query

MOST_AT_ONCE: Final = 50_000  # rows of a table whose texts are fetched together


class PersonalDataError(SituationError):
    """A table of the build holds something personal; the message names table, column and kind."""


def check_tables(con: duckdb.DuckDBPyConnection, rules: PersonalRules) -> None:
    """Look through every text of every table of a build. Raises PersonalDataError.

    Views show nothing that no table holds.
    """
    columns = con.sql(read_query("text_columns")).pl()
    texts = pl.concat(
        _read_texts(con, table, own["column_name"].to_list(), own["estimated_size"][0])
        for (table,), own in columns.group_by("table_name", maintain_order=True)
    )
    kinds = texts.with_columns(kind=describe_column("text", rules)).filter(pl.col("kind").is_not_null())
    places = kinds.select("place", "kind").unique().sort("place", "kind")
    found = [f"{place}: {kind}" for place, kind in places.iter_rows()]
    if found:
        raise PersonalDataError(
            "\n".join(["the build would publish what is personal; aggregates only:", *found])
        )


def _read_texts(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], rows: int) -> pl.DataFrame:
    """place, text: each distinct text of these columns, a small table asked once, a large one by column."""
    whole = con.table(table).select(*map(duckdb.ColumnExpression, columns))
    frames = [whole.pl()] if rows <= MOST_AT_ONCE else [whole.select(c).distinct().pl() for c in columns]
    texts = pl.concat(_list_texts(frame) for frame in frames).drop_nulls().unique()
    return texts.with_columns(place=pl.format("{}.{}", pl.lit(table), "place"))


def _list_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """place, text: the column and the text of each cell, and of each item of a list."""
    lists = [name for name, kind in frame.schema.items() if kind != pl.String]
    parts = [frame.drop(lists), *(frame.select(name).explode(name) for name in lists)]
    return pl.concat(part.unpivot(variable_name="place", value_name="text") for part in parts if part.width)
