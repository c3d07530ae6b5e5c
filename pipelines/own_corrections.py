"""Our own mistakes, `data/<situation>/own_corrections.csv`: what stood here and was not what its source says.

One row a figure that was taken away or changed: what stood, what stands now, why, and how long it was shown.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from pipelines import strict_rows
from pipelines.model import Measure, Qualifier
from pipelines.paths import SQL
from pipelines.strict_rows import Rule, as_day, as_number

FILE: Final = "own_corrections.csv"
_SIDE: Final = ("organisation", "measure", "breakdown", "qualifier", "value", "as_of", "period_start")
_OLD: Final = tuple(f"old_{name}" for name in _SIDE)
_NEW: Final = tuple(f"new_{name}" for name in _SIDE)
_WHY: Final = ("why_es", "why_en", "why_pt")
COLUMNS: Final = (
    "decided", "change", "shown_from", "shown_until", "front_page", *_OLD, *_NEW, "published", "url", *_WHY,
)  # fmt: skip
_DAYS: Final = (
    "decided", "shown_from", "shown_until", "published",
    "old_as_of", "old_period_start", "new_as_of", "new_period_start",
)  # fmt: skip
_NUMBERS: Final = ("old_value", "new_value")


class Change(StrEnum):
    """What became of a figure that stood here."""

    REMOVED = "removed"
    CHANGED = "changed"


def read_own_corrections(folder: Path, today: date) -> pl.DataFrame:
    """The mistakes of one situation in the order of the file; no file is none.

    Columns: `row` (as a person sees it) and COLUMNS: values Int64, days Date, `front_page` Boolean, else text
    Raises RowError with file and row where something is wrong.
    """
    path = folder / FILE
    if path.exists():
        rows = strict_rows.read_rows(path, COLUMNS)
    else:
        rows = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)})
    strict_rows.check_rows(path, rows, _rules(today))
    return rows.with_columns(
        *(as_day(name).alias(name) for name in _DAYS),
        *(as_number(name).alias(name) for name in _NUMBERS),
        front_page=pl.col("front_page").is_not_null(),
    )


def load(con: duckdb.DuckDBPyConnection, folder: Path, situation: str, today: date) -> None:
    """Put the mistakes of one situation into their table, newest first. Raises RowError."""
    rows = read_own_corrections(folder, today)
    if rows.height:
        con.register("mistakes_arriving", rows.select(pl.lit(situation).alias("situation"), pl.all()))
        con.execute((SQL / "load_own_corrections.sql").read_text(encoding="utf-8"))
        con.unregister("mistakes_arriving")


def _rules(today: date) -> list[Rule]:
    removed = pl.col("change") == Change.REMOVED
    changed = pl.col("change") == Change.CHANGED
    stands = ("new_organisation", "new_measure", "new_breakdown", "new_value")
    return [
        *strict_rows.filled("decided", "change", "published", *_WHY),
        *strict_rows.filled("old_organisation", "old_measure", "old_breakdown", "old_value"),
        *strict_rows.one_of(Change, "change"),
        *strict_rows.one_of(("yes",), "front_page"),
        *strict_rows.one_of(Measure, "old_measure", "new_measure"),
        *strict_rows.one_of(Qualifier, "old_qualifier", "new_qualifier"),
        *strict_rows.numbers(*_NUMBERS),
        *strict_rows.days(today, *_DAYS),
        *strict_rows.empty(*_NEW, where=removed, because="a figure that was removed has no new one"),
        *(
            (changed & pl.col(name).is_null(), pl.lit(f"{name} is empty, but the figure was changed"))
            for name in stands
        ),
        (
            as_day("shown_from") > as_day("shown_until"),
            pl.format("shown_from {} lies after shown_until {}", "shown_from", "shown_until"),
        ),
        *strict_rows.addresses("url"),
        *strict_rows.impersonal("url", *_WHY),
    ]
