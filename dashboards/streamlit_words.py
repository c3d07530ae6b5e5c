"""Streamlit's own words, which no setting reaches: static/page.js puts ours in their place."""

import json
from functools import lru_cache
from html import escape
from typing import Final

from dashboards.words import languages, words_of

OWN: Final = (
    "skip", "choose", "choose_date", "open", "close", "clear_all", "selected", "no_results", "start", "end",
    "connection_error", "increment", "decrement", "copy",
)  # fmt: skip
ENGLISH: Final = "en"  # what Streamlit speaks


@lru_cache(maxsize=8)
def html(language: str) -> str:
    """For the browser: each word in any of our languages → the reader's, so that it can change."""
    told = {
        words_of(each)(f"streamlit.{name}"): words_of(language)(f"streamlit.{name}")
        for name in OWN
        for each in (ENGLISH, *languages())
    }
    return f'<div hidden data-own-words="{escape(json.dumps(told, ensure_ascii=False))}"></div>'
