"""The page of the visual language on a phone: nothing is cut off at a side or lies over its neighbour."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from dashboards.i18n.translations import list_languages
from tests.browser.watching import NO_SIDEWAYS, whole

pytestmark = pytest.mark.browser

# Texts that reach out of what they stand in, to the left or right, by more than a pixel.
REACHING_OUT = """([outer, inner]) => [...document.querySelectorAll(outer)].flatMap((each) => {
  const { left, right } = each.getBoundingClientRect();
  return [...each.querySelectorAll(inner)].filter((text) => {
    const own = text.getBoundingClientRect();
    return own.width && (own.left < left - 1 || own.right > right + 1);
  }).map((text) => text.textContent);
})"""


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", list_languages())
def test_on_a_phone_every_text_stays_in_its_chart_and_its_card(
    phone: Page, address: str, language: str
) -> None:
    phone.goto(f"{address}/look?lang={language}")
    whole(phone)
    assert phone.locator(".lm-plot text").count() > 10
    assert phone.evaluate(REACHING_OUT, [".lm-plot", "text"]) == []
    assert phone.evaluate(REACHING_OUT, [".lm-card", "p, li, h2"]) == []
    assert phone.evaluate(NO_SIDEWAYS)
