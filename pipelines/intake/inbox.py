"""The inbox: reports in prose, and the figures that were read in them, until a person decides.

It lies in `data/<situation>/inbox/`, which git ignores: the text and the images of reports name people and
stay on the reviewer's machine. What is queued is each number's phrase alone, masked.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl
from polars.exceptions import PanicException

from pipelines.core import private_files
from pipelines.core.model import CLAIM_SCHEMA, RowState
from pipelines.core.paths import hash_file
from pipelines.core.privacy import DiscreetError
from pipelines.intake import decisions
from pipelines.sheets.contracts import compute_identities

INBOX: Final = "inbox"
CANDIDATES: Final = f"{INBOX}/candidates.csv"
READING_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {  # what a reader said of a figure (`kept_readings`), for the desk alone: no build holds it
        "probability": pl.Float64(),
        "choices": pl.String(),
        "day_span": pl.String(),
        "speaker_span": pl.String(),
        "answers": pl.String(),
    }
)
_PLACE_BEFORE: Final = r"(characters \d+)-(\d+)$"  # as older queues write it: like a telephone number
QUEUE_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType({**CLAIM_SCHEMA, **READING_SCHEMA})


class QueueError(DiscreetError):
    """The queue cannot be read; the message names the file and what to do."""


def keep_report(folder: Path, path: Path) -> Path:
    """Copy a report untouched into the inbox under its sha256: a file's own name may name a person."""
    target = folder / INBOX / "reports" / f"{hash_file(path)}{path.suffix.lower()}"
    if not target.exists():
        private_files.make_folder(target.parent)
        beside = target.with_name(f"new-{os.getpid()}-{target.name}")
        with path.open("rb") as report, private_files.open_private(beside, "wb") as copy:
            shutil.copyfileobj(report, copy)
        beside.replace(target)
    return target


def enqueue(folder: Path, rows: pl.DataFrame) -> int:
    """Add rows in the shape of CLAIM_SCHEMA to the queue of a situation's folder; returns how many were new.

    Columns of READING_SCHEMA are kept beside them where the rows have some.

    A claim that is queued already is not added again, whatever its place. The file is whole at any moment.
    New rows whose state is `accepted` (see `accept_auto`) are also written down as decisions of `auto`.
    """
    with _lock_queue(folder):
        queued = read_queue_with_readings(folder)
        fresh = rows.with_columns(
            pl.lit(None, kind).alias(column) for column, kind in READING_SCHEMA.items() if column not in rows
        ).select(pl.col(column).cast(kind) for column, kind in QUEUE_SCHEMA.items())
        fresh = fresh.with_columns(claim_id=compute_identities(fresh)).unique("claim_id", keep="first")
        fresh = fresh.filter(~pl.col("claim_id").is_in(compute_identities(queued).to_list()))
        fresh = fresh.sort("published", "file", "place", "claim_id", nulls_last=True).drop("claim_id")
        if fresh.height:
            _write_queue(folder / CANDIDATES, pl.concat([queued, fresh]))
            decisions.accept_sure(folder, fresh.filter(pl.col("state") == RowState.ACCEPTED.value))
    return fresh.height


def read_queue(folder: Path) -> pl.DataFrame:
    """Every queued row in the shape of CLAIM_SCHEMA, decided or not; no file is no row. Raises QueueError."""
    return read_queue_with_readings(folder).select(*CLAIM_SCHEMA)


def read_queue_with_readings(folder: Path) -> pl.DataFrame:
    """`read_queue` in the shape of QUEUE_SCHEMA; rows queued before readings were kept have none."""
    path = folder / CANDIDATES
    if not path.exists():
        return pl.DataFrame(schema=pl.Schema(QUEUE_SCHEMA))
    try:
        with path.open("rb") as handle:
            whole = handle.readline().strip().endswith(",".join(READING_SCHEMA).encode())
        schema = pl.Schema(QUEUE_SCHEMA if whole else CLAIM_SCHEMA)
        rows = pl.read_csv(path, schema=schema, empty_string_is_null=True)
    except (pl.exceptions.PolarsError, PanicException, OSError) as error:
        raise QueueError(
            f"{path} is damaged ({type(error).__name__}); "
            f"delete it and read the reports in {path.parent} again"
        ) from error
    return rows.with_columns(
        pl.col("place").str.replace(_PLACE_BEFORE, "$1 to $2"),
        *(pl.lit(None, kind).alias(column) for column, kind in READING_SCHEMA.items() if column not in rows),
    )


def _write_queue(path: Path, rows: pl.DataFrame) -> None:
    beside = path.with_name(f".{path.name}.new")
    with private_files.open_private(beside, "wb") as handle:
        rows.write_csv(handle)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)


@contextmanager
def _lock_queue(folder: Path) -> Iterator[None]:
    """One process at a time changes the queue."""
    private_files.make_folder(folder / INBOX)
    with private_files.open_private(folder / INBOX / ".lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
