"""Chart builder: a chart of the reader's own choice, its files, and the words to share it with."""

from html import escape

import streamlit as st

from dashboards import address, builder, choices, citing, downloads, exports, markup, parts, sentences, sides
from dashboards.exports import asking
from pipelines.model import TOTAL, Kind, Measure

view = parts.view()
words = view.words

st.html(
    f"<h1>{markup.cell(words('builder.title'))}</h1>" + markup.paragraph(words("builder.lead"), "lm-answer")
)
measures = builder.measures(view)
if not measures:
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    st.stop()

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
    st.stop()
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

# 2. The chart
if not who:
    st.html(markup.notice(words("empty.title"), words("progress.choose_organisation")))
    st.stop()
choice = builder.Choice(measure, tuple(who), tuple(starts), part, since, until, tuple(events), size)
exhibit, origin = builder.exhibit(view, choice), asking.built(view, choice)
parts.show_exhibit(exhibit)
if exhibit.figure is None:
    st.stop()

# 3. To take along
st.html(
    f"<h2>{markup.cell(words('builder.files'))}</h2>"
    + downloads.links(exhibit, view, origin, size)
    + markup.paragraph(words("builder.files_note"), "lm-source")
)
base = exports.served_at() or (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
here = exports.address(view, origin, base)
picture = f"{base}/{downloads.address(view, origin, 'png', size)}"
embed = (
    f'<figure><a href="{escape(here)}"><img src="{escape(picture)}" alt="{escape(exhibit.summary)}" '
    f'width="{exports.SIZES[size].width}" style="max-width:100%;height:auto"></a>'
    f"<figcaption>{escape(exhibit.source)}</figcaption></figure>"
)
newest = exhibit.frame.sort("as_of").group_by("organisation", "baseline", maintain_order=True).last()
st.html(f"<h2>{markup.cell(words('builder.quote'))}</h2>")
st.code("\n".join(sentences.quote(view, row) for row in newest.to_dicts()), language=None, wrap_lines=True)
with st.expander(words("builder.share")):
    cited = citing.cite(view, exhibit, here)
    for name, text, language in (
        ("address", here, None),
        ("embed", embed, "html"),
        ("apa", cited.apa, None),
        ("bibtex", cited.bibtex, "latex"),
        ("cff", cited.cff, "yaml"),
    ):
        st.html(markup.paragraph(words(f"builder.{name}"), "lm-label"))
        st.code(text, language=language, wrap_lines=True)

# 4. What it does not say
st.html(
    f"<h2>{markup.cell(words('progress.not_said_title'))}</h2>"
    + markup.bullets(
        [words("builder.not_flows"), words("progress.baseline_matters"), words("progress.bounds")]
    )
)
