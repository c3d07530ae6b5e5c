"""Every channel that is named is told on its own, gone on with after a kill, and refused where misnamed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.digest import delivery, sent
from dashboards.digest.telegram import Telegram
from dashboards.digest.webhook import Webhook
from dashboards.queries.view import View
from pipelines.core.paths import ROOT
from pipelines.core.situation import DigestChannels, DigestMail, SituationError, read_situation
from tests.conftest import SITUATION
from tests.dashboards.digest.conftest import SENDING, TAKEN, TO, TOKEN, entry, mail, make_digest, out, send
from tests.dashboards.digest.relay import Relay
from tests.pipelines.intake.crawler.server import FakeClock, Server, status


def test_one_channel_that_fails_does_not_stop_the_others(
    plain_view: View, server: Server, relay: Relay, clock: FakeClock, tmp_path: Path
) -> None:
    digest = make_digest(plain_view, entry(1))
    channels = [Webhook(f"{server.url}/none", None, out(clock)), mail(relay)]
    first, second = delivery.send_digest(digest, channels, tmp_path)
    assert (first.entries, second.entries) == (0, 1)
    server.paths["/none"] = status(200)
    first, second = delivery.send_digest(digest, channels, tmp_path)
    assert (first.entries, second.entries) == (1, 0)


def test_two_runs_do_not_send_at_once_and_a_damaged_state_sends_nothing(
    plain_view: View, relay: Relay, tmp_path: Path
) -> None:
    digest = make_digest(plain_view, entry(1))
    with sent.lock(tmp_path), pytest.raises(sent.SentError, match="another run"):
        send(digest, mail(relay), tmp_path)
    (tmp_path / sent.FILE).write_text('{"channels": {')
    with pytest.raises(sent.SentError, match="nobody knows"):
        send(digest, mail(relay), tmp_path)
    assert relay.said == []


KILLED = """
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from dashboards.digest import delivery
from dashboards.digest.channel import Message

class Slow:
    name, repeats = "telegram @canal", False
    def make_messages(self, digest):
        return [Message(each.id, (each.id,), b"") for each in digest.entries]
    def send(self, message):
        if message.key == "urn:2":
            print("sending", flush=True)
            sys.stdin.read()

from dashboards.digest.entries import Digest, DigestEntry
entries = tuple(DigestEntry(f"urn:{n}", "new", date(2026, 2, 15), "", "", "", "", "") for n in (1, 2, 3))
list(delivery.send_digest(Digest(None, date.min, date.max, entries), [Slow()], Path(sys.argv[1])))
"""


def test_a_killed_run_is_gone_on_with_and_what_was_on_its_way_is_unsure(
    plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "sending\n"
        os.kill(run.pid, signal.SIGKILL)
    server.paths[SENDING] = TAKEN
    digest = make_digest(plain_view, entry(1), entry(2), entry(3))
    outcome = send(digest, Telegram("@canal", TOKEN, server.url, out(clock)), tmp_path)
    assert (outcome.entries, outcome.unsure) == (1, 1)
    (body,) = server.bodies
    assert "3. Según" in json.loads(body)["text"]


@pytest.mark.parametrize(
    "line",
    [
        'webhook = "http://hooks.example.org/x"',
        'webhook = "http://localhost.evil.example/x"',
        'webhook = "https://a.example/x\\nB: c"',
        'telegram = "someone"',
        'mail = { relay = "a.example", from = "a@b.example", to = "c@d.example" }',
        'mail = { relay = "a.example:25", from = "a@b.example", to = "c@d.example, e@f.example" }',
        'mail = { relay = "a.example:25", from = "a@b.example\\r\\nBcc: x@y.example", to = "c@d.example" }',
        'readers = ["a@b.example"]',
    ],
)
def test_a_channel_that_is_written_wrongly_is_refused_with_its_key(line: str, tmp_path: Path) -> None:
    folder = tmp_path / "islandia"
    folder.mkdir()
    (folder / "situation.toml").write_text(f"{SITUATION}\n[digest]\n{line}\n", encoding="utf-8")
    with pytest.raises(SituationError, match=r"digest|readers"):
        read_situation(folder)


def test_a_password_goes_only_where_the_environment_says(plain_view: View) -> None:
    settings = DigestMail(relay="a.example:25", to=TO, sender="a@b.example")
    situation = type("S", (), {"digest": DigestChannels(mail=settings)})()
    with pytest.raises(delivery.NoChannelError, match="only where the environment says"):
        delivery.list_channels(situation, {"LIBEROMETRO_MAIL_PASSWORD": "x"})
    said = {"LIBEROMETRO_MAIL_PASSWORD": "hidden", "LIBEROMETRO_MAIL_RELAY": "mine.example:465"}
    (channel,) = delivery.list_channels(situation, said)
    assert "hidden" not in repr(channel)
    assert "mine.example:465" in repr(channel)
    with pytest.raises(delivery.NoChannelError, match="not repeated"):
        delivery.list_channels(plain_view.situation, {"LIBEROMETRO_WEBHOOK_ADDRESS": "http://a.example/k"})
    with pytest.raises(delivery.NoChannelError, match="no channel is named"):
        delivery.list_channels(plain_view.situation, {})
