"""A server with a language model may do anything; the run goes on, says so, and takes no harm."""

import gzip
import json
import socket
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.crawler.address_guard import Place
from pipelines.intake.crawler.http_transfer import HttpAnswer
from pipelines.intake.language_model.model_client import (
    Completion,
    ModelClient,
    UnreadableError,
    _read_completion,
)
from pipelines.intake.language_model.settings import ADDRESS, NAME, read_server
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    Server,
    cut_chunks,
    cut_short,
    drip,
    drip_headers,
    endless,
    hang_up,
    in_turn,
    redirect,
    reply,
    status,
)
from tests.pipelines.intake.language_model.conftest import (
    PATH,
    PLAIN,
    PUBLISHED,
    SECRET,
    World,
    claim,
    complete,
)

PATIENT = {"seconds": 4.5, "attempts": 2, "answer_kilobytes": 50}  # a busy machine is no misbehaviour
QUICK = PATIENT | {"seconds": 0.8}  # for what is slow
SLOW = "more than 0.8 seconds"
GOOD = complete({"claims": [claim(1, "444 presos políticos")]})
JSON = "application/json"
BOMB = gzip.compress(b'{"x": "' + b"0" * 30_000_000)
LARGE = "its answer is larger than `answer_kilobytes` allows"
NO_COMPLETION = "what it sends is no chat completion"
SHAPE = "its answer is not of the shape asked for"


def message(**fields: Any) -> Behaviour:
    return reply(json.dumps({"choices": [{"message": fields}]}), JSON)


BAD: dict[str, tuple[Behaviour, str, int]] = {  # what it does, what is said, how often it is asked
    "slow drip": (drip, SLOW, 2),
    "slow headers": (drip_headers, SLOW, 2),
    "endless": (endless, LARGE, 1),
    "gzip bomb": (reply(BOMB, JSON, Content_Encoding="gzip"), LARGE, 1),
    "a large length": (reply(b"x", JSON, Content_Length="9" * 12), LARGE, 1),
    "a length of thousands of digits": (reply(b"x", JSON, Content_Length="9" * 5000), LARGE, 1),
    "no gzip": (reply(b"x", JSON, Content_Encoding="gzip"), "the packed body", 2),
    "another packing": (reply(b"x", JSON, Content_Encoding="br"), "not asked for", 2),
    "cut short": (cut_short, "the connection broke", 2),
    "chunks cut short": (cut_chunks, "the connection broke", 2),
    "hangs up": (hang_up, "the connection broke", 2),
    "500": (status(500), "it answers 500", 2),
    "503": (status(503), "it answers 503", 2),
    "429": (status(429), "it answers 429", 2),
    "429 for a day": (status(429, Retry_After="86400"), "a longer pause than is waited for", 1),
    "400": (status(400), "it answers 400: the question may be too long", 1),
    "401": (status(401), "it answers 401: the key is wrong", 1),
    "404": (status(404), "it answers 404", 1),
    "204": (status(204), "it answers 204", 1),
    "another content type": (reply("{}", "text/html"), "not said to be JSON", 1),
    "no content type": (reply("{}", ""), "not said to be JSON", 1),
    "no JSON": (reply("nothing of the kind", JSON), NO_COMPLETION, 1),
    "no text": (reply(b"\xff\xfe\x00", JSON), NO_COMPLETION, 1),
    "nested": (reply("[" * 40_000, JSON), NO_COMPLETION, 1),
    "another schema": (reply('{"error": {"message": "no"}}', JSON), NO_COMPLETION, 1),
    "no choices": (reply('{"choices": []}', JSON), NO_COMPLETION, 1),
    "refuses in its own field": (message(content=None, refusal="no"), NO_COMPLETION, 1),
    "calls a tool": (message(content=None, tool_calls=[{"id": "1"}]), NO_COMPLETION, 1),
    "tokens below nought": (complete({"claims": []}, usage={"prompt_tokens": -5}), NO_COMPLETION, 1),
    "stopped at the limit": (complete({"claims": []}, finish="length"), "cut off at `answer_tokens`", 1),
    "words for JSON": (complete("I cannot."), SHAPE, 1),
    "JSON of another schema": (complete({"figures": []}), SHAPE, 1),
}


@pytest.mark.parametrize("name", BAD)
def test_a_server_that_misbehaves_gives_no_answer_and_it_is_said_why(name: str, world: World) -> None:
    behaviour, says, times = BAD[name]
    world.settings = QUICK if says == SLOW else PATIENT
    began = time.monotonic()
    asked = world.read(behaviour=behaviour)
    assert time.monotonic() - began < 5
    assert asked.candidates is None
    assert says in (asked.silent or "")
    assert world.server.count(PATH) == times == asked.costs.requests
    assert SECRET not in (asked.silent or "")


@pytest.mark.parametrize(
    "first",
    [status(500), status(429, Retry_After="7"), hang_up, drip, cut_short],
    ids=["500", "429", "hangs up", "slow", "cut"],
)
def test_a_passing_trouble_is_waited_out(first: Behaviour, world: World) -> None:
    world.settings = QUICK if first is drip else PATIENT
    asked = world.read(behaviour=in_turn(first, GOOD))
    assert [each.value for each in asked.candidates or []] == [444]
    assert asked.costs.requests == 2
    (pause,) = world.clock.slept
    assert 2 <= pause <= 7


