"""The last look before a build is published: no text of any table may hold something personal.

What comes in by the known ways was masked there, row by row. Here a build stops on what came in by another.
"""

import duckdb
import polars as pl

from pipelines.core.privacy import PersonalRules, describe_column
from pipelines.core.situation import SituationError
from pipelines.warehouse.published_build import read_query


class PersonalDataError(SituationError):
    """A table of the build holds something personal; the message names table, column and kind."""


def check_tables(con: duckdb.DuckDBPyConnection, rules: PersonalRules) -> None:
    """Look through every text of every table of a build. Raises PersonalDataError.

    Views show nothing that no table holds.
    """
    found = [
        f"{table}.{column}: {kind}"
        for table, column in con.sql(read_query("text_columns")).fetchall()
        for kind in _find_kinds(con, table, column, rules)
    ]
    if found:
        raise PersonalDataError(
            "\n".join(["the build would publish what is personal; aggregates only:", *found])
        )


def _find_kinds(con: duckdb.DuckDBPyConnection, table: str, column: str, rules: PersonalRules) -> list[str]:
    texts = con.table(table).select(duckdb.ColumnExpression(column).alias("texts")).distinct().pl()
    if texts.schema["texts"] != pl.String:
        texts = texts.explode("texts")
    kinds = texts.select(describe_column("texts", rules)).to_series().drop_nulls().unique()
    return sorted(kinds.to_list())
