"""Figure: one figure as a build showed it, by its permanent link, and what became of it since."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import figure_history
from dashboards.exhibits.figure_history import FigureState, UnknownFigureError
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.queries.view import make_claim_address, make_figure_link
from dashboards.text import amounts, readings, statement_sentences
from dashboards.web import html
from pipelines.warehouse.snapshots import UnknownBuildError

view = components.get_view()
words = view.words
st.html(f"<h1>{html.render_cell(words('figure.title'))}</h1>")

# 1. Which figure, of which build
figure = filters.read_text("figure")
build = filters.read_text("build") or view.build.id
if figure is None:
    st.html(html.render_notice(words("figure.none_title"), words("figure.none")))
    components.end_page()
try:
    found = figure_history.look_up(view, figure, build)
except UnknownBuildError:
    text = words("figure.unknown_build", build=build)
    st.html(html.render_notice(words("figure.unknown_build_title"), text))
    build = view.build.id
    try:
        found = figure_history.look_up(view, figure, build)
    except UnknownFigureError:
        components.end_page()
except UnknownFigureError:
    text = words("figure.unknown", build=build, figure=figure)
    st.html(html.render_notice(words("figure.unknown_title"), text))
    components.end_page()
view = found.view

# 2. What became of it, and what was said
st.html(html.render_paragraph(glossary.open_terms(words(f"figure.{found.verdict}"), words), "lm-answer"))
if found.said and found.verdict is not FigureState.WITHHELD:
    heading = words("figure.said", build=found.build)
    st.html(
        f"<h2>{html.render_cell(heading)}</h2>"
        + html.render_bullets(
            [
                [
                    statement_sentences.quote(view, row),
                    Link(words("figure.source", publisher=view.publisher(row["publisher"])), row["url"]),
                ]
                for row in found.said
            ]
        )
    )

# 3. What is said now, and why it differs
if found.verdict in (FigureState.CHANGED, FigureState.WITHHELD):
    heading = words("figure.now", build=view.build.id)
    st.html(
        f"<h2>{html.render_cell(heading)}</h2>"
        + html.render_bullets(
            [
                [
                    statement_sentences.quote(view, row),
                    Link(words("figure.source", publisher=view.publisher(row["publisher"])), row["url"]),
                ]
                for row in found.now
            ]
        )
    )
if found.reasons:
    st.html(f"<h2>{html.render_cell(words('figure.why'))}</h2>" + html.render_bullets(found.reasons))
if found.doubts:
    st.html(f"<h2>{html.render_cell(words('figure.doubts'))}</h2>" + html.render_bullets(found.doubts))

# 4. What was said of its moment, who published it, and how it was read again
if found.verdict is not FigureState.WITHHELD:
    sections = (
        ("figure.against", readings.list_statements(view, found.history)),
        ("figure.readings", readings.list_carriers(view, figure_history.list_carriers(found))),
    )
    for heading, lines in sections:
        if lines:
            told = [
                [glossary.open_terms(each, words) if isinstance(each, str) else each for each in line]
                for line in lines
            ]
            st.html(f"<h2>{html.render_cell(words(heading))}</h2>" + html.render_bullets(told))

# 5. Where to go from here
links = [
    Link(
        words("figure.to_claims", figure=amounts.tell_amount(row, words)),
        make_claim_address(view, row["claim_id"]),
        outside=False,
    )
    for row in found.now
]
if found.now and found.build != view.build.id:
    links.append(Link(words("figure.permanent"), make_figure_link(view, figure), outside=False))
if links:
    st.html(html.render_bullets(links))
for row in found.now:
    components.show_quote(view, row)
st.html(html.render_paragraph(words("source.build", build=view.build.id), "lm-source"))
