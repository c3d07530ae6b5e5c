"""Overview: how many are still held, how many have left prison, as of when, according to whom."""

import streamlit as st

from dashboards import exhibits, overview, parts

view = parts.view()

st.html(overview.above(view))
parts.show_exhibit(exhibits.overview(view), ahead=parts.in_other_languages(exhibits.overview))
st.html(overview.below(view))
