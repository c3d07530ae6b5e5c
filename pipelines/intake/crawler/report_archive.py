"""What was fetched, untouched, under its sha256, and a small JSON beside it. Never in git, never shown."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core import private_files
from pipelines.intake.crawler.crawl_state import CollectError, RefusedError, StateStruct, write_json
from pipelines.intake.files.file_kind import find_kind
from pipelines.sheets.raw_table import ReadError

SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
}  # content type of a report → suffix; no other type is taken


_BESIDE: Final = ".report.json"  # a report may be JSON itself


class ArchiveError(CollectError):
    """A file beside a report is damaged; the message names it."""


class Carrier(StateStruct, kw_only=True):
    """Where and when a document stood."""

    source: str
    publisher: str
    url: str
    final_url: str
    retrieved: datetime
    published: date | None = None  # the day, in the situation's time zone
    published_at: datetime | None = None
    published_from: str | None = None  # "feed", "page" or "retrieved"
    after: str | None = None  # of a page that is written over: the sha256 of what it said until then


class ArchivedReport(Carrier, kw_only=True):
    """One document. `origin` is the sha256 of the earliest of the texts that are nearly the same as it."""

    sha256: str
    file: str
    bytes: int
    content_type: str
    language: str | None = None
    also: list[Carrier] = []  # other addresses that gave the very same bytes
    earlier: list[
        datetime
    ] = []  # when a page that is written over said so before, and something else between
    origin: str | None = None  # None until it was compared
    carriers: list[str] = []  # on an origin: the sha256 of its reprints
    sketch: list[int] = []  # for comparing; see `likeness`
    read_as: date | None = None  # the day its relative dates were resolved from
    claims: list[str] | None = None  # keys of the claims read from it; None until it was read
    queued: int = 0  # of these, how many were put into the queue
    problem: str | None = None  # why it could not be read

    @property
    def order(self) -> tuple[date, float, datetime, str]:
        """Earliest first: the day, within it the hour where one is known, then when it was got."""
        day = self.published or self.retrieved.date()
        hour = self.published_at.timestamp() if self.published_at else float("inf")
        return (day, hour, self.retrieved, self.sha256)


class Archive:
    """The folder `inbox/reports` of one situation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, report: ArchivedReport) -> Path:
        """The document itself."""
        return self.folder / report.file

    def keep(
        self, content: bytes, content_type: str, carrier: Carrier, language: str | None
    ) -> tuple[ArchivedReport, bool]:
        """Keep a document; bytes that are here already gain an address instead. True: it is new.

        What a page that is written over says again, after something else, is new: it says it of another day.
        Raises RefusedError when the bytes are not what the content type says.
        """
        digest = hashlib.sha256(content).hexdigest()
        known = self.find(digest)
        if known is not None and carrier.after not in {None, digest}:
            told = msgspec.structs.asdict(known) | msgspec.structs.asdict(carrier)
            told |= {
                "earlier": [*known.earlier, known.retrieved],
                "claims": None,
                "read_as": None,
                "problem": None,
            }
            again = ArchivedReport(**told)
            self.save(again)
            return again, True
        if known is not None:
            places = [known.url, *(other.url for other in known.also)]
            if carrier.url not in places:
                known.also = [*known.also, carrier]
                self.save(known)
            return known, False
        name = digest + SUFFIXES[content_type]
        self._write(name, content)
        report = ArchivedReport(
            **msgspec.structs.asdict(carrier),
            sha256=digest,
            file=name,
            bytes=len(content),
            content_type=content_type,
            language=language,
        )
        self.save(report)
        return report, True

    def _write(self, name: str, content: bytes) -> None:
        private_files.make_folder(self.folder)
        beside = self.folder / f"new-{name}"
        with private_files.open_private(beside, "wb") as handle:
            handle.write(content)
        try:
            find_kind(beside)
        except ReadError as error:
            beside.unlink()
            found = str(error).removeprefix(f"{beside}: ")
            raise RefusedError(f"the body is not what its content type says: {found}") from error
        beside.replace(self.folder / name)

    def save(self, report: ArchivedReport) -> None:
        """Write the JSON beside the document."""
        write_json(self.folder / f"{report.sha256}{_BESIDE}", report)

    def find(self, digest: str) -> ArchivedReport | None:
        """What is known of a document, by its sha256."""
        path = self.folder / f"{digest}{_BESIDE}"
        return _read_report(path) if path.is_file() else None

    def reports(self) -> list[ArchivedReport]:
        """Everything kept, earliest first."""
        found = [_read_report(path) for path in sorted(self.folder.glob(f"*{_BESIDE}"))]
        return sorted(found, key=lambda report: report.order)


def _read_report(path: Path) -> ArchivedReport:
    try:
        return msgspec.json.decode(path.read_bytes(), type=ArchivedReport)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ArchiveError(
            f"{path} is damaged ({error}); delete it and its document to fetch it anew"
        ) from error
