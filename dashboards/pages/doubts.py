"""Doubts: figures that cannot all be true, changes that no flow explains, figures that changed later."""

import streamlit as st

from dashboards import address, bridges, changed, contradictions, markup, parts, terms
from dashboards.exports import Origin

view = parts.view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{markup.cell(words('doubts.title', situation=words.of(situation.name)))}</h1>"
    + markup.paragraph(terms.opened(contradictions.lead(view), words), "lm-answer")
)

# 1. Contradictions
found, _ = contradictions.count(view)
if found:
    st.html(f"<h2>{markup.cell(words('doubts.contradictions'))}</h2>")
    pages = -(-found // contradictions.PER_PAGE)
    page = address.page_number(words("doubts.page", pages=words.number(pages)), "page", pages)
    findings, source = contradictions.listed(view, page)
    st.html(contradictions.as_html(view, findings) + markup.paragraph(source, "lm-source"))
    parts.offer_files(contradictions.as_csv(view))

# 2. The way from one stock to the next
ways = bridges.ways(view)
if ways:
    way = address.select(words("bridge.way"), "way", ways, ways[0], lambda each: bridges.label(view, each))
    parts.show_exhibit(bridges.exhibit(view, way), origin=Origin("bridge", (("way", way),)))
    parts.show_exhibit(bridges.listing(view), level=3)

# 3. Figures that changed later, and statements told many times
parts.show_exhibit(changed.revisions(view))
parts.show_exhibit(changed.origins(view))
