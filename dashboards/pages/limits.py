"""Limits: what these numbers do not say."""

import streamlit as st

from dashboards import markup, organisations, parts, terms

view = parts.view()
words, situation = view.words, view.situation

# 1. About people, then about the counts, then about the pace
limits = [words("family.no_person"), *(words.of(each) for each in situation.caveats)]
limits += [words(f"progress.{name}") for name in ("not_subtracted", "baseline_matters", "bounds")]
limits += [words(f"pace.not_said_{name}") for name in ("politics", "mixed", "silence")]
st.html(
    f"<h1>{markup.cell(words('site.limits_title', situation=words.of(situation.name)))}</h1>"
    + markup.paragraph(terms.opened(words("site.limits_lead"), words), "lm-answer")
    + markup.bullets(terms.each_opened(limits, words))
)

# 2. Where to ask about a person
if situation.help:
    st.html(
        f"<h2>{markup.cell(words('overview.help_title'))}</h2>"
        + markup.bullets([organisations.help_line(view, each) for each in situation.help])
    )
