"""The Overview as a plain Streamlit page: the same words and st.plotly_chart, made again on each run."""

import streamlit as st

from dashboards.app import overview_html
from dashboards.exhibits import figures_over_time
from dashboards.queries.view import open_view
from dashboards.web import html

view = open_view(None, "es")
exhibit = figures_over_time.make_overview.__wrapped__(view)
st.html(overview_html.render_head.__wrapped__(view) + overview_html.render_numbers.__wrapped__(view))
st.html(f"<h2>{html.render_cell(exhibit.title)}</h2>{html.render_paragraph(exhibit.summary)}")
st.plotly_chart(exhibit.figure)
st.html(html.render_bullets(exhibit.key) + html.render_paragraph(exhibit.source))
with st.expander("tabla"):
    st.html(html.render_table(exhibit.title, exhibit.heads, exhibit.rows, exhibit.numeric))
st.html(overview_html.render_below_charts.__wrapped__(view) + '<p class="end">end</p>')
