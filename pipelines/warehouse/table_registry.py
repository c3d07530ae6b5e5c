"""Every published table by its name, with its form as known on a day, and how it is read."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import duckdb
import polars as pl

from pipelines.core.frames import read_frame

TABLES: Final = (
    "announcements",
    "archived_copies",
    "bands",
    "breakdowns",
    "breaks",
    "claims",
    "contradictions",
    "corrections",
    "decisions",
    "definitions",
    "events",
    "figures",
    "files",
    "findings",
    "gaps",
    "headline",
    "law",
    "observations",
    "organisations",
    "origins",
    "own_corrections",
    "pending",
    "publishers",
    "quality",
    "quarantine",
    "questions",
    "reconciliation",
    "releases_by_role",
    "reports",
    "revisions",
    "revolving_door",
    "series",
    "situations",
    "statements",
    "track_record",
    "verifications",
)
AS_KNOWN_ON: Final = (
    "announcements",
    "bands",
    "breakdowns",
    "breaks",
    "claims",
    "contradictions",
    "gaps",
    "headline",
    "origins",
    "questions",
    "reconciliation",
    "releases_by_role",
    "revisions",
    "revolving_door",
    "series",
    "statements",
)


# Columns by which a table's past may be asked for alone → the parameter that takes the value: no row of one
# value rests on a figure of another.
NARROWED_BY: Final[Mapping[str, Mapping[str, str]]] = {
    "breakdowns": {"organisation": "within"},
    "band_edges": {"measure": "counted", "breakdown": "part"},
}


class UnknownTableError(KeyError):
    """No published table has that name; the message lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def read_table(
    con: duckdb.DuckDBPyConnection,
    name: str,
    *,
    situations: list[str] | None = None,
    as_known_on: date | None = None,
) -> pl.DataFrame:
    """One published table as a frame, in a fixed order of rows. Raises UnknownTableError."""
    if name not in TABLES:
        raise UnknownTableError(f"no table {name!r}; there are: {', '.join(TABLES)}")
    if as_known_on is not None and name not in AS_KNOWN_ON:
        raise UnknownTableError(f"{name!r} has no view as known on a day; these do: {', '.join(AS_KNOWN_ON)}")
    relation = (
        con.table(name) if as_known_on is None else con.table_function(f"{name}_as_known_on", [as_known_on])
    )
    if situations is not None and "situation" in relation.columns:
        column = duckdb.ColumnExpression("situation")
        relation = relation.filter(column.isin(*(duckdb.ConstantExpression(s) for s in situations)))
    frame = read_frame(relation)
    nested = {name for name, kind in frame.schema.items() if isinstance(kind, pl.List | pl.Struct)}
    return frame.sort([c for c in frame.columns if c not in nested], nulls_last=True)
