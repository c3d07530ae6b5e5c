"""A digest goes to real servers on loopback: each channel once, whatever a server or a killed run does."""

import hashlib
import hmac
import json
import logging
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from dashboards.digest import delivery, sent, telegram
from dashboards.digest.channel import Channel, ChannelError, Message
from dashboards.digest.delivery import ChannelOutcome, Unsure
from dashboards.digest.entries import Digest, DigestEntry
from dashboards.digest.forms import make_line
from dashboards.digest.http_out import HttpOut, find_addresses, read_place
from dashboards.digest.mail import Mail
from dashboards.digest.telegram import Telegram
from dashboards.digest.webhook import Webhook
from dashboards.queries.view import View
from pipelines.core.paths import ROOT
from pipelines.core.situation import DigestChannels, DigestMail, SituationError, read_situation
from pipelines.intake.crawler.source_list import RequestLimits
from tests.conftest import SITUATION
from tests.dashboards.digest.relay import Relay
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    FakeClock,
    Server,
    cut_short,
    drip_headers,
    hang_up,
    in_turn,
    reply,
    status,
)
from tests.pipelines.intake.crawler.test_http_transfer import make_certificate

TOKEN = "12345:" + "-".join(("of", "nobody"))
SENDING = f"/bot{TOKEN}/sendMessage"
TAKEN = reply('{"ok": true, "result": {}}', "application/json")
HOSTILE = "</li><script>alert(1)</script>\r\nBcc: all@example.org"
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


