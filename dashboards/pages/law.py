"""Law: what it covers and leaves out, how to apply, what happened around it, each fact with its source."""

import streamlit as st

from dashboards import law, markup, organisations, parts

view = parts.view()
words, situation = view.words, view.situation
told = law.law_of(view)

# 1. A situation that tells of no law says so
if told is None:
    st.html(
        f"<h1>{markup.cell(words('nav.law'))}</h1>"
        + markup.paragraph(words("law.none", situation=words.of(situation.name)))
    )
    parts.end()

# 2. The facts
page = f"<h1>{markup.cell(told.title)}</h1>" + markup.paragraph(told.lead, "lm-answer")
page += markup.paragraph(words("law.no_advice"))
for section in told.sections:
    page += f"<h2>{markup.cell(section.title)}</h2>" + markup.bullets(section.facts)
st.html(page)

# 3. Who can be asked
if situation.help:
    st.html(
        f"<h2>{markup.cell(words('law.ask'))}</h2>"
        + markup.bullets([organisations.help_line(view, each) for each in situation.help])
    )
