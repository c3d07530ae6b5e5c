"""A choice of a reader's: what is sent and drawn again for it, and where the keys are afterwards."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from dashboards.i18n.translations import read_words
from tests.browser.watching import whole

pytestmark = pytest.mark.browser

SPANISH, ENGLISH = read_words("es"), read_words("en")
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText.trim()"
LINKS = ":is(.st-key-pages, .st-key-subpages) a"
CHOSEN = ".react-aria-ComboBox [data-tag]"  # what is chosen in a menu of many choices, once it is open


def open_chip(page: Page, label: str) -> None:
    page.locator(".st-key-chips [data-testid=stPopover] button").filter(has_text=label).click()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="es-VE")
    yield context.new_page()
    context.close()


def test_a_choice_in_a_page_sends_nothing_of_the_frame_around_it(page: Page, address: str) -> None:
    received: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: received.append(bytes(data))),
    )
    page.goto(f"{address}/progress")
    whole(page)
    own, around = SPANISH("progress.organisations").encode(), SPANISH("footer.licence").encode()
    assert own in b"".join(received)
    assert around in b"".join(received)

    open_chip(page, SPANISH("progress.baselines"))
    received.clear()
    page.locator(CHOSEN).last.focus()
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile("baseline="))
    whole(page)
    assert own in b"".join(received)
    assert around not in b"".join(received)


def test_the_keys_stay_on_what_was_used(page: Page, address: str) -> None:
    page.goto(address)
    whole(page)
    page.get_by_role("radio", name="ES", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    whole(page)
    assert page.evaluate(FOCUSED) == "EN"

    link = page.locator(LINKS, has_text=ENGLISH("nav.charts"))
    link.focus()
    page.keyboard.press("Enter")
    expect(
        page.locator("h1", has_text=ENGLISH("progress.title", in_situation="in Islandia")).first
    ).to_be_visible()
    whole(page)
    assert page.evaluate(FOCUSED) == ENGLISH("nav.charts")

    open_chip(page, ENGLISH("period.other"))
    page.get_by_role("slider").first.focus()
    used = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("from="))
    whole(page)
    assert page.evaluate(FOCUSED) == used


def test_the_link_of_the_page_that_is_shown_is_told(page: Page, address: str) -> None:
    page.goto(f"{address}/news")
    whole(page)
    shown = page.locator(f"{LINKS}[aria-current=page]")
    expect(shown).to_have_text([SPANISH("nav.today"), SPANISH("nav.news")])
    first = page.locator(LINKS, has_text=SPANISH("nav.overview"))
    assert str(first.evaluate("(link) => link.href")) == f"{address}/"
    first.click()
    expect(shown).to_have_text([SPANISH("nav.today"), SPANISH("nav.overview")])


def test_the_chart_of_another_language_is_drawn_while_the_server_is_asked(page: Page, address: str) -> None:
    silent = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda asked: None if silent else server.send(asked))

    page.route_web_socket(re.compile("_stcore/stream"), between)
    page.goto(address)
    whole(page)
    silent = True
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.locator(".lm-chart[data-drawn]")).to_have_count(3)  # of the page's two, one in both languages
    expect(page.locator(".lm-place .lm-chart[data-drawn]")).to_have_count(2)
    expect(page.locator(".lm-chart[data-drawn] .lm-plot").last).to_have_attribute(
        "aria-label", re.compile(re.escape(ENGLISH("chart.keys")))
    )


def test_streamlits_own_words_follow_the_language(page: Page, address: str) -> None:
    page.goto(f"{address}/progress")
    whole(page)
    for words in (SPANISH, ENGLISH, SPANISH):
        page.get_by_role("radio", name=words.language.upper(), exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", words.language)
        whole(page)
        open_chip(page, words("progress.organisations"))
        chosen = page.locator(CHOSEN).first
        named = f"{words('streamlit.remove')} {chosen.get_attribute('aria-label')}"
        expect(chosen.get_by_role("button", include_hidden=True)).to_have_attribute("aria-label", named)
        page.keyboard.press("Escape")
        open_chip(page, words("period.other"))
        start = f"{words('period.label')} — {words('streamlit.start')}"
        expect(page.locator(f"[aria-label='{start}']")).to_be_attached()
        expect(page.get_by_role("link", name=words("streamlit.skip"))).to_be_attached()


def test_a_day_that_is_typed_is_confirmed_as_the_page_says(page: Page, address: str) -> None:
    page.goto(f"{address}/pace")
    whole(page)
    assert "Esc" in SPANISH("pace.needed_lead")  # Enter, which one expects, does nothing in this field
    expect(page.get_by_text(SPANISH("pace.needed_lead"))).to_be_visible()
    field = page.get_by_test_id("stDateInput").filter(has_text=SPANISH("pace.needed_label"))
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type("01/06/2027")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("by=2027-06-01"))
