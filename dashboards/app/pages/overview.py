"""Overview: how many are still held, how many have left prison, as of when, according to whom."""

import streamlit as st

from dashboards.app import components, overview_html
from dashboards.exhibits import figures_over_time

view = components.get_view()

st.html(overview_html.render_above_chart(view))
components.show_exhibit(
    figures_over_time.make_overview(view),
    ahead=components.list_other_languages(figures_over_time.make_overview),
)
st.html(overview_html.render_below_chart(view))
