"""Streamlit's own words, which no setting reaches: static/page.js puts ours in their place."""

import json
from functools import lru_cache
from typing import Final

from dashboards.words import languages, words_of

OWN: Final = (
    "skip", "choose", "choose_date", "open", "close", "clear_all", "selected", "no_results", "start", "end",
    "connection_error", "increment", "decrement", "copy",
)  # fmt: skip
BEFORE: Final = ("remove", "day", "month", "year")  # said with what it is about behind it
ENGLISH: Final = "en"  # what Streamlit speaks


@lru_cache(maxsize=1)
def html() -> str:
    """For the front page: each word in every language of ours, so that a change of language asks nobody."""
    codes = list(dict.fromkeys((ENGLISH, *languages())))
    words, before = (
        [[words_of(code)(f"streamlit.{name}") for code in codes] for name in names] for names in (OWN, BEFORE)
    )
    told = {"languages": codes, "words": words, "before": before}
    text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="streamlit-words">{text}</script>'
