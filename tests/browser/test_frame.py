"""The frame of every page: one masthead row, menus, titles, and an address that Back and Forward walk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.app.page_registry import FRONT, MENU, PAGES, Section, list_section
from dashboards.i18n.translations import read_words
from tests.browser.watching import NO_SIDEWAYS, Watched, whole

pytestmark = pytest.mark.browser

ENGLISH = read_words("en")
# Every link and button of the frame that is seen, with its text, height and width in pixels.
TARGETS = """() => [...document.querySelectorAll(':is(.st-key-masthead, .st-key-subpages) :is(a, button)')]
  .map((each) => [each.textContent || each.ariaLabel, each.getBoundingClientRect()])
  .filter(([, box]) => box.width)
  .map(([text, box]) => [text, Math.round(box.height), Math.round(box.width)])"""
# Texts of the frame that are cut or lie outside of the window.
CUT = """() => [...document.querySelectorAll('.st-key-masthead :is(a, button, p, [data-testid=stSelectbox])')]
  .filter((each) => each.getBoundingClientRect().width)
  .filter((each) => { const box = each.getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth || each.scrollWidth > each.clientWidth + 1; })
  .map((each) => each.textContent)"""

# Texts of the page that are smaller than anything should be; a drawing scales its own.
SMALL = """() => [...document.querySelectorAll('[data-testid=stMain] *')]
  .filter((each) => each.checkVisibility() && !each.closest('svg, .lm-unseen, [data-testid=stIconMaterial]'))
  .filter((each) => [...each.childNodes].some((part) => part.nodeType === 3 && part.nodeValue.trim()))
  .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 13)
  .map((each) => [each.className, each.textContent.slice(0, 40), getComputedStyle(each).fontSize])"""


@pytest.fixture(params=[360, 768, 1024, 1440])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": 800})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def follow(page: Page, section: Section) -> None:
    page.locator(".st-key-pages").get_by_role("link", name=ENGLISH(f"nav.{section}"), exact=True).click()


def test_the_masthead_is_one_row_two_on_a_phone_with_nothing_cut(page: Page, address: str) -> None:
    width = page.viewport_size["width"]  # type: ignore[index]
    for language in ("es", "en", "pt"):
        page.goto(f"{address}/pace?lang={language}")
        whole(page)
        box = page.locator(".st-key-masthead").bounding_box()
        assert box is not None
        assert (box["y"], box["height"]) == (0, 82 if width < 480 else 64)
        assert page.evaluate(CUT) == []
        assert page.evaluate(NO_SIDEWAYS)
        if width < 768:
            small = [each for each in page.evaluate(TARGETS) if min(each[1:]) < 32 or each[1] < 44]
            assert small == []


def test_the_rows_of_pages_are_landmarks_with_names_of_their_own(desk: Page, address: str) -> None:
    for name, rows in (("pace", 2), ("methods", 1)):  # with pages of its section, and without
        desk.goto(f"{address}/{name}?lang=en")
        whole(desk)
        found = desk.locator("[data-testid=stMain]").get_by_role("navigation")
        expect(found).to_have_count(rows)
        named = [found.nth(each).get_attribute("aria-label") for each in range(rows)]
        assert named == [ENGLISH("frame.menu"), ENGLISH("nav.charts")][:rows]


@pytest.mark.parametrize("path", ["pace", ""])
def test_with_letters_twice_as_large_the_situation_and_the_languages_can_still_be_chosen(
    page: Page, address: str, path: str
) -> None:
    page.goto(f"{address}/{path}?lang=es")
    whole(page)
    page.add_style_tag(content="html { font-size: 32px !important; }")
    width = page.viewport_size["width"]  # type: ignore[index]
    chosen = ".st-key-widget-situation, .lm-opens:visible, .st-key-languages button:visible"
    for each in page.locator(chosen).all():
        box = each.bounding_box()
        assert box is not None
        assert box["width"] >= 44
        assert box["x"] + box["width"] <= width
    assert page.evaluate(NO_SIDEWAYS)


def test_on_a_phone_the_menu_has_the_five_pages_and_closes(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{address}/?lang=en")
    whole(page)
    menu = page.get_by_role("button", name=ENGLISH("frame.menu"))
    link = page.locator(".st-key-pages").get_by_role("link", name=ENGLISH("nav.figures"), exact=True)
    expect(link).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    for section in MENU:
        expect(
            page.locator(".st-key-pages").get_by_role("link", name=ENGLISH(f"nav.{section}"), exact=True)
        ).to_be_visible()
    small = [each for each in page.evaluate(TARGETS) if each[1] < 44]
    assert small == []
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    link.click()
    expect(page).to_have_url(f"{address}/claims?lang=en")
    expect(link).to_be_hidden()
    page.close()


def test_about_holds_what_is_told_of_the_figures(desk: Page, address: str) -> None:
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    about = desk.get_by_role("button", name=ENGLISH("nav.about"))
    about.focus()
    desk.keyboard.press("Enter")
    links = desk.locator(".st-key-about a:visible")
    assert links.all_inner_texts() == [
        ENGLISH(f"nav.{name}") for name in list_section(Section.ABOUT) if name != "law"
    ]
    desk.locator("h1").first.click()
    expect(links.first).to_be_hidden()


def test_every_page_has_its_own_title_and_tells_which_it_is(desk: Page, address: str) -> None:
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    titles = [desk.title()]
    for section in list(MENU)[1:]:
        follow(desk, section)
        expect(desk).to_have_title(re.compile(re.escape(ENGLISH(f"nav.{MENU[section]}"))))
        current = desk.locator(".st-key-pages a[aria-current=page]")
        expect(current).to_have_text(ENGLISH(f"nav.{section}"))
        titles.append(desk.title())
    assert len(set(titles)) == len(MENU)
    assert "1,591" in titles[0]


def test_back_and_forward_walk_the_pages_and_never_a_choice(desk: Page, address: str) -> None:
    walked = [Section.TODAY, *list(MENU)[1:]]
    desk.goto(f"{address}/?lang=en&situation=islandia")
    whole(desk)
    expect(desk).to_have_url(f"{address}/?lang=en")  # what is usual is not said
    length = desk.evaluate("history.length")
    for section in walked[1:]:
        follow(desk, section)
        expect(desk.locator(".st-key-pages a[aria-current]")).to_have_text(ENGLISH(f"nav.{section}"))
        whole(desk)
    assert desk.evaluate("history.length") == length + len(walked) - 1
    for section in reversed(walked[:-1]):
        desk.go_back()
        name = MENU[section]
        expect(desk).to_have_url(f"{address}/{'' if name == FRONT else name}?lang=en")
        expect(desk.locator(".st-key-pages a[aria-current]")).to_have_text(ENGLISH(f"nav.{section}"))
        whole(desk)
    for section in walked[1:]:
        desk.go_forward()
        expect(desk.locator(".st-key-pages a[aria-current]")).to_have_text(ENGLISH(f"nav.{section}"))
        whole(desk)


def test_a_choice_changes_the_address_in_its_place_and_a_reload_keeps_it(desk: Page, address: str) -> None:
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    follow(desk, Section.CHARTS)
    expect(desk).to_have_url(re.compile("/progress"))
    whole(desk)
    length = desk.evaluate("history.length")
    desk.get_by_role("radio", name="PT", exact=True).click()
    expect(desk).to_have_url(f"{address}/progress?lang=pt")
    whole(desk)
    assert desk.evaluate("history.length") == length
    desk.reload()
    whole(desk)
    expect(desk.locator("html")).to_have_attribute("lang", "pt")
    desk.go_back()
    expect(desk).to_have_url(re.compile(rf"^{re.escape(address)}/\?lang="))
    whole(desk)


@pytest.mark.parametrize("name", PAGES)
def test_back_from_every_page_leads_to_where_the_reader_came_from(
    desk: Page, address: str, name: str
) -> None:
    desk.goto(f"{address}/limits?lang=en")
    whole(desk)
    desk.goto(f"{address}/{'' if name == FRONT else name}?lang=en&situation=islandia")
    whole(desk)
    desk.go_back()
    expect(desk).to_have_url(f"{address}/limits?lang=en")


@pytest.mark.parametrize("width", [360, 1440])
def test_no_word_of_a_page_is_smaller_than_thirteen_pixels(
    chromium: Browser, address: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    found = {}
    for name in PAGES:
        page.goto(f"{address}/{'' if name == FRONT else name}?lang=en")
        whole(page)
        if small := page.evaluate(SMALL):
            found[name] = small
    assert found == {}
    page.close()


def test_an_address_below_a_page_says_that_there_is_none(desk: Page, address: str) -> None:
    for path in ("x/y", "pace/more"):
        desk.goto(f"{address}/{path}?lang=en")
        expect(desk.locator("h1")).to_have_text(ENGLISH("unknown.title"))
        assert desk.url == f"{address}/{path}?lang=en"
        desk.get_by_role("link", name=ENGLISH("nav.charts"), exact=True).first.click()
        expect(desk).to_have_url(f"{address}/progress?lang=en")
        desk.go_back()
        expect(desk.locator("h1")).to_have_text(ENGLISH("unknown.title"))


def test_no_page_asks_for_what_is_not_there(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    watched = Watched(page)
    for name in PAGES:
        page.goto(f"{address}/{'' if name == FRONT else name}?lang=en")
        whole(page)
    assert watched.errors == []
    page.close()


def test_the_first_words_come_before_any_script_and_go_without_a_jump(desk: Page, address: str) -> None:
    desk.route("**/*.js", lambda route: route.abort())
    desk.goto(f"{address}/?lang=en", wait_until="commit")
    expect(desk.locator("#first .lm-held .lm-figure")).to_have_text("1,591")
    before = desk.locator("#first .lm-held").bounding_box()
    desk.unroute("**/*.js")
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    expect(desk.locator("#first")).to_have_count(0)
    after = desk.locator(".lm-held").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) <= 1
    assert abs(before["y"] - after["y"]) <= 12


def test_focus_is_seen_on_what_the_keys_reach(desk: Page, address: str) -> None:
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    unseen = []
    for _ in range(25):
        desk.keyboard.press("Tab")
        told = desk.evaluate(
            "() => { const on = document.activeElement, style = getComputedStyle(on);"
            " return [on.tagName, on.textContent.slice(0, 30), style.outlineStyle, style.outlineWidth]; }"
        )
        if told[0] != "BODY" and (told[2] == "none" or told[3] == "0px"):
            unseen.append(told)
    assert unseen == []


def test_a_printed_page_has_its_answer_and_no_menu(desk: Page, address: str) -> None:
    desk.goto(f"{address}/?lang=en")
    whole(desk)
    desk.emulate_media(media="print")
    expect(desk.locator(".lm-held .lm-figure")).to_be_visible()
    expect(desk.locator(".st-key-pages")).to_be_hidden()
    expect(desk.locator(".st-key-languages")).to_be_hidden()
    assert desk.evaluate("document.documentElement.scrollHeight > innerHeight")  # all of it, not one screen


def test_a_page_that_no_link_leads_to_marks_its_section(desk: Page, address: str) -> None:
    desk.goto(f"{address}/figure?lang=en")
    whole(desk)
    expect(desk.locator(".st-key-pages a[aria-current]")).to_have_text(ENGLISH("nav.figures"))
    follow(desk, Section.CHARTS)
    expect(desk.locator(".st-key-pages a[aria-current]")).to_have_text(ENGLISH("nav.charts"))
