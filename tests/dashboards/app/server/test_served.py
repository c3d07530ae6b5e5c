"""The app as it is served, over real sockets: what it answers, what it refuses, and its headers."""

import asyncio
import contextlib
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboards.app.server import embed_pages
from tests.conftest import TODAY
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published
from tests.programs import App, free_port, run_apart, run_app

SESSIONS = 6  # and so two of one address
IDLE_SECONDS = 4
SAFE = {
    "content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options",
    "x-frame-options", "cross-origin-opener-policy",
}  # fmt: skip


class Served(NamedTuple):
    app: App
    data: Path
    metrics: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root, port = tmp_path_factory.mktemp("served") / "data", free_port()
    settings = {
        "LIBEROMETRO_SESSIONS": str(SESSIONS),
        "LIBEROMETRO_IDLE_SECONDS": str(IDLE_SECONDS),
        "LIBEROMETRO_METRICS_PORT": str(port),
        "LIBEROMETRO_TODAY": TODAY.isoformat(),
        "LIBEROMETRO_OLDEST_BUILD_DAYS": "36500",
        "LIBEROMETRO_KEEP_BROWSER": "no",
    }
    with published(root, figures()), run_app(root, **settings) as app:
        yield Served(app, root, port)


class Answer(NamedTuple):
    code: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): each for name, each in headers.items()}
        )
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def find_script(served: Served) -> str:
    found = re.search(r'src="\./(static/js/[^"]+)"', ask(served.app.port, "/").body.decode())
    assert found is not None
    return "/" + found[1]


def test_every_answer_carries_every_header(served: Served) -> None:
    paths = [
        "/", "/progress", "/overview", "/nowhere", "/nothing.txt", "/static/none.js", find_script(served),
        "/assets/x/y", "/figures/x", "/file/islandia/es/held.csv", "/file/islandia/es/x.csv", "/healthz",
        "/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/a", "/media/none", "/component/none",
        "/c/es/islandia/held", "/card/islandia/es/none.png", "/embed/v1/embed.js", "/oembed", "/llms.txt",
        "/embed/es/islandia/none", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fapp.py", "//evil.example/",
    ]  # fmt: skip
    for path in paths:
        found = ask(served.app.port, path)
        assert {name.lower() for name in found.headers} >= SAFE, path
        assert len(found.headers.get_all("Content-Security-Policy", [])) == 1, path
        assert "frame-ancestors" in found.headers["Content-Security-Policy"], path
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        found = ask(served.app.port, "/", method)
        assert (found.code, {name.lower() for name in found.headers} >= SAFE) == (405, True), method


def test_only_a_page_made_for_it_may_be_framed_by_anybody(served: Served) -> None:
    found = ask(served.app.port, "/embed/es/islandia/held")
    assert found.code == 200
    assert found.headers["X-Frame-Options"] is None
    assert {name.lower() for name in found.headers} >= SAFE - {"x-frame-options"}
    assert found.headers.get_all("Content-Security-Policy", []) == [embed_pages.make_policy()]


def test_no_session_is_run_for_the_cards_of_a_crowd(served: Served) -> None:
    """Two hundred addresses that nobody made ahead, of one visitor: all are answered, and soon."""
    begun = time.monotonic()
    paths = [f"/?known=2026-01-{1 + n % 31:02}&lang={('es', 'en', 'pt')[n % 3]}" for n in range(200)]
    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda path: ask(served.app.port, path, X_Forwarded_For="192.0.2.77"), paths))
    assert {answer.code for answer in found} == {200}
    assert all(b"<title>" in answer.body for answer in found)
    assert time.monotonic() - begun < 30
    assert ask(served.app.port, "/").code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_nothing_can_be_uploaded(served: Served, method: str) -> None:
    for path in (
        "/_stcore/upload_file/x/y",
        "/_stcore/upload_file",
        "/%5fstcore/upload_file/x/y",
        "/_STCORE/upload_file/x",
    ):
        assert ask(
            served.app.port, path, method, b"x" * 10_000 if method in ("POST", "PUT") else None
        ).code in (404, 405)


