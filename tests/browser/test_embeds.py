"""Frames of the site and of the app in a foreign page on another port: as high as their content."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, ElementHandle, Page

from dashboards.app.server.embed_pages import FIGURE
from dashboards.queries import claim_rows
from dashboards.queries.view import open_view
from dashboards.web import embedding
from tests.dashboards.site.conftest import Published, site
from tests.dashboards.site.nginx import nginx
from tests.programs import free_port

__all__ = ["site"]  # a fixture

pytestmark = pytest.mark.browser
WIDTHS = {"phone": 360, "column": 540, "desktop": 1280}
COLUMN = 720  # pixels of the text of the page around, at most
BLANK = 160  # pixels that a frame without the script may have left


class Hosts(NamedTuple):
    """Who serves frames, and the page around them."""

    site: str
    app: str
    around: str
    folder: Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def hosts(site: Published, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    folder, port = tmp_path_factory.mktemp("around"), free_port()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with nginx(site.out, tmp_path_factory.mktemp("nginx")) as base:
        yield Hosts(base.rstrip("/"), address, f"http://127.0.0.1:{port}", folder)
    server.shutdown()


def list_frames(hosts: Hosts) -> list[tuple[str, str]]:
    """Two frames of each host and one of a figure, each with its host."""
    return [
        (f"{hosts.site}/es/charts/held.embed.html", hosts.site),
        (f"{hosts.site}/en/charts/left-prison.embed.html", hosts.site),
        (f"{hosts.app}/embed/es/islandia/held", hosts.app),
        (f"{hosts.app}/embed/pt/islandia/left-prison", hosts.app),
    ]


def write_around(hosts: Hosts, name: str, frames: list[tuple[str, str]], script: bool = True) -> str:
    """A foreign page that holds what people copy; its address."""
    copied = [embedding.write_iframe(source, "x", f"{host}/{embedding.HOST}") for source, host in frames]
    body = "<p>…</p>".join(each if script else each.partition("<script")[0] for each in copied)
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    (hosts.folder / name).write_text(f'{head}<body style="margin:16px;max-width:{COLUMN}px">{body}', "utf-8")
    return f"{hosts.around}/{name}"


def open_around(chromium: Browser, address: str, width: int) -> tuple[Page, list[str]]:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    told = _listen(page)
    page.goto(address)
    for frame in page.query_selector_all("iframe[title]"):
        frame.scroll_into_view_if_needed()  # they are loaded when they are near
        inner = frame.content_frame()
        assert inner is not None
        inner.wait_for_selector("main .source")
        inner.wait_for_function("[...document.images].every((each) => each.complete && each.naturalWidth)")
    return page, [each for each in told if "favicon" not in each and "404" not in each]


def _listen(page: Page) -> list[str]:
    """What its console will say, and its errors."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def measure(frame: ElementHandle) -> tuple[float, float, float]:
    """Height of the frame, of its content, and how much of it a reader would have to scroll to."""
    inner, box = frame.content_frame(), frame.bounding_box()
    assert inner is not None
    assert box is not None
    content, hidden = inner.evaluate(
        "[document.documentElement.getBoundingClientRect().height,"
        " document.documentElement.scrollHeight - innerHeight + document.documentElement.scrollWidth"
        " - innerWidth]"
    )
    return box["height"], content, hidden


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_frame_of_a_page_is_as_high_as_its_content(chromium: Browser, hosts: Hosts, width: int) -> None:
    frames = list_frames(hosts)
    page, told = open_around(chromium, write_around(hosts, "with.html", frames), width)
    found = page.query_selector_all("iframe")
    assert len(found) == len(frames)
    for frame, (source, _) in zip(found, frames, strict=True):
        frame.scroll_into_view_if_needed()
        page.wait_for_function("(frame) => frame.style.aspectRatio === 'auto'", arg=frame, timeout=20_000)
        page.wait_for_timeout(300)
        high, content, hidden = measure(frame)
        assert abs(high - content) <= 1, source
        assert hidden <= 0, source
    assert told == []
    page.close()


