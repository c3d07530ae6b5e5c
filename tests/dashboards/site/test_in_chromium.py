"""The site in a real browser, opened as files: no rule broken, no other host asked, nothing cut off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.dashboards.site.conftest import Published

pytestmark = pytest.mark.browser
PAGES = (
    "index.html", "en/index.html", "es/charts/index.html", "es/charts/held.html",
    "es/charts/held.embed.html", "es/claims.html", "es/contradictions.html", "es/revisions.html",
    "es/corrected.html",
    "es/changes.html", "es/organisations.html", "es/law.html", "es/limits.html", "es/definitions.html",
    "es/methods.html", "es/figures/index.html", "es/builds/index.html", "es/data.html",
    "es/embeds.html", "es/charts/held.interactive.html",
)  # fmt: skip

# What can be opened, and is not on paper.
FOLDED = """() => [...document.querySelectorAll('details')].filter((each) => each.checkVisibility())
  .filter((each) => ![...each.children].slice(1).some((part) => part.checkVisibility()))
  .map((each) => each.textContent.slice(0, 40))"""


class Watched:
    """A page that remembers what the browser complained of and what it asked for elsewhere."""

    def __init__(self, page: Page, site: Published) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self._root = f"file://{site.out}/"
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda asked: self.complaints.append(f"failed: {asked.url}"))
        page.on("request", lambda asked: self._note(asked.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self._root, "data:", "blob:")):
            self.elsewhere.append(url)

    def open(self, path: str) -> Page:
        """Open one file of the site."""
        self.page.goto(f"{self._root}{path}")
        return self.page


@pytest.fixture
def phone(chromium: Browser, site: Published) -> Iterator[Watched]:
    """A small phone."""
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield Watched(context.new_page(), site)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule_of_its_own_and_fits_the_smallest_phone(phone: Watched, path: str) -> None:
    page = phone.open(path)
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.complaints == []
    assert phone.elsewhere == []


@pytest.mark.parametrize(("width", "highest"), [(1440, 3200), (360, 6500)])
def test_no_page_is_longer_than_a_person_scrolls_and_paper_cuts_none(
    chromium: Browser, site: Published, width: int, highest: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found = {}
    for path in PAGES:
        page.goto(f"file://{site.out}/{path}")
        if (height := page.evaluate("document.documentElement.scrollHeight")) > highest:
            found[path] = height
    assert found == {}
    page.set_viewport_size({"width": 718, "height": 1040})  # A4 within its margins
    page.emulate_media(media="print")
    for path in PAGES:
        page.goto(f"file://{site.out}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 718, path
        assert page.evaluate(FOLDED) == [], path
    page.close()


def test_the_interactive_chart_draws_itself_from_a_file_and_leads_to_its_figures(phone: Watched) -> None:
    page = phone.open("es/charts/held.interactive.html")
    page.wait_for_selector("#chart .main-svg")
    assert page.locator("#chart .scatterlayer .point").count() >= 3
    page.locator("#chart .lm-plot").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    link = page.locator("#chart .lm-picked a")
    link.click()
    page.wait_for_url("**/es/figures/*.html#*")
    assert page.locator(".entry:target").count() == 1
    assert phone.complaints == []
    assert phone.elsewhere == []


def test_the_families_page_is_complete_without_images_and_scripts(chromium: Browser, site: Published) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*.{svg,png,css,js}", lambda route: route.abort())
    page.goto(f"file://{site.out}/index.html")
    text = page.locator("main").inner_text()
    assert "601" in text
    assert "464" in text
    assert "Línea de ayuda" in text
    assert page.locator(".card").first.evaluate("card => getComputedStyle(card).borderTopStyle") == "solid"
    context.close()


def test_an_embed_shows_its_picture_within_another_page(phone: Watched) -> None:
    page = phone.open("es/embeds.html")
    frame = page.frame_locator("iframe").first
    picture = frame.locator("img")
    picture.wait_for()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    assert picture.evaluate("img => img.currentSrc").endswith(".tall.svg")
    assert picture.evaluate("img => img.clientWidth") <= 320
    assert phone.complaints == []
