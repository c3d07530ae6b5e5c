"""Record: how the forecasts that were made here turned out, each against what was published later."""

import streamlit as st

from dashboards.app import components
from dashboards.exhibits import outlook_charts
from dashboards.text import outlook_sentences
from dashboards.web import html
from pipelines.core.model import Kind

view = components.get_view()
words = view.words

st.html(f"<h1>{html.render_cell(words('nav.record'))}</h1>")
record = outlook_charts.make_track_record(view)
if not record.rows:
    st.html(html.render_paragraph(words("record.nothing"), "lm-answer"))
    components.end_page()
summary = outlook_charts.compute_scores(view)
told = [outlook_sentences.record(view, summary, str(kind)) for kind in (Kind.STOCK, Kind.CUMULATIVE)]
st.html(html.render_bullets(told) + html.render_paragraph(words("record.overlap"), "lm-source"))
components.show_exhibit(record)
