"""Files and short addresses as a server gives them, over HTTP."""

import io
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from email.message import Message
from urllib.parse import quote

import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette

from dashboards.app import components
from dashboards.app.server import file_downloads
from dashboards.exhibits import chart_registry
from dashboards.export import formats
from dashboards.queries.view import View
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published

Answer = tuple[int, bytes, Message]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow: the tests look at where it leads."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


OPENER = urllib.request.build_opener(_Stay)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("served") / "data", figures()) as shown:
        yield shown


@pytest.fixture(scope="module")
def base(view: View) -> Iterator[str]:
    """Where the routes of the app are served, without the app."""
    assert view.build.path.exists()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=file_downloads.list_routes()), port=port, log_level="error", lifespan="off"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


def get(address: str, **headers: str) -> Answer:
    try:
        with OPENER.open(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


@pytest.mark.browser
def test_every_link_of_the_row_gives_its_file(view: View, base: str) -> None:
    exhibit, origin = chart_registry.answer_request(view, "held")
    assert exhibit is not None
    for form in formats.list_formats(exhibit):
        code, body, headers = get(f"{base}/{components.make_file_address(view, origin, form)}")
        assert code == 200
        assert headers["Content-Type"] == formats.FORMATS[form].media
        assert view.build.id in headers["Content-Disposition"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert formats.read(body).kind == form


@pytest.mark.browser
def test_the_size_of_the_address_is_the_size_of_the_picture(base: str) -> None:
    _, body, headers = get(f"{base}/file/islandia/en/builder.png?what=released_to_date&size=tall")
    assert Image.open(io.BytesIO(body)).size[0] == 1080  # a few figures are a row, which is lower
    whole = get(f"{base}/file/islandia/en/held.png?size=tall")
    assert Image.open(io.BytesIO(whole[1])).size == (1080, 1350)
    assert re.search(r"islandia-held-tall-en-\d{4}-\d\d-\d\d-", whole[2]["Content-Disposition"])
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.browser
def test_the_brief_is_offered_beside_the_overview_and_served_as_pdf(view: View, base: str) -> None:
    exhibit, origin = chart_registry.answer_request(view, "overview")
    assert exhibit is not None
    assert 'href="file/islandia/es/brief.pdf"' in components.render_links(exhibit, view, origin)
    code, body, headers = get(f"{base}/file/islandia/es/brief.pdf")
    assert (code, headers["Content-Type"], body[:5]) == (200, "application/pdf", b"%PDF-")
    assert get(f"{base}/file/islandia/es/brief.png")[0] == 404


def test_who_asks_again_is_told_that_nothing_changed(base: str) -> None:
    address = f"{base}/file/islandia/es/held.csv"
    tag = get(address)[2]["ETag"]
    code, body, _ = get(address, **{"If-None-Match": tag})
    assert (code, body) == (304, b"")


def test_a_day_gone_back_to_is_in_the_file(base: str) -> None:
    held = formats.read(get(f"{base}/file/islandia/es/held.json?known=2026-02-10")[1])
    assert held.record is not None
    assert held.record["known_on"] == "2026-02-10"
    assert 1591 not in [row[held.columns.index("value")] for row in held.rows]


@pytest.mark.parametrize(
    "asked",
    [
        "file/islandia/es/nothing.png",
        "file/nowhere/es/held.png",
        "file/islandia/xx/held.png",
        "file/islandia/es/held.exe",
        "file/islandia/es/held.pdf",
        "file/islandia/es/held.png?size=enorme",
        "file/islandia/es/held.png?what=1",
        "file/islandia/es/held.csv?known=yesterday",
        "file/islandia/es/builder.png?who=" + quote("<script>alert(1)</script>"),
        "file/islandia/es/bridge.csv?way=none",
        "file/islandia/es/" + quote("../../etc/passwd", safe="") + ".csv",
        "c/es/islandia/nothing",
        "c/es/nowhere/held",
        "c/xx/islandia/held",
    ],
)
def test_an_address_of_nothing_is_told_in_words_and_echoes_nothing(asked: str, base: str) -> None:
    code, body, headers = get(f"{base}/{asked}")
    assert code == 404
    assert "script" not in body.decode()
    if "/etc" not in asked and "%2F" not in asked:
        assert "Esta dirección no nombra ningún archivo" in body.decode()
        assert headers["Cache-Control"] == "no-store"


def test_the_short_address_in_a_picture_leads_to_the_page_of_its_chart(base: str) -> None:
    code, _, headers = get(f"{base}/c/en/islandia/pace-held?known=2026-02-01")
    assert code == 307
    assert headers["Location"] == "../../../pace?situation=islandia&lang=en&chart=pace-held&known=2026-02-01"


def test_every_chart_that_a_page_shows_can_be_asked_for_again(view: View) -> None:
    """A new chart needs its line in `downloads.CHARTS`, or an origin from its page."""
    told = set(components.CHARTS.values())
    own = {"held", "left-prison"}  # the progress page asks the builder for them
    missing = (
        {name for name in chart_registry.list_charts(view) if not name.startswith("parts-")} - told - own
    )
    assert missing == set()


def test_an_older_address_of_a_lists_picture_leads_to_its_rows(base: str) -> None:
    code, _, headers = get(f"{base}/file/islandia/es/pace-windows.png?size=square")
    assert (code, headers["Location"]) == (307, "pace-windows.csv")
    assert get(f"{base}/file/islandia/es/pace-windows.csv")[0] == 200
