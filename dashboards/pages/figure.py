"""Figure: one figure as a build showed it, by its permanent link, and what became of it since."""

import streamlit as st

from dashboards import address, markup, parts, pinned, quoting, readings, sentences, telling, terms
from dashboards.markup import Link
from dashboards.pinned import UnknownFigureError, Verdict
from dashboards.view import claim_address
from pipelines.figures import UnknownBuildError

view = parts.view()
words = view.words
st.html(f"<h1>{markup.cell(words('figure.title'))}</h1>")

# 1. Which figure, of which build
figure = address.text("figure")
build = address.text("build") or view.build.id
if figure is None:
    st.html(markup.notice(words("figure.none_title"), words("figure.none")))
    parts.end()
try:
    found = pinned.look_up(view, figure, build)
except UnknownBuildError:
    text = words("figure.unknown_build", build=build)
    st.html(markup.notice(words("figure.unknown_build_title"), text))
    build = view.build.id
    try:
        found = pinned.look_up(view, figure, build)
    except UnknownFigureError:
        parts.end()
except UnknownFigureError:
    text = words("figure.unknown", build=build, figure=figure)
    st.html(markup.notice(words("figure.unknown_title"), text))
    parts.end()
view = found.view

# 2. What became of it, and what was said
st.html(markup.paragraph(terms.opened(words(f"figure.{found.verdict}"), words), "lm-answer"))
if found.said and found.verdict is not Verdict.WITHHELD:
    heading = words("figure.said", build=found.build)
    st.html(
        f"<h2>{markup.cell(heading)}</h2>"
        + markup.bullets(
            [
                [
                    sentences.quote(view, row),
                    Link(words("figure.source", publisher=view.publisher(row["publisher"])), row["url"]),
                ]
                for row in found.said
            ]
        )
    )

# 3. What is said now, and why it differs
if found.verdict in (Verdict.CHANGED, Verdict.WITHHELD):
    heading = words("figure.now", build=view.build.id)
    st.html(
        f"<h2>{markup.cell(heading)}</h2>"
        + markup.bullets(
            [
                [
                    sentences.quote(view, row),
                    Link(words("figure.source", publisher=view.publisher(row["publisher"])), row["url"]),
                ]
                for row in found.now
            ]
        )
    )
if found.reasons:
    st.html(f"<h2>{markup.cell(words('figure.why'))}</h2>" + markup.bullets(found.reasons))
if found.doubts:
    st.html(f"<h2>{markup.cell(words('figure.doubts'))}</h2>" + markup.bullets(found.doubts))

# 4. What was said of its moment, who published it, and how it was read again
if found.verdict is not Verdict.WITHHELD:
    sections = (
        ("figure.against", readings.against(view, found.history)),
        ("figure.readings", readings.carriers(view, pinned.carriers(found))),
    )
    for heading, lines in sections:
        if lines:
            told = [
                [terms.opened(each, words) if isinstance(each, str) else each for each in line]
                for line in lines
            ]
            st.html(f"<h2>{markup.cell(words(heading))}</h2>" + markup.bullets(told))

# 5. Where to go from here
links = [
    Link(
        words("figure.to_claims", figure=telling.figure(row, words)),
        claim_address(view, row["claim_id"]),
        outside=False,
    )
    for row in found.now
]
if found.now and found.build != view.build.id:
    links.append(Link(words("figure.permanent"), pinned.link(view, figure), outside=False))
if links:
    st.html(markup.bullets(links))
for row in found.now:
    quoting.show(view, row)
st.html(markup.paragraph(words("source.build", build=view.build.id), "lm-source"))
