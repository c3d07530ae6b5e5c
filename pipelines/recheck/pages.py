"""Where a cited page is read: a folder of saved pages, what the inbox keeps, or what was fetched for this."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pipelines import strict_rows
from pipelines.collect.addresses import same_article
from pipelines.collect.archive import Archive
from pipelines.paths import sha256
from pipelines.queue import INBOX, read_queue

INDEX: Final = "pages.csv"
_LONGEST: Final = 150  # characters of a file's name that are made from an address
_SUFFIXES: Final = (".html", ".htm", ".xhtml", ".txt", ".md", ".pdf", ".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True)
class Page:
    """One cited address and what became of it: a file, or the reason why there is none.

    `final` is where it stood in the end, where it moved. `waits`: it was not asked, another run may.
    """

    address: str
    path: Path | None = None
    final: str | None = None
    problem: str | None = None
    waits: bool = False

    @property
    def sha256(self) -> str | None:
        """Of what was read."""
        return sha256(self.path) if self.path else None

    @property
    def moved(self) -> bool:
        """Whether it stood under another address in the end: more than https, `www.` or a last slash."""
        return self.final is not None and address_key(self.final) != address_key(self.address)


class Pages(Protocol):
    """Somewhere that pages are found by their address."""

    def find(self, address: str) -> Page | None:
        """The page, or None where it is not here."""
        ...


class SavedPages:
    """A folder of saved pages: `pages.csv` (address, file) says which is which, else the files' names do.

    Raises RowError on a wrong index, and on a file of it that is not in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in _SUFFIXES:
                self._files |= {path.name: path, path.stem: path}
        self._indexed = _read_index(folder) if (folder / INDEX).exists() else {}

    def find(self, address: str) -> Page | None:
        """The page, or None where it is not in the folder."""
        path = self._indexed.get(address_key(address)) or self._files.get(file_name(address))
        return Page(address, path) if path else None


class KeptPages:
    """What `collect` and `read` keep in the inbox of a situation's folder."""

    def __init__(self, folder: Path) -> None:
        self._kept: dict[str, tuple[Path, str]] = {}
        queued = read_queue(folder).select("url", "file").drop_nulls().unique(maintain_order=True)
        for url, file in queued.iter_rows():
            self._add(url, folder / file, url)
        archive = Archive(folder / INBOX / "reports")
        for report in archive.reports():
            for carrier in (report, *report.also):
                self._add(carrier.url, archive.path(report), carrier.final_url)
                self._add(carrier.final_url, archive.path(report), carrier.final_url)

    def _add(self, url: str, path: Path, final: str) -> None:
        """Later ones replace earlier: the newest copy of an address is read."""
        if path.is_file():
            self._kept[address_key(url)] = (path, final)

    def find(self, address: str) -> Page | None:
        """The newest copy, or None where there is none."""
        kept = self._kept.get(address_key(address))
        return Page(address, kept[0], kept[1]) if kept else None


def file_name(address: str) -> str:
    """The name that a saved page has without its suffix: the address without https:// and `www.`, each run of
    characters other than letters, digits, dots and hyphens as `_`, 150 characters at most."""
    plain = re.sub(r"^https?://(?:www\.)?", "", address.strip())
    return re.sub(r"[^A-Za-z0-9.-]+", "_", plain).strip("_")[:_LONGEST]


def address_key(address: str) -> str:
    """What is the same of two ways to write one address: neither http or https, `www.`, a last slash, nor the
    parameters that only track readers make a difference."""
    try:
        plain = same_article(address)
    except ValueError:
        plain = address.strip()
    return re.sub(r"^https?://(?:www\.)?", "", plain).rstrip("/")


def _read_index(folder: Path) -> Mapping[str, Path]:
    rows = strict_rows.read_rows(folder / INDEX, ("address", "file"))
    strict_rows.check_rows(folder / INDEX, rows, strict_rows.filled("address", "file"))
    found = {}
    for row, address, file in rows.select("row", "address", "file").iter_rows():
        path = folder / file
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise strict_rows.RowError(
                f"{folder / INDEX}: row {row}: there is no file {file!r} in this folder"
            )
        found[address_key(address)] = path
    return found
