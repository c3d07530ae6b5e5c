"""Progress: remaining against released over time, per organisation; stock and cumulative each on its own."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import chart_registry, default_choices, figures_over_time
from dashboards.i18n import glossary
from dashboards.metrics.headline import find_headlines
from dashboards.text import headline_sentences, labels
from dashboards.web import html
from pipelines.core.model import Measure

MEASURES = (Measure.IN_CUSTODY, Measure.RELEASED_TO_DATE)

view = components.get_view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{html.render_cell(words.about('progress.title', situation))}</h1>"
    + html.render_paragraph(
        glossary.open_terms(headline_sentences.compose_progress(view, find_headlines(view)), words),
        "lm-answer",
    )
    + html.render_paragraph(words("progress.lead"), "lm-summary")
)

heads = default_choices.select_heads(view, MEASURES)
if heads.is_empty():
    st.html(html.render_notice(words("empty.title"), words("empty.text")))
    components.end_page()

# 1. What to show
organisations = filters.pick_many(
    words("progress.organisations"),
    "org",
    default_choices.list_organisations(heads, situation.primary_organisation),
    default_choices.choose_organisations(heads, situation.primary_organisation),
    view.names.__getitem__,
    words("progress.organisations_placeholder"),
)
baselines = filters.pick_many(
    words("progress.baselines"),
    "baseline",
    default_choices.list_baselines(heads, organisations),
    default_choices.choose_baselines(heads, organisations, situation),
    lambda value: labels.name_baseline(value, words),
    words("progress.baselines_placeholder"),
)
first, last, usual = default_choices.choose_days(view, heads)
since, until = filters.pick_span(words("progress.range"), ("from", "to"), first, last, usual)
kinds = filters.pick_many(
    words("progress.events"),
    "event",
    default_choices.list_event_kinds(view),
    [kind for kind in default_choices.list_event_kinds(view) if kind in figures_over_time.MAIN_EVENTS],
    lambda kind: labels.name_event_kind(kind, words),
    words("progress.events_placeholder"),
)

# 2. The two charts
if not organisations:
    st.html(html.render_notice(words("empty.title"), words("progress.choose_organisation")))
    components.end_page()
chosen = tuple(organisations)
starts = tuple(labels.parse_baseline(value) for value in baselines)
for measure, drawn in ((Measure.IN_CUSTODY, ()), (Measure.RELEASED_TO_DATE, starts)):
    components.show_exhibit(
        figures_over_time.make_progress(view, measure, chosen, drawn, since, until, tuple(kinds)),
        origin=chart_registry.make_request_over_time(
            view, measure, organisations, baselines, (since, until), kinds
        ),
    )

# 3. What it does not say
st.html(
    f"<h2>{html.render_cell(words('progress.not_said_title'))}</h2>"
    + html.render_bullets(
        glossary.open_each(
            (words(f"progress.{name}") for name in ("not_subtracted", "baseline_matters", "bounds")), words
        )
    )
)
