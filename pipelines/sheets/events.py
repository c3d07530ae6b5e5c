"""What happened beside the figures, for charts: the file `events.csv` of a situation, written by hand."""

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.sheets import strict_rows
from pipelines.sheets.strict_rows import parse_days

FILE: Final = "events.csv"
REQUIRED: Final = ("date", "kind", "title_en", "title_es")
OPTIONAL: Final = ("title_pt", "url", "published")
_COLUMNS: Final = (*REQUIRED, *OPTIONAL)


def read_events(folder: Path, today: date) -> pl.DataFrame:
    """The events of one situation, in the order of the file; no file is none.

    Columns: `happened` and `published` as Date, kind, titles and url as text. Raises RowError with its row.
    """
    path = folder / FILE
    rows = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(_COLUMNS, pl.String)})
    if path.exists():
        rows = strict_rows.read_rows(path, REQUIRED, OPTIONAL)
    wrong = parse_days("date").is_null() & pl.col("date").is_not_null()
    rules = [
        *strict_rows.require_filled(*REQUIRED),
        (wrong, pl.format("date {}: expected a day as YYYY-MM-DD", pl.col("date"))),
        *strict_rows.require_days(today, "published"),
        *strict_rows.require_addresses("url"),
    ]
    # what is personal in it was looked for before, with the situation's own countries and names
    strict_rows.check_rows(path, rows, rules, ours=_COLUMNS)
    return rows.select(
        parse_days("date").alias("happened"),
        *("kind", "title_es", "title_en", "title_pt", "url"),
        parse_days("published").alias("published"),
    )
