"""Servers and a relay on loopback, and the digest that goes to them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dashboards.digest import delivery
from dashboards.digest.channel import Channel
from dashboards.digest.delivery import ChannelOutcome, Unsure
from dashboards.digest.entries import Digest, DigestEntry
from dashboards.digest.http_out import HttpOut
from dashboards.digest.mail import Mail
from dashboards.queries.view import View
from pipelines.core.situation import DigestMail
from pipelines.intake.crawler.source_list import RequestLimits
from tests.dashboards.digest.relay import Relay
from tests.pipelines.intake.crawler.server import FakeClock, Server, reply

TOKEN = "12345:" + "-".join(("of", "nobody"))
SENDING = f"/bot{TOKEN}/sendMessage"
TAKEN = reply('{"ok": true, "result": {}}', "application/json")
TO = "list@lists.example.org"


def entry(number: int, sentence: str = "Según La Lista, 601 personas.") -> DigestEntry:
    return DigestEntry(
        f"urn:{number}", "new", date(2026, 2, 15), "La Lista", f"{number}. {sentence}", "", "", ""
    )


def make_digest(view: View, *entries: DigestEntry) -> Digest:
    return Digest(view, date(2026, 2, 1), date(2026, 2, 28), entries)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    running = Relay()
    yield running
    running.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def out(clock: FakeClock) -> HttpOut:
    limits = RequestLimits(connect_seconds=1, read_seconds=1, total_seconds=1)
    return HttpOut(clock=clock, limits=limits)


def mail(relay: Relay) -> Mail:
    settings = DigestMail(relay=relay.address, to=TO, sender="digest@example.org")
    return Mail(settings, seconds=2)


def send(digest: Digest, channel: Channel, folder: Path, unsure: Unsure | None = None) -> ChannelOutcome:
    (outcome,) = delivery.send_digest(digest, [channel], folder, unsure)
    return outcome
