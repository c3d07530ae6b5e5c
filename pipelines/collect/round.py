"""One run of the collector over a situation's sources: list, fetch, compare, read, queue, and tell."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.collect.archive import Archive
from pipelines.collect.client import Client, Outside
from pipelines.collect.errors import CollectError
from pipelines.collect.fetching import Fetching
from pipelines.collect.listing import Outcome, Task, choose, judge_silence, list_source, note_trouble
from pipelines.collect.origins import Origins
from pipelines.collect.reading import Desk, queue_new
from pipelines.collect.sources import FILE, Source, Sources, SourcesError, read_sources
from pipelines.collect.state import Listing, State, Validators, read_state, write_state


class BusyError(CollectError):
    """Another run is collecting for the same situation."""


@dataclass
class Round:
    """What one run did."""

    situation: str
    dry_run: bool
    outcomes: list[Outcome]
    unreadable: dict[str, str] = field(default_factory=dict)  # file → why no claim could be read from it

    @property
    def queued(self) -> int:
        """Claims put into the queue."""
        return sum(outcome.queued for outcome in self.outcomes)


def collect(
    desk: Desk, *, only: str | None = None, dry_run: bool = False, outside: Outside | None = None
) -> Round:
    """Collect for one situation. A source in trouble is told in its outcome and stops no other.

    `only` names one source. With `dry_run` sources are listed, and nothing is fetched, kept or noted.
    Raises SourcesError, StateError, ArchiveError, BusyError.
    """
    outside = outside or Outside()
    sources = read_sources(desk.folder)
    chosen = _chosen(desk.folder, sources.source, only)
    inbox = desk.folder / "inbox"
    if dry_run:
        run = _Run(desk, sources, chosen, read_state(inbox), outside)
        for task in run.list_all(conditional=False):
            run.outcomes[task.source.name].waiting += 1
        return run.told(dry_run=True, unreadable={})
    with alone(inbox):
        run = _Run(desk, sources, chosen, read_state(inbox), outside)
        try:
            run.fetch(run.list_all(conditional=True))
        finally:
            write_state(inbox, run.state, outside.clock.now())
        return run.told(dry_run=False, unreadable=run.read())


class _Run:
    """What the steps of one run share."""

    def __init__(
        self, desk: Desk, sources: Sources, chosen: list[Source], state: State, outside: Outside
    ) -> None:
        self.state = state
        self.outcomes = {source.name: Outcome(source.name, source.publisher) for source in chosen}
        self._desk = desk
        self._limits = sources.limits
        self._chosen = chosen
        self._clock = outside.clock
        self._zone = ZoneInfo(desk.situation.timezone)
        self._client = Client(sources, state, outside)
        self._archive = Archive(desk.folder / "inbox" / "reports")
        self._validators: dict[str, Validators] = {}

    def list_all(self, *, conditional: bool) -> list[Task]:
        """Ask every source what it lists; the entries to fetch, each address once."""
        tasks: dict[str, Task] = {}
        for source in self._chosen:
            now = self._clock.now()
            listing = self.state.listings.setdefault(source.name, Listing(since=now))
            outcome = self.outcomes[source.name]
            known = listing.validators if conditional else Validators()
            try:
                listed = list_source(self._client, source, known, self._limits, self._zone)
            except CollectError as error:
                note_trouble(outcome, error)
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
        return list(tasks.values())

    def fetch(self, tasks: list[Task]) -> None:
        """Fetch and keep. A source whose entries are not all dealt with is read in full again next time."""
        Fetching(
            self._client, self._archive, self.state, self._limits, self._clock, self._zone, self.outcomes
        ).run(tasks)
        for name, validators in self._validators.items():
            whole = not self.outcomes[name].waiting
            self.state.listings[name].validators = validators if whole else Validators()

    def read(self) -> dict[str, str]:
        """Place what is new under its origin, read it and queue its claims; file → why it was unreadable."""
        origins = Origins(self._archive)
        placed = origins.place_new()
        read = queue_new(origins, self._desk, self._archive)
        for report in placed:
            if report.source in self.outcomes and report.origin != report.sha256:
                self.outcomes[report.source].reprints += 1
        for report in read:
            if report.source in self.outcomes:
                self.outcomes[report.source].queued += report.queued
        return {report.file: report.problem for report in [*placed, *read] if report.problem is not None}

    def told(self, *, dry_run: bool, unreadable: dict[str, str]) -> Round:
        """The outcome of each source, silence judged."""
        now = self._clock.now()
        for source in self._chosen:
            judge_silence(source, self.state.listings[source.name], self.outcomes[source.name], now)
        return Round(self._desk.folder.name, dry_run, list(self.outcomes.values()), unreadable)


def _chosen(folder: Path, sources: list[Source], only: str | None) -> list[Source]:
    """The enabled sources, or the named one."""
    if only is None:
        return [source for source in sources if source.enabled]
    named = [source for source in sources if source.name == only]
    if not named:
        raise SourcesError(
            f"{folder / FILE}: no source {only!r}; there are: {', '.join(s.name for s in sources) or 'none'}"
        )
    if not named[0].enabled:
        raise SourcesError(f"{folder / FILE}: source {only!r} is not enabled; set `enabled = true`")
    return named


@contextmanager
def alone(inbox: Path) -> Iterator[None]:
    """One run at a time for one situation: a timer may fire while the last run still waits for a host."""
    inbox.mkdir(exist_ok=True)
    with (inbox / "collect.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{inbox}: another run is collecting here; nothing was done") from error
        yield
