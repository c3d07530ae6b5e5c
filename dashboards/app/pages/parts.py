"""Parts: whom the figures speak of, each part with its total, and what each organisation counts."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import breakdowns, chart_registry, definitions, parts_chart
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.i18n import glossary
from dashboards.web import html

view = components.get_view()
words, situation = view.words, view.situation

choices = breakdowns.list_divisions(view)
st.html(
    f"<h1>{html.render_cell(words.about('parts.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(breakdowns.compose_answer(view), words), "lm-answer")
    + html.render_paragraph(words("parts.lead"), "lm-summary")
)

# 1. One division, each part with its total
if choices:
    choice = filters.select(
        words("parts.choice"), "split", choices, choices[0], lambda each: breakdowns.name_division(view, each)
    )
    drawn = parts_chart.make_parts_over_time(view, choice)
    origin = ChartRequest(chart_registry.name_division_chart(choice, over_time=drawn is not None))
    components.show_exhibit(drawn or breakdowns.make_newest_parts(view, choice), origin=origin)

# 2. What each organisation counts, and changes in it, across which nothing is computed: folded and counted
lines = definitions.list_definitions(view)
if lines:
    with st.expander(words.plural("parts.definitions_folded", len(lines))):
        st.html(html.render_bullets(glossary.open_each(lines, words)))
changes = definitions.make_definition_changes(view)
with st.expander(changes.title):
    components.show_exhibit(changes, level=3)
