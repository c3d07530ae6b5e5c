"""Cited pages, from a folder, the inbox or the web, and the text and numbers that each shows.

What is got lies in `inbox/recheck/` of the situation, which git ignores, with `fetched.json` beside it. A run
that was stopped goes on where it was: what was got or refused on the same day is not asked again.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

import msgspec

from pipelines.core import paths, private_files
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.crawler.address_guard import parse_place, strip_tracking
from pipelines.intake.crawler.crawl import lock_inbox
from pipelines.intake.crawler.crawl_state import (
    CollectError,
    FailedError,
    PostponedError,
    RefusedError,
    StateStruct,
    read_state,
    write_json,
    write_state,
)
from pipelines.intake.crawler.polite_client import Client, Outside
from pipelines.intake.crawler.report_archive import SUFFIXES, Archive
from pipelines.intake.crawler.source_list import FILE, Sources, SourcesError, read_sources
from pipelines.intake.crawler.warc_file import keep_warc
from pipelines.intake.files import document
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.intake.inbox import INBOX, read_queue
from pipelines.intake.prose.extraction import Candidate, Written, extract, find_written
from pipelines.sheets import strict_rows
from pipelines.sheets.raw_table import ReadError

INDEX: Final = "pages.csv"
_LONGEST: Final = 150  # characters of a file's name that are made from an address


@dataclass(frozen=True)
class CitedPage:
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
        return paths.hash_file(self.path) if self.path else None

    @property
    def moved(self) -> bool:
        """Whether it stood under another address in the end: more than https, `www.` or a last slash."""
        return self.final is not None and make_address_key(self.final) != make_address_key(self.address)


class Pages(Protocol):
    """Somewhere that pages are found by their address."""

    def find(self, address: str) -> CitedPage | None:
        """The page, or None where it is not here."""
        ...


class SavedPages:
    """A folder of saved pages: `pages.csv` (address, file) says which is which, else the files' names do.

    Raises RowError on a wrong index, and on a file of it that is not in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in document.SUFFIXES:
                self._files |= {path.name: path, path.stem: path}
        self._indexed = _read_index(folder) if (folder / INDEX).exists() else {}

    def find(self, address: str) -> CitedPage | None:
        """The page, or None where it is not in the folder."""
        path = self._indexed.get(make_address_key(address)) or self._files.get(name_file(address))
        return CitedPage(address, path) if path else None


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
            self._kept[make_address_key(url)] = (path, final)

    def find(self, address: str) -> CitedPage | None:
        """The newest copy, or None where there is none."""
        kept = self._kept.get(make_address_key(address))
        return CitedPage(address, kept[0], kept[1]) if kept else None


def name_file(address: str) -> str:
    """The name that a saved page has without its suffix: the address without https:// and `www.`, each run of
    characters other than letters, digits, dots and hyphens as `_`, 150 characters at most."""
    plain = re.sub(r"^https?://(?:www\.)?", "", address.strip())
    return re.sub(r"[^A-Za-z0-9.-]+", "_", plain).strip("_")[:_LONGEST]


def make_address_key(address: str) -> str:
    """What is the same of two ways to write one address: neither http or https, `www.`, a last slash, nor the
    parameters that only track readers make a difference."""
    try:
        plain = strip_tracking(address)
    except ValueError:
        plain = address.strip()
    return re.sub(r"^https?://(?:www\.)?", "", plain).rstrip("/")


def _read_index(folder: Path) -> Mapping[str, Path]:
    rows = strict_rows.read_rows(folder / INDEX, ("address", "file"))
    strict_rows.check_rows(folder / INDEX, rows, strict_rows.require_filled("address", "file"))
    found = {}
    for row, address, file in rows.select("row", "address", "file").iter_rows():
        path = folder / file
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise strict_rows.RowError(
                f"{folder / INDEX}: row {row}: there is no file {file!r} in this folder"
            )
        found[make_address_key(address)] = path
    return found


FOLDER: Final = f"{INBOX}/recheck"
_INDEX: Final = "fetched.json"
_FAILURES: Final = 3  # addresses of one host that may fail in one run before the host is left alone


class Fetched(StateStruct):
    """What became of one address."""

    day: date
    file: str | None = None
    final: str | None = None
    problem: str | None = None


def fetch_pages(
    folder: Path,
    addresses: Iterable[str],
    today: date,
    outside: Outside,
    report: Callable[[str], None],
) -> dict[str, CitedPage]:
    """Fetch each address once, host by host as each may be asked; what cannot be asked now `waits`.

    `report` is told the host that is asked next. Raises SourcesError where `sources.toml` names no contact,
    StateError, BusyError.
    """
    sources = read_sources(folder)
    if not sources.contact:
        raise SourcesError(
            f"{folder / FILE}: set `contact` to an e-mail or web address of yours: publishers must be able "
            "to reach who reads their pages. Saved pages are read with --from"
        )
    inbox = folder / INBOX
    with lock_inbox(inbox):
        state = read_state(inbox)
        client = Client(sources, state, outside)
        fetching = _PageFetcher(folder / FOLDER, sources, client, today, outside.clock.now)
        try:
            return fetching.run(addresses, report)
        finally:
            write_state(inbox, state, outside.clock.now())


