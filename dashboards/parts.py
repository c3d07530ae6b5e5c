"""What several pages draw with Streamlit: the view they are for, an exhibit with all that belongs to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Final, NoReturn

import streamlit as st

from dashboards import downloads, exports, figures, markup, terms
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin
from dashboards.view import View
from dashboards.words import languages, words_of

_VIEW: Final = "view"


class PageEndedError(Exception):
    """A page has said all that it has to say; the frame goes on with what stands below every page."""


def end() -> NoReturn:
    """End a page early; `st.stop` would end the frame with it."""
    raise PageEndedError


def set_view(view: View) -> None:
    """Called by the frame: what the page is drawn for."""
    st.session_state[_VIEW] = view


def view() -> View:
    """What the page is drawn for."""
    current: View = st.session_state[_VIEW]
    return current


def show_exhibit(
    exhibit: Exhibit, level: int = 2, origin: Origin | None = None, ahead: Mapping[str, str] | None = None
) -> None:
    """Title, summary, chart, key, source, then events, table and downloads, all from one frame.

    `origin` says how to ask for it again where the page shows it with choices of its reader's. `ahead` says
    of a button's text which figure it leads to: static/page.js draws it while the server is asked.
    """
    table = drawn = None
    if exhibit.figure is not None:
        drawn, table = figures.drawing(exhibit, view()), figures.table(exhibit, view().language)
    html = _html(exhibit, level, view().language, drawn, table)
    if exhibit.figure is not None or exhibit.rows:
        html += downloads.links(exhibit, view(), origin)
    if ahead:
        html += f'<div hidden data-ahead="{escape(json.dumps(ahead))}"></div>'
    st.html(html)


def in_other_languages(draw: Callable[[View], Exhibit]) -> dict[str, str]:
    """A language's own name → the figure of an exhibit in it, of those that are in memory already."""
    here = view()
    if here.known_on is not None:  # nobody made them ahead
        return {}
    found = {}
    for code in languages():
        other = replace(here, language=code)
        exhibit = draw(other)
        if code != here.language and exhibit.figure is not None:
            found[words_of(code).own_name] = f"figures/{figures.drawing(exhibit, other).name}"
    return found


@lru_cache(maxsize=512)
def _html(
    exhibit: Exhibit,
    level: int,
    language: str,
    drawn: figures.Document | None,
    table: figures.Document | None,
) -> str:
    words = words_of(language)
    html = f"<h{level} class='lm-title'>{markup.cell(exhibit.title)}</h{level}>"
    html += markup.paragraph(exhibit.summary, "lm-summary")
    if exhibit.figure is None and not exhibit.rows:
        return html + markup.notice(words("empty.title"), words("empty.text"))
    if drawn is not None and exhibit.figure is not None:
        height = int(exhibit.figure.layout.height)
        html += markup.chart(f"figures/{drawn.name}", height, words("chart.failed"), not exports.available())
    html += markup.bullets(terms.each_opened(exhibit.key, words), "lm-key") + markup.paragraph(
        exhibit.source, "lm-source"
    )
    if exhibit.events:
        heading = words.plural("events.heading", len(exhibit.events))
        html += markup.folded(heading, _numbered(exhibit))
    if table is None:
        heads = terms.each_opened(exhibit.heads, words)
        return html + markup.table(exhibit.title, heads, exhibit.rows, exhibit.numeric)
    heading = words.plural("table.heading", len(exhibit.rows))
    return html + markup.folded(heading, "", f"figures/{table.name}", words("chart.table_failed"))


def offer_files(exhibit: Exhibit) -> None:
    """Links that give the exhibit's rows as files."""
    st.html(downloads.links(exhibit, view()))


def _numbered(exhibit: Exhibit) -> str:
    items = "".join(
        f"<li><span>{markup.cell(number)}</span> {markup.cell(link)}</li>" for number, link in exhibit.events
    )
    return f'<ul class="lm-events">{items}</ul>'
