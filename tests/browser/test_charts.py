"""The charts in a real browser: fingers, keys, words, theme, width, files, and what a failure says."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.sockets import wave
from tests.browser.conftest import served
from tests.browser.watching import whole

pytestmark = pytest.mark.browser

CHART = ".st-key-today-chart"  # the first of two
PLOT = f"{CHART} .lm-plot"
# What the drawing of a place says that its document holds for phones ("narrow"), tablets or pages ("").
LETTERED = """async ([place, width]) => {
  const answer = await fetch(document.querySelector(place).dataset.figure);
  const doc = await answer.json();
  return (width ? doc[width] : doc).layout.annotations.map((each) => each.text).join("|");
}"""


def opened(browser: Browser, address: str, **context: object) -> Page:
    """The Overview with its chart drawn."""
    settings = {"viewport": {"width": 1280, "height": 900}, "locale": "es-VE", **context}
    page = browser.new_context(**settings).new_page()  # type: ignore[arg-type]
    page.goto(address)
    whole(page)
    return page


def test_a_finger_on_a_chart_scrolls_the_page(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.locator(PLOT).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = page.locator(PLOT).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, min(max(box["y"] + 150, 250), 500)
    where = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(where)
    finger = page.context.new_cdp_session(page)
    for step in range(11):
        kind = "touchMove" if step else "touchStart"
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y - 15 * step}]}
        finger.send("Input.dispatchTouchEvent", touch)
        page.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(200)
    assert page.evaluate(where) > before + 80
    page.context.close()


def test_keys_walk_over_the_points_and_lead_to_a_claim(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    plot = page.get_by_role("img", name="La Lista contaba")
    plot.focus()
    page.keyboard.press("Home")
    expect(page.locator(f"{CHART} .lm-said")).to_contain_text("1.806")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{CHART} .lm-said")).not_to_contain_text("1.806")
    expect(page.locator(f"{CHART} .lm-said")).not_to_be_empty()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Ver de dónde sale esta cifra")
    expect(link).to_be_visible()
    assert "claim=" in str(link.get_attribute("href"))
    page.get_by_role("button", name="Cerrar").click()
    expect(link).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_a_chart_have_the_colour_of_the_page(
    chromium: Browser, address: str, scheme: str
) -> None:
    page = opened(chromium, address, color_scheme=scheme)
    fill = page.locator(f"{PLOT} .x2tick text").first.evaluate("(text) => getComputedStyle(text).fill")
    words = page.locator("h1").first.evaluate("(text) => getComputedStyle(text).color")
    assert fill == words
    page.context.close()


def test_a_chart_follows_the_width_of_its_page_and_nothing_jumps(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    height = page.locator(f"{CHART} .lm-place").bounding_box()
    for width in (320, 1920, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(600)
        drawing = page.locator(f"{PLOT} .main-svg").first.bounding_box()
        place = page.locator(f"{CHART} .lm-place").bounding_box()
        assert drawing is not None
        assert place is not None
        assert height is not None
        assert abs(drawing["width"] - place["width"]) <= 1
        assert place["height"] == height["height"]
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= width
    page.context.close()


def test_a_chart_that_cannot_be_fetched_says_so_and_keeps_its_place(chromium: Browser, address: str) -> None:
    page = chromium.new_context(locale="es-VE").new_page()
    page.route("**/figures/*", lambda route: route.abort())
    page.goto(address)
    place = page.locator(f"{CHART} .lm-place")
    expect(place).to_contain_text("El gráfico no se pudo cargar", timeout=20_000)
    box = place.bounding_box()
    assert box is not None
    assert box["height"] > 500
    page.locator(f"{CHART} .lm-tabs button[data-shows=table]").click()
    expect(page.get_by_text("La tabla no se pudo cargar")).to_be_visible()
    page.context.close()


def test_a_table_is_fetched_when_it_is_opened(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    assert page.locator(f"{CHART} .lm-table").count() == 0
    page.locator(f"{CHART} .lm-tabs button[data-shows=table]").click()
    expect(page.locator(f"{CHART} .lm-table td").filter(has_text="1.806").first).to_be_visible()
    page.context.close()


def test_twenty_first_visitors_of_a_fresh_server_all_get_their_page(served_data: Path) -> None:
    # A thread of its own: the browser's loop runs in this one.
    with served(served_data) as fresh, ThreadPoolExecutor(1) as beside:
        seen = beside.submit(wave, int(fresh.rsplit(":", 1)[1]), 20).result()
    assert len(seen.texts) == 20
    for text in seen.texts:
        assert "1.591" in text
        assert "no se pudo mostrar" not in text


def test_no_line_of_a_drawing_is_cut_on_the_narrowest_phone(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    inside = page.locator(f"{CHART} .lm-drawn").bounding_box()
    assert inside is not None
    ends = page.locator(f"{PLOT} text").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert len(ends) > 10
    assert max(ends) <= inside["x"] + inside["width"] + 1
    page.context.close()


def test_a_chart_is_drawn_for_the_width_that_its_place_has_whatever_it_was_before(
    chromium: Browser, address: str
) -> None:
    page = opened(chromium, address, viewport={"width": 1440, "height": 900})
    for width, made_for in ((1024, "narrow"), (1100, "middle"), (1440, ""), (700, "middle"), (360, "narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        wanted = page.evaluate(LETTERED, [f"{CHART} .lm-place", made_for])
        page.wait_for_function(
            "([place, wanted]) => document.querySelector(`${place} .lm-plot`).layout.annotations"
            ".map((each) => each.text).join('|') === wanted",
            arg=[f"{CHART} .lm-place", wanted],
        )
        box = page.locator(PLOT).bounding_box()
        assert box is not None
        edges = page.locator(f"{PLOT} text").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).flatMap(box => [box.left, box.right])"
        )
        assert min(edges) >= box["x"] - 2, width
        assert max(edges) <= box["x"] + box["width"] + 2, width
    page.context.close()
