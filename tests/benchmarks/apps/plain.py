"""The Overview as a plain Streamlit page: the same words and st.plotly_chart, made again on each run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import streamlit as st

from dashboards import exhibits, markup, overview
from dashboards.view import open_view

view = open_view(None, "es")
exhibit = exhibits.overview.__wrapped__(view)
st.html(overview.above.__wrapped__(view))
st.html(f"<h2>{markup.cell(exhibit.title)}</h2>{markup.paragraph(exhibit.summary)}")
st.plotly_chart(exhibit.figure)
st.html(markup.bullets(exhibit.key) + markup.paragraph(exhibit.source))
with st.expander("tabla"):
    st.html(markup.table(exhibit.title, exhibit.heads, exhibit.rows, exhibit.numeric))
st.html(overview.below.__wrapped__(view) + '<p class="end">end</p>')
