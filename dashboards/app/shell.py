"""Around every page: language, situation, navigation, and what a reader sees on a failure."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from dashboards.app import components, filters
from dashboards.app.page_registry import FRONT, PAGES, Place
from dashboards.app.server import admission
from dashboards.i18n.translations import FIRST_LANGUAGE, Words, list_languages, read_words
from dashboards.queries import database, series
from dashboards.queries.view import View, go_back
from dashboards.text import law
from dashboards.web import html
from pipelines.warehouse.published_build import Build, NoBuildError

_HERE: Final = Path(__file__).resolve().parent
_CALENDAR: Final = "calendar_open"
CHOSEN: Final = frozenset({"builder"})  # pages of which every reader makes another
PAGE_COST: Final = 3
_log: Final = logging.getLogger("liberometro")


def draw() -> None:
    """Draw the frame and the page of the address; a failure is a plain sentence, its details a log entry."""
    filters.start()
    filters.refuse_stated("missing")  # a page that is not there (serving.py)
    codes = list_languages()
    words = read_words(filters.read_one("lang", codes, FIRST_LANGUAGE))
    st.set_page_config(page_title=words("app.title"), page_icon=None, layout="centered")
    speaks = f"<script>document.documentElement.lang = '{words.language}';</script>"
    st.html(speaks, unsafe_allow_javascript=True)
    pages = [
        st.Page(
            _HERE / "pages" / f"{name}.py",
            title=words(f"nav.{name}"),
            url_path=name,
            default=name == FRONT,
        )
        for name in PAGES
    ]
    page = st.navigation(pages, position="hidden")
    try:
        build = database.find_current_build()
    except NoBuildError:
        _log.warning("no build to show", exc_info=True)
        _draw_masthead(words, codes)
        st.html(
            f"<h1>{html.render_cell(words('no_build.title'))}</h1>"
            + html.render_paragraph(words("no_build.text"))
        )
        st.code("python -m pipelines build", language=None)
        return
    try:
        _set_view(build, words, codes)
        _draw_page_links(pages, page, components.get_view())
        _draw_page(page.url_path or FRONT, components.get_view())
        _draw_help_links(pages, components.get_view())
        _draw_footer(components.get_view())
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


def _set_view(build: Build, words: Words, codes: list[str]) -> None:
    situations = database.read_situations(build)
    names = {each.id: words.of(each.name) for each in situations}
    chosen = _draw_masthead(words, codes, names)
    timezone = next(each.timezone for each in situations if each.id == chosen)
    components.set_view(View(build, chosen, words.language, database.find_today(timezone)))


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


def _draw_masthead(words: Words, codes: list[str], situations: dict[str, str] | None = None) -> str:
    """The name, the situation menu, the languages. Returns the chosen situation, empty without one."""
    chosen = ""
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        st.html(f'<p class="lm-name">{html.render_cell(words("app.name"))}</p>')
        if situations:
            chosen = filters.select(
                words("frame.situation"),
                "situation",
                list(situations),
                next(iter(situations)),
                situations.__getitem__,
                hidden_label=True,
            )
        filters.switch(
            words("frame.language"), "lang", codes, FIRST_LANGUAGE, lambda code: read_words(code).own_name
        )
    return chosen


def _draw_page_links(pages: list[Page], here: Page, view: View) -> None:
    """The pages in a row, on every width; each link keeps the situation and the language."""
    with st.container(horizontal=True, key="pages"):
        for page in pages:
            if PAGES[page.url_path or FRONT].place is not Place.MENU:
                continue
            if page.url_path == law.PAGE and law.find_law(view) is None:
                continue
            st.page_link(page, label=page.title, query_params=_make_query(view), width="content")
        if PAGES[here.url_path or FRONT].goes_back:
            st.button(view.words("known.open"), type="tertiary", on_click=_open_calendar)


def _draw_help_links(pages: list[Page], view: View) -> None:
    """What every page's words mean, how the figures are made and what they do not say."""
    with st.container(horizontal=True, key="help"):
        for page in pages:
            if PAGES[page.url_path or FRONT].place is Place.FOOT:
                st.page_link(page, label=page.title, query_params=_make_query(view), width="content")


def _make_query(view: View) -> dict[str, str]:
    return {"situation": view.situation_id, "lang": view.language}


def _draw_footer(view: View) -> None:
    words = view.words
    built_at = view.build.built_at[:16].replace("T", " ")
    st.html(
        '<footer class="lm-footer">'
        + html.render_paragraph(words("footer.reading"))
        + html.render_paragraph(words("footer.build", build=view.build.id, built_at=built_at))
        + html.render_paragraph(words("footer.licence"))
        + "</footer>"
        + html.render_meanings(words.language)
    )
