"""News: what is new and what changed since a day of the reader's choice, and who has fallen silent."""

from datetime import date
from math import ceil

import streamlit as st

from dashboards.app import components, filters, news_html, overview_html
from dashboards.exhibits import news_entries
from dashboards.i18n import glossary
from dashboards.metrics import headline
from dashboards.web import html

view = components.get_view()
words, situation = view.words, view.situation

st.html(f"<h1>{html.render_cell(words.about('news.title', situation))}</h1>")
usual = news_entries.find_usual_day(view)
if usual is None:
    st.html(html.render_notice(words("empty.title"), words("empty.text")))
    components.end_page()

# 1. What is new since a day; the last bulletin unless another is chosen
first = date.fromisoformat(news_entries.list_days(view)[-1])
day = filters.read_day(news_html.SINCE, first, view.today, date.fromisoformat(usual))
found = news_entries.find_news(view, day)
standings = headline.list_freshness(view)
text = words.plural(
    "news.answer",
    found.size,
    day=words.day(day),
)
usual_known = [each for each in standings if each.rhythm_days is not None]
if usual_known:
    late = words.number(sum(each.late for each in usual_known))
    text += f" {words('news.late_of', late=late, organisations=words.number(len(usual_known)))}"
st.html(
    html.render_paragraph(glossary.open_terms(text, words), "lm-answer") + news_html.render_summary(view, day)
)

# 2. Each figure, a page of them at a time
heads = glossary.open_each([words("table.published"), words("news.what"), words("table.source")], words)
place = st.container()
pages = ceil(len(found.entries) / news_entries.PER_PAGE) or 1
page = filters.pick_page(words("news.page", pages=words.number(pages)), news_html.PAGE, pages)
shown = found.entries[(page - 1) * news_entries.PER_PAGE : page * news_entries.PER_PAGE]
place.html(
    html.render_table(
        words("news.list_title"), heads, [news_entries.make_entry_row(view, each) for each in shown]
    )
)
if len(found.entries) < found.size:
    counts = {"shown": words.number(len(found.entries)), "all": words.number(found.size)}
    st.html(html.render_paragraph(words("news.most", **counts), "lm-source"))

# 3. Who has fallen silent, and what is old for whom
st.html(overview_html.render_silence(view, whole=True))