def test_a_frame_follows_when_its_width_changes(chromium: Browser, hosts: Hosts) -> None:
    page, _ = open_around(chromium, write_around(hosts, "turned.html", list_frames(hosts)[:1]), 1280)
    (frame,) = page.query_selector_all("iframe")
    page.wait_for_function("(frame) => frame.style.aspectRatio === 'auto'", arg=frame)
    wide, _, _ = measure(frame)
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(1500)
    tall, content, hidden = measure(frame)
    assert tall != wide
    assert abs(tall - content) <= 1
    assert hidden <= 0
    page.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_without_the_script_a_picture_fits_into_its_frame(
    chromium: Browser, hosts: Hosts, width: int
) -> None:
    frames = list_frames(hosts)
    page, _ = open_around(chromium, write_around(hosts, "without.html", frames, script=False), width)
    for frame, (source, _) in zip(page.query_selector_all("iframe"), frames, strict=True):
        frame.scroll_into_view_if_needed()
        high, content, hidden = measure(frame)
        assert hidden <= 0, source
        box = frame.bounding_box()
        assert box is not None
        assert abs(embedding.find_height(round(box["width"])) - high) < BLANK  # what oEmbed says
        if "charts/held" in source:  # a chart of few figures is lower than others
            assert high - content < BLANK, source
    page.close()


def test_a_foreign_message_moves_nothing(chromium: Browser, hosts: Hosts) -> None:
    """Another frame, another origin and the page itself say heights: none of them is a frame of ours."""
    liar = (
        "<script>parent.postMessage({liberometro: 'height', version: 1, free: true, height: 9}, '*')</script>"
    )
    (hosts.folder / "liar.html").write_text(liar, "utf-8")
    address = write_around(hosts, "lied.html", list_frames(hosts)[:1])
    with (hosts.folder / "lied.html").open("a", encoding="utf-8") as page_around:
        page_around.write('<iframe src="liar.html" height="77"></iframe>')
    page, _ = open_around(chromium, address, 1280)
    ours, other = page.query_selector_all("iframe")
    page.wait_for_function("(frame) => frame.style.aspectRatio === 'auto'", arg=ours)
    before = measure(ours)[0]
    for said in ("1e9", "-5", "NaN", "'9'"):
        page.evaluate(f"postMessage({{liberometro: 'height', version: 1, free: true, height: {said}}}, '*')")
    page.wait_for_timeout(500)
    assert measure(ours)[0] == before
    assert other.evaluate("(frame) => frame.style.height") == ""
    page.close()


def test_what_is_pinned_to_a_build_sizes_itself_too(chromium: Browser, hosts: Hosts, site: Published) -> None:
    source = f"{hosts.site}/builds/{site.edition.build.id}/es/held.html"
    page, told = open_around(chromium, write_around(hosts, "pinned.html", [(source, hosts.site)]), 360)
    (frame,) = page.query_selector_all("iframe")
    page.wait_for_function("(frame) => frame.style.aspectRatio === 'auto'", arg=frame)
    assert measure(frame)[2] <= 0
    assert told == []
    page.close()


def test_a_figure_shows_its_sentence_in_a_frame(
    chromium: Browser, hosts: Hosts, served_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(served_data))
    view = open_view("islandia", "es")
    figure = claim_rows.read_statements(view.build, view.situation_id)["figure_id"][0]
    frames = [(f"{hosts.app}/embed/es/islandia/{FIGURE}{figure}", hosts.app)] * 2
    page, told = open_around(chromium, write_around(hosts, "figure.html", frames), 360)
    for frame in page.query_selector_all("iframe[title]"):
        frame.scroll_into_view_if_needed()
        page.wait_for_function("(frame) => frame.style.aspectRatio === 'auto'", arg=frame)
        inner = frame.content_frame()
        assert inner is not None
        assert "Según La Lista" in inner.locator("main").inner_text()
        assert measure(frame)[2] <= 0
    assert told == []
    page.close()


def test_a_page_that_is_not_made_for_it_is_not_shown_in_a_frame(chromium: Browser, hosts: Hosts) -> None:
    for source in (f"{hosts.app}/", f"{hosts.site}/es/charts/held.html"):
        page = chromium.new_page()
        refused = _listen(page)
        (hosts.folder / "closed.html").write_text(f'<iframe src="{source}"></iframe>', "utf-8")
        page.goto(f"{hosts.around}/closed.html")
        page.wait_for_timeout(1000)
        assert any("frame-ancestors" in each or "X-Frame-Options" in each for each in refused), source
        page.close()
