"""Every page before axe, and every Spanish page without an English word."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel import Locale
from playwright.sync_api import Browser, Page, expect

from dashboards.app.page_registry import PAGES
from dashboards.i18n.translations import list_languages, list_texts, read_catalogue, read_words
from tests.browser.opening import unopened
from tests.browser.watching import NO_SIDEWAYS, whole

pytestmark = pytest.mark.browser

READERS = {
    "es-light-360": ("es", "light", 360),
    "en-dark-1440": ("en", "dark", 1440),
    "pt-light-768": ("pt", "light", 768),
}
# Every text and every name that is heard; source code and files' names are no language of ours.
SAID = """() => {
  const texts = [];
  const silent = 'script, style, noscript, code, pre, [aria-hidden=true], [data-testid=stIconMaterial]';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!around.closest(silent))
      texts.push(walk.currentNode.textContent);
  }
  for (const each of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (each.getAttribute(name)) texts.push(each.getAttribute(name));
  return texts;
}"""
FOCUSED = """() => {
  const at = document.activeElement;
  return { text: at.innerText.trim(), outline: getComputedStyle(at).outlineStyle };
}"""
RULES = {"rules": {"target-size": {"enabled": True}}}  # of WCAG 2.2, which axe leaves out unless asked
# Streamlit's own words that no setting reaches (docs/accessibility.md).
STREAMLITS_OWN = {"yyyy"}  # a day field before a day is chosen


@pytest.fixture(scope="module", params=READERS.values(), ids=READERS)
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[tuple[Page, str]]:
    language, scheme, width = request.param
    size = {"width": width, "height": 800}
    context = chromium.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context.new_page(), language
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_finding_and_speaks_one_language(
    reader: tuple[Page, str], address: str, name: str
) -> None:
    page, language = reader
    page.goto(f"{address}/{name}?lang={language}")
    whole(page)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate(NO_SIDEWAYS)

    found = Axe().run(page, options=RULES).response["violations"]
    serious = [
        (each["id"], [node["html"][:200] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []

    assert unopened(page, language) == []
    if language == "es":
        said = " ".join(page.evaluate(SAID))
        assert english_words() & set(_words(said)) - STREAMLITS_OWN == set()


def test_keys_alone_skip_ask_and_open_a_word(reader: tuple[Page, str], address: str) -> None:
    page, language = reader
    words = read_words(language)
    page.goto(f"{address}/?lang={language}")
    whole(page)
    phone = page.viewport_size is not None and page.viewport_size["width"] < 768
    menu = "\N{TRIGRAM FOR HEAVEN}" if phone else words("nav.charts")
    wanted = [words("streamlit.skip"), menu, words("glance.send")]
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        met.append(focused["text"])
        if met[-1] == wanted[-1]:
            assert focused["outline"] == "solid"
            page.keyboard.press("Enter")
            expect(page.get_by_text(words("glance.send_note"))).to_be_visible()
            break
    assert [text for text in met if text in wanted] == wanted, met


def english_words() -> set[str]:
    """Words that the English catalogue has and the Spanish one has not; no month, no language's own name."""
    english, spanish = (
        {word for forms in _told(code) for form in forms for word in _words(form)} for code in ("en", "es")
    )
    months = {
        word for width in ("wide", "abbreviated") for word in Locale("es").months["format"][width].values()
    }
    names = {word for code in list_languages() for word in _words(read_words(code).own_name)}
    return english - spanish - months - names


def _told(code: str) -> list[list[str]]:
    """Every text of a catalogue but the codebook's, which names the data's own English codes."""
    found = list_texts(read_catalogue(code))
    return [list(forms) for name, forms in found.items() if not name.startswith("codebook.")]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-záéíóúñü]{3,}", re.sub(r"\{\w*\}", " ", text).lower())


def test_the_english_words_that_are_looked_for_are_english() -> None:
    words = english_words()
    assert {"the", "people", "published"} <= words
    assert not {"prisión", "cifra", "personas"} & words
