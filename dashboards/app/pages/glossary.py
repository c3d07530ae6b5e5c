"""Glossary: what each word beside a figure means, each at an address of its own (#contradicted)."""

from html import escape

import streamlit as st

from dashboards.app import components, overview_html
from dashboards.i18n import glossary
from dashboards.web import html

view = components.get_view()
words = view.words

page = f"<h1>{html.render_cell(words('glossary.title'))}</h1>" + html.render_paragraph(
    words("glossary.lead"), "lm-answer"
)
page += '<div class="lm-parted">'
for group, ids in glossary.GROUPS.items():
    page += f"<section><h2>{html.render_cell(words(f'glossary.{group}'))}</h2>"
    if group == "people":
        page += overview_html.render_ladder(view)
    page += '<dl class="lm-terms">'
    for term in ids:
        title, text = words(f"glossary.{term}_title"), words(f"glossary.{term}")
        page += f'<dt id="{term}">{escape(title)}</dt><dd>{escape(text)}</dd>'
    page += "</dl></section>"
st.html(page + "</div>")
