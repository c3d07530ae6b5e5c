"""One set of downloads beside a chart: the server's, or the browser's own where it has no Chromium."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from dashboards.export.formats import FORMATS, TABLES
from dashboards.i18n.translations import read_words
from tests.browser.conftest import served

pytestmark = pytest.mark.browser

LINKS = ".lm-downloads a"
OWN = ".lm-take button"
DRAWN = "[data-testid=stMain] .lm-plot .scatterlayer .trace path"


@pytest.fixture(scope="module")
def without(served_data: Path) -> Iterator[str]:
    """The app on a server that has no Chromium; its address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", "/nowhere/chromium")
        with served(served_data) as address:
            yield address


def opened(chromium: Browser, address: str) -> Page:
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.goto(f"{address}/?lang=es")
    expect(page.locator(DRAWN).first).to_be_attached(timeout=20_000)
    return page


def offered(page: Page) -> set[str]:
    """The endings of the files that the server offers."""
    addresses = [str(link.get_attribute("href")) for link in page.locator(LINKS).all()]
    return {address.split("?")[0].rsplit(".", 1)[1] for address in addresses}


def test_with_chromium_the_server_alone_offers_files(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    assert offered(page) == set(FORMATS)
    expect(page.locator(OWN).first).to_be_hidden()
    expect(page.get_by_text("apt-get install chromium")).to_have_count(0)
    page.close()


def test_without_chromium_the_server_offers_tables_and_says_what_it_lacks(
    chromium: Browser, without: str
) -> None:
    page = opened(chromium, without)
    assert offered(page) == set(TABLES)
    expect(page.get_by_text(read_words("es")("download.no_browser"))).to_have_count(2)  # of both charts
    page.close()


@pytest.mark.parametrize(("name", "kind"), [("Imagen PNG", "png"), ("Imagen SVG", "svg")])
def test_without_chromium_the_browsers_own_picture_says_what_it_shows(
    chromium: Browser, without: str, name: str, kind: str, tmp_path: Path
) -> None:
    page = opened(chromium, without)
    build = page.locator(".lm-footer").inner_text().split("edición ")[1][:12]
    with page.expect_download() as waiting:
        page.locator(".st-key-today-chart").get_by_role("button", name=name).click()
    file = tmp_path / f"chart.{kind}"
    waiting.value.save_as(file)
    content = file.read_bytes()
    if kind == "png":
        with Image.open(BytesIO(content)) as picture:
            assert picture.width == 2400
    else:
        text = content.decode()
        for line in ("La Lista contaba", build, without):
            assert line in text
    page.close()
