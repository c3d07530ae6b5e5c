"""Progress: remaining against released over time, per organisation; stock and cumulative each on its own."""

from datetime import timedelta

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import chart_registry, custom_chart, default_choices, figures_over_time
from dashboards.i18n import glossary
from dashboards.metrics.headline import find_headlines
from dashboards.text import labels, progress_sentences
from dashboards.web import html
from pipelines.core.model import Measure

MEASURES = (Measure.IN_CUSTODY, Measure.RELEASED_TO_DATE)
SHORT_DAYS = 90  # of the shortest period to touch

view = components.get_view()
words, situation = view.words, view.situation

heads = default_choices.select_heads(view, MEASURES)
if heads.is_empty():
    st.html(
        f"<h1>{html.render_cell(words.about('progress.title', situation))}</h1>"
        + html.render_notice(words("empty.title"), words("empty.text"))
    )
    components.end_page()

# 1. What it says, and what to show
answer = st.empty()
with st.container(horizontal=True, key="chips"):
    first, last, _ = default_choices.choose_days(view, heads)
    shown = max(first, find_headlines(view).since)  # as the front page shows it
    usual = (shown if shown < last else first), last
    begins = {day for day in (usual[0], situation.baseline) if first < day < last}
    presets = {words.days(SHORT_DAYS): (max(first, last - timedelta(days=SHORT_DAYS)), last)}
    presets |= {
        words("period.since", day=words.short_day(day)): (day, last) for day in sorted(begins, reverse=True)
    }
    presets[words("period.all")] = (first, last)
    since, until = filters.pick_period(
        words("period.label"), words("period.other"), ("from", "to"), first, last, usual, presets
    )
    organisations = filters.pick_many(
        words("progress.organisations"),
        "org",
        default_choices.list_organisations(heads, situation.primary_organisation),
        default_choices.choose_organisations(heads, situation.primary_organisation),
        view.names.__getitem__,
        words("progress.organisations_placeholder"),
        chip=True,
    )
    baselines = filters.pick_many(
        words("progress.baselines"),
        "baseline",
        default_choices.list_baselines(heads, organisations),
        default_choices.choose_baselines(heads, organisations, situation),
        lambda value: labels.name_baseline(value, words),
        words("progress.baselines_placeholder"),
        chip=True,
    )
    kinds = filters.pick_many(
        words("progress.events"),
        "event",
        default_choices.list_event_kinds(view),
        [kind for kind in default_choices.list_event_kinds(view) if kind in figures_over_time.MAIN_EVENTS],
        lambda kind: labels.name_event_kind(kind, words),
        words("progress.events_placeholder"),
        chip=True,
    )
    chosen = tuple(organisations)
    starts = tuple(labels.parse_baseline(value) for value in baselines)
    drawn = ((Measure.IN_CUSTODY, ()), (Measure.RELEASED_TO_DATE, starts))
    count = sum(
        figures_over_time.count_progress(view, measure, chosen, of, since, until) for measure, of in drawn
    )
    counted = words.plural("progress.figures_counted", count) if count else words("progress.figures_all")
    names = {"exact": words("progress.figures_exact"), "all": counted}
    figures = filters.switch(
        words("progress.figures"),
        custom_chart.WHICH,
        custom_chart.FIGURES,
        custom_chart.FIGURES[0],
        names.__getitem__,
    )
told = progress_sentences.compose_progress(view, find_headlines(view), since, until)
answer.html(
    f"<h1>{html.render_cell(words.about('progress.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(told, words), "lm-answer")
)

# 2. The two charts
if not organisations:
    st.html(html.render_notice(words("empty.title"), words("progress.choose_organisation")))
    components.end_page()
for measure, of in drawn:
    components.show_exhibit(
        figures_over_time.make_progress(
            view, measure, chosen, of, since, until, tuple(kinds), figures == "all"
        ),
        origin=chart_registry.make_request_over_time(
            view, measure, organisations, baselines, (since, until), kinds, figures
        ),
    )

# 3. What it does not say
st.html(
    f"<h2>{html.render_cell(words('progress.not_said_title'))}</h2>"
    + html.render_bullets(
        glossary.open_each(
            (words(f"progress.{name}") for name in ("lead", "not_subtracted", "baseline_matters", "bounds")),
            words,
        )
    )
)
