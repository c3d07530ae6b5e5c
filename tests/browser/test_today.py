"""Today in a browser: how long it is, to whom a last visit is told, where a number that is typed leads."""

import json
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from dashboards.i18n.translations import read_words
from tests.browser.watching import NO_SIDEWAYS, whole
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

TALLEST = {1440: 3200, 360: 6500}  # pixels
HEIGHT = "(document.querySelector('[data-testid=stMain]') ?? document.documentElement).scrollHeight"


@pytest.mark.parametrize("name", ["", "news", "situations"])
@pytest.mark.parametrize("width", TALLEST)
def test_no_page_is_longer_than_a_person_scrolls(
    chromium: Browser, address: str, width: int, name: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}/{name}?lang=es")
    whole(page)
    assert page.evaluate(HEIGHT) < TALLEST[width]
    assert page.evaluate(NO_SIDEWAYS)
    page.close()


def test_a_last_visit_is_shown_from_this_browser_and_told_to_nobody(chromium: Browser, address: str) -> None:
    words, last = read_words("es"), "2026-11-20"
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?lang=es")
    whole(page)
    expect(page.locator(".lm-visit")).to_be_hidden()
    expect(page.locator(".lm-usual")).to_have_attribute("aria-pressed", "true")
    kept = json.loads(page.evaluate("localStorage.getItem('lm-visits')"))
    assert kept == {"islandia": [TODAY.isoformat()]}

    page.evaluate("day => localStorage.setItem('lm-visits', JSON.stringify({ islandia: [day] }))", last)
    page.reload()
    whole(page)
    expect(page.locator(".lm-visit")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".lm-visit")).to_contain_text("20 nov")
    expect(page.locator(".lm-kept")).to_have_text(words("news.kept_here"))
    shown = page.locator(".lm-news:visible")
    expect(shown).to_have_count(1)
    assert (shown.get_attribute("data-since") or "") >= last
    page.locator(".lm-usual").click()
    expect(page.locator(".lm-visit")).to_have_attribute("aria-pressed", "false")
    assert [url for url in asked if last in url] == []
    page.close()


def test_a_number_that_is_typed_leads_to_the_list_of_figures(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/?lang=en")
    whole(page)
    page.get_by_label(read_words("en")("today.lookup")).fill("1,591")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims?*number=1%2C591*")
    assert "situation=islandia" in page.url
    whole(page)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


@pytest.mark.parametrize("name", ["", "news"])
@pytest.mark.parametrize("language", ["en", "pt"])
def test_another_day_keeps_the_reader_s_language(
    chromium: Browser, address: str, language: str, name: str
) -> None:
    words = read_words(language)
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/{name}?lang={language}")
    whole(page)
    page.locator(".lm-other summary").click()
    page.locator(".lm-other input[type=date]").fill("2026-02-01")
    page.locator(".lm-other").get_by_role("button", name=words("news.show")).click()
    page.wait_for_url("**/news?*new-since=2026-02-01*")
    whole(page)
    expect(page.locator(".lm-other summary")).to_contain_text(words.short_day(date(2026, 2, 1)))
    assert page.evaluate("document.documentElement.lang") == language
    page.close()
