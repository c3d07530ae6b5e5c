"""News: what has been published since a day, and what is old for who published it."""

from datetime import date

import streamlit as st

from dashboards import address, markup, news, parts, terms
from pipelines.staleness import NO_RHYTHM_DAYS

view = parts.view()
words, situation = view.words, view.situation

st.html(f"<h1>{markup.cell(words('news.title', situation=words.of(situation.name)))}</h1>")
answer = st.container()
usual = news.usual_day(view)
if usual is None:
    st.html(markup.notice(words("empty.title"), words("empty.text")))
    parts.end()

# 1. What is new since a day; the last bulletin unless another is chosen
day = address.select(
    words("news.since"), "new-since", news.days(view), usual, lambda each: words.day(date.fromisoformat(each))
)
found = news.since(view, date.fromisoformat(day))
standings = news.standings(view)
with answer:
    text = words.plural(
        "news.answer",
        found.size,
        day=words.day(date.fromisoformat(day)),
        organisations=words.number(len(standings)),
        late=words.number(sum(each.late for each in standings)),
    )
    st.html(markup.paragraph(terms.opened(text, words), "lm-answer"))
heads = terms.each_opened([words("table.published"), words("news.what"), words("table.source")], words)
st.html(
    markup.table(words("news.list_title"), heads, [news.entry_cells(view, each) for each in found.entries])
)
if len(found.entries) < found.size:
    counts = {"shown": words.number(len(found.entries)), "all": words.number(found.size)}
    st.html(markup.paragraph(words("news.most", **counts), "lm-source"))

# 2. What is current and what is old
names = [
    words("table.who"),
    *(words(f"news.{name}") for name in ("newest", "age", "rhythm")),
    words("table.state"),
]
st.html(
    f"<h2>{markup.cell(words('news.late_title'))}</h2>"
    + markup.table(
        words("news.late_title"),
        terms.each_opened(names, words),
        [news.standing_cells(view, each) for each in standings],
    )
    + markup.paragraph(words("news.rule", days=words.days(NO_RHYTHM_DAYS)), "lm-source")
    + markup.paragraph(words("source.build", build=view.build.id), "lm-source")
)
