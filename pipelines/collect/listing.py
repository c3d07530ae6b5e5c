"""One source: what it lists now, and which of it is worth fetching."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final

from pipelines.collect import feeds, pages
from pipelines.collect.addresses import parse_place, same_article
from pipelines.collect.client import Client
from pipelines.collect.errors import CollectError, PostponedError, RefusedError
from pipelines.collect.feeds import Entry, Feed
from pipelines.collect.sources import Limits, Source, silent_after
from pipelines.collect.state import Listing, Seen, State, Validators
from pipelines.collect.transfer import Answer

_SLACK: Final = timedelta(minutes=10)  # how far a publisher's clock may be ahead of ours


@dataclass
class Outcome:
    """What became of one source in one run. Counts are of entries unless said otherwise."""

    source: str
    publisher: str
    state: str = "read"  # "read", "unchanged", "failed", "refused" or "postponed"
    reason: str | None = None  # why it was not read
    fault: str | None = None  # what the parser stepped over
    listed: int = 0
    off_subject: int = 0
    too_old: int = 0
    known: int = 0
    fetched: int = 0  # documents got
    waiting: int = 0  # left for a later run
    problems: Counter[str] = field(default_factory=Counter)  # reason → entries that did not yield a document
    new_reports: int = 0
    reprints: int = 0  # new reports whose text stood in an earlier one
    undated: int = 0  # new reports without a day, which wait for a person
    queued: int = 0  # claims
    silent_days: int | None = None  # since its newest entry
    rhythm_days: int | None = None
    silent: bool = False  # for more than twice its rhythm

    @property
    def failed(self) -> bool:
        """Whether the source itself could not be read."""
        return self.state in {"failed", "refused"}


@dataclass(frozen=True)
class Task:
    """An entry to fetch, under the address that it is known by."""

    source: Source
    entry: Entry
    url: str
    host: str


@dataclass(frozen=True)
class Listed:
    """A source's entries, and the validators to keep once all of them are dealt with."""

    feed: Feed
    validators: Validators


def list_source(
    client: Client, source: Source, known: Validators, limits: Limits, zone: tzinfo
) -> Listed | None:
    """What the source lists; None where the server says that nothing changed. Raises CollectError."""
    if source.kind == "pages":
        return Listed(Feed([Entry(url) for url in source.pages]), Validators())
    assert source.url is not None
    answer = client.fetch(
        source.url,
        accepted=feeds.TYPES if source.kind == "feed" else pages.TYPES,
        max_bytes=limits.feed_bytes,
        ports=source.ports,
        validators=known,
    )
    if answer.status == 304:
        return None
    if source.kind == "feed":
        return Listed(feeds.parse_feed(answer.body, base=answer.place.url, zone=zone), validators_of(answer))
    entries = pages.read_links(answer.body, base=answer.place.url, pattern=source.links or "")
    return Listed(Feed(entries), validators_of(answer))


def validators_of(answer: Answer) -> Validators:
    """What to ask this address with next time."""
    return Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))


def choose(source: Source, entries: list[Entry], state: State, outcome: Outcome, now: datetime) -> list[Task]:
    """The entries to fetch, in their order; every other one is counted with its reason in the outcome.

    Notes in the state that each was listed, and when the source last showed something new.
    """
    outcome.listed = len(entries)
    tasks: dict[str, Task] = {}
    for entry in entries:
        try:
            place = parse_place(entry.url, source.ports)
        except RefusedError as error:
            outcome.problems[str(error)] += 1
            continue
        if source.about and not re.search(source.about, f"{entry.url} {entry.words}", re.IGNORECASE):
            outcome.off_subject += 1
            continue
        url = same_article(place.url)
        seen = state.seen.get(url)
        _note_newest(state.listings[source.name], entry, seen, source, now)
        if entry.published is not None and now - entry.published > timedelta(days=source.max_age_days):
            outcome.too_old += 1
        elif url in tasks or (seen is not None and _is_done(source, entry, seen)):
            outcome.known += 1
        else:
            tasks[url] = Task(source, entry, url, place.host)
        if seen is not None:
            seen.listed = now
    return list(tasks.values())


def _is_done(source: Source, entry: Entry, seen: Seen) -> bool:
    return source.kind != "pages" and seen.settled and entry.stamp in {None, seen.stamp}


def _note_newest(listing: Listing, entry: Entry, seen: Seen | None, source: Source, now: datetime) -> None:
    """A feed's entries carry their hour; an index's count when first seen; pages when they change."""
    hour = entry.published if entry.published is not None else now if seen is None else None
    if source.kind != "pages" and hour is not None and hour <= now + _SLACK:
        listing.last_new = max(filter(None, (listing.last_new, hour)))


def judge_silence(source: Source, listing: Listing, outcome: Outcome, now: datetime) -> None:
    """Days without anything new, against the source's rhythm."""
    quiet = now - (listing.last_new or listing.since)
    limit = silent_after(source)
    outcome.silent_days = max(0, quiet.days)
    outcome.rhythm_days = source.rhythm_days
    outcome.silent = limit is not None and quiet > limit


def note_trouble(outcome: Outcome, error: CollectError) -> None:
    """The source itself was not read."""
    outcome.reason = str(error)
    if isinstance(error, PostponedError):
        outcome.state = "postponed"
    else:
        outcome.state = "refused" if isinstance(error, RefusedError) else "failed"


def believed(hour: datetime | None, now: datetime) -> datetime | None:
    """A date from the future is a slip, and no date."""
    return hour if hour is not None and hour <= now + _SLACK else None
