"""Around every page: language, situation, navigation, and what a reader sees on a failure."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from pathlib import Path
from types import CodeType
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from dashboards.app import components, filters
from dashboards.app.page_registry import FRONT, MENU, PAGES, Section, list_section
from dashboards.app.server import admission, following, page_card
from dashboards.exhibits.situations import tell_signer
from dashboards.i18n.translations import FIRST_LANGUAGE, Words, list_languages, read_words
from dashboards.queries import database, series
from dashboards.queries.view import View, go_back
from dashboards.text import law, reader_questions
from dashboards.web import html
from dashboards.web.addresses import make_address
from dashboards.web.question_link import render_question_link
from pipelines.warehouse.published_build import Build, NoBuildError

_HERE: Final = Path(__file__).resolve().parent
_CALENDAR: Final = "calendar_open"
CHOSEN: Final = frozenset({"builder"})  # pages of which every reader makes another
PAGE_COST: Final = 3
Pages = dict[str, Page]  # by name
_log: Final = logging.getLogger("liberometro")


def draw() -> None:
    """Draw the frame and the page of the address; a failure is a plain sentence, its details a log entry."""
    filters.start()
    codes = list_languages()
    words = read_words(filters.read_one("lang", codes, FIRST_LANGUAGE))
    pages = {
        name: st.Page(
            _HERE / "pages" / f"{name}.py",
            title=words(f"nav.{name}"),
            url_path=name,
            default=name == FRONT,
        )
        for name in PAGES
    }
    here = st.navigation(list(pages.values()), position="hidden").url_path or FRONT
    st.set_page_config(layout="centered")
    try:
        build = database.find_current_build()
    except NoBuildError:
        _log.warning("no build to show", exc_info=True)
        _draw_masthead(words, codes, None, pages, here)
        followed = following.tell() is not None
        st.html(
            f"<h1>{html.render_cell(words('no_build.title'))}</h1>"
            + html.render_paragraph(words("no_build.followed") if followed else words("no_build.text"))
        )
        if not followed:
            st.code("python -m pipelines build", language=None)
        return
    try:
        _draw_masthead(words, codes, build, pages, here)
        past = PAGES[here].goes_back and filters.is_stated("known")
        st.set_page_config(page_title=page_card.name_page(components.get_view(), here, past=past))
        _draw_subpages(components.get_view(), pages, here)
        _draw_page(here, components.get_view())
        _draw_footer(components.get_view(), here)
    except Exception:
        _show_failure(words)


@st.fragment
def _draw_page(name: str, view: View) -> None:
    """What is the page's own: a choice made in it draws it anew and nothing of the frame around it."""
    components.set_view(view)  # `_go_back` leaves another one
    refusals = st.container()
    try:
        with _take_place(name):
            _go_back(name)
            exec(_compile_page(name), {"__name__": "__main__"})  # `Page.run` can be called only by the frame
    except admission.RefusedError:
        st.html(html.render_notice(view.words("busy.title"), view.words("busy.text")))
    except components.PageEndedError:
        _log.debug("page %s ended early", name)
    except Exception:
        _show_failure(view.words)
    finally:  # a page may refuse what the address asks of it, and fail
        _show_refused(refusals, view.words)
        filters.start()


@contextmanager
def _take_place(name: str) -> Iterator[None]:
    """A place to draw a page at; among the files where it shows what nobody made ahead."""
    address = st.context.ip_address or admission.NOBODY
    dear = name in CHOSEN or (PAGES[name].goes_back and filters.is_stated("known"))
    gate, cost = (admission.FILES, PAGE_COST) if dear else (admission.PAGES, 1)
    with gate.let_in(address, cost), gate.at_work(address):
        yield


@lru_cache(maxsize=len(PAGES))
def _compile_page(name: str) -> CodeType:
    path = _HERE / "pages" / f"{name}.py"
    return compile(path.read_text("utf-8"), path, "exec")


def _show_failure(words: Words) -> None:
    _log.exception("a page failed")
    st.html(html.render_notice(words("error.title"), words("error.text")))


def _go_back(page: str) -> None:
    """The banner of a day gone back to, and the calendar that chooses one; the page's view is set for it."""
    view = components.get_view()
    words = view.words
    known = filters.read_past_day("known", view.today)
    if known is not None:
        if PAGES[page].goes_back:
            components.set_view(go_back(view, known))
            head, text = words("known.banner", day=words.day(known)), words("known.text")
        else:
            head, text = words("known.not_here"), words("known.not_here_text", day=words.day(known))
        st.html(html.render_notice(head, text))
        st.button(words("known.back"), on_click=filters.forget, args=("known",))
    # the calendar is a large script: only who wants it loads it
    if PAGES[page].goes_back and st.session_state.get(_CALENDAR):
        first = series.read_first_published(view.build, view.situation_id) or view.situation.baseline
        filters.pick_past_day(words("known.label"), "known", first, view.today, known)


