"""Liberómetro in the browser: `python -m streamlit run app.py`.

The server imports this file once, which loads every heavy module before the first visitor arrives; for each
visitor Streamlit then runs it as a script, which draws the frame and the page.
"""

import logging

import streamlit as st
from starlette.middleware import Middleware

from dashboards import frame, routes, serving, warming
from dashboards.streamlit_files import StreamlitFiles

if __name__ == "__main__":
    frame.draw()
else:
    app = st.App(
        __file__,
        routes=[*routes.routes(), *serving.routes()],
        middleware=[Middleware(StreamlitFiles)],
        lifespan=warming.lifespan,
    )
    logging.getLogger("liberometro").info("ready")
