"""Checks: what does not add up, what changed later, changes that no flow explains, new definitions."""

import streamlit as st

from dashboards.app import components, filters
from dashboards.exhibits import contradictions, definitions, reconciliation, revisions
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.i18n import glossary
from dashboards.web import conflict_list, html

view = components.get_view()
words, situation = view.words, view.situation

found, _ = contradictions.count_findings(view)
tabs = {
    "conflicts": words("doubts.tab_conflicts", count=words.number(found)),
    **{each: words(f"doubts.tab_{each}") for each in ("revisions", "change", "breaks", "origins")},
}
usual = "change" if st.query_params.get("way") else "conflicts"
tab = st.query_params.get("tab", usual)
if tab not in tabs:
    filters.refuse_stated("tab")
    tab = usual
st.html(
    f"<h1>{html.render_cell(words.about('doubts.title', situation))}</h1>"
    + html.render_paragraph(glossary.open_terms(contradictions.compose_lead(view), words), "lm-answer")
    + conflict_list.render_tabs(view, tabs, tab)
)

# 1. What does not add up
stated = {key: st.query_params.get(key, "") for key in ("rule", "state", "conflict", "page")}
if tab == "conflicts" and found:
    whole = contradictions.read_inbox(view, 1)
    for key, known in (("rule", whole.counts), ("state", conflict_list.STATES)):
        if stated[key] and stated[key] not in known:
            filters.refuse_stated(key)
            stated[key] = ""
    page = int(stated["page"]) if stated["page"].isdecimal() and len(stated["page"]) < 6 else 1
    asked = conflict_list.Asked(view, stated["rule"], stated["state"], stated["conflict"], max(page, 1))
    inbox = contradictions.read_inbox(view, asked.page, asked.rule or None, asked.state or None)
    if not inbox.findings:
        asked = conflict_list.Asked(view, asked.rule, asked.state, asked.conflict)
        inbox = contradictions.read_inbox(view, 1, asked.rule or None, asked.state or None)
    opened = contradictions.find_finding(view, asked.conflict) if asked.conflict else None
    if asked.conflict and opened is None:
        text = words("doubts.unknown", conflict=asked.conflict)
        st.html(html.render_notice(words("refused.title"), text))
    st.html(
        conflict_list.render_filters(asked, whole)
        + conflict_list.render_inbox(asked, inbox, opened)
        + html.render_paragraph(words("source.build", build=view.build.id), "lm-source")
        + html.render_paragraph(words("doubts.csv"), "lm-source")
        + components.render_links(contradictions.make_contradictions(view), view)
    )
elif tab == "conflicts":  # a figure may still be in doubt for its day
    st.html(conflict_list.render_rest(view, contradictions.read_inbox(view, 1)))

# 2. Figures that changed later
if tab == "revisions":
    components.show_exhibit(revisions.make_revisions(view))

# 3. The way from one stock to the next
if tab == "change":
    ways = reconciliation.list_ways(view)
    if ways:
        way = filters.select(
            words("bridge.way"), "way", ways, ways[0], lambda each: reconciliation.name_way(view, each)
        )
        components.show_exhibit(
            reconciliation.make_reconciliation(view, way), origin=ChartRequest("bridge", (("way", way),))
        )
        components.show_exhibit(reconciliation.make_newest_ways(view), level=3)
    else:
        st.html(html.render_notice(words("empty.title"), words("bridge.none")))

# 4. What an organisation counts since when, and statements told many times
if tab == "breaks":
    components.show_exhibit(definitions.make_definition_changes(view))
if tab == "origins":
    components.show_exhibit(revisions.make_origins(view))
