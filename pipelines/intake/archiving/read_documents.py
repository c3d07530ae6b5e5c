"""Which cited documents `collect` and `recheck` read, noted in `archived_copies.csv` with day and sha256.

Only documents that a published claim cites are noted: what else was fetched stays in the inbox, because its
address may name somebody and nobody has looked at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.core.situation import read_situation
from pipelines.intake.crawler.report_archive import Archive
from pipelines.intake.inbox import INBOX
from pipelines.intake.recheck.cited_pages import FOLDER, make_address_key, read_fetched
from pipelines.sheets import archived_copies
from pipelines.warehouse import published_build


@dataclass(frozen=True)
class ReadDocument:
    """One document as it came from an address on a day."""

    address: str
    day: date
    sha256: str
    bytes: int


def list_cited(data: DataDir, situation: str) -> list[str]:
    """The documents that published claims cite, by address without the place in it; the one cited last first.

    Raises NoBuildError.
    """
    with published_build.open_current(data) as con:
        query = published_build.read_query("cited_documents")
        return [row[0] for row in con.execute(query, {"situation": situation}).fetchall()]


def read_noted(folder: Path, today: date) -> pl.DataFrame:
    """What `archived_copies.csv` says, its addresses without the place in the document. Raises RowError."""
    rows = archived_copies.read_archived_copies(folder, today, read_situation(folder).archive_hosts)
    return rows.with_columns(pl.col("url").str.split("#").list.first())


def record_documents(data: DataDir, situation: str, today: date) -> int:
    """Note what was read of the cited documents and is not noted yet; returns how many rows were added.

    Of one address one row a day. Nothing is noted where there is no build. Raises RowError, ArchiveError.
    """
    folder = data.situation(situation)
    try:
        cited = list_cited(data, situation)
    except published_build.NoBuildError:
        return 0
    newest: dict[str, ReadDocument] = {}
    for document in _list_read(folder):
        key = make_address_key(document.address)
        if key not in newest or newest[key].day <= document.day:
            newest[key] = document
    known = read_noted(folder, today)
    noted = {*known.select("url", "sha256").iter_rows(), *known.select("url", "retrieved").iter_rows()}
    rows = [
        {"url": url, "retrieved": found.day, "sha256": found.sha256, "bytes": found.bytes}
        for url in cited
        if (found := newest.get(make_address_key(url)))
        and (url, found.sha256) not in noted
        and (url, found.day) not in noted
    ]
    return archived_copies.append(folder, rows, today)


def _list_read(folder: Path) -> Iterator[ReadDocument]:
    """What lies in the inbox, earliest first, once for each address it came from; days of this machine."""
    for report in Archive(folder / INBOX / "reports").reports():
        for carrier in (report, *report.also):
            day = carrier.retrieved.astimezone().date()
            for address in {carrier.url, carrier.final_url}:
                yield ReadDocument(address, day, report.sha256, report.bytes)
    pages = folder / FOLDER
    for address, fetched in sorted(read_fetched(pages).items(), key=lambda each: each[1].day):
        if fetched.file:
            size = (pages / fetched.file).stat().st_size
            yield ReadDocument(address, fetched.day, Path(fetched.file).stem, size)
