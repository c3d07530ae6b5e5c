"""One source: what it lists now, which of it is worth fetching, and the day that a page itself states."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import lxml.html
from lxml import etree

from pipelines.intake.crawler import feed_reader
from pipelines.intake.crawler.address_guard import join, parse_place, strip_tracking
from pipelines.intake.crawler.crawl_state import (
    CollectError,
    CrawlState,
    PostponedError,
    RefusedError,
    Seen,
    SourceState,
    Validators,
)
from pipelines.intake.crawler.feed_reader import Feed, FeedEntry, read_hour
from pipelines.intake.crawler.http_transfer import HttpAnswer
from pipelines.intake.crawler.polite_client import Client
from pipelines.intake.crawler.source_list import RequestLimits, Source, find_silence_limit

TYPES: Final = ("text/html", "application/xhtml+xml")
_PUBLISHED: Final = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished']/@datetime",
    "//meta[@name='DC.date.issued' or @name='dcterms.issued']/@content",
)
_ELSEWHERE: Final = "it stands on another site, {}; where that is right, list it in `hosts`"
_DEEPEST: Final = 6  # levels of JSON-LD that are searched


def read_links(content: bytes, *, base: str, pattern: str) -> list[FeedEntry]:
    """The links of a page whose whole address matches a regular expression, each once, in page order.

    Raises RefusedError when the page is no HTML.
    """
    page = parse_html(content)
    if page is None:
        raise RefusedError("the index page is no HTML")
    base = join(base, next(iter(page.xpath("//base/@href")), ""))
    found: dict[str, str] = {}
    for link in page.iter("a"):
        url = join(base, link.get("href", "").strip()).partition("#")[0]
        if re.fullmatch(pattern, url):
            found[url] = f"{found.get(url, '')} {' '.join(link.text_content().split())}".strip()
    return [FeedEntry(url, words=words) for url, words in found.items()]


def read_published(content: bytes, zone: tzinfo) -> datetime | None:
    """When the page says it was published: its meta tags, else its JSON-LD. None where it does not say."""
    page = parse_html(content)
    if page is None:
        return None
    written = [*(text for path in _PUBLISHED for text in page.xpath(path)), *_read_json_ld(page)]
    return next((hour for text in written if (hour := read_hour(text, zone)) is not None), None)


def read_language(content: bytes) -> str | None:
    """The language that the page declares, without its country."""
    page = parse_html(content)
    declared = page.xpath("string(/html/@lang)") if page is not None else ""
    return declared.partition("-")[0].strip().lower() or None


def parse_html(content: bytes) -> Any:
    """The root of a page; None where it is no HTML."""
    try:
        parser = lxml.html.HTMLParser(huge_tree=False, no_network=True)
        return lxml.html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _read_json_ld(page: Any) -> Iterator[str]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            yield from _find_dates(json.loads(script), _DEEPEST)
        except (ValueError, RecursionError):
            continue  # a page's broken script is no reason to doubt its text


def _find_dates(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        if isinstance(value.get("datePublished"), str):
            yield value["datePublished"]
        for part in value.values():
            yield from _find_dates(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            yield from _find_dates(part, depth - 1)


_SLACK: Final = timedelta(minutes=10)  # how far a publisher's clock may be ahead of ours


@dataclass
class SourceOutcome:
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
    problems: dict[str, int] = field(default_factory=dict)  # reason → entries that did not yield a document
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

    def count_problem(self, problem: Exception) -> None:
        """One more entry that did not yield a document, under the reason."""
        self.problems[str(problem)] = self.problems.get(str(problem), 0) + 1


@dataclass(frozen=True)
class Task:
    """An entry to fetch, under the address that it is known by."""

    source: Source
    entry: FeedEntry
    url: str
    host: str


@dataclass(frozen=True)
class ListedSource:
    """A source's entries, and the validators to keep once all of them are dealt with."""

    feed: Feed
    validators: Validators


