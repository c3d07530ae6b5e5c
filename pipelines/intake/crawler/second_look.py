"""When an address is asked again: one that failed or was refused, and one that may since have been edited.

A page that was hacked, cut short or wrong on the day it came out is mended a day or two later, and few feeds
say so.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from pipelines.intake.crawler.crawl_state import CrawlState, RefusedError, RobotsError, Seen
from pipelines.intake.crawler.feed_reader import FeedEntry
from pipelines.intake.crawler.report_reading import find_runs
from pipelines.intake.crawler.source_list import Source
from pipelines.intake.crawler.source_listing import TYPES, Task, parse_html, parse_task_host

_DAY: Final = timedelta(hours=23)  # a run that starts at the same hour finds it due
_LOOKS: Final = tuple(_DAY + timedelta(days=days) for days in (0, 1, 3, 6))  # after it was first got
_PATIENT: Final = timedelta(days=2)  # so long a failing address is asked in every run, then once a day
_GIVEN_UP: Final = timedelta(days=10)
_SKIPPED: Final = ("script", "style", "noscript", "template", "head")


def plan_look(seen: Seen, now: datetime) -> None:
    """After a document was got: when to look whether it still says so."""
    seen.got = seen.got or now
    seen.failing_since = None
    seen.due = next((hour for look in _LOOKS if (hour := seen.got + look) > now), None)


def plan_retry(seen: Seen, error: Exception, now: datetime) -> bool:
    """After trouble: when to try again. False: it has been in trouble for so long that it is given up.

    What a server said no to is tried once a day. What robots.txt forbids is tried in every run: to know that
    costs no request.
    """
    seen.failing_since = seen.failing_since or now
    age = now - seen.failing_since
    refused = isinstance(error, RefusedError) and not isinstance(error, RobotsError)
    failing_long = age > _PATIENT and not isinstance(error, RobotsError)
    seen.due = now + _DAY if refused or failing_long else now
    return age < _GIVEN_UP


def list_due(state: CrawlState, sources: list[Source], now: datetime) -> list[Task]:
    """What is to be asked again now, whether or not its source still lists it."""
    by_name = {source.name: source for source in sources}
    return [
        Task(
            by_name[seen.source],
            FeedEntry(url, seen.published, seen.stamp, seen.language),
            url,
            parse_task_host(url, by_name[seen.source]),
        )
        for url, seen in state.seen.items()
        if seen.due is not None and seen.due <= now and seen.source in by_name
    ]


def adds_figures(known: bytes, fresh: bytes, content_type: str) -> bool:
    """Whether a document says a number, or says it in words, that it did not say when it was last kept.

    Of pages the visible text is compared; any other kind of document adds something when a byte differs.
    """
    if known == fresh or content_type not in TYPES:
        return known != fresh
    before, after = (find_runs(_read_visible_words(content)) for content in (known, fresh))
    return any(figures - {""} - before.get(run, frozenset()) for run, figures in after.items())


def _read_visible_words(content: bytes) -> str:
    page: Any = parse_html(content)
    if page is None:
        return ""
    for hidden in list(page.iter(*_SKIPPED)):
        hidden.drop_tree()
    return " ".join(page.itertext())
