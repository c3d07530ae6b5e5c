"""The journeys of a relative, a reporter and an analyst: phone, tablet and desk, by language and theme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboards.app.page_registry import MENU, PAGES
from dashboards.i18n.translations import Words, read_words
from pipelines.core.paths import ROOT
from tests.browser.watching import HEADING, NO_SIDEWAYS, Watched, whole

pytestmark = pytest.mark.browser

PICTURES = ROOT / "tests" / "artefacts"  # not kept in git
ALL_HREFS = "links => links.map(link => link.href)"
READERS = [
    (language, scheme, width)
    for language in ("es", "en")
    for scheme in ("light", "dark")
    for width in (360, 768, 1440)
]
MUST_FIT = ("h1", ".lm-answer", ".lm-held .lm-figure", ".lm-left .lm-figure")


@dataclass
class Reader:
    """Somebody in front of a page."""

    watched: Watched
    words: Words
    width: int
    name: str

    def look(self, at: str) -> None:
        """Keep a picture, and see that nothing is wider than the screen, failed or left the machine."""
        page = self.watched.page
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{at}-{self.name}.png")
        assert page.evaluate(NO_SIDEWAYS)
        assert self.watched.hosts == {"127.0.0.1"}
        assert self.watched.errors == []

    def ask(self, page: str) -> None:
        """Follow the menu to a page: its section, behind a button on a phone, then its own link."""
        seen, section = self.watched.page, PAGES[page].section
        if self.width < 768:
            seen.get_by_role("button", name=self.words("frame.menu")).click()
        seen.locator(".st-key-pages").get_by_role(
            "link", name=self.words(f"nav.{section}"), exact=True
        ).click()
        if MENU[section] != page:
            seen.locator(".st-key-subpages").get_by_role(
                "link", name=self.words(f"nav.{page}"), exact=True
            ).click()


@pytest.fixture(scope="module", params=READERS, ids=lambda each: "-".join(map(str, each)))
def reader(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Reader]:
    language, scheme, width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 740 if width == 360 else 900},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    watched = Watched(page)
    page.goto(f"{address}/?lang={language}")
    whole(page)
    yield Reader(watched, read_words(language), width, f"{language}-{scheme}-{width}")
    context.close()


def test_a_relative_sees_it_in_one_screen_learns_a_word_and_sends_it_on(reader: Reader) -> None:
    page, words = reader.watched.page, reader.words
    expect(page.locator(".lm-held .lm-figure")).to_have_text(words.number(1591))
    expect(page.locator(".lm-left .lm-figure")).to_have_text(words.number(464))
    expect(page.locator(".lm-held")).to_contain_text("La Lista")
    falls = words.plural("card.fell", 215, day="•", before="").split("•")[0]
    expect(page.locator(".lm-held .lm-change")).to_contain_text(falls)
    expect(page.locator(".lm-answer")).to_contain_text(words("glance.no_person"))
    expect(page.locator(".lm-held .lm-old")).to_be_visible()
    expect(page.get_by_text(words("today.no_newer"))).to_be_visible()
    for part in MUST_FIT:  # without a finger on the screen
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= page.viewport_size["height"], part  # type: ignore[index]
    reader.look("relative")

    expect(page.get_by_role("heading", name=words("today.ladder_title"))).to_be_visible()
    page.get_by_text(words("glance.send"), exact=True).click()
    page.get_by_role("button", name=words("glance.send_button")).click()
    expect(page.locator(".lm-asides .lm-sent")).to_have_text(words("glance.copied"))
    sent = page.evaluate("navigator.clipboard.readText()")
    assert words.number(1591) in sent
    assert words("glance.no_person") in sent
    assert re.search(rf"http://127\.0\.0\.1:\d+/\?situation=islandia&lang={words.language}$", sent)


def test_a_reporter_makes_a_chart_takes_it_along_and_a_colleague_sees_the_same(reader: Reader) -> None:
    page, words = reader.watched.page, reader.words
    reader.ask("builder")
    expect(page.locator(HEADING)).to_have_text(words("builder.title"))
    whole(page)
    page.locator(".lm-act-quote").click()
    expect(page.locator(".lm-out:popover-open .lm-quoted")).to_contain_text(words.number(1591))
    page.keyboard.press("Escape")
    files = page.locator("a[href*='file/islandia/']")
    links = files.evaluate_all(ALL_HREFS)
    assert {"png", "svg", "csv", "xlsx"} <= {link.split("?")[0].rsplit(".", 1)[1] for link in links}
    sheet = next(link for link in links if ".csv" in link)
    answer = page.request.get(sheet)
    assert answer.ok
    assert "1591" in answer.text()
    reader.look("reporter")

    page.locator("button", has_text=words("size.square")).click()
    expect(page).to_have_url(re.compile("size=square"))
    colleague = page.context.new_page()
    colleague.goto(page.url)
    whole(colleague)
    expect(colleague.locator("button[data-selected=true]", has_text=words("size.square"))).to_be_visible()
    colleague.close()


def test_an_analyst_sees_what_is_new_what_is_old_and_every_claim(reader: Reader) -> None:
    page, words = reader.watched.page, reader.words
    of = words("situation.of", situation="Islandia")
    reader.ask("news")
    expect(page.locator("h1", has_text=words("news.title", of_situation=of)).first).to_be_visible()
    whole(page)
    expect(page.get_by_role("region", name=words("news.list_title"))).to_contain_text("La Lista")
    page.get_by_text(words("today.silence_all")).click()
    late = page.get_by_role("region", name=words("news.late_title"))
    expect(late.get_by_role("row", name="La Lista")).to_contain_text(words("news.late"))
    reader.look("analyst")

    reader.ask("claims")
    expect(page.locator("h1", has_text=words("claims.title", of_situation=of)).first).to_be_visible()
    whole(page)
    expect(page.get_by_role("region", name=words("claims.list_title"))).to_contain_text(words.number(1806))
    with page.expect_download() as taken:
        page.get_by_role("button", name=words.plural("figures.export", 4)).click()
    assert "1806" in Path(taken.value.path()).read_text("utf-8")
    reader.look("claims")


def test_an_address_of_no_page_is_told_in_words(reader: Reader, address: str) -> None:
    page, words = reader.watched.page, reader.words
    page.goto(f"{address}/nowhere?lang={words.language}")
    expect(page.locator("h1")).to_have_text(words("unknown.title"))
    expect(page.locator("main")).to_contain_text("/nowhere")
    assert page.url == f"{address}/nowhere?lang={words.language}"
    page.locator("main").get_by_role("link", name=words("nav.figures")).click()
    expect(page).to_have_url(f"{address}/claims{'' if words.language == 'es' else '?lang=en'}")
