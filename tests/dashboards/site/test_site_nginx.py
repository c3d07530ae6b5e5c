"""The site behind Debian's nginx: the policy of each page, types, compression, how long files are kept."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from html import unescape
from http.client import HTTPResponse

import pytest
from playwright.sync_api import Browser

from tests.dashboards.site.conftest import Published
from tests.dashboards.site.nginx import nginx
from tests.dashboards.site.test_in_chromium import PAGES


@pytest.fixture(scope="module")
def address(site: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with nginx(site.out, tmp_path_factory.mktemp("nginx")) as found:
        yield found


def got(url: str, **headers: str) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    return answer


def test_the_header_of_every_page_is_the_policy_of_its_meta_tag(site: Published, address: str) -> None:
    pages = [path for path in site.files(".html") if path.name != "404.html"]  # that one has no address
    assert pages
    for path in pages:
        stated = re.search(r'Content-Security-Policy" content="([^"]+)"', path.read_text(encoding="utf-8"))
        assert stated is not None, path
        meta = unescape(stated[1])
        own_style = re.sub(r"style-src 'sha256-[^']+';", "style-src 'unsafe-inline';", meta)
        with got(address + path.relative_to(site.out).as_posix()) as answer:
            assert answer.headers["Content-Security-Policy"] == own_style, path


@pytest.mark.browser
@pytest.mark.parametrize("path", [*PAGES, "", "es/"])
def test_no_page_is_hindered_by_its_policy(chromium: Browser, address: str, path: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    context.close()
    assert told == []


def test_every_kind_of_file_has_its_type(site: Published, address: str) -> None:
    types = {
        "index.html": "text/html; charset=utf-8",
        "assets/style.css": "text/css; charset=utf-8",
        "es/feeds/all.atom": "application/atom+xml",
        "es/feeds/all.json": "application/json; charset=utf-8",
        "data/claims.csv": "text/csv; charset=utf-8",
        "data/claims.parquet": "application/vnd.apache.parquet",
        "api/v1/index.json": "application/json; charset=utf-8",
        "MANIFEST.sha256": "text/plain; charset=utf-8",
        "assets/icon.svg": "image/svg+xml",
    }
    for path, kind in types.items():
        with got(address + path) as answer:
            assert answer.headers["Content-Type"] == kind, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.read() == (site.out / path).read_bytes()


def test_text_is_compressed_for_who_can_read_it(address: str) -> None:
    with got(address, **{"Accept-Encoding": "gzip"}) as small, got(address) as plain:
        assert small.headers["Content-Encoding"] == "gzip"
        assert len(small.read()) < len(plain.read()) / 2


def test_what_can_change_is_asked_for_again_and_what_is_pinned_in_a_day(
    site: Published, address: str
) -> None:
    pinned = next(path for path in site.files(".html") if path.relative_to(site.out).parts[0] == "builds")
    with got(address + pinned.relative_to(site.out).as_posix()) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
    with got(address + "index.html") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        mark = answer.headers["ETag"]
    with pytest.raises(urllib.error.HTTPError, match="304"):
        got(address + "index.html", **{"If-None-Match": mark})


def test_programs_on_other_hosts_may_read_data_and_feeds(address: str) -> None:
    for path in ("api/v1/claims.json", "data/series.csv", "es/feeds/all.atom"):
        with got(address + path) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
    with got(address + "index.html") as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_no_page_is_not_served(address: str) -> None:
    for path in (".liberometro-site", "nothing.html", "assets/", "api/v1/", "es/404.html"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
            got(address + path)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(urllib.request.Request(address, data=b"x", method="POST"))


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("nothing.html", "404.html"),
        ("en/charts/gone.html", "en/404.html"),
        ("es/a/b/c/", "es/404.html"),
        ("nowhere/x.html", "404.html"),
    ],
)
def test_where_there_is_no_page_the_site_says_so_in_the_language_of_the_address(
    site: Published, address: str, path: str, page: str
) -> None:
    with pytest.raises(urllib.error.HTTPError) as answer:
        got(address + path)
    assert answer.value.code == 404
    assert answer.value.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "style-src 'self'" in answer.value.headers["Content-Security-Policy"]
    assert answer.value.read().decode() == site.text(page)


SAFE = (
    "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options",
    "Cache-Control",
)  # fmt: skip


def ask(address: str, method: str = "GET") -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method=method)) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_every_answer_carries_every_header_and_only_embeds_may_be_framed(
    site: Published, address: str
) -> None:
    moving = next(path for path in site.files(".html") if path.name.endswith(".embed.html"))
    pinned = next(path for path in site.files(".html") if path.relative_to(site.out).parts[0] == "builds")
    embeds = {path.relative_to(site.out).as_posix() for path in (moving, pinned)}
    others = [
        "", "index.html", "es/index.html", "es/embeds.html", "assets/style.css", "data/claims.csv",
        "api/v1/index.json", "es/feeds/all.atom", "nothing.html", "es/nothing.html", ".hidden", "assets/",
    ]  # fmt: skip
    for path in (*embeds, *others):
        code, headers = ask(address + path)
        there = path == "" or ((site.out / path).is_file() and not path.startswith("."))
        assert (code == 200) == there, path
        for name in SAFE:
            assert len(headers.get_all(name, [])) == 1, (path, name)
        policy = "; ".join(headers.get_all("Content-Security-Policy", []))
        assert "default-src 'none'" in policy
        assert ("frame-ancestors *" in policy) == (path in embeds), path
        assert ("frame-ancestors 'self'" in policy) == (path not in embeds), path
        assert headers["X-Frame-Options"] == (None if path in embeds else "SAMEORIGIN")
        assert (code == 200) == (headers["Cache-Control"] != "no-store")
    code, headers = ask(address, "DELETE")
    assert (code, all(headers[name] for name in SAFE)) == (403, True)


def test_a_flood_from_one_address_is_told_to_come_again(
    site: Published, tmp_path_factory: pytest.TempPathFactory
) -> None:
    slow = {"rate=200r/s": "rate=1r/s", "burst=1000": "burst=5"}
    with nginx(site.out, tmp_path_factory.mktemp("slow"), **slow) as address:
        found = [ask(address + "assets/icon.svg") for _ in range(30)]
    refused = [headers for code, headers in found if code == 503]
    assert 15 < len(refused) < 30
    assert all(headers["Retry-After"] == "5" and headers["X-Content-Type-Options"] for headers in refused)
