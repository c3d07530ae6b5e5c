"""One run of the crawler over a situation's sources: list, fetch, keep, read, queue, and say so.

The network is only touched in `transfer`; every address it connects to went through `addresses` first.
"""

import fcntl
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pipelines.core import private_files
from pipelines.intake.crawler import second_look, source_listing
from pipelines.intake.crawler.crawl_state import (
    CollectError,
    CrawlState,
    FailedError,
    PostponedError,
    RefusedError,
    Seen,
    SourceState,
    Validators,
    read_state,
    write_state,
)
from pipelines.intake.crawler.http_transfer import HttpAnswer
from pipelines.intake.crawler.polite_client import Client, Clock, Outside
from pipelines.intake.crawler.report_archive import SUFFIXES, Archive, Carrier
from pipelines.intake.crawler.report_reading import ReadingContext, ReprintGroups, queue_new
from pipelines.intake.crawler.source_list import (
    FILE,
    RequestLimits,
    Source,
    Sources,
    SourcesError,
    read_sources,
)
from pipelines.intake.crawler.source_listing import (
    SourceOutcome,
    Task,
    choose,
    drop_future_hour,
    judge_silence,
    list_source,
    note_trouble,
    read_validators,
)
from pipelines.intake.crawler.warc_file import keep_warc

_FAILURES: Final = 3  # addresses of one host that may fail in one run before the host is left alone


@dataclass
class Fetcher:
    """Fetches tasks. `outcomes` are counted up, by source name."""

    client: Client
    archive: Archive
    state: CrawlState
    limits: RequestLimits
    clock: Clock
    zone: tzinfo
    outcomes: dict[str, SourceOutcome]
    save: Callable[[], None]  # what is known so far; called after each document
    _failures: Counter[str] = field(default_factory=Counter)

    def run(self, tasks: list[Task]) -> None:
        """Fetch in the order in which hosts become ready; what cannot be had now is counted as waiting."""
        queues: dict[str, deque[Task]] = {}
        for task in tasks:
            queues.setdefault(task.host, deque()).append(task)
        left = self.limits.per_run
        while queues and left:
            host = min(queues, key=self.client.pace.ready)
            left -= 1
            going = self._fetch(queues[host].popleft())
            self.save()
            if not going:
                self._leave(queues.pop(host))
            elif not queues[host]:
                del queues[host]
        for queue in queues.values():
            self._leave(queue)

    def _leave(self, queue: deque[Task]) -> None:
        for task in queue:
            self.outcomes[task.source.name].waiting += 1

    def _fetch(self, task: Task) -> bool:
        """One document. False: leave its host alone for this run."""
        outcome = self.outcomes[task.source.name]
        now = self.clock.now()
        seen = self.state.seen.setdefault(task.url, Seen(listed=now))
        if seen.stamp != task.entry.stamp:
            seen.got = seen.failing_since = None
        seen.source, seen.published, seen.language = (
            task.source.name,
            task.entry.published,
            task.entry.language,
        )
        try:
            answer = self.client.fetch(
                task.url,
                accepted=tuple(SUFFIXES),
                max_bytes=self.limits.report_bytes,
                ports=task.source.ports,
                validators=seen.validators if seen.sha256 else None,
                stays_on=task.source.is_own_host,
            )
            if answer.status == 304:
                outcome.known += 1
            elif self._is_known(seen, answer):
                outcome.known += 1
                seen.validators = read_validators(answer)
            else:
                self._keep(task, answer, seen, outcome)
        except (RefusedError, FailedError) as error:
            return self._note_trouble(task, seen, outcome, error)
        except PostponedError as error:
            outcome.waiting += 1
            outcome.reason = outcome.reason or str(error)
            return False
        seen.stamp, seen.problem = task.entry.stamp, None
        second_look.plan_look(seen, self.clock.now())
        if task.source.kind == "pages":
            seen.due = None  # asked in every run anyway
        return True

    def _note_trouble(
        self, task: Task, seen: Seen, outcome: SourceOutcome, error: RefusedError | FailedError
    ) -> bool:
        """It is tried again later, or given up. False: leave its host alone for this run."""
        outcome.count_problem(error)
        seen.stamp = task.entry.stamp
        if not second_look.plan_retry(seen, error, self.clock.now()):
            seen.problem, seen.due = f"given up: {error}", None
        if isinstance(error, RefusedError):
            return True
        outcome.waiting += seen.due is not None
        self._failures[task.host] += 1
        return self._failures[task.host] < _FAILURES

    def _is_known(self, seen: Seen, answer: HttpAnswer) -> bool:
        """Whether it says no number that the document kept last did not say."""
        kept = self.archive.find(seen.sha256) if seen.sha256 else None
        if kept is None or kept.content_type != answer.content_type:
            return False
        known = self.archive.path(kept)
        return known.is_file() and not second_look.adds_figures(
            known.read_bytes(), answer.body, answer.content_type
        )

    def _keep(self, task: Task, answer: HttpAnswer, seen: Seen, outcome: SourceOutcome) -> None:
        carrier = self._carrier(task, answer)
        if task.source.kind == "pages":
            carrier.after = seen.sha256
        language = task.entry.language or task.source.language
        if language is None and answer.content_type in source_listing.TYPES:
            language = source_listing.read_language(answer.body)
        report, is_new = self.archive.keep(answer.body, answer.content_type, carrier, language)
        keep_warc(self.archive.folder.parent, answer, carrier.retrieved)
        outcome.fetched += 1
        if is_new:
            outcome.new_reports += 1
            outcome.undated += report.published is None
            if task.source.kind == "pages":
                self.state.listings[task.source.name].last_new = carrier.retrieved
        seen.sha256 = report.sha256
        seen.validators = read_validators(answer)

    def _carrier(self, task: Task, answer: HttpAnswer) -> Carrier:
        now = self.clock.now()
        hour, basis = self._published(task, answer, now)
        local = hour.astimezone(self.zone) if hour is not None else None
        return Carrier(
            source=task.source.name,
            publisher=task.source.publisher,
            url=task.url,
            final_url=answer.place.url,
            retrieved=now.astimezone(self.zone),
            published=local.date() if local is not None else None,
            published_at=local if basis != "retrieved" else None,
            published_from=basis,
        )

    def _published(self, task: Task, answer: HttpAnswer, now: datetime) -> tuple[datetime | None, str | None]:
        """The feed's date, else the page's own, else the day it was got where the source allows that."""
        hour = drop_future_hour(task.entry.published, now)
        if hour is not None:
            return hour, "feed"
        if answer.content_type in source_listing.TYPES:
            hour = drop_future_hour(source_listing.read_published(answer.body, self.zone), now)
            if hour is not None:
                return hour, "page"
        return (now, "retrieved") if task.source.undated == "retrieved" else (None, None)


