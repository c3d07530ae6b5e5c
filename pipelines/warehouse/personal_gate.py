"""The last look before a build is published: no text of any table may hold something personal.

What comes in by the known ways was masked there, row by row. Here a build stops on what came in by another.
"""

from collections.abc import Collection
from hashlib import sha256
from typing import Final

import duckdb
import polars as pl

from pipelines.core.frames import read_frame
from pipelines.core.privacy import PersonalRules, find_suspects
from pipelines.core.situation import SituationError
from pipelines.warehouse.published_build import read_query

MOST_AT_ONCE: Final = 50_000  # rows of a table whose texts are fetched together


class PersonalDataError(SituationError):
    """A table of the build holds something personal; the message names table, column and kind."""


def check_tables(
    con: duckdb.DuckDBPyConnection, rules: PersonalRules, clean: Collection[bytes] = ()
) -> set[bytes]:
    """Look through every text of every table of a build. Raises PersonalDataError.

    Views show nothing that no table holds. `clean`: what this returned for an earlier build, the digests of
    suspect texts in which nothing was found.
    """
    columns = read_frame(con.sql(read_query("text_columns")))
    texts = pl.concat(
        _read_texts(con, table, own["column_name"].to_list(), own["estimated_size"][0])
        for (table,), own in columns.group_by("table_name", maintain_order=True)
    )
    suspect = texts.filter(find_suspects(texts["text"]))
    asked, digests = sha256(rules.tell().encode()), dict[str, bytes]()
    for text in suspect["text"]:
        digest = asked.copy()  # the rules are long: they are hashed once
        digest.update(text.encode("utf-8", "surrogatepass"))
        digests[text] = digest.digest()
    kinds = {text: rules.describe(text) for text, its in digests.items() if its not in clean}
    places = suspect.select("place", "text").iter_rows()
    found = sorted({f"{place}: {kind}" for place, text in places if (kind := kinds.get(text))})
    if found:
        raise PersonalDataError(
            "\n".join(["the build would publish what is personal; aggregates only:", *found])
        )
    return set(digests.values())


def _read_texts(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], rows: int) -> pl.DataFrame:
    """place, text: each distinct text of these columns, a small table asked once, a large one by column."""
    whole = con.table(table).select(*map(duckdb.ColumnExpression, columns))
    frames = (
        [read_frame(whole)]
        if rows <= MOST_AT_ONCE
        else [read_frame(whole.select(c).distinct()) for c in columns]
    )
    texts = pl.concat(_list_texts(frame) for frame in frames).drop_nulls().unique()
    return texts.with_columns(place=pl.format("{}.{}", pl.lit(table), "place"))


def _list_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """place, text: the column and the text of each cell, and of each item of a list."""
    lists = [name for name, kind in frame.schema.items() if kind != pl.String]
    parts = [frame.drop(lists), *(frame.select(name).explode(name) for name in lists)]
    return pl.concat(part.unpivot(variable_name="place", value_name="text") for part in parts if part.width)
