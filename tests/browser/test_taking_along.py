"""A reporter takes a chart along from the served app: its files, its address, its state."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.export import formats
from tests.browser.watching import HEADING, whole

pytestmark = pytest.mark.browser
LINKS = ".lm-downloads a"


def contains(*parts: str) -> re.Pattern[str]:
    """An attribute that holds all of these, in this order."""
    return re.compile(".*".join(map(re.escape, parts)))


@pytest.fixture
def page(chromium: Browser) -> Page:
    return chromium.new_page(viewport={"width": 360, "height": 740}, accept_downloads=True)


@pytest.mark.parametrize("ending", formats.FORMATS)
def test_a_link_beside_the_chart_gives_a_whole_file_and_leaves_the_page(
    ending: str, page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    page.locator(".lm-act-download").first.click(timeout=30_000)
    link = page.locator(f'{LINKS}[href*=".{ending}"]').first
    expect(link).to_be_visible()
    with page.expect_download(timeout=60_000) as download:
        link.click()
    target = tmp_path / "taken"
    download.value.save_as(target)
    held = formats.read(target.read_bytes())
    assert (held.kind, held.unbroken) == (ending, True)
    assert download.value.suggested_filename.endswith(f".{ending}")
    expect(page.locator(HEADING)).to_be_visible()


def test_the_builders_state_survives_a_reload_and_a_change_of_language(page: Page, address: str) -> None:
    page.goto(f"{address}/builder?what=released_to_date&size=tall&lang=en")
    link = page.locator(f'{LINKS}[href*="builder.png"]').last
    expect(link).to_have_attribute("href", contains("what=released_to_date", "size=tall"))
    page.reload()
    expect(link).to_have_attribute("href", contains("what=released_to_date", "size=tall"))
    whole(page)
    page.locator(".lm-opens[data-opens=languages]").click()
    page.get_by_role("radio", name="ES", exact=True).click()
    expect(page.locator(HEADING)).to_have_text("Haga su propio gráfico")
    expect(link).to_have_attribute("href", contains("/es/", "what=released_to_date", "size=tall"))
    assert "what=released_to_date" in page.url


def test_the_short_address_of_a_picture_opens_the_page_of_its_chart(page: Page, address: str) -> None:
    page.goto(f"{address}/c/en/islandia/pace-held")
    expect(page.locator("h1").first).to_be_visible(timeout=30_000)
    assert "/pace" in page.url
    assert page.locator("html").get_attribute("lang") == "en"
