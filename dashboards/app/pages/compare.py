"""Claimed and verified: the pair that compares first, then totals, announcements, and what does not
compare.
"""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import (
    announcements,
    comparison_matrix,
    comparisons,
    gap_panels,
    registers,
    releases_by_role,
    revolving_door,
)
from dashboards.exhibits.exhibit import ChartRequest, count_rows
from dashboards.i18n import glossary
from dashboards.metrics.comparison_matrix import make_matrix
from dashboards.web import html, matrix_html

view = components.get_view()
words, situation = view.words, view.situation
matrix = make_matrix(view)
compares = matrix is not None and bool(matrix.comparable)

# 1. The pair that compares is the headline
headline = comparison_matrix.compose_headline(view, matrix) if matrix is not None and compares else ""
st.html(
    f"<h1>{html.render_cell(headline or words.about('compare.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(comparisons.compose_answer(view), words), "lm-answer")
)

# 2. Running totals by who states them; then each announcement as it ages
components.show_exhibit(releases_by_role.make_page_panel(view))
components.show_exhibit(announcements.make_announcements(view))

# 3. What can be compared and what cannot, the pairs behind it folded and counted
if matrix is not None:
    told = comparison_matrix.write_matrix(view, matrix)
    exhibit = comparison_matrix.make_matrix_exhibit(view)
    st.html(
        f"<h2 class='lm-title'>{html.render_cell(exhibit.title)}</h2>"
        + html.render_paragraph(exhibit.subtitle, "lm-summary")
        + matrix_html.render_matrix(told, words)
        + html.render_bullets(glossary.open_each(exhibit.key, words), "lm-key")
        + html.render_paragraph(exhibit.source, "lm-source")
        + components.render_links(exhibit, view, ChartRequest("not-comparable"))
    )
days = comparisons.list_days(view)
if days:
    asked = any(filters.is_stated(key) for key in ("day", "page", "aside"))
    with st.expander(comparisons.count_both(view), expanded=asked):
        day = filters.select(
            words("compare.day"),
            "day",
            ["any", *days],
            "any",
            lambda each: (
                words("compare.any_day") if each == "any" else words.day(comparisons.parse_day(each))
            ),
            resets=("page", "aside"),
        )
        only = None if day == "any" else day
        for comparable, key, label in ((True, "page", "gaps.page"), (False, "aside", "gaps.refused_page")):
            pages = max(1, -(-comparisons.count_pairs(view, comparable, only) // comparisons.PER_PAGE))
            page = filters.pick_page(words(label, pages=words.number(pages)), key, pages)
            chosen = (("page", str(page)), *((("day", only),) if only else ()))
            origin = ChartRequest("gaps" if comparable else "not-comparable", chosen)
            components.show_exhibit(
                comparisons.make_comparison(view, comparable, only, page), level=3, origin=origin
            )

# 4. Where two registers count one thing, and new detentions beside releases: each folded under what it finds
doors = [revolving_door.make_revolving_door(view)] if count_rows(view, "revolving_door") else []
for exhibit in (gap_panels.make_gaps(view), registers.make_bands(view), *doors):
    with st.expander(exhibit.title):
        components.show_exhibit(exhibit, level=3)
