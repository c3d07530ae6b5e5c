"""One run that asks a public archive for copies of cited documents that have none, and notes those it gets.

What was asked stands in `inbox/archive.json` before it is sent, so a run that was stopped goes on where it
was, and no address is asked twice for the same bytes on one day.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core.paths import DataDir
from pipelines.core.situation import read_situation
from pipelines.intake.archiving.capture_service import (
    ArchivePlace,
    CaptureService,
    Copy,
    NotCopiedError,
    StopError,
    find_archive,
)
from pipelines.intake.archiving.read_documents import list_cited, read_noted
from pipelines.intake.crawler.address_guard import is_public, parse_place
from pipelines.intake.crawler.crawl import lock_inbox
from pipelines.intake.crawler.crawl_state import (
    FailedError,
    RefusedError,
    StateError,
    StateStruct,
    read_state,
    write_json,
    write_state,
)
from pipelines.intake.crawler.polite_client import Outside
from pipelines.intake.crawler.source_list import FILE, Sources, SourcesError, read_sources
from pipelines.intake.inbox import INBOX
from pipelines.sheets import archived_copies, verifications

ASKED: Final = f"{INBOX}/archive.json"
_DAYS: Final = 3  # days on which a document is asked for before it is given up
_FAILURES: Final = 3  # answers in a row that are none, before the archive is left alone
_PAUSE: Final = timedelta(seconds=5)  # before what is at work is asked after once more
_REMEMBERED: Final = timedelta(hours=1)  # for so long the archive knows a job
_INSIDE: Final = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home", ".onion")

Report = Callable[[str], None]


class Asked(StateStruct):
    """What was asked of the archive about one address, and what came of it."""

    hour: datetime  # when it was last asked
    day: date  # the same, in days of this machine
    sha256: str | None = None  # of the bytes that were read when it was asked
    job: str | None = None  # at work, as far as is known
    problem: str | None = None
    days: int = 1  # on which it was asked for these bytes


@dataclass(frozen=True)
class Document:
    """A cited document without a copy, and what is known of it: its last reading."""

    address: str
    retrieved: date | None = None
    sha256: str | None = None
    bytes: int | None = None


@dataclass
class ArchiveOutcome:
    """What one run did. `host` is None where no archive is named: then nothing was asked."""

    situation: str
    host: str | None
    documents: list[str]  # to be asked for, those left over included
    dry_run: bool = False
    copied: int = 0
    pending: int = 0  # the archive is at work on them
    waiting: int = 0  # for a later run
    problems: dict[str, int] = field(default_factory=dict)  # why there is no copy → of how many
    stopped: str | None = None
    requests: int = 0


def ask_for_copies(
    data: DataDir, situation: str, today: date, outside: Outside, *, dry_run: bool, report: Report
) -> ArchiveOutcome:
    """Ask for copies of the documents of a situation that have none; with `dry_run` only list them.

    Raises SourcesError, StateError, BusyError, RowError, NoBuildError.
    """
    folder = data.situation(situation)
    sources = read_sources(folder)
    archive = find_archive(sources)
    documents = _list_documents(data, situation, today)
    if archive is not None:
        _check_host(folder, archive)
    if dry_run or archive is None:
        asked = _read_asked(folder)
        addresses = [each.address for each in documents if _is_due(asked.get(each.address), each, today)]
        return ArchiveOutcome(situation, archive.place.host if archive else None, addresses, dry_run)
    with lock_inbox(folder / INBOX):
        state = read_state(folder / INBOX)
        service = CaptureService(archive, sources, state.not_before, outside)
        run = _Run(data, situation, sources, service, today, outside)
        try:
            return run.run(documents, archive.place.host, report)
        finally:
            write_state(folder / INBOX, state, outside.clock.now())


def _check_host(folder: Path, archive: ArchivePlace) -> None:
    hosts = read_situation(folder).archive_hosts
    if archive.place.host not in hosts:
        raise SourcesError(
            f"{folder / FILE}: [archive] address: copies at {archive.place.host} would not be shown; "
            f"name it in archive_hosts of situation.toml, which are {', '.join(hosts)}"
        )


def _list_documents(data: DataDir, situation: str, today: date) -> list[Document]:
    """Cited documents of the open web without a copy, with what is known of their last reading."""
    folder = data.situation(situation)
    known = read_noted(folder, today)
    read = verifications.read_verifications(folder, today).drop_nulls(["archive", "url"])
    copied = {*known.drop_nulls("archive")["url"], *(url.partition("#")[0] for url in read["url"])}
    columns = ("url", "retrieved", "sha256", "bytes")
    last = {row[0]: Document(*row) for row in known.drop_nulls("sha256").select(columns).iter_rows()}
    return [
        last.get(address, Document(address))
        for address in list_cited(data, situation)
        if address not in copied and _is_open(address)
    ]


def _is_open(address: str) -> bool:
    """Whether an address is a page of the open web, as far as words tell: no front page, no own machine."""
    try:
        place = parse_place(address)
    except RefusedError:
        return False
    if place.path == "/":  # what is left of an address that spells out a small part
        return False
    try:
        ipaddress.ip_address(place.host)
    except ValueError:
        return "." in place.host and not place.host.endswith(_INSIDE)
    return is_public(place.host)


def _is_due(asked: Asked | None, document: Document, today: date) -> bool:
    """Whether a document may be asked for: not for the same bytes on one day, nor on more than some days."""
    if asked is None or asked.sha256 != document.sha256:
        return True
    return asked.day != today and asked.days < _DAYS


class _Run:
    """What the steps of one run share."""

    def __init__(
        self,
        data: DataDir,
        situation: str,
        sources: Sources,
        service: CaptureService,
        today: date,
        outside: Outside,
    ) -> None:
        self._folder = data.situation(situation)
        self._hosts = read_situation(self._folder).archive_hosts
        self._settings, self._service = sources.archive, service
        self._today, self._clock = today, outside.clock
        self._asked = _read_asked(self._folder)
        self._failures = 0

    def run(self, documents: list[Document], host: str, report: Report) -> ArchiveOutcome:
        """Follow what earlier runs began, ask for what is due, then wait a while for what is at work."""
        due = [each for each in documents if _is_due(self._asked.get(each.address), each, self._today)]
        done = ArchiveOutcome(self._folder.name, host, [each.address for each in due])
        at_work = [each for each in documents if self._is_at_work(each)]
        due = [each for each in due if each not in at_work]
        try:
            at_work = self._follow(at_work, done)
            for number, document in enumerate(due[: self._settings.per_run], start=1):
                report(f"asking {host} for a copy, {number} of {min(len(due), self._settings.per_run)}")
                if self._ask(document, done):
                    at_work.append(document)
            until = self._clock.now() + timedelta(seconds=self._settings.wait_seconds)
            while at_work and self._clock.now() < until:
                self._clock.sleep(_PAUSE)
                at_work = self._follow(at_work, done)
        except StopError as error:
            done.stopped = str(error)
        done.pending = sum(self._is_at_work(each) for each in documents)
        done.waiting = sum(_is_due(self._asked.get(each.address), each, self._today) for each in due)
        done.requests = self._service.requests
        return done

    def _is_at_work(self, document: Document) -> bool:
        asked = self._asked.get(document.address)
        if asked is None or asked.job is None:
            return False
        return self._clock.now() - asked.hour < _REMEMBERED

    def _ask(self, document: Document, done: ArchiveOutcome) -> bool:
        """Ask for one copy. True: the archive is at work on it."""
        before = self._asked.get(document.address)
        again = before is not None and before.sha256 == document.sha256
        asked = Asked(
            hour=self._clock.now(),
            day=self._today,
            sha256=document.sha256,
            days=before.days + 1 if before and again else 1,
        )
        self._note(document, asked)  # before it is sent: who is killed meanwhile does not ask again today
        try:
            answer = self._service.ask(document.address)
        except NotCopiedError as error:
            self._settle(document, asked, done, str(error))
        except FailedError as error:
            self._settle(document, asked, done, str(error))
            self._count_failure(error)
        except StopError:  # it says nothing of this document: the day does not count against it
            asked.days -= 1
            self._note(document, asked)
            raise
        else:
            self._failures = 0
            if isinstance(answer, Copy):
                self._keep(document, answer, done)
            else:
                asked.job = answer
                self._note(document, asked)
                return True
        return False

    def _follow(self, documents: list[Document], done: ArchiveOutcome) -> list[Document]:
        """Ask what became of copies that were begun; returns those that are still at work."""
        left = []
        for document in documents:
            asked = self._asked[document.address]
            assert asked.job is not None
            try:
                copy = self._service.follow(asked.job, document.address)
            except NotCopiedError as error:
                self._settle(document, asked, done, str(error))
            except FailedError as error:
                left.append(document)
                self._count_failure(error)
            else:
                self._failures = 0
                if copy is None:
                    left.append(document)
                else:
                    self._keep(document, copy, done)
        return left

    def _count_failure(self, error: FailedError) -> None:
        self._failures += 1
        if self._failures >= _FAILURES:
            raise StopError(f"{error}, and {_FAILURES} times in a row nothing that could be read") from error

    def _settle(self, document: Document, asked: Asked, done: ArchiveOutcome, problem: str) -> None:
        asked.job, asked.problem = None, problem
        self._note(document, asked)
        done.problems[problem] = done.problems.get(problem, 0) + 1

    def _keep(self, document: Document, copy: Copy, done: ArchiveOutcome) -> None:
        """Note a copy in the file that is published."""
        row = {
            "url": document.address,
            "retrieved": document.retrieved,
            "sha256": document.sha256,
            "bytes": document.bytes,
            "archive": copy.address,
            "archived_on": copy.made.astimezone().date(),
        }
        if archived_copies.append(self._folder, [row], self._today, self._hosts):
            self._asked[document.address].job = None
            self._save()
            done.copied += 1
        else:
            self._settle(document, self._asked[document.address], done, "the address of the copy will not do")

    def _note(self, document: Document, asked: Asked) -> None:
        self._asked[document.address] = asked
        self._save()

    def _save(self) -> None:
        write_json(self._folder / ASKED, self._asked)


def _read_asked(folder: Path) -> dict[str, Asked]:
    """What was asked before. Raises StateError where the file is damaged."""
    path = folder / ASKED
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Asked])
    except FileNotFoundError:
        return {}
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise StateError(
            f"{path} is damaged ({error}); delete it: what has a copy is known all the same"
        ) from error