@pytest.mark.parametrize(
    "path",
    [
        "metrics",
        "agent/openapi.json",
        "agent/mcp",
        "agent/interact",
        "script-health-check",
        "bidi-components/x",
    ],
)
def test_what_no_reader_needs_of_streamlit_is_not_there(served: Served, path: str) -> None:
    assert ask(served.app.port, f"/_stcore/{path}").code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "localhost@evil.example"]
)
def test_another_name_is_answered_nothing(served: Served, host: str) -> None:
    for path in ("/", "/file/islandia/es/held.csv", "/healthz", "/_stcore/health"):
        assert ask(served.app.port, path, Host=host).code == 421
    for own in ("localhost", "localhost:1", "127.0.0.1", "[::1]:8501"):
        assert ask(served.app.port, "/_stcore/health", Host=own).code == 200


def test_it_listens_on_this_machine_only(served: Served) -> None:
    listening = [
        line.split()[1].split(":")
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    for port in (served.app.port, served.metrics):
        assert {address for address, at in listening if int(at, 16) == port} == {"0100007F"}


def test_metrics_are_told_on_their_own_port_and_nowhere_else(served: Served) -> None:
    ask(served.app.port, "/file/islandia/es/gaps.csv")
    told = ask(served.metrics, "/metrics").body.decode()
    for name in (
        'requests_total{code="200",kind="file"}', "work_seconds_count", "cache_bytes", "sessions",
        "build_age_seconds", "data_age_seconds", "rows_pending", "disk_free_bytes", "healthy 1.0",
    ):  # fmt: skip
        assert f"liberometro_{name}" in told, name
    rules = (Path(__file__).parents[4] / "docs" / "alerts.yml").read_text("utf-8")
    watched = set(re.findall(r"\b(?:liberometro|process)_[a-z_]+", rules))
    assert len(watched) == 11
    assert [name for name in watched if name not in told] == []
    for path in ("/metrics", "/_stcore/metrics", "/metrics/"):
        assert b"liberometro_requests" not in ask(served.app.port, path).body


def test_health_tells_the_truth_about_the_build_and_names_no_path(served: Served) -> None:
    good = ask(served.app.port, "/healthz")
    told = json.loads(good.body)
    assert (good.code, told["status"], good.headers["Cache-Control"]) == (200, "ok", "no-store")
    assert told["build"]["readable"]
    assert told["data"]["newest_published"] == "2026-02-15"
    assert told["disk_free_bytes"] > 0
    pointer = served.data / "build" / "current.json"
    build = served.data / "build" / json.loads(pointer.read_bytes())["file"]
    for path in (pointer, build):
        whole = path.read_bytes()
        for damaged in (
            b"",
            whole[: len(whole) // 2],
            whole[:60] + bytes(b ^ 255 for b in whole[60:90]) + whole[90:],
        ):
            path.write_bytes(damaged)
            found = ask(served.app.port, "/healthz")
            assert found.code == 503, (path.name, len(damaged))
            assert found.headers["Retry-After"]
            assert str(served.data).encode() not in found.body
        path.write_bytes(whole)
        assert ask(served.app.port, "/healthz").code == 200


async def open_session(
    port: int, visitor: str, query: str = "", drawn: set[str] | None = None
) -> ClientConnection:
    """A page drawn for a visitor, who stays; `drawn` takes the kinds of elements that it is made of."""
    address, said = f"ws://127.0.0.1:{port}/_stcore/stream", {"X-Forwarded-For": visitor}
    socket = await connect(address, subprotocols=["streamlit"], max_size=None, additional_headers=said)
    wish = BackMsg()
    wish.rerun_script.query_string = query
    await socket.send(wish.SerializeToString())
    answer = ForwardMsg()
    while answer.WhichOneof("type") != "script_finished":
        answer.ParseFromString(await socket.recv())
        if drawn is not None and answer.WhichOneof("type") == "delta":
            drawn.add(str(answer.delta.new_element.WhichOneof("type")))
    return socket


async def hear_the_end(socket: ClientConnection) -> int:
    """The code with which the server ends a session."""
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as ended:
            return 1006 if ended.rcvd is None else ended.rcvd.code


async def find_refusal(port: int, visitor: str) -> Answer:
    with pytest.raises(InvalidStatus) as refused:
        await open_session(port, visitor)
    answer = refused.value.response
    found = http.client.HTTPMessage()
    for name, value in answer.headers.raw_items():
        found[name] = value
    return Answer(answer.status_code, found, answer.body)


def test_sessions_are_bounded_for_one_address_and_in_all(served: Served) -> None:
    async def crowd() -> None:
        port = served.app.port
        open_ = [await open_session(port, "192.0.2.1") for _ in range(2)]
        assert (await find_refusal(port, "192.0.2.1")).code == 503
        open_ += [await open_session(port, f"192.0.2.{2 + n}") for n in range(SESSIONS - 2)]
        refused = await find_refusal(port, "192.0.2.99")
        assert (refused.code, refused.headers["Retry-After"]) == (503, "60")
        assert {name.lower() for name in refused.headers} >= SAFE
        assert b"too many readers" in refused.body
        assert ask(port, "/").code == 200  # the page itself is still told
        await open_.pop().close()
        await asyncio.sleep(0.2)
        open_.append(await open_session(port, "192.0.2.99"))
        for each in open_:
            await each.close()

    run_apart(crowd())
    time.sleep(0.3)


def test_a_page_that_nobody_touches_is_let_go(served: Served) -> None:
    async def wait() -> None:
        socket = await open_session(served.app.port, "192.0.2.1")
        begun = time.monotonic()
        assert await hear_the_end(socket) == 1001
        assert IDLE_SECONDS - 1 < time.monotonic() - begun < IDLE_SECONDS + 5

    run_apart(wait())


def test_a_message_larger_than_any_of_a_page_ends_the_session(served: Served) -> None:
    async def shout() -> None:
        for size in (2_000_000, 30_000_000):
            socket = await open_session(served.app.port, "192.0.2.1")
            with contextlib.suppress(ConnectionClosed):  # it may be ended while this is still being said
                await socket.send(bytes(size))
            assert await hear_the_end(socket) in (1009, 1006)

    run_apart(shout())


def test_hostile_addresses_of_a_page_are_drawn_in_words(served: Served) -> None:
    async def try_each() -> None:
        for query in (
            "known=0001-01-01",
            "known=9999-12-31",
            "lang=" + "x" * 5_000,
            "situation=%00%ff",
            "known=x&known=y",
        ):
            drawn: set[str] = set()
            socket = await open_session(served.app.port, "192.0.2.1", query, drawn)
            await socket.close()
            assert "html" in drawn, query
            assert "exception" not in drawn, query

    run_apart(try_each())


def test_a_page_elsewhere_cannot_connect_and_is_answered_with_headers(served: Served) -> None:
    key = "GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    key += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: https://evil.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.app.port), timeout=20) as raw:
        raw.sendall(key.encode())
        answer = raw.recv(10_000).decode().lower()
    assert answer.startswith("http/1.1 403")
    assert all(name in answer for name in SAFE)


def test_who_asks_for_too_many_files_at_once_is_told_to_come_again_in_one_line(served: Served) -> None:
    before = len(served.app.log.read_text("utf-8"))
    paths = [f"/file/islandia/es/held.csv?known=2026-01-{day:02}" for day in range(1, 32)]
    with ThreadPoolExecutor(31) as pool:
        found = list(pool.map(lambda path: ask(served.app.port, path, X_Forwarded_For="192.0.2.5"), paths))
    codes = {answer.code for answer in found}
    assert codes == {200, 503}
    refused = [answer for answer in found if answer.code == 503]
    assert all(answer.headers["Retry-After"] == "5" for answer in refused)
    log = served.app.log.read_text("utf-8")[before:]
    assert log.count("refused: files") == len(refused)
    assert "Traceback" not in log
