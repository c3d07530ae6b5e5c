"""What several pages draw with Streamlit: an exhibit with its files, quotes, address and references.

The browser shows the progress of its own download, and the page stays as it is. Links are relative, so they
lead to the same server, below whatever path it is served.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any, Final, NoReturn
from urllib.parse import urlencode

import streamlit as st

from dashboards.charts import theme
from dashboards.exhibits import figures_over_time
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import chromium, citations, formats, provenance
from dashboards.i18n import glossary
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import amounts, statement_sentences
from dashboards.web import chart_document, html
from dashboards.web.html import (
    render_bullets,
    render_cell,
    render_chart,
    render_folded,
    render_notice,
    render_paragraph,
    render_table,
)

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
    row = f'<p class="lm-downloads">{escape(words("download.as"))} {" · ".join(anchors)}</p>'
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
) -> None:
    """Title, summary, chart, key, source, then events, table and downloads, all from one frame.

    `origin` says how to ask for it again where the page shows it with choices of its reader's. `ahead` says
    of a button's text which figure it leads to: static/page.js draws it while the server is asked.
    """
    table = drawn = None
    if exhibit.figure is not None:
        drawn, table = (
            chart_document.make_chart(exhibit, get_view()),
            chart_document.make_table(exhibit, get_view().language),
        )
    html = _render_exhibit(exhibit, level, get_view().language, drawn, table)
    if exhibit.figure is not None or exhibit.rows:
        html += render_links(exhibit, get_view(), origin)
    if ahead:
        html += f'<div hidden data-ahead="{escape(json.dumps(ahead))}"></div>'
    st.html(html)


def list_other_languages(draw: Callable[[View], Exhibit]) -> dict[str, str]:
    """A language's own name → the figure of an exhibit in it, of those that are in memory already."""
    here = get_view()
    if here.known_on is not None:  # nobody made them ahead
        return {}
    found = {}
    for code in list_languages():
        other = replace(here, language=code)
        exhibit = draw(other)
        if code != here.language and exhibit.figure is not None:
            found[read_words(code).own_name] = f"figures/{chart_document.make_chart(exhibit, other).name}"
    return found


@remember_asked
def _render_exhibit(
    exhibit: Exhibit,
    level: int,
    language: str,
    drawn: chart_document.Document | None,
    table: chart_document.Document | None,
) -> str:
    words = read_words(language)
    html = f"<h{level} class='lm-title'>{render_cell(exhibit.title)}</h{level}>"
    html += render_paragraph(exhibit.summary, "lm-summary")
    if exhibit.figure is None and not exhibit.rows:
        return html + render_notice(words("empty.title"), words("empty.text"))
    if drawn is not None and exhibit.figure is not None:
        height = int(exhibit.figure.layout.height)
        html += render_chart(
            f"figures/{drawn.name}", height, words("chart.failed"), not chromium.is_available()
        )
    html += render_bullets(glossary.open_each(exhibit.key, words), "lm-key") + render_paragraph(
        exhibit.source, "lm-source"
    )
    if exhibit.events:
        heading = words.plural("events.heading", len(exhibit.events))
        html += render_folded(heading, _render_events(exhibit))
    if table is None:
        heads = glossary.open_each(exhibit.heads, words)
        return html + render_table(exhibit.title, heads, exhibit.rows, exhibit.numeric)
    heading = words.plural("table.heading", len(exhibit.rows))
    return html + render_folded(heading, "", f"figures/{table.name}", words("chart.table_failed"))


def offer_files(exhibit: Exhibit) -> None:
    """Links that give the exhibit's rows as files."""
    st.html(render_links(exhibit, get_view()))


def _render_events(exhibit: Exhibit) -> str:
    items = "".join(
        f"<li><span>{html.render_cell(number)}</span> {html.render_cell(link)}</li>"
        for number, link in exhibit.events
    )
    return f'<ul class="lm-events">{items}</ul>'


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


def show_sharing(view: View, exhibit: Exhibit, origin: ChartRequest, size: str) -> None:
    """Files of the chosen size, a sentence for each series' newest figure, and what shares the chart."""
    words = view.words
    st.html(
        f"<h2>{html.render_cell(words('builder.files'))}</h2>"
        + render_links(exhibit, view, origin, size)
        + html.render_paragraph(words("builder.files_note"), "lm-source")
        + f"<h2>{html.render_cell(words('builder.quote'))}</h2>"
    )
    quotes = [statement_sentences.quote(view, row) for row in figures_over_time.list_quotable(view, exhibit)]
    st.code("\n".join(quotes), language=None, wrap_lines=True)
    base = provenance.read_site_address() or (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    here = provenance.make_address(view, origin, base)
    cited = citations.cite(view, exhibit, here)
    shared: list[tuple[str, str, str | None]] = [("address", here, None)]
    if chromium.is_available():
        picture = f"{base}/{make_file_address(view, origin, 'png', size)}"
        shared.append(("embed", render_snippet(exhibit, here, picture, theme.SIZES[size].width), "html"))
    shared += [("apa", cited.apa, None), ("bibtex", cited.bibtex, "latex"), ("cff", cited.cff, "yaml")]
    with st.expander(words("builder.share")):
        for name, text, language in shared:
            st.html(html.render_paragraph(words(f"builder.{name}"), "lm-label"))
            st.code(text, language=language, wrap_lines=True)


def render_snippet(exhibit: Exhibit, address: str, picture: str, width: int) -> str:
    """HTML that shows the picture on another page, with its summary for who cannot see it, and no script."""
    return (
        f'<figure><a href="{escape(address)}"><img src="{escape(picture)}" alt="{escape(exhibit.summary)}" '
        f'width="{width}" style="max-width:100%;height:auto"></a>'
        f"<figcaption>{escape(exhibit.source)}</figcaption></figure>"
    )
