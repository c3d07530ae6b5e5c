"""Pace and outlook: at what pace people leave prison, what may come, how past outlooks turned out."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import before_and_after, outlook_charts, pace_charts, pace_windows, reconciliation
from dashboards.i18n import glossary
from dashboards.metrics.pace import compute_facts
from dashboards.text import outlook_sentences, pace_sentences
from dashboards.web import html
from pipelines.core.model import Kind

YEARS_AHEAD = 5  # of the calendar from which a reader picks a day

view = components.get_view()
words, situation = view.words, view.situation
known = compute_facts(view)

st.html(
    f"<h1>{html.render_cell(words.about('pace.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(pace_sentences.compose_answer(view), words), "lm-answer")
)
if not known.sides():
    components.end_page()

# 1. The pace so far
for kind in (Kind.CUMULATIVE, Kind.STOCK):
    components.show_exhibit(pace_charts.make_intervals(view, kind))
whole = reconciliation.make_whole_way(view)
folded = [
    *([before_and_after.make_before_and_after(view)] if pace_charts.list_policy_events(view) else []),
    *([] if whole is None else [whole]),
    pace_windows.make_windows(view),
]
for exhibit in folded:
    with st.expander(exhibit.title):
        components.show_exhibit(exhibit, level=3)

# 2. What pace would lead to zero by a day of the reader's choice
st.html(
    f"<h2>{html.render_cell(words('pace.needed_title'))}</h2>"
    + html.render_paragraph(words("pace.needed_lead"), "lm-summary")
)
by = filters.pick_future_day(words("pace.needed_label"), "by", view.today, YEARS_AHEAD)
if by is not None:
    st.html(html.render_paragraph(pace_sentences.compose_needed_pace(view, by)))

# 3. What may come, or why that is not said
st.html(
    f"<h2>{html.render_cell(words('outlook.title'))}</h2>"
    + html.render_paragraph(words("outlook.lead"), "lm-summary")
)
for target in (Kind.STOCK, Kind.CUMULATIVE):
    fan = outlook_charts.make_outlook(view, target)
    if fan is not None:
        components.show_exhibit(fan, level=3)
    if refused := outlook_sentences.compose_refusals(view, target):
        st.html(html.render_paragraph(refused))
st.html(
    f"<h3>{html.render_cell(words('zero.title'))}</h3>"
    + html.render_paragraph(outlook_sentences.compose_zero(view))
)

# 4. How past outlooks turned out
record = outlook_charts.make_track_record(view)
summary = outlook_charts.compute_scores(view)
if record.rows:
    with st.expander(record.title):
        components.show_exhibit(record, level=3)
        st.html(
            html.render_bullets(
                [outlook_sentences.record(view, summary, str(kind)) for kind in (Kind.STOCK, Kind.CUMULATIVE)]
            )
        )
        st.html(html.render_paragraph(words("record.overlap"), "lm-source"))
else:
    st.html(
        f"<h2>{html.render_cell(words('pace_record.title'))}</h2>"
        + html.render_paragraph(words("record.nothing"))
    )

# 5. What it does not say
st.html(
    f"<h2>{html.render_cell(words('pace.not_said_title'))}</h2>"
    + html.render_bullets(
        glossary.open_each(
            (words(f"pace.not_said_{name}") for name in ("person", "politics", "mixed", "silence")), words
        )
    )
)
