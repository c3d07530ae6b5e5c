"""Quote this number: its sentence in every language and how to cite it, in blocks that can be copied."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboards import citing, markup, sentences, telling
from dashboards.view import View
from dashboards.words import languages, words_of


def show(view: View, row: Mapping[str, Any]) -> None:
    """The sentence and the references of one statement (a row as in `sentences.quote`)."""
    words = view.words
    st.html(f"<h2>{markup.cell(words('quote.title', figure=telling.figure(row, words)))}</h2>")
    codes = sorted(languages(), key=lambda code: code != view.language)
    for code in codes:
        with st.container():
            st.html(markup.paragraph(words_of(code).own_name, "lm-source"))
            st.code(sentences.quote(replace(view, language=code), row), language=None, wrap_lines=True)
    cited = citing.cite(view, row)
    with st.expander(words("cite.title")):
        for label, text in (("apa", cited.apa), ("bibtex", cited.bibtex), ("cff", cited.cff)):
            st.html(markup.paragraph(words(f"cite.{label}"), "lm-source"))
            st.code(text, language=None, wrap_lines=True)
