"""What cited documents were when they were read, and their copies in public archives: `archived_copies.csv`.

One row tells of one address: the day on which it was read with the sha256 of what came, or a copy in a public
archive with its day, or both. Rows are added by commands and by people, and never changed by a command.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.core.situation import ARCHIVE_HOSTS
from pipelines.sheets import strict_rows
from pipelines.sheets.strict_rows import RowError, StrictRule, parse_days, parse_numbers

FILE: Final = "archived_copies.csv"
COLUMNS: Final = ("url", "retrieved", "sha256", "bytes", "archive", "archived_on")
SCHEMA: Final = {"row": pl.Int64, "position": pl.Int64} | {
    name: pl.Date if name in ("retrieved", "archived_on") else pl.Int64 if name == "bytes" else pl.String
    for name in COLUMNS
}
_STAMP: Final = r"/(\d{8})\d{6}(?:[a-z]{2}_)?/"  # the hour of a copy, as the Wayback Machine writes it


def read_archived_copies(folder: Path, today: date, hosts: Collection[str] = ARCHIVE_HOSTS) -> pl.DataFrame:
    """The rows of one situation in the order of the file, under SCHEMA; no file is no row.

    `row` is the line as a person sees it, `position` counts from one; copies lie on `hosts` alone. Raises
    RowError with file, row and column where something is wrong.
    """
    path = folder / FILE
    if not path.exists():
        return pl.DataFrame(schema=SCHEMA)
    rows = strict_rows.read_rows(path, COLUMNS)
    _check(path, rows, today, hosts)
    return rows.select(
        "row",
        pl.int_range(1, pl.len() + 1).alias("position"),
        *(_cast_column(name) for name in COLUMNS),
    )


def append(
    folder: Path, rows: Sequence[Mapping[str, Any]], today: date, hosts: Collection[str] = ARCHIVE_HOSTS
) -> int:
    """Add rows (cells under COLUMNS) at the file's end, on the disk before this returns; returns how many.

    A row that a build would refuse is left out: what a command fetched must not stop a build.
    """
    path = folder / FILE
    cells = [{name: strict_rows.one_line(row.get(name)) for name in COLUMNS} for row in rows]
    taken = [each for each in cells if _is_sound(path, each, today, hosts)]
    if taken:
        strict_rows.append_rows(path, COLUMNS, taken)
    return len(taken)


def _is_sound(path: Path, cells: Mapping[str, str], today: date, hosts: Collection[str]) -> bool:
    frame = pl.DataFrame([cells], schema=dict.fromkeys(COLUMNS, pl.String)).with_row_index("row", offset=1)
    try:
        _check(path, frame.with_columns(pl.col(*COLUMNS).replace("", None)), today, hosts)
    except RowError:
        return False
    return True


def _check(path: Path, rows: pl.DataFrame, today: date, hosts: Collection[str]) -> None:
    strict_rows.check_rows(path, rows, _list_rules(today, hosts), ours=("sha256",))


def _list_rules(today: date, hosts: Collection[str]) -> list[StrictRule]:
    unread, uncopied = pl.col("retrieved").is_null(), pl.col("archive").is_null()
    host = pl.col("archive").str.extract(r"^https?://([^/:?#]+)").str.to_lowercase()
    stamp = pl.col("archive").str.extract(_STAMP).str.to_date("%Y%m%d", strict=False)
    apart = (stamp - parse_days("archived_on")).dt.total_days().abs()
    return [
        *strict_rows.require_filled("url"),
        *strict_rows.require_addresses("url", "archive"),
        *strict_rows.require_days(today, "retrieved", "archived_on"),
        *strict_rows.require_numbers("bytes"),
        (
            ~pl.col("sha256").str.contains(r"^[0-9a-f]{64}$"),
            pl.lit("sha256: expected 64 hex digits in lower case"),
        ),
        (unread & uncopied, pl.lit("retrieved and archive are empty: the row says nothing of the document")),
        (~unread & pl.col("sha256").is_null(), pl.lit("sha256 is empty, but retrieved says it was read")),
        *strict_rows.require_empty("sha256", "bytes", where=unread, because="retrieved is empty"),
        (~uncopied & pl.col("archived_on").is_null(), pl.lit("archived_on is empty, but archive is not")),
        *strict_rows.require_empty("archived_on", where=uncopied, because="archive is empty"),
        (
            ~host.is_in(list(hosts)),
            pl.format(
                f"archive: {{}} is no archive that is known here; expected {', '.join(hosts)}, or name it in "
                "archive_hosts of situation.toml",
                host,
            ),
        ),
        (
            apart > 1,  # the archive counts in UTC, who asked it may not
            pl.format("archived_on {}: the copy's address is of {}", pl.col("archived_on"), stamp),
        ),
    ]


def _cast_column(name: str) -> pl.Expr:
    if SCHEMA[name] == pl.Date:
        return parse_days(name).alias(name)
    return parse_numbers(name).alias(name) if SCHEMA[name] == pl.Int64 else pl.col(name)
