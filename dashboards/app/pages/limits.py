"""Limits: what these numbers do not say."""

import streamlit as st

from dashboards.app import components
from dashboards.i18n import glossary
from dashboards.text import organisations
from dashboards.web import html

view = components.get_view()
words, situation = view.words, view.situation

# 1. About people, then about the counts, then about the pace
limits = [words("family.no_person"), *(words.of(each) for each in situation.caveats)]
limits += [words(f"progress.{name}") for name in ("not_subtracted", "baseline_matters", "bounds")]
limits += [words(f"pace.not_said_{name}") for name in ("politics", "mixed", "silence")]
st.html(
    f"<h1>{html.render_cell(words.about('site.limits_title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(words("site.limits_lead"), words), "lm-answer")
    + html.render_bullets(glossary.open_each(limits, words))
)

# 2. Where to ask about a person
if situation.help:
    st.html(
        f"<h2>{html.render_cell(words('overview.help_title'))}</h2>"
        + html.render_bullets([organisations.compose_help_line(view, each) for each in situation.help])
    )
