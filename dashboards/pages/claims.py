"""Claims: every claim behind every chart, with where it comes from and what became of it."""

from functools import partial

import streamlit as st

from dashboards import address, claim_list, markup, parts, pinned, queries, quoting, terms
from dashboards.claim_list import ANY, PER_PAGE
from dashboards.markup import Link

view = parts.view()
words, situation = view.words, view.situation

st.html(
    f"<h1>{markup.cell(words('claims.title', situation=words.of(situation.name)))}</h1>"
    + markup.paragraph(terms.opened(claim_list.lead(view), words), "lm-answer")
)

# 1. One claim, reached from a chart
single = address.text("claim")
if single:
    found = queries.claims(view.build, view.situation_id, queries.Filter(claim=single), PER_PAGE, 0)
    st.html(f"<h2>{markup.cell(words('claims.single_title'))}</h2>")
    if found.is_empty():
        st.html(markup.notice(words("refused.title"), words("claims.unknown", claim=single)))
    else:
        st.html(claim_list.as_table(view, found, words("claims.single_title")))
        quoted = claim_list.leading(view, found)
        permanent = Link(words("figure.permanent"), pinned.link(view, quoted["figure_id"]), outside=False)
        st.html(markup.bullets([permanent]))
        quoting.show(view, quoted)
    st.button(words("claims.show_all"), on_click=address.forget, args=("claim",))

# 2. Filters
options = claim_list.options(view)
st.html(f"<h2>{markup.cell(words('claims.list_title'))}</h2>")
menus = {
    "who": options.organisations,
    "measure": options.measures,
    "part": options.breakdowns,
    "grade": claim_list.PROVENANCES,
    "state": claim_list.STANDINGS,
    "reading": claim_list.READINGS,
}
picked = {}
columns = st.columns(2)
for place, (key, values) in enumerate(menus.items()):
    with columns[place % 2]:
        shown = partial(claim_list.label, view, key)
        picked[key] = address.select(words(f"claims.{key}"), key, values, ANY, shown, resets=("page",))
with columns[1]:
    since, until = address.span(
        words("claims.dates"),
        ("since", "until"),
        options.first,
        options.last,
        (options.first, options.last),
        resets=("page",),
    )

# 3. The claims
chosen = queries.Filter(
    organisation=claim_list.stated(picked["who"]),
    measure=claim_list.stated(picked["measure"]),
    breakdown=claim_list.stated(picked["part"]),
    provenance=claim_list.stated(picked["grade"]),
    standing=claim_list.stated(picked["state"]),
    reading=claim_list.stated(picked["reading"]),
    since=since if since > options.first else None,
    until=until if until < options.last else None,
)
first_page = queries.claims(view.build, view.situation_id, chosen, PER_PAGE, 0)
matching = first_page["statements"][0] if first_page.height else 0
pages = max(1, -(-matching // PER_PAGE))
page = address.page_number(words("claims.page", pages=words.number(pages)), "page", pages)
skip = (page - 1) * PER_PAGE
listed = queries.claims(view.build, view.situation_id, chosen, PER_PAGE, skip) if skip else first_page
if listed.is_empty():
    st.html(markup.notice(words("empty.title"), words("claims.none_match")))
else:
    st.html(markup.paragraph(words.plural("claims.count", matching), "lm-summary"))
    st.html(claim_list.as_table(view, listed, words("claims.list_title")))
    st.download_button(
        words("download.csv"),
        lambda: claim_list.as_csv(view, chosen, matching),
        file_name=f"{view.situation_id}-claims-{view.build.id}.csv",
        mime="text/csv",
        key="csv-claims",
        on_click="ignore",
    )
st.html(markup.paragraph(words("source.build", build=view.build.id), "lm-source"))

# 4. What was read and does not count
st.html(
    f"<h2>{markup.cell(words('aside.title'))}</h2>"
    + markup.paragraph(terms.opened(claim_list.aside_lead(view), words))
    + claim_list.aside_tables(view)
)
