"""Glossary: what each word beside a figure means, each at an address of its own (#contradicted)."""

from html import escape

import streamlit as st

from dashboards import glance, markup, parts, terms

view = parts.view()
words = view.words

page = f"<h1>{markup.cell(words('glossary.title'))}</h1>" + markup.paragraph(
    words("glossary.lead"), "lm-answer"
)
for group, ids in terms.GROUPS.items():
    page += f"<h2>{markup.cell(words(f'glossary.{group}'))}</h2>"
    if group == "people":
        page += glance.ladder(view)
    page += '<dl class="lm-terms">'
    for term in ids:
        title, text = words(f"glossary.{term}_title"), words(f"glossary.{term}")
        page += f'<dt id="{term}">{escape(title)}</dt><dd>{escape(text)}</dd>'
    page += "</dl>"
st.html(page)
