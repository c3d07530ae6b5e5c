"""Today: how many are still held, how many have left prison, as of when, according to whom; what is new."""

import streamlit as st

from dashboards.app import components, overview_html
from dashboards.exhibits import figures_over_time, releases_by_role

view = components.get_view()

st.html(overview_html.render_head(view))

# 1. Both numbers, beside their chart
with st.container(key="today-numbers"):
    with st.container(key="today-cards"):
        st.html(overview_html.render_numbers(view))
    with st.container(key="today-chart"):
        components.show_exhibit(
            figures_over_time.make_overview(view),
            ahead=components.list_other_languages(figures_over_time.make_overview),
        )

# 2. What officials say and what was verified, beside what compares
roles = releases_by_role.make_releases_by_role(view)
st.html(overview_html.render_roles_title(view))
with st.container(key="today-roles"):
    if roles.figure is not None:
        with st.container(key="today-roles-chart"):
            components.show_exhibit(roles, level=3)
    with st.container(key="today-pairs"):
        st.html(overview_html.render_pairs(view))

# 3. What is new, who fell silent, what leaving prison is not, where to ask
st.html(overview_html.render_below_charts(view))
