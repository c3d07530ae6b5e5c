"""A Telegram channel on loopback never gets a message twice by itself, and nobody sees the token."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.digest import sent, telegram
from dashboards.digest.delivery import ChannelOutcome
from dashboards.digest.telegram import Telegram
from dashboards.queries.view import View
from tests.dashboards.digest.conftest import SENDING, TAKEN, TOKEN, entry, make_digest, out, send
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    FakeClock,
    Server,
    cut_short,
    hang_up,
    in_turn,
    reply,
    status,
)


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
    "trouble",
    [status(502), cut_short, hang_up, reply("{}")],
    ids=["502", "cut", "hangs up", "else"],
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
