"""What several pages draw with Streamlit: an exhibit with its files, quotes, address and references.

The browser shows the progress of its own download, and the page stays as it is. Links are relative, so they
lead to the same server, below whatever path it is served.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any, Final, NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboards.app import chart_frame
from dashboards.app.chart_frame import TakeAlong
from dashboards.charts import theme
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import chromium, citations, formats, provenance
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.memory import find_kept
from dashboards.queries.view import View, make_figure_link
from dashboards.text import amounts, reader_questions, statement_sentences
from dashboards.web import chart_document, embedding, html
from dashboards.web.question_link import render_question_link

WITH_BRIEF: Final = "overview"  # the chart beside which the situation on one page is offered
# What the pages show under names of their own → the catalogue's names.
CHARTS: Final = {
    "overview": "overview",
    "pace-cumulative": "pace-left-prison",
    "pace-stock": "pace-held",
    "pace-windows": "pace-windows",
    "pace-events": "before-and-after",
    "pace-record": "track-record",
    "outlook-stock": "outlook-held",
    "outlook-cumulative": "outlook-left-prison",
    "announcements": "announcements",
    "gaps": "gaps",
    "gaps-refused": "not-comparable",
    "bands": "bands",
    "revolving-door": "revolving-door",
    "releases-by-role": "releases-by-role",
    "contradictions": "contradictions",
    "reconciliation": "bridge",
    "bridge": "bridge",
    "not-comparable": "not-comparable",
    "reconciliation-list": "bridges",
    "breaks": "breaks",
    "revisions": "revisions",
    "origins": "origins",
}


def find_request(exhibit: Exhibit, view: View) -> ChartRequest | None:
    """How to ask for an exhibit that a page shows with its usual choices; None where that is not known."""
    name = CHARTS.get(exhibit.name.removeprefix(f"{view.situation_id}-"))
    return None if name is None else ChartRequest(name)


def render_links(
    exhibit: Exhibit, view: View, origin: ChartRequest | None = None, size: str | None = None
) -> str:
    """The row as HTML; empty where nobody knows how to ask for the exhibit again.

    A picture is offered in every size, or in the one that was chosen; where the server can make none, the
    row says what it lacks and that the buttons below a chart make one in the browser.
    """
    asked = origin or find_request(exhibit, view)
    if asked is None or asked.chart is None:
        return ""
    words = view.words
    offered = []
    pictures = chromium.is_available()
    if formats.has_picture(exhibit) and pictures:
        sizes = list(theme.SIZES) if size is None else [size]
        for form, kind in sorted(formats.PICTURES.items(), key=lambda pair: not pair[1].in_pixels):
            if kind.in_pixels:
                named = [(each, words(f"download.{form}", size=words(f"size.{each}"))) for each in sizes]
                offered += [(form, each, label) for each, label in named]
            else:
                offered.append((form, size or theme.USUAL, form.upper()))
    offered += [(form, "", form.upper()) for form in formats.TABLES]
    anchors = [
        f'<a href="{escape(make_file_address(view, asked, form, each))}" download>{escape(label)}</a>'
        for form, each, label in offered
    ]
    if asked.chart == WITH_BRIEF and pictures:
        page = escape(make_file_address(view, ChartRequest("brief"), "pdf"))
        anchors.append(f'<a href="{page}" download>{escape(words("download.brief"))}</a>')
    row = f'<p class="lm-downloads">{" ".join(anchors)}</p>'
    if pictures or not formats.has_picture(exhibit):
        return row
    lacks = f"{words('download.no_browser')} {words('download.browser_own')}"
    return row + f'<p class="lm-source">{escape(lacks)}</p>'


def make_file_address(view: View, origin: ChartRequest, form: str, size: str = "") -> str:
    """Where a file is, from any page of the app."""
    pairs = [(key, value) for key, value in origin.options if key != "size"]
    if size:
        pairs.append(("size", size))
    if view.known_on is not None:
        pairs.append(("known", view.today.isoformat()))
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"file/{view.situation_id}/{view.language}/{origin.chart}.{form}{query}"


_VIEW: Final = "view"


class PageEndedError(Exception):
    """A page has said all that it has to say; the frame goes on with what stands below every page."""


def end_page() -> NoReturn:
    """End a page early; `st.stop` would end the frame with it."""
    raise PageEndedError


def set_view(view: View) -> None:
    """Called by the frame: what the page is drawn for."""
    st.session_state[_VIEW] = view


def get_view() -> View:
    """What the page is drawn for."""
    current: View = st.session_state[_VIEW]
    return current


def show_exhibit(
    exhibit: Exhibit,
    level: int = 2,
    origin: ChartRequest | None = None,
    ahead: Mapping[str, str] | None = None,
    size: str | None = None,
) -> None:
    """An exhibit in its frame: chart, table and sources, and what there is to take along.

    `origin` says how to ask for it again where the page shows it with choices of its reader's. `ahead` says
    of a button's text which figure it leads to: static/page.js draws it while the server is asked. `size` is
    the one of its pictures, else there are all.
    """
    view = get_view()
    table = drawn = None
    if exhibit.figure is not None:
        drawn = chart_document.make_chart(exhibit, view)
        table = chart_document.make_table(exhibit, view.language)
    own = not chromium.is_available()
    take = _find_take_along(exhibit, view, origin or find_request(exhibit, view), size)
    html = chart_frame.render_frame(view, exhibit, level, drawn, table, own, take)
    if ahead:
        html += f'<div hidden data-ahead="{escape(json.dumps(ahead))}"></div>'
    st.html(html)


def _find_take_along(exhibit: Exhibit, view: View, asked: ChartRequest | None, size: str | None) -> TakeAlong:
    if asked is None or asked.chart is None:
        return TakeAlong()
    base = find_base()
    here = provenance.make_address(view, asked, base or ".")
    known = "" if view.known_on is not None else f"{'&' if '?' in here else '?'}known={view.today}"
    site = provenance.read_static_address()
    return TakeAlong(
        links=render_links(exhibit, view, asked, size),
        address=here,
        pinned=f"{here}{known}" if known else "",
        site="" if asked.options or view.known_on is not None else site,
        chart=asked.chart,
        snippet=_write_snippet(exhibit, view, asked, base, size or theme.USUAL) if base else "",
    )


def _write_snippet(exhibit: Exhibit, view: View, asked: ChartRequest, base: str, size: str) -> str:
    """HTML that shows the exhibit from the app itself: in a frame, or as a picture what a reader chose."""
    if not asked.options:
        path = embedding.make_app_path(view.language, view.situation_id, str(asked.chart))
        known = f"?known={view.today}" if view.known_on is not None else ""
        return embedding.write_iframe(f"{base}/{path}{known}", exhibit.title, f"{base}/{embedding.HOST}")
    if exhibit.figure is None or not chromium.is_available():
        return ""
    picture = f"{base}/{make_file_address(view, asked, 'png', size)}"
    here = provenance.make_address(view, asked, base)
    return render_snippet(exhibit, here, picture, theme.SIZES[size].width)


def find_base() -> str:
    """Where the front page is served: as stated, else as this reader has it; empty outside a browser."""
    seen = urlsplit(st.context.url or "")
    here = f"{seen.scheme}://{seen.netloc}{seen.path.rpartition('/')[0]}" if seen.netloc else ""
    return provenance.read_site_address() or here


def list_other_languages(draw: Callable[[View], Exhibit]) -> dict[str, str]:
    """A language as its button says it → the figure of an exhibit in it, where it is in memory already."""
    here = get_view()
    if here.known_on is not None:  # nobody made them ahead
        return {}
    found = {}
    for code in (each for each in list_languages() if each != here.language):
        other = replace(here, language=code)
        exhibit = find_kept(draw, other)
        if exhibit is not None and (drawn := chart_document.find_chart(exhibit, other)) is not None:
            found[code.upper()] = f"figures/{drawn.name}"
    return found


def render_wrong_figure(view: View, row: Mapping[str, Any]) -> str:
    """The link that says that something is wrong with a figure (a row as in `show_quote`), HTML."""
    base = find_base()
    address = f"{base}/{make_figure_link(view, row['figure_id'])}" if base else ""
    return render_question_link(view, reader_questions.ask_about_figure(view, row, address))


def show_quote(view: View, row: Mapping[str, Any]) -> None:
    """The sentence and the references of one statement (a row as in `statement_sentences.quote`)."""
    words = view.words
    st.html(f"<h2>{html.render_cell(words('quote.title', figure=amounts.tell_amount(row, words)))}</h2>")
    codes = sorted(list_languages(), key=lambda code: code != view.language)
    for code in codes:
        with st.container():
            st.html(html.render_paragraph(read_words(code).own_name, "lm-source"))
            st.code(
                statement_sentences.quote(replace(view, language=code), row), language=None, wrap_lines=True
            )
    cited = citations.cite(view, row)
    with st.expander(words("cite.title")):
        for label, text in (("apa", cited.apa), ("bibtex", cited.bibtex), ("cff", cited.cff)):
            st.html(html.render_paragraph(words(f"cite.{label}"), "lm-source"))
            st.code(text, language=None, wrap_lines=True)


def render_snippet(exhibit: Exhibit, address: str, picture: str, width: int) -> str:
    """HTML that shows the picture on another page, with its summary for who cannot see it, and no script."""
    return (
        f'<figure><a href="{escape(address)}"><img src="{escape(picture)}" alt="{escape(exhibit.summary)}" '
        f'width="{width}" style="max-width:100%;height:auto"></a>'
        f"<figcaption>{escape(exhibit.source)}</figcaption></figure>"
    )
