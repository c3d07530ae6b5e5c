"""Every page on paper: nothing is cut at the right, what can be opened is open, no control is left."""

import pytest
from playwright.sync_api import Browser, expect

from dashboards.app.page_registry import FRONT, PAGES
from tests.browser.watching import whole

pytestmark = pytest.mark.browser

PAPER = {"width": 718, "height": 1040}  # pixels of A4 within its margins
SEEN = "[...document.querySelectorAll('[data-testid=stMain] *')].filter((each) => each.checkVisibility())"
CUT = f"""() => {SEEN}.filter((each) => !each.closest('.lm-unseen, .lm-said, .lm-plot, [popover], caption'))
  .concat([...document.querySelectorAll('.lm-plot')])
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, {{ width, right }}]) => width > 1 && right > innerWidth + 1)
  .map(([each, {{ right }}]) => [each.outerHTML.slice(0, 90), right])"""
FOLDED = f"""() => {SEEN}.filter((each) => each.matches('details'))
  .filter((each) => ![...each.children].slice(1).some((part) => part.checkVisibility()))
  .map((each) => each.innerText)"""
CONTROLS = f"""() => {SEEN}.filter((each) => each.matches('input, select, button:not(.lm-term)'))
  .map((each) => each.outerHTML.slice(0, 90))"""
DRAWN = "() => [...document.querySelectorAll('.lm-plot .main-svg')].map((each) => each.getAttribute('width'))"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_paper_is_whole(chromium: Browser, address: str, name: str) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{address}/{'' if name == FRONT else name}?lang=en")
    whole(page)
    before = page.evaluate(DRAWN)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    assert page.evaluate(CUT) == []
    assert page.evaluate(FOLDED) == []
    assert page.evaluate(CONTROLS) == []
    expect(page.locator(".st-key-pages")).to_be_hidden()
    ink = page.locator("h1").first.evaluate("(each) => getComputedStyle(each).color")
    assert (
        max(map(int, ink.removeprefix("rgb(").rstrip(")").split(",")[:3])) < 96
    )  # dark on white, from a dark screen too

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".lm-plot[style*=zoom]")).to_have_count(0)
    page.wait_for_function(f"(before) => String(({DRAWN})()) === String(before)", arg=before)
    context.close()
