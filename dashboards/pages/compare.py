"""Compare: what was announced, what was claimed as done, what independent organisations verified."""

import streamlit as st

from dashboards import address, announced, gaps, markup, parts, roles, terms
from dashboards.exports import Origin

view = parts.view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{markup.cell(words.about('compare.title', situation))}</h1>"
    + markup.paragraph(terms.opened(gaps.lead(view), words), "lm-answer")
)

# 1. What was announced, told as done and verified, over time; then each announcement as it ages
parts.show_exhibit(roles.exhibit(view))
parts.show_exhibit(announced.announcements(view))

# 2. Two figures of one moment: those that compare are drawn, the others stand side by side with the reason
days = gaps.days(view)
if days:
    day = address.select(
        words("compare.day"),
        "day",
        ["any", *days],
        "any",
        lambda each: words("compare.any_day") if each == "any" else words.day(gaps.as_day(each)),
        resets=("page", "aside"),
    )
    only = None if day == "any" else day
    for comparable, key, label in ((True, "page", "gaps.page"), (False, "aside", "gaps.refused_page")):
        pages = max(1, -(-gaps.count(view, comparable, only) // gaps.PER_PAGE))
        page = address.page_number(words(label, pages=words.number(pages)), key, pages)
        chosen = (("page", str(page)), *((("day", only),) if only else ()))
        origin = Origin("gaps" if comparable else "not-comparable", chosen)
        parts.show_exhibit(gaps.exhibit(view, comparable, only, page), origin=origin)

# 3. Several registries of one thing, and new detentions beside releases
parts.show_exhibit(announced.bands(view))
parts.show_exhibit(announced.revolving_door(view))
