"""Doubts: figures that cannot all be true, changes that no flow explains, figures that changed later."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import contradictions, reconciliation, revisions
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.i18n import glossary
from dashboards.web import html, record_tables

view = components.get_view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{html.render_cell(words('doubts.title', situation=words.of(situation.name)))}</h1>"
    + html.render_paragraph(glossary.open_terms(contradictions.compose_answer(view), words), "lm-answer")
)

# 1. Contradictions
found, _ = contradictions.count_findings(view)
if found:
    st.html(f"<h2>{html.render_cell(words('doubts.contradictions'))}</h2>")
    pages = -(-found // contradictions.PER_PAGE)
    page = filters.pick_page(words("doubts.page", pages=words.number(pages)), "page", pages)
    findings, source = contradictions.list_findings(view, page)
    st.html(record_tables.render_contradictions(view, findings) + html.render_paragraph(source, "lm-source"))
    components.offer_files(contradictions.make_contradictions(view))

# 2. The way from one stock to the next
ways = reconciliation.list_ways(view)
if ways:
    way = filters.select(
        words("bridge.way"), "way", ways, ways[0], lambda each: reconciliation.name_way(view, each)
    )
    components.show_exhibit(
        reconciliation.make_reconciliation(view, way), origin=ChartRequest("bridge", (("way", way),))
    )
    components.show_exhibit(reconciliation.make_newest_ways(view), level=3)

# 3. Figures that changed later, and statements told many times
components.show_exhibit(revisions.make_revisions(view))
components.show_exhibit(revisions.make_origins(view))
