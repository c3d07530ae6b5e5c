"""Progress: remaining against released over time, per organisation; stock and cumulative each on its own."""

import streamlit as st

from dashboards import address, answers, choices, exhibits, markup, parts, terms
from dashboards.exports import asking
from dashboards.latest import find_headlines
from pipelines.model import Measure

MEASURES = (Measure.IN_CUSTODY, Measure.RELEASED_TO_DATE)

view = parts.view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{markup.cell(words.about('progress.title', situation))}</h1>"
    + markup.paragraph(terms.opened(answers.progress(view, find_headlines(view)), words), "lm-answer")
    + markup.paragraph(words("progress.lead"), "lm-summary")
)

heads = choices.heads_of(view, MEASURES)
if heads.is_empty():
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()

# 1. What to show
organisations = address.pick(
    words("progress.organisations"),
    "org",
    choices.organisations(heads, situation.primary_organisation),
    choices.default_organisations(heads, situation.primary_organisation),
    view.names.__getitem__,
    words("progress.organisations_placeholder"),
)
baselines = address.pick(
    words("progress.baselines"),
    "baseline",
    choices.baselines(heads, organisations),
    choices.default_baselines(heads, organisations, situation),
    lambda value: choices.baseline_label(value, words),
    words("progress.baselines_placeholder"),
)
first, last, usual = choices.days(view, heads)
since, until = address.span(words("progress.range"), ("from", "to"), first, last, usual)
kinds = address.pick(
    words("progress.events"),
    "event",
    choices.event_kinds(view),
    [kind for kind in choices.event_kinds(view) if kind in exhibits.MAIN_EVENTS],
    lambda kind: choices.event_label(kind, words),
    words("progress.events_placeholder"),
)

# 2. The two charts
if not organisations:
    st.html(markup.notice(words("empty.title"), words("progress.choose_organisation")))
    parts.end()
chosen = tuple(organisations)
starts = tuple(choices.baseline_day(value) for value in baselines)
for measure, drawn in ((Measure.IN_CUSTODY, ()), (Measure.RELEASED_TO_DATE, starts)):
    parts.show_exhibit(
        exhibits.progress(view, measure, chosen, drawn, since, until, tuple(kinds)),
        origin=asking.over_time(view, measure, organisations, baselines, (since, until), kinds),
    )

# 3. What it does not say
st.html(
    f"<h2>{markup.cell(words('progress.not_said_title'))}</h2>"
    + markup.bullets(
        terms.each_opened(
            (words(f"progress.{name}") for name in ("not_subtracted", "baseline_matters", "bounds")), words
        )
    )
)
