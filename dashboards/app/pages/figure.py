"""Figure: one figure as a build showed it, by its permanent link, and what became of it since."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import figure_history
from dashboards.exhibits.figure_history import FigureState, UnknownFigureError
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.queries.view import make_claim_address, make_figure_link
from dashboards.text import amounts, statement_sentences
from dashboards.web import figure_panel, html
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

# 2. What became of it, and what was said then
st.html(html.render_paragraph(glossary.open_terms(words(f"figure.{found.verdict}"), words), "lm-answer"))
row = None if found.verdict is FigureState.WITHHELD else figure_panel.find_row(found)
if found.said and found.verdict is not FigureState.WITHHELD:
    heading = words("figure.said", build=found.build)
    st.html(
        f"<h2>{html.render_cell(heading)}</h2>"
        + html.render_bullets(
            [
                [
                    statement_sentences.quote(view, said),
                    Link(words("figure.source", publisher=view.publisher(said["publisher"])), said["url"]),
                ]
                for said in found.said
            ]
        )
    )

# 3. What is said now, and why it differs
if found.verdict in (FigureState.CHANGED, FigureState.WITHHELD):
    heading = words("figure.now", build=view.build.id)
    told = [statement_sentences.quote(view, each) for each in found.now]
    st.html(f"<h2>{html.render_cell(heading)}</h2>" + html.render_bullets(told))
if found.reasons:
    st.html(f"<h2>{html.render_cell(words('figure.why'))}</h2>" + html.render_bullets(found.reasons))

# 4. The figure as today's build has it
if row is not None:
    st.html(figure_panel.render_panel(found, row, wrong=components.render_wrong_figure(view, row)))
else:
    asked = figure_panel.render_questions(view, figure)
    about = next(iter([*found.now, *found.history]), None)
    wrong = "" if about is None else components.render_wrong_figure(view, about)
    heading = f"<h2>{html.render_cell(words('question.heading'))}</h2>" if asked else ""
    if asked or wrong:
        st.html(f"{heading}{asked}<p>{wrong}</p>")

# 5. Where to go from here, and how to quote it
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
