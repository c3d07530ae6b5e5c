"""Chart builder: a chart of the reader's own choice, its files, and the words to share it with."""

from functools import partial

import streamlit as st

from dashboards import (
    address,
    builder,
    builder_charts,
    choices,
    exports,
    markup,
    parts,
    sharing,
    sides,
    terms,
)
from dashboards.exports import asking
from pipelines.model import TOTAL, Kind, Measure

view = parts.view()
words = view.words

st.html(
    f"<h1>{markup.cell(words('builder.title'))}</h1>"
    + markup.paragraph(terms.opened(words("builder.lead"), words), "lm-answer")
)
measures = builder.measures(view)
if not measures:
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()

# 1. What to draw: a measure over time, or as one organisation divides it
measure = Measure(
    address.select(
        words("builder.what"),
        builder.WHAT,
        [each.value for each in measures],
        measures[0].value,
        lambda each: words(f"measure.{each}"),
        resets=(*builder.OVER_TIME, builder.SPLIT, builder.SHOW, builder.SINCE, builder.UNTIL),
    )
)
split = address.select(
    words("builder.split"),
    builder.SPLIT,
    builder.splits(view, measure),
    builder.NONE,
    partial(choices.split_label, view),
    resets=(*builder.OVER_TIME, builder.SHOW, builder.SINCE, builder.UNTIL),
)
who: list[str] = []
starts: list[str] = []
also: list[Measure] = []
part, show = TOTAL, "both"
offer: builder.Offer | None
for key in (builder.SHOW,) if split == builder.NONE else builder.OVER_TIME:
    address.refuse_stated(key)  # of no use with that
if split != builder.NONE:
    offer = builder.offer_split(view, measure, split)
    st.html(markup.paragraph(words("builder.show"), "lm-label"))
    show = address.switch(
        words("builder.show"),
        builder.SHOW,
        list(builder.SHOWN),
        "both",
        lambda each: words(f"builder.show_{each}"),
    )
else:
    part = address.select(
        words("builder.part"),
        builder.PART,
        builder.parts(view, measure),
        TOTAL,
        lambda each: words("breakdown.total") if each == TOTAL else sides.part_label(view, each),
        resets=(builder.WITH, builder.WHO, builder.START, builder.SINCE, builder.UNTIL),
    )
    beside = builder.companions(view, measure, part)
    if beside:
        also = [
            Measure(each)
            for each in address.pick(
                words("builder.with"),
                builder.WITH,
                [each.value for each in beside],
                [],
                lambda each: words(f"measure.{each}"),
                words("builder.with_placeholder"),
            )
        ]
    else:
        address.refuse_stated(builder.WITH)
    offer = builder.offer(view, measure, part, also=also)
if offer is None:
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()
if split == builder.NONE:
    who = address.pick(
        words("progress.organisations"),
        builder.WHO,
        offer.organisations,
        offer.usual_organisations,
        view.names.__getitem__,
        words("progress.organisations_placeholder"),
    )
    offer = builder.offer(view, measure, part, who, also) or offer
    if measure.kind is Kind.CUMULATIVE:
        starts = address.pick(
            words("progress.baselines"),
            builder.START,
            offer.starts,
            offer.usual_starts,
            lambda each: choices.baseline_label(each, words),
            words("progress.baselines_placeholder"),
        )
since, until = address.span(
    words("progress.range"), (builder.SINCE, builder.UNTIL), offer.first, offer.last, offer.usual_span
)
events = address.pick(
    words("progress.events"),
    builder.EVENT,
    offer.events,
    [],
    lambda kind: choices.event_label(kind, words),
    words("progress.events_placeholder"),
)
st.html(markup.paragraph(words("builder.size"), "lm-label"))
size = address.switch(
    words("builder.size"),
    builder.SIZE,
    list(exports.SIZES),
    exports.USUAL,
    lambda each: words(f"size.{each}"),
)

# 2. The chart, and 3. what there is to take along
if who or split != builder.NONE:
    choice = builder.Choice(
        measure, tuple(who), tuple(starts), part, since, until, tuple(events), size, tuple(also), split, show
    )
    exhibit = builder_charts.exhibit(view, choice)
    parts.show_exhibit(exhibit)
    if exhibit.figure is not None:
        sharing.take_along(view, exhibit, asking.built(view, choice), size)
else:
    st.html(markup.notice(words("empty.title"), words("progress.choose_organisation")))

# 4. What it does not say
st.html(
    f"<h2>{markup.cell(words('progress.not_said_title'))}</h2>"
    + markup.bullets(
        terms.each_opened(
            [words("builder.not_flows"), words("progress.baseline_matters"), words("progress.bounds")], words
        )
    )
)
