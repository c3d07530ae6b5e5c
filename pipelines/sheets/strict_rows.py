"""Files that people add rows to beside the sheets, read strictly: one wrong column or cell stops a build."""

import csv
import fcntl
import io
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.core import privacy
from pipelines.core.situation import SituationError
from pipelines.sheets.csv_reader import read_csv
from pipelines.sheets.raw_table import ReadError, Table

_PLAIN_NUMBER: Final = r"^[0-9]{1,9}$"
SAID: Final = 5  # rows at fault that a message names

StrictRule = tuple[pl.Expr, pl.Expr]  # true where a row breaks it, and what is then said of the row


class RowError(SituationError):
    """Rows of a file are wrong; the message names the file, the row, what was found and what was expected."""


def read_rows(
    path: Path,
    required: Collection[str],
    optional: Collection[str] = (),
    *,
    open_table: Callable[[Path], Table] = read_csv,
) -> pl.DataFrame:
    """The rows of a file: `row` (as a person sees it), every column as text, empty as null.

    Raises RowError on a column that is missing or unknown, and on a row that cannot be read.
    """
    try:
        table = open_table(path)
    except ReadError as error:
        raise RowError(str(error)) from error
    names = [name for name in table.cells.columns if name != "row"]
    unknown = [name for name in names if name not in (*required, *optional)]
    missing = [name for name in required if name not in names]
    if unknown or missing:
        found = [f"no such column: {name}" for name in unknown] + [
            f"column {name} is missing" for name in missing
        ]
        raise RowError(f"{path}: {'; '.join(found)}")
    if table.faults:
        fault = table.faults[0]
        raise RowError(f"{path}: row {fault.row}: {fault.reason}")
    absent = [pl.lit(None, pl.String).alias(name) for name in optional if name not in names]
    return table.cells.with_columns(absent).select(
        "row", pl.col(*required, *optional).str.strip_chars().replace("", None)
    )


def check_rows(
    path: Path, rows: pl.DataFrame, rules: Iterable[StrictRule], ours: Collection[str] = ()
) -> None:
    """Raises RowError where a row breaks a rule, with the first of them; nothing personal is repeated.

    `ours` are columns of ids of our own making, which a rule holds to their form.
    """
    texts = [name for name, kind in rows.schema.items() if kind == pl.String and name not in ours]
    rules = [(breaks.fill_null(False), says) for breaks, says in (*rules, *_require_impersonal(texts))]
    any_broken = rows.select(breaks.any().alias(str(at)) for at, (breaks, _) in enumerate(rules)).row(0)
    if not any(any_broken):  # asked of all rules at once: most files break none
        return
    broken = [rows.filter(breaks).select("row", says.cast(pl.String).alias("says")) for breaks, says in rules]
    found = pl.concat(broken).sort("row", maintain_order=True)
    lines = [f"{path}: row {row}: {says}" for row, says in found.head(SAID).iter_rows()]
    more = [f"and {found.height - SAID} more"] if found.height > SAID else []
    raise RowError("\n".join(lines + more))


def require_filled(*columns: str) -> list[StrictRule]:
    """Cells that may not be empty."""
    return [(pl.col(name).is_null(), pl.lit(f"{name} is empty")) for name in columns]


def require_empty(*columns: str, where: pl.Expr, because: str) -> list[StrictRule]:
    """Cells that have to be empty in some rows."""
    return [
        (where & pl.col(name).is_not_null(), pl.format(f"{name} is {{}}, but {because}", pl.col(name)))
        for name in columns
    ]


def require_one_of(words: type[StrEnum] | Sequence[str], *columns: str) -> list[StrictRule]:
    """Cells from a closed list, where they are filled."""
    known = [str(word) for word in words]
    return [
        (
            pl.col(name).is_not_null() & ~pl.col(name).is_in(known),
            pl.format(f"{name} {{}}: expected {', '.join(known)}", pl.col(name)),
        )
        for name in columns
    ]


def require_days(today: date, *columns: str) -> list[StrictRule]:
    """Days as YYYY-MM-DD that are not in the future, where they are filled."""
    return [
        rule
        for name in columns
        for rule in (
            (
                pl.col(name).is_not_null() & parse_days(name).is_null(),
                pl.format(f"{name} {{}}: expected a day as YYYY-MM-DD", pl.col(name)),
            ),
            (
                parse_days(name) > today,
                pl.format(f"{name} {{}} lies in the future (today is {today})", pl.col(name)),
            ),
        )
    ]


def require_numbers(*columns: str) -> list[StrictRule]:
    """Plain digits, where they are filled."""
    return [
        (
            pl.col(name).is_not_null() & parse_numbers(name).is_null(),
            pl.format(f"{name} {{}}: expected a number as plain digits", pl.col(name)),
        )
        for name in columns
    ]


def require_addresses(*columns: str) -> list[StrictRule]:
    """Web addresses, where they are filled."""
    return [
        (
            ~pl.col(name).str.contains(r"^https?://[^\s/]+"),
            pl.format(f"{name} {{}}: expected a web address", pl.col(name)),
        )
        for name in columns
    ]


def _require_impersonal(columns: Sequence[str]) -> list[StrictRule]:
    """Cells without anything personal but plain numbers of people; the cell is not repeated."""
    rules: list[StrictRule] = []
    for name in columns:
        cell = pl.when(~pl.col(name).str.contains(_PLAIN_NUMBER)).then(pl.col(name))
        kinds = privacy.describe_column(cell, privacy.PersonalRules())
        rules.append((kinds.is_not_null(), pl.format(f"{name}: {{}}; aggregates only", kinds)))
    return rules


def parse_days(name: str) -> pl.Expr:
    """A column of text as days; what is none is null."""
    whole = pl.col(name).str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    return pl.when(whole).then(pl.col(name)).str.to_date("%Y-%m-%d", strict=False)


def parse_numbers(name: str) -> pl.Expr:
    """A column of text as whole numbers; what is none is null."""
    return pl.when(pl.col(name).str.contains(_PLAIN_NUMBER)).then(pl.col(name)).cast(pl.Int64, strict=False)


def one_line(cell: object) -> str:
    """A cell as one line of text; None is empty."""
    return "" if cell is None else re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", str(cell)).strip()


def append_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows at the end of a CSV file in one piece, on the disk before this returns.

    A file that is there keeps its bytes and columns. Raises RowError on a cell for which it has no column.
    """
    with path.open("a+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = handle.seek(0, os.SEEK_END)
        text = io.StringIO(newline="")
        if size:
            handle.seek(size - 1)
            text.write("" if handle.read(1) == b"\n" else "\n")
            handle.seek(0)
            columns = next(csv.reader([handle.readline().decode("utf-8-sig")]))
        without = {name for row in rows for name, cell in row.items() if cell and name not in columns}
        if without:
            raise RowError(f"{path}: the file has no column {sorted(without)[0]!r}; add it to the header")
        writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
        if not size:
            writer.writeheader()
        writer.writerows(rows)
        handle.write(text.getvalue().encode())
        handle.flush()
        os.fsync(handle.fileno())