def test_a_webhook_gets_signed_json_once_and_later_only_what_is_new(
    plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    server.paths["/hook"] = status(204)
    hook = Webhook(f"{server.url}/hook", "secret", out(clock))
    digest = make_digest(plain_view, entry(1), entry(2))
    assert send(digest, hook, tmp_path) == ChannelOutcome(hook.name, 2, 1)
    assert send(digest, hook, tmp_path) == ChannelOutcome(hook.name)
    (body,) = server.bodies
    headers = server.asked[0][1]
    signed = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Liberometro-Signature"] == f"sha256={signed}"
    assert [each["id"] for each in json.loads(body)["entries"]] == ["urn:1", "urn:2"]
    send(make_digest(plain_view, entry(1), entry(3)), hook, tmp_path)
    assert [each["id"] for each in json.loads(server.bodies[1])["entries"]] == ["urn:3"]
    assert server.asked[1][1]["Idempotency-Key"] != headers["Idempotency-Key"]
    assert (tmp_path / sent.FILE).stat().st_mode & 0o777 == 0o600
    assert server.url not in (tmp_path / sent.FILE).read_text()


@pytest.mark.parametrize(
    "trouble",
    [status(500), drip_headers, hang_up, status(429, Retry_After="7")],
    ids=["500", "slow", "hangs up", "429"],
)
def test_a_webhook_in_trouble_is_told_again_under_the_same_key(
    trouble: Behaviour, plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    server.paths["/hook"] = in_turn(trouble, status(200))
    hook = Webhook(f"{server.url}/hook", None, out(clock))
    assert send(make_digest(plain_view, entry(1)), hook, tmp_path).trouble == ""
    first, second = (headers["Idempotency-Key"] for _, headers in server.asked)
    assert first == second
    assert clock.slept in ([2.0], [7.0])


def test_what_is_unsure_goes_to_a_webhook_as_the_very_message_that_it_was(
    plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    hook = Webhook(f"{server.url}/hook", None, out(clock))
    server.paths["/hook"] = hang_up
    failed = send(make_digest(plain_view, entry(1)), hook, tmp_path)
    assert failed.unsure == 1
    server.paths["/hook"] = status(200)
    done = send(make_digest(plain_view, entry(1), entry(2)), hook, tmp_path)
    assert (done.entries, done.messages, done.unsure) == (2, 2, 0)
    keys = [headers["Idempotency-Key"] for _, headers in server.asked]
    assert len(set(keys[:4])) == 1
    assert keys[4] != keys[0]


@pytest.mark.parametrize(("code", "said"), [(302, "redirects"), (404, "404"), (410, "410")])
def test_a_refusal_is_told_once_and_left_for_the_next_run(
    code: int, said: str, plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    server.paths["/secret-path"] = status(code, Location=f"{server.url}/else")
    hook = Webhook(f"{server.url}/secret-path", None, out(clock))
    outcome = send(make_digest(plain_view, entry(1)), hook, tmp_path)
    assert said in outcome.trouble
    assert "secret-path" not in f"{outcome} {hook!r}"
    assert (outcome.unsure, len(server.asked)) == (0, 1)


def test_telegram_is_told_in_messages_that_part_between_entries(
    plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    server.paths[SENDING] = in_turn(status(429, Retry_After="9"), TAKEN)
    digest = make_digest(plain_view, *(entry(n, "😀" * 700) for n in range(9)), entry(9, "x" * 9000))
    outcome = send(digest, Telegram("@canal", TOKEN, server.url, out(clock)), tmp_path)
    assert (outcome.entries, outcome.trouble, clock.slept) == (10, "", [9.0])
    said = [json.loads(body) for body in server.bodies[1:]]
    assert len(said) == outcome.messages > 3
    assert {each["chat_id"] for each in said} == {"@canal"}
    assert all(telegram.count_units(each["text"]) <= telegram.LONGEST for each in said)
    assert sum(each["text"].count("•") for each in said) == 10
    assert "parse_mode" not in said[0]


@pytest.mark.parametrize(
    "trouble", [status(502), cut_short, hang_up, reply("{}")], ids=["502", "cut", "hangs up", "else"]
)
def test_telegram_never_gets_by_itself_what_it_may_have_got(
    trouble: Behaviour, plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    digest = make_digest(plain_view, entry(1))
    channel = Telegram("@canal", TOKEN, server.url, out(clock))
    server.paths[SENDING] = in_turn(trouble, TAKEN)
    assert send(digest, channel, tmp_path).unsure == 1
    later = send(make_digest(plain_view, entry(1), entry(2)), channel, tmp_path)
    assert (later.entries, later.unsure) == (1, 1)
    assert len(server.asked) == 2
    assert send(digest, channel, tmp_path, "again").entries == 1
    assert send(digest, channel, tmp_path, "again") == ChannelOutcome(channel.name)
    assert len(server.asked) == 3


def test_a_person_who_saw_the_message_says_so_and_it_is_not_sent(
    plain_view: View, server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    channel = Telegram("@canal", TOKEN, server.url, out(clock))
    server.paths[SENDING] = hang_up
    send(make_digest(plain_view, entry(1)), channel, tmp_path)
    assert send(make_digest(plain_view, entry(1)), channel, tmp_path, "sent").unsure == 0
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_the_token_is_shown_nowhere(
    code: int,
    plain_view: View,
    server: Server,
    clock: FakeClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.paths[SENDING] = status(code)
    channel = Telegram("@canal", TOKEN, server.url, out(clock))
    outcome = send(make_digest(plain_view, entry(1)), channel, tmp_path)
    assert str(code) in outcome.trouble
    assert outcome.unsure == 0
    assert TOKEN not in f"{outcome} {channel!r} {caplog.text} {(tmp_path / sent.FILE).read_text()}"
    bad = replace(channel, token="1/../2")
    assert "no token" in send(make_digest(plain_view, entry(1)), bad, tmp_path).trouble


def test_a_mail_has_both_forms_and_no_header_of_a_stranger(
    plain_view: View, relay: Relay, tmp_path: Path
) -> None:
    assert make_line(HOSTILE) == "</li><script>alert(1)</script> Bcc: all@example.org"
    digest = make_digest(plain_view, entry(1, HOSTILE + " señal"))
    outcome = send(digest, mail(relay), tmp_path)
    assert (outcome.entries, outcome.trouble) == (1, "")
    (raw,) = relay.mails
    assert raw.isascii()
    got = message_from_bytes(raw, policy=default)
    assert (got["To"], got["Bcc"], got["Auto-Submitted"]) == (TO, None, "auto-generated")
    assert got["List-Id"] == "<islandia.digest.example.org>"
    plain, page = (part.get_content() for part in got.iter_parts())
    assert "señal" in plain
    assert "señal" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert not any("localhost" in line for line in relay.said)
    assert send(digest, mail(relay), tmp_path) == ChannelOutcome(f"mail {TO}")


@pytest.mark.parametrize(
    ("refuse", "unsure"),
    [
        ({"RCPT": "550 nobody"}, 0),
        ({"MAIL": "451 later"}, 0),
        ({"DATA": "554 no"}, 0),
        ({"EHLO": None}, 0),
        ({"AFTER": None}, 1),
    ],
)
def test_a_relay_that_refuses_has_got_nothing_and_one_that_hangs_up_may_have(
    refuse: dict[str, str | None], unsure: int, plain_view: View, relay: Relay, tmp_path: Path
) -> None:
    relay.refuse = refuse
    outcome = send(make_digest(plain_view, entry(1)), mail(relay), tmp_path)
    assert (outcome.entries, outcome.unsure) == (0, unsure)
    assert outcome.trouble
    relay.refuse = {}
    again = send(make_digest(plain_view, entry(1)), mail(relay), tmp_path)
    assert again.entries == 1 - unsure
    assert len(relay.mails) == 1


def test_a_password_goes_to_a_relay_behind_tls_alone(
    plain_view: View, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.digest.mail.is_loopback", lambda _: False)
    relay_of = msgspec.structs.replace(
        mail(relay).settings, relay=relay.address.replace("127.0.0.1", "localhost")
    )
    own = replace(mail(relay), settings=relay_of, password="hidden")
    digest = make_digest(plain_view, entry(1))
    assert "offers no STARTTLS" in send(digest, own, tmp_path).trouble
    key, certificate = make_certificate("localhost")
    (tmp_path / "pair.pem").write_bytes(key + certificate)
    relay.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    relay.tls.load_cert_chain(tmp_path / "pair.pem")
    refused = send(digest, own, tmp_path)
    assert "certificate is not valid" in refused.trouble
    assert refused.unsure == 0
    assert not any(line.startswith(("AUTH", "MAIL")) for line in relay.said)
    known = replace(own, tls=ssl.create_default_context(cadata=certificate.decode()))
    assert send(digest, known, tmp_path).entries == 1
    spoken = [line.split()[0].lower() for line in relay.said]
    assert spoken.index("hidden") < spoken.index("auth") < spoken.index("mail")
    assert "hidden" not in repr(known)


def test_a_relay_that_drips_behind_tls_is_hung_up_on(relay: Relay, tmp_path: Path) -> None:
    key, certificate = make_certificate("localhost")
    (tmp_path / "pair.pem").write_bytes(key + certificate)
    relay.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    relay.tls.load_cert_chain(tmp_path / "pair.pem")
    relay.drips = "MAIL"
    settings = msgspec.structs.replace(
        mail(relay).settings, relay=relay.address.replace("127.0.0.1", "localhost")
    )
    own = Mail(settings, tls=ssl.create_default_context(cadata=certificate.decode()), seconds=2)
    begun = time.monotonic()
    with pytest.raises(ChannelError):
        own.send(Message("key", ("id",), b"Subject: x\r\n\r\nx"))
    assert time.monotonic() - begun < 30  # it drips for a minute
    assert "hidden" in relay.said


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


def test_another_machine_is_told_over_tls_only() -> None:
    for address in ("203.0.113.9", "10.0.0.1"):
        with pytest.raises(ChannelError, match="https only"):
            find_addresses(read_place("http://localhost/x"), lambda *_, found=address: [found])
    assert find_addresses(read_place("https://a.example/x"), lambda *_: ["203.0.113.9"]) == ["203.0.113.9"]
    with pytest.raises(ChannelError, match="no server's address"):
        find_addresses(read_place("https://a.example/x"), lambda *_: ["169.254.1.1"])


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
