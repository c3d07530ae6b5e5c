"""Pace and outlook: at what pace people leave prison, what may come, how past outlooks turned out."""

import streamlit as st

from dashboards import (
    address,
    markup,
    outlook_exhibits,
    outlook_words,
    pace_exhibits,
    pace_words,
    parts,
    terms,
)
from dashboards.pace import facts
from pipelines.model import Kind

YEARS_AHEAD = 5  # of the calendar from which a reader picks a day

view = parts.view()
words, situation = view.words, view.situation
known = facts(view)

st.html(
    f"<h1>{markup.cell(words.about('pace.title', situation))}</h1>"
    + markup.paragraph(terms.opened(pace_words.answer(view), words), "lm-answer")
)
if not known.sides():
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()

# 1. The pace so far
for kind in (Kind.CUMULATIVE, Kind.STOCK):
    parts.show_exhibit(pace_exhibits.intervals(view, kind))
parts.show_exhibit(pace_exhibits.windows(view))
if pace_exhibits.policy_events(view):
    parts.show_exhibit(pace_exhibits.before_and_after(view))

# 2. What pace would lead to zero by a day of the reader's choice
st.html(
    f"<h2>{markup.cell(words('pace.needed_title'))}</h2>"
    + markup.paragraph(words("pace.needed_lead"), "lm-summary")
)
by = address.future_day(words("pace.needed_label"), "by", view.today, YEARS_AHEAD)
if by is not None:
    st.html(markup.paragraph(pace_words.needed(view, by)))

# 3. What may come, or why that is not said
st.html(
    f"<h2>{markup.cell(words('outlook.title'))}</h2>" + markup.paragraph(words("outlook.lead"), "lm-summary")
)
for target in (Kind.STOCK, Kind.CUMULATIVE):
    fan = outlook_exhibits.ahead(view, target)
    if fan is not None:
        parts.show_exhibit(fan, level=3)
    for sentence in outlook_words.refusals(view, target):
        st.html(markup.notice(words("outlook.refused", target=words(f"target.{target}")), sentence))
st.html(f"<h3>{markup.cell(words('zero.title'))}</h3>" + markup.paragraph(outlook_words.zero(view)))

# 4. How past outlooks turned out
record = outlook_exhibits.record(view)
summary = outlook_exhibits.scores(view)
if record.rows:
    parts.show_exhibit(record)
    st.html(
        markup.bullets(
            [outlook_words.record(view, summary, str(kind)) for kind in (Kind.STOCK, Kind.CUMULATIVE)]
        )
    )
    st.html(markup.paragraph(words("record.overlap"), "lm-source"))
else:
    st.html(f"<h2>{markup.cell(words('pace_record.title'))}</h2>" + markup.paragraph(words("record.nothing")))

# 5. What it does not say
st.html(
    f"<h2>{markup.cell(words('pace.not_said_title'))}</h2>"
    + markup.bullets(
        terms.each_opened(
            (words(f"pace.not_said_{name}") for name in ("person", "politics", "mixed", "silence")), words
        )
    )
)
