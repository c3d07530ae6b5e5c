"""A claim's identity outside the warehouse: the macro that names it there, over the same columns."""

from typing import Final

import duckdb
import polars as pl

from pipelines.paths import SQL

STATED: Final = (
    "situation",
    "organisation",
    "measure",
    "population",
    "breakdown",
    "qualifier",
    "value",
    "value_high",
    "period_start",
    "as_of",
    "published",
    "publisher",
    "url",
)  # what a claim's identity is made of, in the order of sql/04_claim_identity.sql


def identities(rows: pl.DataFrame) -> pl.Series:
    """The identity of each row as the warehouse computes it: sixteen hex digits over what was stated."""
    with duckdb.connect() as con:
        con.execute((SQL / "04_claim_identity.sql").read_text(encoding="utf-8"))
        con.register("stated", rows.select(STATED).with_row_index("position"))
        return con.sql((SQL / "queries" / "claim_identities.sql").read_text(encoding="utf-8")).pl()[
            "claim_id"
        ]
