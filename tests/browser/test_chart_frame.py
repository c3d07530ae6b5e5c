"""The frame around a chart: its tabs, what can be taken along, by finger and key; and how high pages are."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.i18n.translations import read_words
from tests.browser.watching import NO_SIDEWAYS, whole

pytestmark = pytest.mark.browser

ENGLISH = read_words("en")
OUT = ".lm-out:popover-open"
HIGHEST = {1440: 3200, 360: 6500}  # pixels of a page, by the width of the window
AGES = re.compile(r"\b(ago|today|yesterday)\b")
# Texts of the page, outside of what scrolls, that do not fit into their own box.
CUT = """() => [...document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3, p, li, summary, button)')]
  .filter((each) => each.offsetWidth && !each.closest('.lm-table, .lm-said, .lm-unseen, .lm-plot, .lm-sheet'))
  .filter((each) => !each.closest('.st-key-subpages, .st-key-chips, .lm-chips, [popover]'))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, { left, right }]) => left < 0 || right > innerWidth + 1)
  .map(([each]) => [each.tagName, each.textContent.slice(0, 60)])"""
SMALL = """(all) => all.map((each) => each.getBoundingClientRect())
  .filter(({ width, height }) => Math.min(width, height) < 44)"""


@pytest.fixture(params=[360, 1440])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{address}/?lang=en")
    whole(page)
    yield page
    context.close()


def test_a_frame_shows_the_chart_then_its_table_then_its_sources(page: Page) -> None:
    frame = page.locator(".lm-frame").first
    tabs = frame.locator(".lm-tabs button")
    assert tabs.all_inner_texts() == [ENGLISH(f"take.{name}") for name in ("chart", "table", "sources")]
    high = frame.evaluate("(each) => each.offsetHeight")
    tabs.nth(1).focus()
    page.keyboard.press("Enter")
    expect(frame.locator(".lm-table td").filter(has_text="1,806").first).to_be_visible()
    expect(frame.locator(".lm-drawn")).to_be_hidden()
    expect(tabs.nth(1)).to_have_attribute("aria-pressed", "true")
    assert frame.evaluate("(each) => each.offsetHeight") == high  # the buttons stay under the hand
    tabs.nth(2).click()
    expect(frame.locator(".lm-publishers")).to_contain_text("El Diario")
    tabs.nth(0).click()
    expect(frame.locator(".lm-plot")).to_be_visible()
    assert page.evaluate(NO_SIDEWAYS)


def test_what_can_be_taken_along_opens_by_keys_within_the_screen_and_closes(page: Page) -> None:
    size = page.viewport_size
    assert size is not None
    for name in ("download", "share", "embed", "quote"):
        button = page.locator(f".lm-act-{name}").first
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(OUT)).to_have_count(1)
        box = page.locator(OUT).bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
        page.keyboard.press("Escape")
        expect(page.locator(OUT)).to_have_count(0)
        expect(button).to_be_focused()


def test_what_is_shared_carries_days_and_where_it_stays_as_it_is(page: Page, address: str) -> None:
    page.evaluate("navigator.share = undefined")
    page.locator(".lm-act-share").first.click()
    for label, ending in (("take.send", ""), ("take.send_pinned", r"\?known=\d{4}-\d\d-\d\d")):
        page.locator(OUT).get_by_role("button", name=ENGLISH(label), exact=True).click()
        expect(page.locator(f"{OUT} .lm-sent")).to_have_text(ENGLISH("glance.copied"))
        sent = str(page.evaluate("navigator.clipboard.readText()"))
        assert re.search(rf"{re.escape(address)}/c/en/islandia/overview{ending}$", sent), sent
        assert "1,591" in sent
        assert AGES.search(sent) is None
    page.keyboard.press("Escape")
    page.locator(".lm-act-quote").first.click()
    page.locator(OUT).get_by_role("button", name=ENGLISH("take.copy"), exact=True).first.click()
    quoted = str(page.evaluate("navigator.clipboard.readText()"))
    assert "1,591" in quoted
    assert AGES.search(quoted) is None


def test_the_buttons_of_a_frame_are_large_enough_for_a_finger(page: Page) -> None:
    assert page.locator(".lm-bar > .lm-tabs button, .lm-bar > button").evaluate_all(SMALL) == []


def test_a_table_within_a_frame_says_its_heading_once(page: Page) -> None:
    page.locator(".lm-tabs button[data-shows=table]").first.click()
    caption = page.locator(".lm-frame caption").first
    expect(caption).to_be_attached()
    box = caption.bounding_box()
    assert box is None or box["width"] <= 1  # for who hears the page


def test_a_tap_opens_the_card_and_no_second_box(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/?lang=en")
    whole(page)
    chart = page.locator(".st-key-today-chart")
    point = chart.locator(".js-plotly-plot .scatterlayer .point").last
    point.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = point.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(chart.locator(".lm-picked")).to_contain_text("464")
    expect(chart.locator(".lm-chart .hoverlayer")).to_be_hidden()
    context.close()


def test_the_chart_is_on_the_first_screen_of_the_pages_of_charts(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    for name in ("progress", "builder"):
        page.goto(f"{address}/{name}?lang=en")
        whole(page)
        box = page.locator(".lm-plot").first.bounding_box()
        assert box is not None
        assert box["y"] < 620, name
    page.close()


@pytest.mark.parametrize("width", HIGHEST)
def test_no_page_is_too_high_or_cuts_its_words(chromium: Browser, address: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found: dict[str, object] = {}
    for name in PAGES:
        page.goto(f"{address}/{'' if name == FRONT else name}?lang=en")
        whole(page)
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        cut = page.evaluate(CUT)
        if height > HIGHEST[width] or cut or not page.evaluate(NO_SIDEWAYS):
            found[name] = (height, cut)
    page.close()
    assert found == {}


def test_the_first_words_need_no_script_and_less_than_a_slow_line_carries(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.route("**/*.js", lambda route: route.abort())
    answered: list[Request] = []
    page.on("requestfinished", lambda request: answered.append(request))
    page.goto(address, wait_until="load")
    expect(page.locator("#first .lm-held .lm-figure")).to_have_text("1.591")
    before = [each for each in answered if each.resource_type in ("document", "stylesheet")]
    weight = sum(each.sizes()["responseBodySize"] for each in before)
    assert 0 < weight < 120_000  # of 180 kB that 1.6 Mbit/s carry in 1.5 s after two turns of 300 ms
    page.close()
