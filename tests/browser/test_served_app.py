"""The served app in a real browser, as a reader meets it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.watching import Watched, whole

pytestmark = pytest.mark.browser


def test_the_chart_is_drawn_the_language_switches_and_nothing_leaves_the_machine(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="es-VE")
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(address)
    whole(page)

    expect(page.locator("h1", has_text="La Lista contaba 1.591 personas en prisión").first).to_be_visible()
    expect(page.locator(".lm-held .lm-figure")).to_have_text("1.591")
    expect(page.locator(".js-plotly-plot .scatterlayer .trace").first).to_be_attached(timeout=20_000)
    expect(page.locator(".js-plotly-plot .x2tick text").first).to_have_text(re.compile("ene|feb|mar"))
    expect(page.locator("html")).to_have_attribute("lang", "es")

    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.locator("h1", has_text="La Lista counted 1,591 people").first).to_be_visible()
    expect(page.locator(".lm-held .lm-figure")).to_have_text("1,591")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "lang=en" in page.url

    page.get_by_role("link", name="Charts", exact=True).click()
    expect(page.locator("h1", has_text="How are releases from prison progressing").first).to_be_visible()
    assert "lang=en" in page.url

    page.reload()
    whole(page)
    expect(page.locator("h1", has_text="How are releases from prison progressing").first).to_be_visible()

    assert watched.hosts == {"127.0.0.1"}
    assert watched.errors == []
    context.close()


def test_a_touched_point_leads_to_its_claim(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 1400}, locale="es-VE")
    page = context.new_page()
    page.goto(address)
    whole(page)
    chart = page.locator(".st-key-today-chart")
    points = chart.locator(".js-plotly-plot .scatterlayer .point")
    for point in reversed(points.all()):  # events are points too, and lead to no claim
        point.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = point.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if chart.locator(".lm-picked").is_visible():
            break
    expect(chart.locator(".lm-picked")).to_contain_text(re.compile("^(400|464) · La Lista"))
    page.get_by_role("link", name="Ver de dónde sale esta cifra").click()
    page.wait_for_url(re.compile("claims"))
    whole(page)
    expect(page.locator("h1", has_text="Las cifras publicadas").first).to_be_visible()
    expect(page.get_by_role("article", name="Cifra abierta")).to_be_visible()
    assert "claim=" in page.url
    context.close()
