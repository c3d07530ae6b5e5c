"""Claims: every claim behind every chart, with where it comes from and what became of it."""

from functools import partial

import streamlit as st

from dashboards.app import components, filters
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.queries import claim_rows
from dashboards.queries.view import make_figure_link
from dashboards.web import html, record_tables
from dashboards.web.record_tables import ANY, PER_PAGE

view = components.get_view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{html.render_cell(words('claims.title', situation=words.of(situation.name)))}</h1>"
    + html.render_paragraph(
        glossary.open_terms(record_tables.compose_claims_answer(view), words), "lm-answer"
    )
)

# 1. One claim, reached from a chart
single = filters.read_text("claim")
if single:
    found = claim_rows.read_claims(
        view.build, view.situation_id, claim_rows.Filter(claim=single), PER_PAGE, 0
    )
    st.html(f"<h2>{html.render_cell(words('claims.single_title'))}</h2>")
    if found.is_empty():
        st.html(html.render_notice(words("refused.title"), words("claims.unknown", claim=single)))
    else:
        st.html(record_tables.render_claims(view, found, words("claims.single_title")))
        quoted = record_tables.find_leading_claim(view, found)
        permanent = Link(
            words("figure.permanent"), make_figure_link(view, quoted["figure_id"]), outside=False
        )
        st.html(html.render_bullets([permanent]))
        components.show_quote(view, quoted)
    st.button(words("claims.show_all"), on_click=filters.forget, args=("claim",))

# 2. Filters
options = record_tables.list_options(view)
st.html(f"<h2>{html.render_cell(words('claims.list_title'))}</h2>")
menus = {
    "who": options.organisations,
    "measure": options.measures,
    "part": options.breakdowns,
    "grade": record_tables.PROVENANCES,
    "state": record_tables.STANDINGS,
    "reading": record_tables.READINGS,
}
picked = {}
columns = st.columns(2)
for place, (key, values) in enumerate(menus.items()):
    with columns[place % 2]:
        shown = partial(record_tables.name_choice, view, key)
        picked[key] = filters.select(words(f"claims.{key}"), key, values, ANY, shown, resets=("page",))
with columns[1]:
    since, until = filters.pick_span(
        words("claims.dates"),
        ("since", "until"),
        options.first,
        options.last,
        (options.first, options.last),
        resets=("page",),
    )

# 3. The claims
chosen = claim_rows.Filter(
    organisation=record_tables.parse_choice(picked["who"]),
    measure=record_tables.parse_choice(picked["measure"]),
    breakdown=record_tables.parse_choice(picked["part"]),
    provenance=record_tables.parse_choice(picked["grade"]),
    standing=record_tables.parse_choice(picked["state"]),
    reading=record_tables.parse_choice(picked["reading"]),
    since=since if since > options.first else None,
    until=until if until < options.last else None,
)
first_page = claim_rows.read_claims(view.build, view.situation_id, chosen, PER_PAGE, 0)
matching = first_page["statements"][0] if first_page.height else 0
pages = max(1, -(-matching // PER_PAGE))
page = filters.pick_page(words("claims.page", pages=words.number(pages)), "page", pages)
skip = (page - 1) * PER_PAGE
listed = claim_rows.read_claims(view.build, view.situation_id, chosen, PER_PAGE, skip) if skip else first_page
if listed.is_empty():
    st.html(html.render_notice(words("empty.title"), words("claims.none_match")))
else:
    st.html(html.render_paragraph(words.plural("claims.count", matching), "lm-summary"))
    st.html(record_tables.render_claims(view, listed, words("claims.list_title")))
    st.download_button(
        words("download.csv"),
        lambda: record_tables.write_claims_csv(view, chosen, matching),
        file_name=f"{view.situation_id}-claims-{view.build.id}.csv",
        mime="text/csv",
        key="csv-claims",
        on_click="ignore",
    )
st.html(html.render_paragraph(words("source.build", build=view.build.id), "lm-source"))

# 4. What was read and does not count
st.html(
    f"<h2>{html.render_cell(words('aside.title'))}</h2>"
    + html.render_paragraph(glossary.open_terms(record_tables.tell_rows_aside(view), words))
    + record_tables.render_rows_aside(view)
)
