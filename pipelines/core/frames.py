"""Frames into DuckDB and out of it over Arrow's own interface.

DuckDB's `pl()`, and a frame registered as it is, load pyarrow: a sixth of a second of every command.
"""

import duckdb
import polars as pl


def read_frame(found: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """All rows of a relation."""
    return pl.DataFrame(found)


def lend_frame(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Let one statement read a frame as the view `name`; DuckDB refuses to read it again."""
    con.register(name, frame.__arrow_c_stream__())
