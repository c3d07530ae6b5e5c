"""Chart builder: a chart of the reader's own choice, its files, and the words to share it with."""

from functools import partial

import streamlit as st

from dashboards.app import components, filters
from dashboards.charts import theme
from dashboards.exhibits import chart_registry, custom_chart
from dashboards.i18n import glossary
from dashboards.text import labels
from dashboards.web import html
from pipelines.core.model import TOTAL, Kind, Measure

view = components.get_view()
words = view.words

st.html(
    f"<h1>{html.render_cell(words('builder.title'))}</h1>"
    + html.render_paragraph(glossary.open_terms(words("builder.lead"), words), "lm-answer")
)
measures = custom_chart.list_measures(view)
if not measures:
    st.html(html.render_notice(words("empty.title"), words("empty.text")))
    components.end_page()

# 1. What to draw: a measure over time, or as one organisation divides it
with st.container(key="picks"):
    measure = Measure(
        filters.select(
            words("builder.what"),
            custom_chart.WHAT,
            [each.value for each in measures],
            measures[0].value,
            lambda each: words(f"measure.{each}"),
            resets=(
                *custom_chart.OVER_TIME,
                custom_chart.SPLIT,
                custom_chart.SHOW,
                custom_chart.SINCE,
                custom_chart.UNTIL,
            ),
        )
    )
    split = filters.select(
        words("builder.split"),
        custom_chart.SPLIT,
        custom_chart.list_splits(view, measure),
        custom_chart.NONE,
        partial(labels.name_split, view),
        resets=(*custom_chart.OVER_TIME, custom_chart.SHOW, custom_chart.SINCE, custom_chart.UNTIL),
    )
    who: list[str] = []
    starts: list[str] = []
    also: list[Measure] = []
    part, show, figures = TOTAL, "both", custom_chart.FIGURES[0]
    offer: custom_chart.Offer | None
    for key in (custom_chart.SHOW,) if split == custom_chart.NONE else custom_chart.OVER_TIME:
        filters.refuse_stated(key)  # of no use with that
    if split != custom_chart.NONE:
        offer = custom_chart.find_split_offer(view, measure, split)
        with st.container(gap=None, key="show"):
            st.html(html.render_paragraph(words("builder.show"), "lm-label"))
            show = filters.switch(
                words("builder.show"),
                custom_chart.SHOW,
                list(custom_chart.SHOWN),
                "both",
                lambda each: words(f"builder.show_{each}"),
            )
    else:
        part = filters.select(
            words("builder.part"),
            custom_chart.PART,
            custom_chart.list_parts(view, measure),
            TOTAL,
            lambda each: words("breakdown.total") if each == TOTAL else labels.name_part(view, each),
            resets=(
                custom_chart.WITH,
                custom_chart.WHO,
                custom_chart.START,
                custom_chart.SINCE,
                custom_chart.UNTIL,
            ),
        )
        beside = custom_chart.list_companions(view, measure, part)
        if beside:
            also = [
                Measure(each)
                for each in filters.pick_many(
                    words("builder.with"),
                    custom_chart.WITH,
                    [each.value for each in beside],
                    [],
                    lambda each: words(f"measure.{each}"),
                    words("builder.with_placeholder"),
                )
            ]
        else:
            filters.refuse_stated(custom_chart.WITH)
        offer = custom_chart.find_offer(view, measure, part, also=also)
    if offer is None:
        st.html(html.render_notice(words("empty.title"), words("empty.text")))
        components.end_page()
    if split == custom_chart.NONE:
        who = filters.pick_many(
            words("progress.organisations"),
            custom_chart.WHO,
            offer.organisations,
            offer.usual_organisations,
            view.names.__getitem__,
            words("progress.organisations_placeholder"),
        )
        offer = custom_chart.find_offer(view, measure, part, who, also) or offer
        if measure.kind is Kind.CUMULATIVE:
            starts = filters.pick_many(
                words("progress.baselines"),
                custom_chart.START,
                offer.starts,
                offer.usual_starts,
                lambda each: labels.name_baseline(each, words),
                words("progress.baselines_placeholder"),
            )
    since, until = filters.pick_span(
        words("progress.range"),
        (custom_chart.SINCE, custom_chart.UNTIL),
        offer.first,
        offer.last,
        offer.usual_span,
    )
    events = filters.pick_many(
        words("progress.events"),
        custom_chart.EVENT,
        offer.events,
        [],
        lambda kind: labels.name_event_kind(kind, words),
        words("progress.events_placeholder"),
    )
    if split == custom_chart.NONE:
        figures = filters.switch(
            words("progress.figures"),
            custom_chart.WHICH,
            custom_chart.FIGURES,
            custom_chart.FIGURES[0],
            lambda each: words(f"progress.figures_{each}"),
        )
    with st.container(gap=None, key="size"):
        st.html(html.render_paragraph(words("builder.size"), "lm-label"))
        size = filters.switch(
            words("builder.size"),
            custom_chart.SIZE,
            list(theme.SIZES),
            theme.USUAL,
            lambda each: words(f"size.{each}"),
        )

# 2. The chart, and what there is to take along
if who or split != custom_chart.NONE:
    choice = custom_chart.Choice(
        measure, tuple(who), tuple(starts), part, since, until, tuple(events), size, tuple(also), split, show,
        figures,
    )  # fmt: skip
    exhibit = custom_chart.make_custom_chart(view, choice)
    components.show_exhibit(exhibit, origin=chart_registry.make_custom_request(view, choice), size=size)
else:
    st.html(html.render_notice(words("empty.title"), words("progress.choose_organisation")))

# 3. What it does not say
st.html(
    f"<h2>{html.render_cell(words('progress.not_said_title'))}</h2>"
    + html.render_bullets(
        glossary.open_each(
            [words("builder.not_flows"), words("progress.baseline_matters"), words("progress.bounds")], words
        )
    )
)
