"""What we corrected: our own mistakes, newest first, and what people corrected in published figures."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import own_corrections
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.web import html, record_tables

view = components.get_view()
words, situation = view.words, view.situation

doubts = f"doubts?situation={view.situation_id}&lang={view.language}"
st.html(
    f"<h1>{html.render_cell(words.about('site.corrected_title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(own_corrections.compose_answer(view), words), "lm-answer")
    + html.render_paragraph(words("site.corrected_lead"))
    + html.render_paragraph([words("corrected.others"), Link(words("nav.doubts"), doubts, outside=False)])
)

# 1. Our own mistakes
if own_corrections.count_mistakes(view):
    reach = filters.select(
        words("corrected.reach"),
        "reach",
        own_corrections.REACHES,
        own_corrections.ALL,
        lambda each: words(f"corrected.reach_{each}"),
        resets=("page",),
    )
    pages = max(1, -(-own_corrections.count_mistakes(view, reach) // own_corrections.PER_PAGE))
    page = filters.pick_page(words("corrected.page", pages=words.number(pages)), "page", pages)
    st.html(record_tables.render_own_corrections(view, own_corrections.list_mistakes(view, page, reach)))
    st.download_button(
        words("download.csv"),
        lambda: own_corrections.write_csv(view),
        file_name=f"{view.situation_id}-own-corrections-{view.build.id}.csv",
        mime="text/csv",
        key="csv-own-corrections",
        on_click="ignore",
    )

# 2. What people corrected in published figures
found = own_corrections.list_claim_corrections(view)
if found:
    title = words("corrected.human_title")
    heads = glossary.open_each((words(f"table.{column}") for column in own_corrections.HUMAN_COLUMNS), words)
    st.html(
        f"<h2>{html.render_cell(title)}</h2>"
        + html.render_paragraph(words("corrected.human_lead"))
        + html.render_table(title, heads, found)
    )
st.html(html.render_paragraph(words("source.build", build=view.build.id), "lm-source"))
