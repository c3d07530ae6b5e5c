"""Compare: what was announced, what was claimed as done, what independent organisations verified."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import announcements, comparisons, reconciliation
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.i18n import glossary
from dashboards.web import html

view = components.get_view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{html.render_cell(words.about('compare.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(comparisons.compose_answer(view), words), "lm-answer")
)

# 1. What was announced, told as done and verified, over time; then each announcement as it ages
components.show_exhibit(announcements.make_releases_by_role(view))
components.show_exhibit(announcements.make_announcements(view))

# 2. Two figures of one moment: those that compare are drawn, the others stand side by side with the reason
days = comparisons.list_days(view)
if days:
    day = filters.select(
        words("compare.day"),
        "day",
        ["any", *days],
        "any",
        lambda each: words("compare.any_day") if each == "any" else words.day(comparisons.parse_day(each)),
        resets=("page", "aside"),
    )
    only = None if day == "any" else day
    for comparable, key, label in ((True, "page", "gaps.page"), (False, "aside", "gaps.refused_page")):
        pages = max(1, -(-comparisons.count_pairs(view, comparable, only) // comparisons.PER_PAGE))
        page = filters.pick_page(words(label, pages=words.number(pages)), key, pages)
        chosen = (("page", str(page)), *((("day", only),) if only else ()))
        origin = ChartRequest("gaps" if comparable else "not-comparable", chosen)
        components.show_exhibit(comparisons.make_comparison(view, comparable, only, page), origin=origin)

# 3. Several registries of one thing, and new detentions beside releases
components.show_exhibit(comparisons.make_bands(view))
components.show_exhibit(reconciliation.make_revolving_door(view))
