"""Methods: how published figures become these pages."""

import streamlit as st

from dashboards import markup, parts, terms

TOPICS = ("claim", "kinds", "doubt", "silence", "derived", "aside", "small", "edition")

view = parts.view()
words, name = view.words, view.words.of(view.situation.name)

page = f"<h1>{markup.cell(words('site.methods_title', situation=name))}</h1>"
page += markup.paragraph(terms.opened(words("site.methods_lead"), words), "lm-answer")
for topic in TOPICS:
    page += f"<h2>{markup.cell(words(f'site.method_{topic}_title'))}</h2>"
    page += markup.paragraph(terms.opened(words(f"site.method_{topic}"), words))
st.html(page)