class BusyError(CollectError):
    """Another run is collecting for the same situation."""


@dataclass
class CrawlOutcome:
    """What one run did."""

    situation: str
    dry_run: bool
    outcomes: list[SourceOutcome]
    unreadable: dict[str, str] = field(default_factory=dict)  # file → why no claim could be read from it

    @property
    def queued(self) -> int:
        """Claims put into the queue."""
        return sum(outcome.queued for outcome in self.outcomes)


def collect(
    desk: ReadingContext, *, only: str | None = None, dry_run: bool = False, outside: Outside | None = None
) -> CrawlOutcome:
    """Collect for one situation. A source in trouble is told in its outcome and stops no other.

    `only` names one source. With `dry_run` sources are listed, and nothing is fetched, kept or noted.
    Raises SourcesError, StateError, ArchiveError, BusyError.
    """
    outside = outside or Outside()
    sources = read_sources(desk.folder)
    chosen = _choose_sources(desk.folder, sources, only)
    inbox = desk.folder / "inbox"
    if dry_run:
        run = _Run(desk, sources, chosen, read_state(inbox), outside)
        for task in run.list_all(conditional=False):
            run.outcomes[task.source.name].waiting += 1
        return run.told(dry_run=True, unreadable={})
    with lock_inbox(inbox):
        run = _Run(desk, sources, chosen, read_state(inbox), outside)
        try:
            run.fetch(run.list_all(conditional=True))
        finally:
            run.save()
        return run.told(dry_run=False, unreadable=run.read())


