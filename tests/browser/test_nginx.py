"""The app behind Debian's nginx with docs/nginx.conf: two processes, a real browser, bytes on the wire."""

import re
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import served
from tests.browser.watching import HEADING
from tests.programs import free_port, run_nginx

pytestmark = pytest.mark.browser

CHART = "[data-testid=stMain] .js-plotly-plot .scatterlayer .trace"
FIRST_LOAD_BYTES = 1_500_000
LOGGED = """include /etc/nginx/mime.types;
    log_format route "$route $upstream_addr $request_uri";
"""


class Front(NamedTuple):
    address: str
    log: Path
    processes: set[str]


@pytest.fixture(scope="module")
def front(served_data: Path, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx before two processes of the app."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    here = f"http://127.0.0.1:{port}"
    with served(served_data) as second:
        places = {
            "127.0.0.1:8501": address.removeprefix("http://"),
            "127.0.0.1:8502": second.removeprefix("http://"),
            "listen 80;": f"listen 127.0.0.1:{port};",
            "/var/cache/nginx/liberometro": str(folder / "cache"),
            "access_log off;": f"access_log {folder}/access.log route;",  # to see who answered
        }
        with run_nginx(folder, "nginx.conf", places, f"{here}/_stcore/health", LOGGED):
            yield Front(here, folder / "access.log", {places["127.0.0.1:8501"], places["127.0.0.1:8502"]})


def test_a_first_load_is_light_complete_and_within_the_policy(chromium: Browser, front: Front) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="es-VE")
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    received: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    devtools.on(
        "Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"]))
    )
    page.goto(front.address)
    expect(page.locator(".lm-held .lm-figure")).to_have_text("1.591")
    expect(page.locator(CHART).first).to_be_attached(timeout=20_000)
    page.wait_for_load_state("networkidle")
    assert 500_000 < sum(received) < FIRST_LOAD_BYTES
    assert errors == []
    context.close()


def test_a_reader_stays_with_one_process_and_readers_are_spread(chromium: Browser, front: Front) -> None:
    for _ in range(6):
        context = chromium.new_context(locale="es-VE")
        page = context.new_page()
        page.goto(f"{front.address}/progress")
        expect(page.locator(HEADING)).to_be_visible(timeout=20_000)
        context.close()
    used = defaultdict(set)
    for line in front.log.read_text("utf-8").splitlines():
        route, process, _ = line.split(" ", 2)
        if process != "-":  # nginx's own copy
            used[route].add(process)
    assert {len(processes) for processes in used.values()} == {1}
    assert set().union(*used.values()) == front.processes


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_files_are_kept_for_long_and_compressed_for_who_can_read_it(front: Front, encoding: str) -> None:
    with urllib.request.urlopen(front.address) as answer:
        script = re.search(r'src="\./(assets/\w+/plotly-basic\.min\.js)"', answer.read().decode())
    assert script is not None
    request = urllib.request.Request(f"{front.address}/{script.group(1)}")
    request.add_header("Accept-Encoding", encoding)
    with urllib.request.urlopen(request) as answer:
        size = len(answer.read())
        assert (answer.headers["Content-Encoding"] == "gzip") == (encoding == "gzip")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers or "route=" in answer.headers["Set-Cookie"]
    assert (size < 450_000) == (encoding == "gzip")


SAFE = (
    "Content-Security-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", 200), ("/progress", 200), ("/_stcore/health", 200), ("/nothing-here.txt", 404),
        ("/healthz", 200),
        ("/file/islandia/es/held.csv", 200), ("/file/islandia/es/none.csv", 404), ("/assets/x/y", 404),
        ("/_stcore/upload_file/a/b", 404), ("/_stcore/metrics", 404), ("/_stcore/stream/x", 404),
        ("/figures/none", 404), ("/card/islandia/es/none.png", 404), ("/embed/es/islandia/none", 404),
        ("/embed/v1/embed.js", 200), ("/oembed", 400), ("/llms.txt", 200),
    ],
)  # fmt: skip
def test_every_answer_carries_every_header_once(front: Front, path: str, code: int) -> None:
    found, headers = ask(front.address + path)
    assert found == code
    for name in SAFE:
        assert len(headers.get_all(name, [])) == 1, name
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert "nginx/" not in headers["Server"]


def test_only_what_is_made_for_it_may_be_framed_by_anybody(front: Front) -> None:
    code, headers = ask(front.address + "/embed/es/islandia/held")
    assert (code, headers["X-Frame-Options"]) == (200, None)
    assert len(headers.get_all("Content-Security-Policy", [])) == 1
    assert headers["Content-Security-Policy"].endswith("frame-ancestors *")
    for name in set(SAFE) - {"X-Frame-Options"}:
        assert len(headers.get_all(name, [])) == 1, name


def test_what_nginx_refuses_itself_carries_them_too(front: Front) -> None:
    for data, method in ((b"x" * 5_000, "POST"), (b"x", "PUT"), (None, "DELETE")):
        code, headers = ask(front.address + "/progress", data, method)
        assert code in (403, 405, 413)
        assert all(len(headers.get_all(name, [])) == 1 for name in SAFE)


def test_who_asks_for_files_without_a_pause_is_told_to_come_again(front: Front) -> None:
    found = [ask(f"{front.address}/file/islandia/es/none-{n}.csv") for n in range(40)]
    assert {code for code, _ in found} == {404, 503}
    for code, headers in found:
        assert (headers["Retry-After"] is not None) == (code == 503)
        assert all(len(headers.get_all(name, [])) == 1 for name in SAFE)


def ask(address: str, data: bytes | None = None, method: str = "GET") -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, method=method)) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers
