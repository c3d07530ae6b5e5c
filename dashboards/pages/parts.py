"""Parts: whom the figures speak of, each part with its total, and what each organisation counts."""

import streamlit as st

from dashboards import address, breakdown_chart, breakdowns, breaks, catalog, markup, parts, terms
from dashboards.exports import Origin

view = parts.view()
words, situation = view.words, view.situation

choices = breakdowns.choices(view)
st.html(
    f"<h1>{markup.cell(words('parts.title', situation=words.of(situation.name)))}</h1>"
    + markup.paragraph(terms.opened(breakdowns.answer(view), words), "lm-answer")
    + markup.paragraph(words("parts.lead"), "lm-summary")
)

# 1. One division, each part with its total
if choices:
    choice = address.select(
        words("parts.choice"), "split", choices, choices[0], lambda each: breakdowns.label(view, each)
    )
    drawn = breakdown_chart.exhibit(view, choice)
    origin = Origin(catalog.division_name(choice, over_time=drawn is not None))
    parts.show_exhibit(drawn or breakdowns.exhibit(view, choice), origin=origin)
else:
    st.html(markup.notice(words("empty.title"), words("empty.text")))

# 2. What each organisation counts
lines = breakdowns.definitions(view)
if lines:
    st.html(
        f"<h2>{markup.cell(words('parts.definitions'))}</h2>"
        + markup.bullets(terms.each_opened(lines, words))
    )

# 3. Changes in it: nothing is computed across them
parts.show_exhibit(breaks.exhibit(view))