class _Run:
    """What the steps of one run share."""

    def __init__(
        self,
        desk: ReadingContext,
        sources: Sources,
        chosen: list[Source],
        state: CrawlState,
        outside: Outside,
    ) -> None:
        self.state = state
        self.outcomes = {source.name: SourceOutcome(source.name, source.publisher) for source in chosen}
        self._desk = desk
        self._limits = sources.limits
        self._chosen = chosen
        self._clock = outside.clock
        self._zone = ZoneInfo(desk.situation.timezone)
        self._client = Client(sources, state, outside)
        self._inbox = desk.folder / "inbox"
        self._archive = Archive(self._inbox / "reports")
        self._validators: dict[str, Validators] = {}

    def list_all(self, *, conditional: bool) -> list[Task]:
        """Ask every source what it lists; the entries to fetch, each address once."""
        tasks: dict[str, Task] = {}
        for source in self._chosen:
            now = self._clock.now()
            listing = self.state.listings.setdefault(source.name, SourceState(since=now))
            outcome = self.outcomes[source.name]
            known = listing.validators if conditional else Validators()
            try:
                listed = list_source(self._client, source, known, self._limits, self._zone)
            except CollectError as error:
                note_trouble(outcome, error)
                if conditional:
                    self.save()  # a pause that a host asked for outlives a run that is killed
                continue
            listing.last_success = now
            if listed is None:
                outcome.state = "unchanged"
                continue
            outcome.fault = listed.feed.fault
            self._validators[source.name] = listed.validators
            for task in choose(source, listed.feed.entries, self.state, outcome, now):
                if tasks.setdefault(task.url, task) is not task:
                    outcome.known += 1
        for task in second_look.list_due(self.state, self._chosen, self._clock.now()):
            tasks.setdefault(task.url, task)
        return list(tasks.values())

    def save(self) -> None:
        """Write down what the next run is to know, as far as this one has come."""
        write_state(self._inbox, self.state, self._clock.now())

    def fetch(self, tasks: list[Task]) -> None:
        """Fetch and keep. A source whose entries are not all dealt with is read in full again next time."""
        Fetcher(
            self._client,
            self._archive,
            self.state,
            self._limits,
            self._clock,
            self._zone,
            self.outcomes,
            self.save,
        ).run(tasks)
        for name, validators in self._validators.items():
            whole = not self.outcomes[name].waiting
            self.state.listings[name].validators = validators if whole else Validators()

    def read(self) -> dict[str, str]:
        """Place what is new under its origin, read it and queue its claims; file → why it was unreadable."""
        origins = ReprintGroups(self._archive)
        placed = origins.place_new()
        read = queue_new(origins, self._desk, self._archive)
        for report in placed:
            if report.source in self.outcomes and report.origin != report.sha256:
                self.outcomes[report.source].reprints += 1
        for report in read:
            if report.source in self.outcomes:
                self.outcomes[report.source].queued += report.queued
        return {report.file: report.problem for report in [*placed, *read] if report.problem is not None}

    def told(self, *, dry_run: bool, unreadable: dict[str, str]) -> CrawlOutcome:
        """The outcome of each source, silence judged."""
        now = self._clock.now()
        for source in self._chosen:
            judge_silence(source, self.state.listings[source.name], self.outcomes[source.name], now)
        return CrawlOutcome(self._desk.folder.name, dry_run, list(self.outcomes.values()), unreadable)


def _choose_sources(folder: Path, sources: Sources, only: str | None) -> list[Source]:
    """The sources that are switched on, or the named one."""
    if only is None:
        return sources.asked
    named = [source for source in sources.source if source.name == only]
    if not named:
        names = ", ".join(source.name for source in sources.source) or "none"
        raise SourcesError(f"{folder / FILE}: no source {only!r}; there are: {names}")
    if not named[0].enabled:
        raise SourcesError(
            f"{folder / FILE}: source {only!r} is switched off; take its line `enabled = false` away"
        )
    return [source for source in named if source in sources.asked]


@contextmanager
def lock_inbox(inbox: Path) -> Iterator[None]:
    """One run at a time for one situation: a timer may fire while the last run still waits for a host."""
    private_files.make_folder(inbox)
    with private_files.open_private(inbox / "collect.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{inbox}: another run is collecting here; nothing was done") from error
        yield