def _open_calendar() -> None:
    st.session_state[_CALENDAR] = not st.session_state.get(_CALENDAR)


def _show_refused(place: DeltaGenerator, words: Words) -> None:
    """What the address asked for that is not here, above the page."""
    with place:
        for key, value in filters.list_refused():
            own = words.has(f"refused.{key}")
            text = words(f"refused.{key if own else 'text'}", key=key, value=value)
            st.html(html.render_notice(words("refused.title"), text))


def _draw_masthead(words: Words, codes: list[str], build: Build | None, pages: Pages, here: str) -> None:
    """One row: the name, the situation, the pages, the languages; sets the view of the chosen situation.

    On a phone the pages and the languages are behind a button each (static/page.js, app.css).
    """
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        name = st.empty()
        if build is not None:
            situations = database.read_situations(build)
            names = {each.id: words.of(each.name) for each in situations}
            chosen = filters.select(
                words("frame.situation"),
                "situation",
                list(names),
                next(iter(names)),
                names.__getitem__,
                hidden_label=True,
            )
            timezone = next(each.timezone for each in situations if each.id == chosen)
            components.set_view(View(build, chosen, words.language, database.find_today(timezone)))
            _draw_page_links(components.get_view(), pages, here)
        home = f"./?{urlencode(_make_query())}".rstrip("?")
        name.html(
            f"<script>document.documentElement.lang = '{words.language}';</script>"
            f'<p class="lm-name"><a href="{escape(home)}" target="_self">{escape(words("app.name"))}</a></p>',
            unsafe_allow_javascript=True,
        )
        with st.container(key="languages"):
            filters.switch(words("frame.language"), "lang", codes, FIRST_LANGUAGE, str.upper)
        st.html(
            _render_opener("languages", words.language.upper(), words("frame.language"))
            + _render_opener("pages", "\N{TRIGRAM FOR HEAVEN}", words("frame.menu"))
        )


def _render_opener(opens: str, shown: str, said: str) -> str:
    """A button that opens one of the masthead's containers; static/page.js does it."""
    return (
        f'<button type="button" class="lm-opens" data-opens="{opens}" aria-expanded="false"'
        f' aria-label="{escape(said)}">{escape(shown)}</button>'
    )


def _draw_page_links(view: View, pages: Pages, here: str) -> None:
    """The five pages, and About with what is told of them; each link keeps situation and language."""
    words, section = view.words, PAGES[here].section
    with st.container(horizontal=True, key="pages"):
        for each, first in MENU.items():
            chosen = here if each is section and PAGES[here].linked else first
            _link(pages, chosen, words(f"nav.{each}"))
        st.html(
            f'<button type="button" class="lm-opens{" lm-here" if section is Section.ABOUT else ""}"'
            f' data-opens="about" data-section="{MENU.get(section, "")}" aria-expanded="false">'
            f"{escape(words('nav.about'))}</button>"
        )
        with st.container(key="about"):
            for name in list_section(Section.ABOUT):
                if name != law.PAGE or law.find_law(view) is not None:
                    _link(pages, name)


def _draw_subpages(view: View, pages: Pages, here: str) -> None:
    """The pages of the section that is shown, where it has several, and the way back to another day."""
    page = PAGES[here]
    names = list_section(page.section) if page.section in MENU else []
    if len(names) < 2 and not page.goes_back:
        return
    with st.container(horizontal=True, key="subpages"):
        for name in names if len(names) > 1 else ():
            _link(pages, name)
        if page.goes_back:
            st.button(view.words("known.open"), type="tertiary", on_click=_open_calendar)


def _link(pages: Pages, name: str, label: str = "") -> None:
    st.page_link(pages[name], label=label or pages[name].title, query_params=_make_query(), width="content")


def _make_query() -> dict[str, str]:
    """What a link to a page must say for it to be shown alike: what is usual is not said."""
    return filters.list_stated("situation", "lang")


def _draw_footer(view: View, here: str) -> None:
    words = view.words
    base = components.find_base()
    said = {"known": view.today.isoformat()} if view.known_on is not None else {}
    if here == "figure":
        said |= {
            k: v for k, v in filters.list_stated("figure", "build").items() if re.fullmatch(r"\w{1,16}", v)
        }
    address = f"{base}/{make_address(view, '' if here == FRONT else here, said)}" if base else ""
    wrong = reader_questions.ask_about_page(view, here, words(f"nav.{here}"), address)
    built_at = words.minute(view.build.built_at)
    st.html(
        f'<footer class="lm-footer">{render_question_link(view, wrong)}'
        + html.render_paragraph(words("footer.reading"))
        + html.render_paragraph(words("footer.build", build=view.build.id, built_at=built_at))
        + (html.render_paragraph(signer) if (signer := tell_signer(view)) else "")
        + html.render_paragraph(words("footer.licence"))
        + "</footer>"
        + html.render_meanings(words.language)
    )