def test_a_pause_that_is_asked_for_is_kept(world: World) -> None:
    world.settings = PATIENT
    world.read(behaviour=in_turn(status(429, Retry_After="7"), GOOD))
    assert world.clock.slept == [7]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(code: int, world: World) -> None:
    elsewhere = Server()
    try:
        world.server.paths["/here"] = GOOD
        for url in (f"{elsewhere.url}{PATH}", f"{world.server.url}/here"):
            asked = world.read(behaviour=redirect(url, code))
            assert asked.silent == f"it redirects ({code}), which is not followed"
        assert elsewhere.asked == []
        assert world.server.count("/here") == 0
    finally:
        elsewhere.close()


def test_no_proxy_of_the_environment_is_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Server()
    try:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert world.read(behaviour=GOOD).candidates
        assert proxy.asked == []
    finally:
        proxy.close()


def test_where_nothing_listens_it_is_said(world: World) -> None:
    world.settings = PATIENT
    reader = world.reader()
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        reader.client.server = read_server(world.islandia[0], {ADDRESS: url, NAME: "small"})
        asked = reader.read(PLAIN, PUBLISHED)
    assert asked.silent == "no connection: NewConnectionError"


def test_after_three_texts_without_an_answer_the_server_is_left_alone(world: World) -> None:
    world.settings = PATIENT | {"attempts": 1}
    world.server.paths[PATH] = status(500)
    reader = world.reader()
    said = [reader.read(PLAIN, PUBLISHED).silent for _ in range(5)]
    assert said == ["it answers 500"] * 3 + ["not asked: 3 texts got no answer"] * 2
    assert world.server.count(PATH) == 3
    assert (reader.costs.texts, reader.costs.requests, reader.costs.answers) == (3, 3, 0)


def test_a_text_without_numbers_or_too_long_is_not_sent(world: World) -> None:
    world.settings = {"text_letters": 100}
    assert world.read("Vigilia pide que los dejen salir.", GOOD).candidates == []
    assert "longer than `text_letters`" in (world.read("Vigilia cuenta 7 presos. " * 9).silent or "")
    assert world.server.asked == []


ENVELOPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "usage", "prompt_tokens", "finish_reason"])
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(st.binary(max_size=100) | ENVELOPES.map(lambda each: json.dumps(each).encode()))
@settings(max_examples=150, deadline=None)
def test_any_body_is_a_completion_or_named_as_none(body: bytes) -> None:
    place = Place("http://127.0.0.1/v1", "http", "127.0.0.1", 80, "/v1")
    try:
        read = _read_completion(HttpAnswer(place, 200, {"content-type": JSON}, body))
    except UnreadableError:
        return
    assert isinstance(read, Completion)


def test_what_was_asked_and_answered_is_counted(world: World) -> None:
    world.server.paths[PATH] = GOOD
    reader = world.reader()
    reader.read(PLAIN, PUBLISHED)
    asked = reader.read(PLAIN, PUBLISHED)
    assert (asked.costs.tokens_in, asked.costs.tokens_out, asked.costs.untold) == (1200, 80, 0)
    assert (reader.costs.texts, reader.costs.requests) == (2, 2)
    assert (reader.costs.tokens_in, reader.costs.tokens_out) == (2400, 160)
    assert reader.costs.price(reader.client.server.settings) is None
    world.settings = {"price_in": 2.0, "price_out": 10.0}
    assert reader.costs.price(world.model_server.settings) == pytest.approx(0.0064)


def test_tokens_that_are_not_told_are_not_nought(world: World) -> None:
    world.settings = {"price_in": 2.0, "price_out": 10.0}
    asked = world.read(behaviour=complete({"claims": []}, usage={}))
    assert asked.costs.untold == 1
    assert asked.costs.price(world.model_server.settings) is None


def test_the_request_is_what_a_dry_run_shows(world: World) -> None:
    world.server.paths[PATH] = GOOD
    shown = world.reader().show(PLAIN, PUBLISHED)
    assert shown is not None
    assert world.server.asked == []
    world.reader().read(PLAIN, PUBLISHED)
    ((_, headers),) = world.server.asked
    above, _, body = shown.partition("\n\n")
    first, *lines = above.splitlines()
    assert first == f"POST {world.server.url}{PATH}"
    assert body.encode() == world.server.bodies[0]
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert SECRET not in shown
    told = dict(line.split(": ", 1) for line in lines)
    assert told == headers | {"Authorization": "Bearer (the key)"}


def test_the_address_is_checked_again_for_each_request(world: World) -> None:
    world.server.paths[PATH] = status(500)
    answers = iter([["127.0.0.1"], ["192.0.2.7"]])
    client = ModelClient(world.model_server, resolve=lambda *_: next(answers), clock=world.clock)
    with pytest.raises(ValueError, match="another machine"):
        client.ask(b"{}")
    assert world.server.count(PATH) == 1
