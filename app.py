"""Liberómetro in the browser: `python -m streamlit run app.py`.

The server imports this file once, which loads every heavy module before the first visitor arrives; for each
visitor Streamlit then runs it as a script, which draws the frame and the page.
"""

import gc
import logging

import streamlit as st
from starlette.middleware import Middleware

from dashboards import frame, routes, serving
from dashboards.streamlit_files import StreamlitFiles

if __name__ == "__main__":
    frame.draw()
else:
    gc.collect()
    gc.freeze()  # what is loaded by now lives as long as the server: no need to look at it after each run
    app = st.App(
        __file__, routes=[*routes.routes(), *serving.routes()], middleware=[Middleware(StreamlitFiles)]
    )
    logging.getLogger("liberometro").info("ready")