def list_source(
    client: Client, source: Source, known: Validators, limits: RequestLimits, zone: tzinfo
) -> ListedSource | None:
    """What the source lists; None where the server says that nothing changed. Raises CollectError."""
    if source.kind == "pages":
        return ListedSource(Feed([FeedEntry(url) for url in source.pages]), Validators())
    assert source.url is not None
    answer = client.fetch(
        source.url,
        accepted=feed_reader.TYPES if source.kind == "feed" else TYPES,
        max_bytes=limits.feed_bytes,
        ports=source.ports,
        validators=known,
        stays_on=source.is_own_host,
    )
    if answer.status == 304:
        return None
    if source.kind == "feed":
        return ListedSource(
            feed_reader.parse_feed(answer.body, base=answer.place.url, zone=zone), read_validators(answer)
        )
    entries = read_links(answer.body, base=answer.place.url, pattern=source.links or "")
    if not entries:
        raise RefusedError("no link of the page matches `links`; its markup may have changed")
    return ListedSource(Feed(entries), read_validators(answer))


def read_validators(answer: HttpAnswer) -> Validators:
    """What to ask this address with next time."""
    return Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))


def choose(
    source: Source, entries: list[FeedEntry], state: CrawlState, outcome: SourceOutcome, now: datetime
) -> list[Task]:
    """The entries to fetch, in their order; every other one is counted with its reason in the outcome.

    Notes in the state that each was listed, and when the source last showed something new.
    """
    outcome.listed = len(entries)
    tasks: dict[str, Task] = {}
    for entry in entries:
        try:
            place = parse_place(entry.url, source.ports)
        except RefusedError as error:
            outcome.count_problem(error)
            continue
        if source.about and not re.search(source.about, f"{entry.url} {entry.words}", re.IGNORECASE):
            outcome.off_subject += 1
            continue
        if not source.is_own_host(place.host):
            outcome.count_problem(RefusedError(_ELSEWHERE.format(place.host)))
            continue
        url = strip_tracking(place.url)
        seen = state.seen.get(url)
        _note_newest(state.listings[source.name], entry, seen, source, now)
        if entry.published is not None and now - entry.published > timedelta(days=source.max_age_days):
            outcome.too_old += 1
        elif url in tasks or (seen is not None and _is_done(source, entry, seen, now)):
            outcome.known += 1
        else:
            tasks[url] = Task(source, entry, url, place.host)
        if seen is not None:
            seen.listed = now
    return list(tasks.values())


def _is_done(source: Source, entry: FeedEntry, seen: Seen, now: datetime) -> bool:
    """Whether it is not to be asked now: all is said of it, or its turn comes later (`second_look`)."""
    later = seen.settled or (seen.due is not None and seen.due > now)
    return source.kind != "pages" and later and entry.stamp in {None, seen.stamp}


def parse_task_host(url: str, source: Source) -> str:
    """The host of an address that was asked before."""
    return parse_place(url, source.ports).host


def _note_newest(
    listing: SourceState, entry: FeedEntry, seen: Seen | None, source: Source, now: datetime
) -> None:
    """A feed's entries carry their hour; an index's count when first seen; pages when they change."""
    hour = entry.published if entry.published is not None else now if seen is None else None
    if source.kind != "pages" and hour is not None and hour <= now + _SLACK:
        listing.last_new = max(filter(None, (listing.last_new, hour)))


def judge_silence(source: Source, listing: SourceState, outcome: SourceOutcome, now: datetime) -> None:
    """Days without anything new, against the source's rhythm."""
    quiet = now - (listing.last_new or listing.since)
    limit = find_silence_limit(source)
    outcome.silent_days = max(0, quiet.days)
    outcome.rhythm_days = source.rhythm_days
    outcome.silent = limit is not None and quiet > limit


def note_trouble(outcome: SourceOutcome, error: CollectError) -> None:
    """The source itself was not read."""
    outcome.reason = str(error)
    if isinstance(error, PostponedError):
        outcome.state = "postponed"
    else:
        outcome.state = "refused" if isinstance(error, RefusedError) else "failed"


def drop_future_hour(hour: datetime | None, now: datetime) -> datetime | None:
    """A date from the future is a slip, and no date."""
    return hour if hour is not None and hour <= now + _SLACK else None
