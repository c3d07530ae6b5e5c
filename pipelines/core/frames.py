"""Frames into DuckDB and out of it over Arrow's own interface.

DuckDB's `pl()`, and a frame registered as it is, load pyarrow: a sixth of a second of every command.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl


def read_frame(found: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """All rows of a relation."""
    return pl.DataFrame(found)


def read_rows(con: duckdb.DuckDBPyConnection, query: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All rows of a query with parameters.

    By `execute`: a relation made of such a query is a plan that holds each row of its answer as a term, and
    reads them a second time.
    """
    found = con.execute(query, params)
    names = [name for name, *_ in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def lend_frame(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Let one statement read a frame as the view `name`; DuckDB refuses to read it again."""
    con.register(name, frame.__arrow_c_stream__())
