"""A word opens its definition by mouse, finger and key, is heard with it, and closes with Escape."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboards.i18n.translations import read_words
from tests.browser.watching import NO_SIDEWAYS, whole

pytestmark = pytest.mark.browser

OPEN = ".lm-meaning:popover-open"
SCREENS = {"es-phone": ("es", 360, True), "en-desk": ("en", 1440, False), "pt-zoomed": ("pt", 320, False)}


@pytest.fixture(params=list(SCREENS.values()), ids=list(SCREENS))
def reader(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[tuple[Page, str]]:
    """The Overview as somebody with a phone, a desk or a magnified screen has it."""
    language, width, touch = request.param
    context = chromium.new_context(viewport={"width": width, "height": 700}, has_touch=touch)
    page = context.new_page()
    page.goto(f"{address}/?lang={language}")
    whole(page)
    yield page, language
    context.close()


def word(page: Page) -> Locator:
    """How the ladder says that people are in prison."""
    return page.locator(".lm-steps .lm-term[popovertarget=meaning-custody]")


def test_a_word_opens_its_definition_and_escape_leads_back_to_it(reader: tuple[Page, str]) -> None:
    page, language = reader
    meaning = read_words(language)("glossary.custody")
    expect(word(page)).to_have_accessible_description(
        f"{read_words(language)('glossary.custody_title')}. {meaning}"
    )
    word(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator(OPEN)).to_contain_text(meaning)
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(word(page)).to_be_focused()


def test_a_touch_opens_it_within_the_screen_and_one_beside_closes_it(reader: tuple[Page, str]) -> None:
    page, language = reader
    touched = page.evaluate("navigator.maxTouchPoints > 0")
    (word(page).tap if touched else word(page).click)()
    expect(page.locator(OPEN)).to_contain_text(read_words(language)("glossary.custody"))
    box, size = page.locator(OPEN).bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
    assert 0 <= box["y"] <= box["y"] + box["height"] <= size["height"]
    assert page.evaluate(NO_SIDEWAYS)
    heading = page.locator("h1")
    (heading.tap if touched else heading.click)()
    expect(page.locator(OPEN)).to_have_count(0)


def test_the_heading_of_a_table_that_is_fetched_late_opens_too(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/?lang=es")
    whole(page)
    page.locator(".lm-tabs button[data-shows=table]").first.click()
    page.get_by_role("columnheader", name="Fecha de la cifra").get_by_role("button").click()
    expect(page.locator(OPEN)).to_contain_text(read_words("es")("glossary.asof"))
    page.close()
