"""What stands in a page's first HTML before any script: the answer with the two numbers.

It is made from the view alone, with the words and cards of the page itself; static/page.js takes it away when
the page stands. A reader without scripts is led to the light page of the static site, or to files.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from dashboards.app import overview_html
from dashboards.app.page_registry import FRONT, MENU, PAGES, list_section
from dashboards.export import provenance
from dashboards.i18n.translations import FIRST_LANGUAGE, Words, read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import headline_sentences
from dashboards.web.headline_card import build_cards, render_card
from dashboards.web.html import APP, Html, escape_text, render_paragraph
from pipelines.core.privacy import mask_message

LONGEST: Final = 64  # characters of an address that is said
FILES: Final = ("csv", "xlsx")  # which open without scripts
# Terms open by what stands at the foot of the whole page: until then they are words.
PLAIN: Final = Html(APP.prefix, APP.link, lambda term: escape_text(term.text))
# On a phone the pages are behind a button, which is a script's.
UNFOLDED: Final = ".lm-first header, .lm-first header nav { display: flex !important; flex-wrap: wrap; }"
Query = Mapping[str, str]


@remember
def make_block(view: View, page: str, past: bool) -> str:
    """The body of a page. Where it goes back to a `past` day, no number of today stands in it."""
    words, found = view.words, find_headlines(view)
    answer = headline_sentences.compose_answer(view, found)
    usual = database.read_situations(view.build)[0].id
    kept = _keep("" if view.situation_id == usual else view.situation_id, view.language)
    content = f"<h1>{escape_text(words(f'nav.{page}'))}</h1>"
    if past:
        content += render_paragraph(words("first.past"), "lm-source")
    else:
        cards = "".join(render_card(each, each.marks, PLAIN) for each in build_cards(view, found))
        cards = f'<div class="lm-cards">{cards}</div>'
        if page == FRONT:  # as the page has them, so that nothing jumps
            content = f'<div class="lm-today-head">{overview_html.render_answer(view, escape_text)}</div>'
            content += (
                f'<div class="st-key-today-numbers"><div class="st-key-today-cards">{cards}</div></div>'
            )
        else:
            content += render_paragraph(answer, "lm-answer") + cards
            content += f"<p><strong>{escape_text(words('glance.no_person'))}</strong></p>"
        content += render_paragraph(words("first.opening"), "lm-source")
    content += f"<noscript><style>{UNFOLDED}</style>{_render_light(view)}</noscript>"
    return _render_block(words, page, kept, words.of(view.situation.name), content)


def make_unknown(address: str, language: str) -> tuple[str, str]:
    """Head and body of what is served where an address leads nowhere."""
    words, kept = read_words(language), _keep("", language)
    told = words("unknown.text", address=mask_message(address[:500])[:LONGEST])
    links = [_render_link(words(f"nav.{each}"), page, kept) for each, page in MENU.items()]
    content = (
        f"<h1>{escape_text(words('unknown.title'))}</h1>"
        + render_paragraph(told, "lm-answer")
        + f'<ul class="lm-list">{"".join(f"<li>{each}</li>" for each in links)}</ul>'
    )
    title = escape_text(f"{words('unknown.title')} · {words('app.name')}")
    return f"<title>{title}</title>", _render_block(words, "", kept, "", content)


def _keep(situation: str, language: str) -> Query:
    """What a link to another page says: nothing of what is usual."""
    kept = {"situation": situation} if situation else {}
    return kept if language == FIRST_LANGUAGE else {**kept, "lang": language}


def _render_block(words: Words, page: str, kept: Query, situation: str, content: str) -> str:
    """The masthead as it will be, the section's pages, and below them the content."""
    section = PAGES[page].section if page else None
    menu = "".join(
        _render_link(words(f"nav.{each}"), first, kept, here=each is section) for each, first in MENU.items()
    )
    below = list_section(section) if section in MENU and section is not None else []
    pages = "".join(_render_link(words(f"nav.{each}"), each, kept, here=each == page) for each in below)
    return (
        '<div id="first" data-testid="stHtml"><div class="lm-first"><header>'
        f'<p class="lm-name">{_render_link(words("app.name"), FRONT, kept)}</p>'
        f"<span>{escape_text(situation)}</span><nav>{menu}</nav></header>"
        f'<nav class="lm-first-below">{pages if len(below) > 1 else ""}</nav>'
        f"<main>{content}</main></div></div>"
    )


def _render_link(text: str, page: str, kept: Query, *, here: bool = False) -> str:
    query = f"?{urlencode(kept)}" if kept else ""
    current = ' aria-current="page"' if here else ""
    address = escape_text(f"./{'' if page == FRONT else page}{query}")
    return f'<a href="{address}"{current}>{escape_text(text)}</a>'


def _render_light(view: View) -> str:
    """Where a reader without scripts gets on: the families' page of the site, else the figures as files."""
    words, site = view.words, provenance.read_static_address()
    if site:
        page = escape_text(f"{site}/{view.language}/index.html")
        return f'<p><a href="{page}">{escape_text(words("first.light"))}</a></p>'
    files = " · ".join(
        f'<a href="./file/{escape_text(view.situation_id)}/{view.language}/{FRONT}.{form}">{form.upper()}</a>'
        for form in FILES
    )
    return f"<p>{escape_text(words('first.files'))} {files}</p>"
