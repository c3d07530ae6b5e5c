"""News: what has been published since a day, and what is old for who published it."""

from datetime import date

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import news_entries
from dashboards.i18n import glossary
from dashboards.metrics import headline
from dashboards.web import html
from pipelines.core.staleness import NO_RHYTHM_DAYS

view = components.get_view()
words, situation = view.words, view.situation

st.html(f"<h1>{html.render_cell(words('news.title', situation=words.of(situation.name)))}</h1>")
answer = st.container()
usual = news_entries.find_usual_day(view)
if usual is None:
    st.html(html.render_notice(words("empty.title"), words("empty.text")))
    components.end_page()

# 1. What is new since a day; the last bulletin unless another is chosen
day = filters.select(
    words("news.since"),
    "new-since",
    news_entries.list_days(view),
    usual,
    lambda each: words.day(date.fromisoformat(each)),
)
found = news_entries.find_news(view, date.fromisoformat(day))
standings = headline.list_freshness(view)
with answer:
    text = words.plural(
        "news.answer",
        found.size,
        day=words.day(date.fromisoformat(day)),
        organisations=words.number(len(standings)),
        late=words.number(sum(each.late for each in standings)),
    )
    st.html(html.render_paragraph(glossary.open_terms(text, words), "lm-answer"))
heads = glossary.open_each([words("table.published"), words("news.what"), words("table.source")], words)
st.html(
    html.render_table(
        words("news.list_title"), heads, [news_entries.make_entry_row(view, each) for each in found.entries]
    )
)
if len(found.entries) < found.size:
    counts = {"shown": words.number(len(found.entries)), "all": words.number(found.size)}
    st.html(html.render_paragraph(words("news.most", **counts), "lm-source"))

# 2. What is current and what is old
names = [
    words("table.who"),
    *(words(f"news.{name}") for name in ("newest", "age", "rhythm")),
    words("table.state"),
]
st.html(
    f"<h2>{html.render_cell(words('news.late_title'))}</h2>"
    + html.render_table(
        words("news.late_title"),
        glossary.open_each(names, words),
        [news_entries.make_freshness_row(view, each) for each in standings],
    )
    + html.render_paragraph(words("news.rule", days=words.days(NO_RHYTHM_DAYS)), "lm-source")
    + html.render_paragraph(words("source.build", build=view.build.id), "lm-source")
)
