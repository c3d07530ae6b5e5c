"""The least that Streamlit can show: what every page of it costs."""

import streamlit as st

st.write("empty")
if st.button("again"):
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.write(f"runs {st.session_state.get('runs', 0)}")
