"""One round of the rehearsal in a process of its own, so that it can be killed: folder, port, hour."""

import sys
from datetime import datetime
from pathlib import Path

from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.crawler.crawl import CrawlOutcome, collect
from pipelines.intake.crawler.polite_client import Outside
from pipelines.intake.crawler.report_reading import ReadingContext
from pipelines.intake.inbox import enqueue
from pipelines.intake.prose.prose_report import read_report
from tests.pipelines.intake.crawler.server import FakeClock


def run_round(folder: Path, outside: Outside) -> CrawlOutcome:
    """Collect with the readers and the queue that are in use."""
    desk = ReadingContext(folder, read_situation(folder), read_organisations(folder), read_report, enqueue)
    return collect(desk, outside=outside)


if __name__ == "__main__":
    clock = FakeClock()
    clock.hour = datetime.fromisoformat(sys.argv[2])
    run_round(
        Path(sys.argv[1]),
        Outside(clock=clock, resolve=lambda *_: ["127.0.0.1"], allow_private=True),
    )
