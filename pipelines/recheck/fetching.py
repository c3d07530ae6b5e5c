"""Cited pages from the web, asked with the client of `collect`: its robots.txt, pauses, limits and redirects.

What is got lies in `inbox/recheck/` of the situation, which git ignores, with `fetched.json` beside it. A run
that was stopped goes on where it was: what was got or refused on the same day is not asked again.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from pipelines.collect.addresses import parse_place
from pipelines.collect.archive import SUFFIXES
from pipelines.collect.client import Client, Outside
from pipelines.collect.errors import CollectError, FailedError, PostponedError, RefusedError
from pipelines.collect.round import alone
from pipelines.collect.sources import FILE, Sources, SourcesError, read_sources
from pipelines.collect.state import Struct, read_state, write_json, write_state
from pipelines.queue import INBOX
from pipelines.recheck.pages import Page

FOLDER: Final = f"{INBOX}/recheck"
_INDEX: Final = "fetched.json"
_FAILURES: Final = 3  # addresses of one host that may fail in one run before the host is left alone


class Fetched(Struct):
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
) -> dict[str, Page]:
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
    with alone(inbox):
        state = read_state(inbox)
        fetching = _Fetching(folder / FOLDER, sources, Client(sources, state, outside), today)
        try:
            return fetching.run(addresses, report)
        finally:
            write_state(inbox, state, outside.clock.now())


class _Fetching:
    """One run."""

    def __init__(self, folder: Path, sources: Sources, client: Client, today: date) -> None:
        self._folder, self._client, self._today = folder, client, today
        self._limits = sources.limits
        self._ports = {port for source in sources.source for port in source.ports}
        self._known = _read_index(folder)
        self._failures: Counter[str] = Counter()

    def run(self, addresses: Iterable[str], report: Callable[[str], None]) -> dict[str, Page]:
        pages: dict[str, Page] = {}
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
                pages |= _waiting(queues.pop(host), page.problem)
            elif not queues[host]:
                del queues[host]
        for queue in queues.values():
            pages |= _waiting(queue, f"{self._limits.per_run} pages were asked in this run")
        return pages

    def _fetch(self, address: str, host: str) -> Page:
        try:
            answer = self._client.fetch(
                address, accepted=tuple(SUFFIXES), max_bytes=self._limits.report_bytes, ports=self._ports
            )
        except PostponedError as error:
            return Page(address, problem=str(error), waits=True)
        except FailedError as error:
            self._failures[host] += 1
            return Page(address, problem=str(error))  # it may be better tomorrow, or in an hour: not noted
        except CollectError as error:
            return self._note(address, Fetched(day=self._today, problem=str(error)))
        name = sha256(answer.body).hexdigest() + SUFFIXES[answer.content_type]
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f"new-{name}"
        beside.write_bytes(answer.body)
        beside.replace(self._folder / name)
        return self._note(address, Fetched(day=self._today, file=name, final=answer.place.url))

    def _note(self, address: str, fetched: Fetched) -> Page:
        self._known[address] = fetched
        write_json(self._folder / _INDEX, self._known)
        return self._page(address, fetched)

    def _page(self, address: str, fetched: Fetched) -> Page:
        path = self._folder / fetched.file if fetched.file else None
        return Page(address, path, fetched.final, fetched.problem)


def _waiting(addresses: Iterable[str], why: str | None) -> dict[str, Page]:
    return {address: Page(address, problem=why, waits=True) for address in addresses}


def _read_index(folder: Path) -> dict[str, Fetched]:
    """What was fetched before; a damaged index is begun anew, its pages are fetched again."""
    try:
        known = msgspec.json.decode((folder / _INDEX).read_bytes(), type=dict[str, Fetched])
    except (FileNotFoundError, msgspec.ValidationError, msgspec.DecodeError):
        return {}
    return {url: each for url, each in known.items() if each.file is None or (folder / each.file).is_file()}
