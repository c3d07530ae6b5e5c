"""What we corrected: our own mistakes, newest first, and what people corrected in published figures."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import own_corrections, reader_questions
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.web import controls, html, mistake_list
from dashboards.web.addresses import make_address

view = components.get_view()
words, situation = view.words, view.situation

doubts = Link(words("nav.doubts"), make_address(view, "doubts"), outside=False)
lead = glossary.open_terms(own_corrections.compose_answer(view), words)
st.html(
    f'<div class="lm-head"><div><h1>{html.render_cell(words.about("site.corrected_title", situation))}</h1>'
    + html.render_paragraph(lead, "lm-answer")
    + html.render_paragraph(words("site.corrected_lead"))
    + f"<p>{html.render_cell(words('corrected.others'))} {html.render_cell(doubts)}</p></div>"
    + f"{mistake_list.render_counts(view)}</div>"
)

# 1. Our own mistakes
if own_corrections.count_mistakes(view):
    reach = st.query_params.get("reach", own_corrections.ALL)
    if reach not in own_corrections.REACHES:
        filters.refuse_stated("reach")
        reach = own_corrections.ALL
    matching = own_corrections.count_mistakes(view, reach)
    pages = max(1, -(-matching // own_corrections.PER_PAGE))
    stated = st.query_params.get("page", "1")
    page = min(max(int(stated), 1), pages) if stated.isdecimal() and len(stated) < 6 else 1
    first = (page - 1) * own_corrections.PER_PAGE + 1
    last = min(matching, first + own_corrections.PER_PAGE - 1)
    kept = {"reach": "" if reach == own_corrections.ALL else reach}
    numbers = {"first": words.number(first), "last": words.number(last), "whole": words.number(matching)}
    st.html(
        mistake_list.render_reaches(view, reach)
        + mistake_list.render_mistakes(view, own_corrections.list_mistakes(view, page, reach))
        + controls.render_pager(
            words("figures.shown", **numbers),
            make_address(view, "corrected", {**kept, "page": "" if page == 2 else str(page - 1)})
            if page > 1
            else "",
            make_address(view, "corrected", {**kept, "page": str(page + 1)}) if page < pages else "",
            words,
        )
    )
    st.download_button(
        words.plural("corrected.csv", own_corrections.count_mistakes(view)),
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

# 3. What readers asked
asked = reader_questions.list_questions(view)
if asked:
    title = words("question.title")
    heads = glossary.open_each((words(f"table.{column}") for column in reader_questions.COLUMNS), words)
    st.html(
        f"<h2>{html.render_cell(title)}</h2>"
        + html.render_paragraph(f"{words('question.lead')} {reader_questions.tell_counts(view)}")
        + html.render_table(title, heads, asked)
    )
st.html(html.render_paragraph(words("source.build", build=view.build.id), "lm-source"))
