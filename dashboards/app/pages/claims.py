"""Figures: what a number of a headline is, every published figure to search and sort, one opened beside."""

from contextlib import suppress

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import figure_history
from dashboards.exhibits.figure_history import UnknownFigureError
from dashboards.i18n import glossary
from dashboards.queries import claim_rows
from dashboards.web import figure_grid, figure_panel, html, number_lookup, record_tables
from dashboards.web.figure_question import KEYS, find_page, read_question

view = components.get_view()
words = view.words
stated = {key: st.query_params.get(key, "") for key in KEYS}
question, refused = read_question(view, stated)
for key in refused:
    filters.refuse_stated(key)
question, rows, matching = find_page(question)

# 1. How many there are, and what one of a headline is
st.html(
    figure_grid.render_lead(view)
    + number_lookup.render_lookup(view, question.get("number"), question.address(number=""))
)

# 2. What is asked of the list, and what it gives to take along
st.html(figure_grid.render_tools(question))
with st.container(horizontal=True, vertical_alignment="center", key="figures-bar"):
    st.html(figure_grid.render_bar(question, matching))
    if rows:
        taken = min(matching, record_tables.MOST_EXPORTED)
        label = "figures.export" if taken == matching else "figures.export_first"
        st.download_button(
            words.plural(label, taken),
            lambda: record_tables.write_claims_csv(view, question.filter(), matching),
            file_name=f"{view.situation_id}-claims-{view.build.id}.csv",
            mime="text/csv",
            key="csv-claims",
            on_click="ignore",
        )

# 3. One figure, reached from a row or a chart
panel, row, claim = "", None, question.get("claim")
if claim:
    opened = claim_rows.find_statement(view, claim)
    with suppress(UnknownFigureError):
        found = figure_history.look_up(view, opened["figure_id"], view.build.id) if opened else None
        row = figure_panel.find_row(found, opened["claim_id"]) if found and opened else None
        if found and row:
            back = f"row-{row['claim_id']}"
            panel = figure_panel.render_panel(
                found, row, question.address(claim=""), back, components.render_wrong_figure(view, row)
            )
    if not panel:
        st.html(html.render_notice(words("refused.title"), words("claims.unknown", claim=claim)))

# 4. The figures
st.html(
    figure_grid.render_list(question, rows, matching, panel) if rows else figure_grid.render_empty(question)
)

if row is not None:
    components.show_quote(view, row)

# 5. What was read and does not count
aside = html.render_paragraph(record_tables.tell_rows_read(view)) + html.render_paragraph(
    glossary.open_terms(record_tables.tell_rows_aside(view), words)
)
st.html(
    html.render_folded(words("aside.title"), aside + record_tables.render_rows_aside(view))
    + html.render_paragraph(words("source.build", build=view.build.id), "lm-source")
)
