"""A relay on loopback gets mails with both forms, its password behind TLS alone."""

import ssl
import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from dashboards.digest.channel import ChannelError, Message
from dashboards.digest.delivery import ChannelOutcome
from dashboards.digest.forms import make_line
from dashboards.digest.mail import Mail
from dashboards.queries.view import View
from tests.dashboards.digest.conftest import TO, entry, mail, make_digest, send
from tests.dashboards.digest.relay import Relay
from tests.pipelines.intake.crawler.test_http_transfer import make_certificate

HOSTILE = "</li><script>alert(1)</script>\r\nBcc: all@example.org"


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
