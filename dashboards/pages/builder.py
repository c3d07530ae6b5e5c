"""Chart builder: a chart of the reader's own choice, its files, and the words to share it with."""

import streamlit as st

from dashboards import address, builder, choices, exports, markup, parts, sharing, sides, terms
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

# 1. What to draw
measure = Measure(
    address.select(
        words("builder.what"),
        builder.WHAT,
        [each.value for each in measures],
        measures[0].value,
        lambda each: words(f"measure.{each}"),
        resets=(builder.PART, builder.WHO, builder.START, builder.SINCE, builder.UNTIL),
    )
)
part = address.select(
    words("builder.part"),
    builder.PART,
    builder.parts(view, measure),
    TOTAL,
    lambda each: words("breakdown.total") if each == TOTAL else sides.part_label(view, each),
    resets=(builder.WHO, builder.START, builder.SINCE, builder.UNTIL),
)
offer = builder.offer(view, measure, part)
if offer is None:
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()
who = address.pick(
    words("progress.organisations"),
    builder.WHO,
    offer.organisations,
    offer.usual_organisations,
    view.names.__getitem__,
    words("progress.organisations_placeholder"),
)
offer = builder.offer(view, measure, part, who) or offer
starts: list[str] = []
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
if who:
    choice = builder.Choice(measure, tuple(who), tuple(starts), part, since, until, tuple(events), size)
    exhibit = builder.exhibit(view, choice)
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
