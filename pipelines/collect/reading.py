"""Reports become queued claims, and what a reprint repeats is queued once.

A reprint is read as of the day on which its group was first read, because that is the day its "this Monday"
speaks of. Only what it says beyond the group's claims enters the queue, so that a reprint which corrects a
figure is not lost.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.collect.archive import Archive, Report
from pipelines.collect.origins import Origins
from pipelines.model import PublishedBasis
from pipelines.privacy import mask_numbers
from pipelines.situation import Organisation, Situation

# What makes two claims the same one, beside the report that carries them.
IDENTITY: Final = (
    "organisation",
    "measure",
    "population",
    "breakdown",
    "qualifier",
    "value",
    "value_high",
    "period_start",
    "as_of",
)
_SPOT: Final = ("place", "measure", "breakdown", "qualifier", "value")  # finds a row again in another reading


class ReadReport(Protocol):
    """Prose → one row a candidate claim, in the shape of CLAIM_SCHEMA."""

    def __call__(
        self,
        path: Path,
        *,
        situation: Situation,
        organisations: list[Organisation],
        published: date,
        publisher: str,
        url: str,
        retrieved: date,
    ) -> pl.DataFrame:
        """Raises ReadError when the document cannot be read."""
        ...


Enqueue = Callable[[Path, pl.DataFrame], int]  # the situation's folder, rows → rows put into the queue


@dataclass(frozen=True)
class Desk:
    """Where claims are read and queued for one situation."""

    folder: Path
    situation: Situation
    organisations: list[Organisation]
    read: ReadReport
    enqueue: Enqueue


def queue_new(origins: Origins, desk: Desk, archive: Archive) -> list[Report]:
    """Read every dated report that was not read yet, earliest first; returns them. A bad one stops none."""
    fresh = [
        report
        for report in origins.reports
        if report.claims is None and report.problem is None and report.published is not None
    ]
    for report in fresh:
        path = archive.path(report)
        try:
            rows = _fresh_rows(report, origins.group(report), desk, path)
        except ValueError as error:  # every named error of the readers and of the grammar is one
            report.problem = str(error).replace(str(path), report.file)
        else:
            report.queued = desk.enqueue(desk.folder, rows) if rows.height else 0
        archive.save(report)
    return fresh


def _fresh_rows(report: Report, group: list[Report], desk: Desk, path: Path) -> pl.DataFrame:
    """The claims of a report that its group has not made yet; notes in the report which ones it makes."""
    assert report.published is not None
    told = {key for member in group for key in member.claims or ()}
    day = next((member.read_as for member in group if member.read_as is not None), report.published)
    own = _read(report, report.published, desk, path)
    as_first_read = own if day == report.published else _read(report, day, desk, path)
    keys = _keys(as_first_read)
    repeated = as_first_read.filter(pl.Series([key in told for key in keys], dtype=pl.Boolean))
    report.claims, report.read_as = sorted(set(keys)), day
    fresh = own.join(repeated, on=_SPOT, how="anti", nulls_equal=True, maintain_order="left")
    return _with_carriers(fresh, report, group)


def _read(report: Report, published: date, desk: Desk, path: Path) -> pl.DataFrame:
    zone = ZoneInfo(desk.situation.timezone)
    rows = desk.read(
        path,
        situation=desk.situation,
        organisations=desk.organisations,
        published=published,
        publisher=report.publisher,
        url=report.final_url,
        retrieved=report.retrieved.astimezone(zone).date(),
    )
    if report.published_from == "retrieved":
        return rows.with_columns(published_basis=pl.lit(PublishedBasis.INFERRED.value))
    return rows


def _keys(rows: pl.DataFrame) -> list[str]:
    """Sixteen hex digits a row that stand for what it claims."""
    return [
        hashlib.blake2b(repr([str(part) for part in row]).encode(), digest_size=8).hexdigest()
        for row in rows.select(IDENTITY).iter_rows()
    ]


def _with_carriers(rows: pl.DataFrame, report: Report, group: list[Report]) -> pl.DataFrame:
    """Say in the note who else carries the text, as far as it is known on this day."""
    others = [*report.also, *(member for member in group if member is not report)]
    if not others:
        return rows
    # The host alone: the rest of an address may name a person.
    places = (f"{mask_numbers(other.publisher)} ({urlsplit(other.final_url).hostname})" for other in others)
    carried = pl.lit("also carried by " + "; ".join(dict.fromkeys(places)))
    return rows.with_columns(note=pl.concat_str(pl.col("note"), carried, separator=" · ", ignore_nulls=True))
