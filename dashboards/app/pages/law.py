"""Law: what it covers and leaves out, how to apply, what happened around it, each fact with its source."""

import streamlit as st

from dashboards.app import components
from dashboards.text import law, organisations
from dashboards.web import html

view = components.get_view()
words, situation = view.words, view.situation
told = law.find_law(view)

# 1. A situation that tells of no law says so
if told is None:
    st.html(
        f"<h1>{html.render_cell(words('nav.law'))}</h1>"
        + html.render_paragraph(words.about("law.none", situation))
    )
    components.end_page()

# 2. The facts
page = f"<h1>{html.render_cell(told.title)}</h1>" + html.render_paragraph(told.lead, "lm-answer")
page += html.render_paragraph(words("law.no_advice"), "lm-prose")
parts = [
    f"<h2>{html.render_cell(section.title)}</h2>" + html.render_bullets(section.facts, "lm-list lm-facts")
    for section in told.sections
]
page += f'<div class="lm-parted">{"".join(f"<section>{part}</section>" for part in parts)}</div>'
st.html(page)

# 3. Who can be asked
if situation.help:
    st.html(
        f"<h2>{html.render_cell(words('law.ask'))}</h2>"
        + html.render_bullets([organisations.compose_help_line(view, each) for each in situation.help])
    )
