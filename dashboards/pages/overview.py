"""Overview: how many are still held, how many have left prison, as of when, according to whom."""

import streamlit as st

from dashboards import answers, exhibits, latest, markup, parts

view = parts.view()
words, situation = view.words, view.situation
held, left = latest.held(view), latest.left_prison(view)

st.html(
    f"<h1>{markup.cell(words('overview.title', situation=words.of(situation.name)))}</h1>"
    + markup.paragraph(answers.answer(view, held, left), "lm-answer")
)
old = answers.staleness(view, held, left)
if old:
    st.html(markup.notice(words("stale.title"), old))

st.html('<div class="lm-cards">' + answers.held_card(view, held) + answers.left_card(view, left) + "</div>")

st.html(
    f"<h2>{markup.cell(words('overview.changes_title'))}</h2>"
    + markup.bullets(answers.changes(view, held, left))
    + markup.paragraph(words("overview.computed"), "lm-source")
)

parts.show_exhibit(exhibits.overview(view))

st.html(
    f"<h2>{markup.cell(words('overview.caveats_title'))}</h2>"
    + markup.bullets([words.of(each) for each in situation.caveats] or [words("overview.no_caveats")])
)
st.html(
    f"<h2>{markup.cell(words('overview.who_title'))}</h2>"
    + markup.bullets(answers.who_counts_what(view))
    + (
        f"<h3>{markup.cell(words('overview.help_title'))}</h3>"
        + markup.bullets([answers.help_line(view, each) for each in situation.help])
        if situation.help
        else ""
    )
)
