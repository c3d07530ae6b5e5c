"""The lists of records in a browser: followed without loading the app anew, with Back, keys and focus."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboards.i18n.translations import read_words
from tests.browser.test_accessibility import RULES
from tests.browser.watching import NO_SIDEWAYS, whole

pytestmark = pytest.mark.browser
WORDS = read_words("es")


@pytest.fixture(params=[360, 1440])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": 800})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_a_number_a_search_and_a_row_are_followed_and_back_undoes_each(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    whole(page)
    page.evaluate("window.same = true")
    page.get_by_role("searchbox", name=WORDS("lookup.label")).fill("464 excarcelados")
    page.keyboard.press("Enter")
    expect(page.locator(".lm-match-number")).to_have_text("464")
    page.get_by_role("searchbox", name=WORDS("figures.search_label")).fill("1806")
    page.keyboard.press("Enter")
    expect(page.locator(".lm-bar-row p")).to_contain_text("1 de 4")
    row = page.locator("a[id^=row-]")
    row.press("Enter")
    panel = page.get_by_role("article", name=WORDS("figures.opened"))
    expect(panel).to_be_focused()
    assert "claim=" in page.url
    assert page.evaluate(NO_SIDEWAYS)

    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(row).to_be_focused()
    page.go_back()
    expect(panel).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator(".lm-bar-row p")).to_contain_text("4 de 4")
    expect(page.locator(".lm-match-number")).to_have_text("464")
    page.reload()
    expect(page.locator(".lm-match-number")).to_have_text("464")


def test_the_list_follows_what_is_typed_and_back_undoes_it_as_one_step(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    whole(page)
    length = page.evaluate("history.length")
    field, count = (
        page.get_by_role("searchbox", name=WORDS("figures.search_label")),
        page.locator(".lm-bar-row p"),
    )
    field.focus()
    page.keyboard.type("18", delay=400)
    expect(count).to_contain_text("0 de 4")
    expect(page.get_by_role("status").filter(has_text="0 de 4")).to_be_attached()  # heard, and the field kept
    expect(field).to_be_focused()
    page.keyboard.type("06")
    expect(page).to_have_url(f"{address}/claims?q=1806")
    expect(count).to_contain_text("1 de 4")
    expect(field).to_have_value("1806")
    assert page.evaluate("history.length") == length
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/claims?q=1806")
    assert page.evaluate("history.length") == length + 1
    whole(page)
    page.go_back()
    expect(page).to_have_url(f"{address}/claims")
    expect(count).to_contain_text("4 de 4")
    expect(field).to_have_value("")


def test_a_chip_narrows_the_list_in_the_same_page_and_leaves_it_again(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    whole(page)
    page.evaluate("window.same = true")
    page.locator("button.lm-chip", has_text=WORDS("claims.measure")).click()
    page.get_by_role("link", name=WORDS("measure.released_to_date"), exact=True).click()
    expect(page.locator(".lm-bar-row p")).to_contain_text("2 de 4")
    page.locator("a.lm-on").click()
    expect(page.locator(".lm-bar-row p")).to_contain_text("4 de 4")
    assert page.evaluate("window.same") is True
    assert "measure" not in page.url


def test_an_opened_figure_and_an_answer_have_no_serious_finding(page: Page, address: str) -> None:
    page.goto(f"{address}/claims?number=464&q=1806")
    whole(page)
    page.locator("a[id^=row-]").press("Enter")
    expect(page.get_by_role("article", name=WORDS("figures.opened"))).to_be_focused()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_every_figure_of_the_list_shows_its_number_at_every_width(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    whole(page)
    for value in ("1.806", "1.591", "400", "464"):
        number = page.locator("a[id^=row-] b", has_text=value)
        box = number.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= page.viewport_size["width"] - box["width"]  # type: ignore[index]