class _PageFetcher:
    """One run."""

    def __init__(
        self, folder: Path, sources: Sources, client: Client, today: date, now: Callable[[], datetime]
    ) -> None:
        self._folder, self._client, self._today, self._now = folder, client, today, now
        self._limits = sources.limits
        self._ports = {port for source in sources.source for port in source.ports}
        self._known = read_fetched(folder)
        self._failures: Counter[str] = Counter()

    def run(self, addresses: Iterable[str], report: Callable[[str], None]) -> dict[str, CitedPage]:
        pages: dict[str, CitedPage] = {}
        queues: dict[str, deque[str]] = {}
        for address in dict.fromkeys(addresses):
            known = self._known.get(address)
            if known is not None and known.day == self._today:
                pages[address] = self._page(address, known)
                continue
            try:
                queues.setdefault(parse_place(address, self._ports).host, deque()).append(address)
            except RefusedError as error:
                pages[address] = self._note(address, Fetched(day=self._today, problem=str(error)))
        left = self._limits.per_run
        while queues and left:
            host = min(queues, key=self._client.pace.ready)
            report(host)
            left -= 1
            address = queues[host].popleft()
            page = pages[address] = self._fetch(address, host)
            if page.waits or self._failures[host] >= _FAILURES:
                pages |= _mark_waiting(queues.pop(host), page.problem)
            elif not queues[host]:
                del queues[host]
        for queue in queues.values():
            pages |= _mark_waiting(queue, f"{self._limits.per_run} pages were asked in this run")
        return pages

    def _fetch(self, address: str, host: str) -> CitedPage:
        try:
            answer = self._client.fetch(
                address, accepted=tuple(SUFFIXES), max_bytes=self._limits.report_bytes, ports=self._ports
            )
        except PostponedError as error:
            return CitedPage(address, problem=str(error), waits=True)
        except FailedError as error:
            self._failures[host] += 1
            return CitedPage(
                address, problem=str(error)
            )  # it may be better tomorrow, or in an hour: not noted
        except CollectError as error:
            return self._note(address, Fetched(day=self._today, problem=str(error)))
        name = sha256(answer.body).hexdigest() + SUFFIXES[answer.content_type]
        private_files.make_folder(self._folder)
        beside = self._folder / f"new-{name}"
        with private_files.open_private(beside, "wb") as handle:
            handle.write(answer.body)
        beside.replace(self._folder / name)
        keep_warc(self._folder.parent, answer, self._now())
        return self._note(address, Fetched(day=self._today, file=name, final=answer.place.url))

    def _note(self, address: str, fetched: Fetched) -> CitedPage:
        self._known[address] = fetched
        write_json(self._folder / _INDEX, self._known)
        return self._page(address, fetched)

    def _page(self, address: str, fetched: Fetched) -> CitedPage:
        path = self._folder / fetched.file if fetched.file else None
        return CitedPage(address, path, fetched.final, fetched.problem)


def _mark_waiting(addresses: Iterable[str], why: str | None) -> dict[str, CitedPage]:
    return {address: CitedPage(address, problem=why, waits=True) for address in addresses}


def read_fetched(folder: Path) -> dict[str, Fetched]:
    """What was fetched before; a damaged index is begun anew, its pages are fetched again."""
    try:
        known = msgspec.json.decode((folder / _INDEX).read_bytes(), type=dict[str, Fetched])
    except (FileNotFoundError, msgspec.ValidationError, msgspec.DecodeError):
        return {}
    return {url: each for url, each in known.items() if each.file is None or (folder / each.file).is_file()}


Span = tuple[int, int]
_LEAST: Final = 32  # smaller numbers stand on every page as days, hours and counters


@dataclass(frozen=True)
class Settings:
    """The situation whose figures are read, and who speaks in it."""

    situation: Situation
    organisations: list[Organisation]


class PageText:
    """One page as text. `article` is what is read; `whole` has navigation, tables and title too."""

    def __init__(self, path: Path, settings: Settings) -> None:
        """Raises ReadError where the file is of no known kind, or holds no text."""
        self._settings = settings
        self._candidates: dict[date, list[Candidate]] = {}
        self.article = document.read_document(path).text
        self.whole = _read_whole(path, self.article)

    def candidates(self, published: date) -> list[Candidate]:
        """What the reader of prose makes of the article, as published on a day."""
        if published not in self._candidates:
            found = extract(self.article, published, self._settings.situation, self._settings.organisations)
            self._candidates[published] = found
        return self._candidates[published]

    @cached_property
    def numbers(self) -> list[Written]:
        """Every number of the article."""
        return find_written(self.article, self._settings.situation, self._settings.organisations)

    def spans_of(self, value: int, high: int | None) -> list[Span]:
        """Where the article writes a number, in whatever notation; of a range the whole or both its ends."""
        whole = [each.span for each in self.numbers if (each.value, each.high) == (value, high)]
        if whole or high is None:
            return whole
        ends = [[each.span for each in self.numbers if each.value == end] for end in (value, high)]
        return ends[0] if all(ends) else []

    def find_beside(self, value: int) -> Span | None:
        """Where the page shows a number's digits anywhere, grouped or not; small ones are not looked for."""
        if value < _LEAST:
            return None
        grouped = f"{value:,}".replace(",", r"[.,'’\u00a0\u202f ]?")
        found = re.search(rf"(?<![\d.,/:-]){grouped}(?![\d/:]|[.,]\d)", self.whole)
        return found.span() if found else None


def _read_whole(path: Path, article: str) -> str:
    if find_kind(path) is not FileKind.HTML:
        return article
    from pipelines.intake.files.html_page import read_whole_page  # heavy: only where it is needed

    try:
        return document.join(read_whole_page(path)).text
    except ReadError:
        return article
