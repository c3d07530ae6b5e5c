"""All situations: the newest figure of each, how old it is, and its line; nothing is summed."""

import streamlit as st

from dashboards.app import components, overview_html

st.html(overview_html.render_situations(components.get_view()))
