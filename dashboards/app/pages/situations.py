"""All situations: the newest figure of each, how old it is, and its line; nothing is summed."""

import streamlit as st

from dashboards.app import components, overview_html
from dashboards.queries.view import list_days

view = components.get_view()
st.html(overview_html.render_situations(view, list_days(view)))
