"""What people found when they read a figure again in its source: `data/<situation>/verifications.csv`.

One row a reading: the claim by what a sheet states of it, a verdict, the day, by whom, what was read. Rows
are appended and never edited; of several readings of one claim the latest counts. A row that names no claim
fails the build.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.core.model import Measure, Qualifier
from pipelines.sheets import strict_rows
from pipelines.sheets.strict_rows import StrictRule, parse_days, parse_numbers
from pipelines.sheets.transcription_sheet import CORRECTABLE

FILE: Final = "verifications.csv"
IDENTITY: Final = (
    "organisation", "measure", "breakdown", "qualifier", "value", "as_of", "published", "url",
)  # fmt: skip
OPTIONAL: Final = ("field", "should_be", "address", "sha256", "archive")
COLUMNS: Final = (
    *IDENTITY, "verdict", "field", "should_be", "checked_on", "checked_by", "address", "sha256", "archive",
)  # fmt: skip


class ReadingVerdict(StrEnum):
    """What a reader found."""

    STATES_IT = "states_it"
    CARRIER_STATES_IT = "carrier_states_it"  # another carrier of the same statement does
    ADDRESS_STATES_IT = "address_states_it"  # its address holds the number; its text could not be read
    STATES_SOMETHING_ELSE = "states_something_else"
    DOES_NOT_STATE_IT = "does_not_state_it"
    SPEAKER_WITHDREW_IT = "speaker_withdrew_it"  # who said it took it back there and then
    UNREACHABLE = "unreachable"


def read_verifications(folder: Path, today: date) -> pl.DataFrame:
    """The readings of one situation, in the order of the file; no file is no reading.

    Columns: `row` (as a person sees it), `position` (from one), and COLUMNS: `value` Int64, days as Date, the
    rest text. Raises RowError with file and row where something is wrong.
    """
    path = folder / FILE
    if path.exists():
        required = [name for name in COLUMNS if name not in OPTIONAL]
        rows = strict_rows.read_rows(path, required, OPTIONAL)
    else:
        rows = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)})
    strict_rows.check_rows(path, rows, _list_rules(today))
    return rows.select(
        "row",
        pl.int_range(1, pl.len() + 1).alias("position"),
        *(_cast_column(name) for name in COLUMNS),
    )


def append(folder: Path, rows: Sequence[Mapping[str, Any]], today: date) -> None:
    """Add readings (cells under COLUMNS, text or typed) at the file's end, on the disk before this returns.

    Raises RowError where the build would refuse one of them; then none is written.
    """
    cells = [{name: strict_rows.one_line(row.get(name)) for name in COLUMNS} for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(COLUMNS, pl.String)).with_row_index("row", offset=1)
    path = folder / FILE
    strict_rows.check_rows(path, frame.with_columns(pl.col(*COLUMNS).replace("", None)), _list_rules(today))
    strict_rows.append_rows(path, COLUMNS, cells)


def _list_rules(today: date) -> list[StrictRule]:
    otherwise = pl.col("verdict") == ReadingVerdict.STATES_SOMETHING_ELSE
    return [
        *strict_rows.require_filled("organisation", "measure", "breakdown", "published"),
        *strict_rows.require_filled("verdict", "checked_on", "checked_by"),
        *strict_rows.require_one_of(ReadingVerdict, "verdict"),
        *strict_rows.require_numbers("value"),
        *strict_rows.require_days(today, "as_of", "published", "checked_on"),
        *(
            (
                otherwise & pl.col(name).is_null(),
                pl.lit(f"{name} is empty, but the source states something else"),
            )
            for name in ("field", "should_be")
        ),
        *strict_rows.require_empty(
            "field", "should_be", where=~otherwise, because="only states_something_else has one"
        ),
        *strict_rows.require_one_of(CORRECTABLE, "field"),
        *_list_should_be_rules(today),
        *strict_rows.require_addresses("address", "archive"),
        (
            ~pl.col("sha256").str.contains(r"^[0-9a-f]{64}$"),
            pl.lit("sha256: expected 64 hex digits in lower case"),
        ),
    ]


def _list_should_be_rules(today: date) -> list[StrictRule]:
    """`should_be` is of its field's kind: the build reckons with it."""
    kinds: list[tuple[tuple[str, ...], list[StrictRule]]] = [
        (("value", "value_high"), strict_rows.require_numbers("should_be")),
        (("as_of", "period_start", "published"), strict_rows.require_days(today, "should_be")),
        (("measure",), strict_rows.require_one_of(Measure, "should_be")),
        (("qualifier",), strict_rows.require_one_of(Qualifier, "should_be")),
    ]
    return [
        (pl.col("field").is_in(fields) & broken, says) for fields, rules in kinds for broken, says in rules
    ]


def _cast_column(name: str) -> pl.Expr:
    if name == "value":
        return parse_numbers(name).alias(name)
    if name in ("as_of", "published", "checked_on"):
        return parse_days(name).alias(name)
    if (
        name == "breakdown"
    ):  # `sex=male;age=adult` is the breakdown that the sheets hold as `age=adult;sex=male`
        return pl.col(name).str.split(";").list.sort().list.join(";")
    return pl.col(name)
