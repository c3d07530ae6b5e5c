"""A webhook on loopback is told once, under a key and a signature, whatever its server does."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from dashboards.digest import sent
from dashboards.digest.channel import ChannelError
from dashboards.digest.delivery import ChannelOutcome
from dashboards.digest.http_out import find_addresses, read_place
from dashboards.digest.webhook import Webhook
from dashboards.queries.view import View
from tests.dashboards.digest.conftest import entry, make_digest, out, send
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    FakeClock,
    Server,
    drip_headers,
    hang_up,
    in_turn,
    status,
)


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


def test_another_machine_is_told_over_tls_only() -> None:
    for address in ("203.0.113.9", "10.0.0.1"):
        with pytest.raises(ChannelError, match="https only"):
            find_addresses(read_place("http://localhost/x"), lambda *_, found=address: [found])
    assert find_addresses(read_place("https://a.example/x"), lambda *_: ["203.0.113.9"]) == ["203.0.113.9"]
    with pytest.raises(ChannelError, match="no server's address"):
        find_addresses(read_place("https://a.example/x"), lambda *_: ["169.254.1.1"])
