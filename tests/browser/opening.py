"""Which terms of the glossary stand on a page without opening their definition."""

from playwright.sync_api import Page, expect

from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Term
from dashboards.i18n.translations import read_words

OPEN_TABLES = "document.querySelectorAll('details[data-source]').forEach((each) => { each.open = true; })"
# What each line of a key, each heading of a table and each answer says, and what opens in it.
SAID = """() => [...document.querySelectorAll('.lm-key > li, .lm-table th, .lm-answer, .lm-flag')].map(
  (each) => ({
  text: each.textContent,
  opens: [...each.querySelectorAll('button.lm-term')].map((button) => {
    const meaning = button.popoverTargetElement;
    return meaning && meaning.textContent && button.getAttribute('aria-describedby') === `${meaning.id}-text`
      ? meaning.id : '';
  }),
}))"""


def unopened(page: Page, language: str) -> list[tuple[str, list[str], list[str]]]:
    """Texts whose terms do not all open, each with what should open and what does; tables are opened first.

    The page's lead of words alone (the glossary's own, the look page's) is no answer."""
    words = read_words(language)
    page.evaluate(OPEN_TABLES)
    expect(page.locator("details[data-source], details[open] > div:empty")).to_have_count(0)
    own = {words("glossary.lead"), words("look.lead")}
    found = []
    for each in page.evaluate(SAID):
        parts = glossary.open_terms(each["text"], words).parts
        wanted = [f"meaning-{part.term}" for part in parts if isinstance(part, Term)]
        if wanted != each["opens"] and each["text"] not in own:
            found.append((each["text"], wanted, each["opens"]))
    return found
