"""Liberómetro in the browser: `python -m streamlit run app.py`.

The server imports this file once, which loads every heavy module before the first visitor arrives; for each
visitor Streamlit then runs it as a script, which draws the frame and the page.
"""

import logging
import os

import streamlit as st
from starlette.middleware import Middleware

from dashboards.app import shell
from dashboards.app.server import (
    embed_pages,
    file_downloads,
    front_page,
    health,
    llms,
    oembed,
    share_pictures,
    upkeep,
    warmup,
)
from dashboards.app.server.guard import Guard
from dashboards.app.server.static_files import StreamlitFiles
from pipelines.core import private_files

if __name__ == "__main__":
    shell.draw()
else:
    os.umask(private_files.UMASK)  # what the server writes meanwhile is its own: pictures' profiles, locks
    upkeep.prepare()
    app = st.App(
        __file__,
        routes=[
            *health.list_routes(),
            *file_downloads.list_routes(),
            *share_pictures.list_routes(),
            *embed_pages.list_routes(),
            *oembed.list_routes(),
            *llms.list_routes(),
            *front_page.list_routes(),
        ],
        middleware=[Middleware(Guard), Middleware(StreamlitFiles)],
        lifespan=warmup.run_lifespan,
    )
    logging.getLogger("liberometro").info("ready")
