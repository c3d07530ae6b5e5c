"""The documents of one run: taken host by host as each becomes ready, kept, and noted in the state."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from pipelines.collect import pages
from pipelines.collect.archive import SUFFIXES, Archive, Carrier
from pipelines.collect.client import Client
from pipelines.collect.errors import FailedError, PostponedError, RefusedError
from pipelines.collect.listing import Outcome, Task, believed, validators_of
from pipelines.collect.pace import Clock
from pipelines.collect.sources import Limits
from pipelines.collect.state import Seen, State
from pipelines.collect.transfer import Answer

_RUNS: Final = 5  # runs in which an address may fail before it is given up
_FAILURES: Final = 3  # addresses of one host that may fail in one run before the host is left alone


@dataclass
class Fetching:
    """Fetches tasks. `outcomes` are counted up, by source name."""

    client: Client
    archive: Archive
    state: State
    limits: Limits
    clock: Clock
    zone: tzinfo
    outcomes: dict[str, Outcome]
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
            if not self._fetch(queues[host].popleft()):
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
        try:
            answer = self.client.fetch(
                task.url,
                accepted=tuple(SUFFIXES),
                max_bytes=self.limits.report_bytes,
                ports=task.source.ports,
                validators=seen.validators if seen.sha256 else None,
            )
            if answer.status == 304:
                outcome.known += 1
            else:
                self._keep(task, answer, seen, outcome)
        except RefusedError as error:
            self._settle(seen, task, str(error))
            outcome.problems[str(error)] += 1
        except FailedError as error:
            return self._note_failure(task, seen, outcome, error)
        except PostponedError as error:
            outcome.waiting += 1
            outcome.reason = outcome.reason or str(error)
            return False
        seen.stamp = task.entry.stamp
        return True

    def _note_failure(self, task: Task, seen: Seen, outcome: Outcome, error: FailedError) -> bool:
        outcome.problems[str(error)] += 1
        seen.attempts += 1
        if seen.attempts >= _RUNS:
            self._settle(seen, task, f"given up after {seen.attempts} runs: {error}")
        else:
            outcome.waiting += 1
        self._failures[task.host] += 1
        return self._failures[task.host] < _FAILURES

    def _settle(self, seen: Seen, task: Task, problem: str) -> None:
        seen.problem = problem
        seen.stamp = task.entry.stamp

    def _keep(self, task: Task, answer: Answer, seen: Seen, outcome: Outcome) -> None:
        carrier = self._carrier(task, answer)
        language = task.entry.language or task.source.language
        if language is None and answer.content_type in pages.TYPES:
            language = pages.read_language(answer.body)
        report, is_new = self.archive.keep(answer.body, answer.content_type, carrier, language)
        outcome.fetched += 1
        if is_new:
            outcome.new_reports += 1
            outcome.undated += report.published is None
            if task.source.kind == "pages":
                self.state.listings[task.source.name].last_new = carrier.retrieved
        seen.sha256, seen.problem, seen.attempts = report.sha256, None, 0
        seen.validators = validators_of(answer)

    def _carrier(self, task: Task, answer: Answer) -> Carrier:
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

    def _published(self, task: Task, answer: Answer, now: datetime) -> tuple[datetime | None, str | None]:
        """The feed's date, else the page's own, else the day it was got where the source allows that."""
        hour = believed(task.entry.published, now)
        if hour is not None:
            return hour, "feed"
        if answer.content_type in pages.TYPES:
            hour = believed(pages.read_published(answer.body, self.zone), now)
            if hour is not None:
                return hour, "page"
        return (now, "retrieved") if task.source.undated == "retrieved" else (None, None)
