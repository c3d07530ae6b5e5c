"""Methods: how published figures become these pages."""

import streamlit as st

from dashboards.app import components
from dashboards.i18n import glossary
from dashboards.web import html

TOPICS = ("claim", "kinds", "doubt", "silence", "derived", "aside", "small", "edition")

view = components.get_view()
words, name = view.words, view.words.of(view.situation.name)

page = f"<h1>{html.render_cell(words('site.methods_title', situation=name))}</h1>"
page += html.render_paragraph(glossary.open_terms(words("site.methods_lead"), words), "lm-answer")
for topic in TOPICS:
    page += f"<h2>{html.render_cell(words(f'site.method_{topic}_title'))}</h2>"
    page += html.render_paragraph(glossary.open_terms(words(f"site.method_{topic}"), words), "lm-prose")
st.html(page)
