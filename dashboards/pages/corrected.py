"""What we corrected: our own mistakes, newest first, and what people corrected in published figures."""

import streamlit as st

from dashboards import address, corrected, markup, parts, terms
from dashboards.markup import Link

view = parts.view()
words, situation = view.words, view.situation

doubts = f"doubts?situation={view.situation_id}&lang={view.language}"
st.html(
    f"<h1>{markup.cell(words.about('site.corrected_title', situation))}</h1>"
    + markup.paragraph(terms.opened(corrected.lead(view), words), "lm-answer")
    + markup.paragraph(words("site.corrected_lead"))
    + markup.paragraph([words("corrected.others"), Link(words("nav.doubts"), doubts, outside=False)])
)

# 1. Our own mistakes
if corrected.size(view):
    reach = address.select(
        words("corrected.reach"),
        "reach",
        corrected.REACHES,
        corrected.ALL,
        lambda each: words(f"corrected.reach_{each}"),
        resets=("page",),
    )
    pages = max(1, -(-corrected.size(view, reach) // corrected.PER_PAGE))
    page = address.page_number(words("corrected.page", pages=words.number(pages)), "page", pages)
    st.html(corrected.as_html(view, corrected.listed(view, page, reach)))
    st.download_button(
        words("download.csv"),
        lambda: corrected.as_csv(view),
        file_name=f"{view.situation_id}-own-corrections-{view.build.id}.csv",
        mime="text/csv",
        key="csv-own-corrections",
        on_click="ignore",
    )

# 2. What people corrected in published figures
found = corrected.corrections(view)
if found:
    title = words("corrected.human_title")
    heads = terms.each_opened((words(f"table.{column}") for column in corrected.HUMAN_COLUMNS), words)
    st.html(
        f"<h2>{markup.cell(title)}</h2>"
        + markup.paragraph(words("corrected.human_lead"))
        + markup.table(title, heads, found)
    )
st.html(markup.paragraph(words("source.build", build=view.build.id), "lm-source"))
