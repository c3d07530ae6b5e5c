"""Walks through pages that hold a choice of their own: Checks, all situations; each page after a reload."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.i18n.translations import read_words
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.browser.conftest import served
from tests.browser.watching import whole
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation

pytestmark = pytest.mark.browser

ENGLISH = read_words("en")
LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}
FALLS = ENGLISH("rule.cumulative_falls")


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where figures are served that do not add up: two values of one moment, a total that falls."""
    root = tmp_path_factory.mktemp("doubtful") / "data"
    folder = write_situation(root)
    rows = [
        row(value=500, qualifier="at_least", as_of="2026-01-12", published="2026-01-12"),
        row(value=426, as_of="2026-01-12", published="2026-01-12", publisher="La Tarde"),
        row(**LEFT, value=100, as_of="2026-01-18", published="2026-01-18"),
        row(**LEFT, value=97, as_of="2026-01-20", published="2026-01-20"),
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(DataDir(root), today=TODAY)
    with served(root) as address:
        yield address


@pytest.fixture(params=[360, 1440])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_checks_are_narrowed_opened_left_and_walked_back(page: Page, doubtful: str) -> None:
    page.goto(f"{doubtful}/doubts?lang=en")
    whole(page)
    conflicts = page.locator("li.lm-conflict")
    expect(conflicts).to_have_count(2)
    page.locator("a.lm-chip", has_text=FALLS).click()
    expect(conflicts).to_have_count(1)
    expect(page).to_have_url(re.compile("rule=cumulative_falls"))

    conflicts.locator("a[id^=row-]").press("Enter")
    panel = page.get_by_role("article", name=ENGLISH("doubts.opened"))
    expect(panel).to_be_focused()
    opened = page.url
    assert "conflict=" in opened
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.go_back()
    expect(panel).to_be_visible()
    page.go_back()
    page.go_back()
    expect(conflicts).to_have_count(2)
    page.go_forward()
    expect(conflicts).to_have_count(1)

    page.goto(opened)  # as somebody else opens it
    whole(page)
    expect(panel).to_be_visible()
    page.reload()
    whole(page)
    expect(panel).to_be_visible()
    expect(conflicts).to_have_count(1)


def test_checks_of_a_past_day_keep_the_day_in_each_of_their_parts(page: Page, doubtful: str) -> None:
    page.goto(f"{doubtful}/doubts?lang=en&known=2026-01-19")
    whole(page)
    expect(page.locator("li.lm-conflict")).to_have_count(1)  # the total had not fallen yet
    page.locator(".lm-sections a", has_text=ENGLISH("doubts.tab_revisions")).click()
    expect(page).to_have_url(re.compile("known=2026-01-19.*tab=revisions|tab=revisions.*known=2026-01-19"))
    expect(
        page.get_by_text(ENGLISH("known.banner", day=ENGLISH.day(TODAY.replace(2026, 1, 19))))
    ).to_be_visible()
    page.go_back()
    expect(page.locator("li.lm-conflict")).to_have_count(1)


def test_a_situation_leads_to_its_own_page_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/situations?lang=en")
    whole(page)
    page.locator(".lm-situation h2 a").first.click()
    expect(page.locator(".lm-held .lm-figure").last).to_have_text("1,591")
    page.go_back()
    expect(page).to_have_url(f"{address}/situations?lang=en")
    whole(page)
    expect(page.locator(".lm-situation h2 a").first).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_the_same_after_a_reload_and_reached_by_keys(
    chromium: Browser, address: str, name: str
) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    at = f"{address}/{'' if name == FRONT else name}?lang=en"
    page.goto(at)
    whole(page)
    heading = page.locator("h1").first.inner_text()
    page.reload()
    whole(page)
    assert page.locator("h1").first.inner_text() == heading
    assert page.url == at
    page.keyboard.press("Tab")
    expect(page.get_by_text(ENGLISH("streamlit.skip"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_be_focused()  # behind the menus
    page.close()
