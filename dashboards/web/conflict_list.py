"""What does not add up as an inbox: size in people, sentence and state of each, and the one opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.exhibits import own_corrections
from dashboards.exhibits.contradictions import PER_PAGE, Finding, Inbox, Side
from dashboards.exhibits.exhibit import CLAIM_COLUMNS
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.queries.view import View, make_claim_address
from dashboards.web import badges, controls, figure_panel
from dashboards.web.addresses import make_address, render_follow
from dashboards.web.controls import Choice
from dashboards.web.html import APP, Html, escape_text, render_cell

STATES = ("open", "in_doubt", "explained")


@dataclass(frozen=True)
class Asked:
    """What the address asks of the inbox; empty texts ask nothing."""

    view: View
    rule: str = ""
    state: str = ""
    conflict: str = ""
    page: int = 1

    def address(self, **changed: str) -> str:
        """The address of the same with keys changed; another rule or state begins at the first page."""
        said = {"rule": self.rule, "state": self.state, "page": str(self.page) if self.page > 1 else ""}
        if set(changed) & {"rule", "state"}:
            said["page"] = ""
        if self.view.known_on is not None:
            said["known"] = self.view.today.isoformat()
        return make_address(self.view, "doubts", {**said, **changed})


def render_tabs(view: View, tabs: Mapping[str, str], chosen: str) -> str:
    """The parts of the page, the first of which needs no key."""
    first = next(iter(tabs))
    known = {"known": view.today.isoformat()} if view.known_on is not None else {}
    links = "".join(
        render_follow(
            make_address(view, "doubts", {**known, "tab": "" if tab == first else tab}),
            escape_text(text),
            aria_current="true" if tab == chosen else "",
        )
        for tab, text in tabs.items()
    )
    name = escape_text(view.words("nav.doubts"))
    return f'<nav class="lm-sections" aria-label="{name}">{links}</nav>'


def render_filters(asked: Asked, inbox: Inbox) -> str:
    """The rules as chips with how many each has, and the state."""
    words = asked.view.words
    whole = sum(inbox.counts.values())
    if not whole:
        return ""
    chips = [Choice(words("doubts.all"), asked.address(rule=""), not asked.rule, words.number(whole))]
    chips += [
        Choice(words(f"rule.{rule}"), asked.address(rule=rule), rule == asked.rule, words.number(count))
        for rule, count in inbox.counts.items()
    ]
    if asked.state:
        name = words(f"state.{asked.state}")
        state = controls.render_set_chip(words("doubts.state"), name, asked.address(state=""), words)
    else:
        states = [
            Choice(
                f"{words(f'state.{each}')} · {words.number(inbox.states[each])}", asked.address(state=each)
            )
            for each in STATES
            if inbox.states.get(each)
        ]
        state = controls.render_menu("state", words("doubts.state"), controls.render_choices(states))
    size = f'<p class="lm-about">{escape_text(words("doubts.size"))}</p>'
    return f'<div class="lm-chips">{controls.render_row(chips)}{state}</div>{size}'


def render_inbox(asked: Asked, inbox: Inbox, opened: Finding | None) -> str:
    """The findings of one page, the opened one beside them, the pages and what is only counted below."""
    view, words = asked.view, asked.view.words
    panel = render_panel(asked, opened) if opened else ""
    listed = {each.key for each in inbox.findings}
    items = f'<li class="lm-panel-item">{panel}</li>' if opened and opened.key not in listed else ""
    for each in inbox.findings:
        here = opened is not None and each.key == opened.key
        items += _render_item(asked, each, here) + (f'<li class="lm-panel-item">{panel}</li>' if here else "")
    first = (asked.page - 1) * PER_PAGE + 1
    last = first + len(inbox.findings) - 1
    numbers = {
        "first": words.number(first),
        "last": words.number(last),
        "whole": words.number(inbox.matching),
    }
    before = asked.address(page="" if asked.page == 2 else str(asked.page - 1)) if asked.page > 1 else ""
    after = asked.address(page=str(asked.page + 1)) if last < inbox.matching else ""
    name = escape_text(words("doubts.list"))
    return (
        f'<div class="lm-inbox{" lm-beside" if opened else ""}"><ul aria-label="{name}">{items}</ul></div>'
        + controls.render_pager(words("figures.shown", **numbers), before, after, words)
        + render_rest(view, inbox)
    )


def render_rest(view: View, inbox: Inbox) -> str:
    """What has no size, counted, and where pairs are that cannot be compared."""
    words = view.words
    unsized = ""
    if inbox.unsized:
        doubtful = Link(
            words.plural("doubts.unsized", inbox.unsized),
            make_address(view, "claims", {"state": "in_doubt"}),
            outside=False,
        )
        unsized = f"<p>{render_cell(doubtful)}.</p>"
    own = ""
    if view.known_on is not None:
        count = own_corrections.count_found_by_then(view)
        ours = Link(words.plural("doubts.own_by_then", count), make_address(view, "corrected"), outside=False)
        own = f"<p>{render_cell(ours)}.</p>"
    matrix = Link(words("doubts.matrix"), make_address(view, "compare"), outside=False)
    return (
        f'<div class="lm-rest">{unsized}{own}<p>{escape_text(words("doubts.not_comparable"))} '
        f"{render_cell(matrix)}</p></div>"
    )


def _render_people(finding: Finding, view: View, prefix: str = APP.prefix) -> str:
    words = view.words
    if finding.people is None:
        return f'<span class="{prefix}size">{escape_text(words("doubts.unsaid"))}</span>'
    number, noun = words.number(finding.people), words.plural("doubts.people", finding.people)
    return f'<span class="{prefix}size"><b>{escape_text(number)}</b> {escape_text(noun)}</span>'


def _render_item(asked: Asked, finding: Finding, here: bool) -> str:
    words = asked.view.words
    text = escape_text(finding.brief)
    if finding.key:
        text = render_follow(
            asked.address(
                conflict="" if here else finding.key, page=str(asked.page) if asked.page > 1 else ""
            ),
            text,
            id=f"row-{finding.key}",
            aria_expanded="true" if here else "false",
            data_focus=f"row-{finding.key}" if here else "panel",
        )
    return (
        f'<li class="lm-conflict{" lm-here" if here else ""}">{_render_people(finding, asked.view)}'
        f'<div><p>{text}</p><p class="lm-about">{escape_text(finding.about)}</p></div>'
        f"{badges.render_badge(finding.state, words)}</li>"
    )


def render_panel(asked: Asked, finding: Finding) -> str:
    """A finding opened: its figures side by side, the count in time, what the rule says, what we did."""
    view, words = asked.view, asked.view.words
    close = render_follow(
        asked.address(conflict="", page=str(asked.page) if asked.page > 1 else ""),
        '<span aria-hidden="true">×</span>'
        f'<span class="lm-unseen">{escape_text(words("figures.close"))}</span>',
        "lm-close",
        data_focus=f"row-{finding.key}",
    )
    drawn = ""
    if finding.count is not None:
        drawn = figure_panel.render_count(view, finding.count, [each.claim for each in finding.sides])
    sections = (
        ("doubts.over_time", drawn),
        ("doubts.allows", f"<p>{render_cell(glossary.open_terms(finding.rule, words))}</p>"),
        ("doubts.did", f"<p>{render_cell(finding.explanation)}</p>"),
    )
    body = "".join(
        f"<section><h3>{escape_text(words(title))}</h3>{content}</section>"
        for title, content in sections
        if content
    )
    sides = "".join(_render_side(view, each) for each in finding.sides)
    opened = escape_text(words("doubts.opened"))
    return (
        f'<article class="lm-panel" id="panel" tabindex="-1" aria-label="{opened}">'
        f'<header class="lm-panel-head">'
        f"{close}{badges.render_badge(finding.state, words)}"
        f"<h2>{escape_text(finding.sentence)}</h2>"
        f'<p class="lm-about">{escape_text(finding.about)}</p></header>'
        f'<div class="lm-sides">{sides}</div>{body}</article>'
    )


def _render_side(view: View, side: Side) -> str:
    words = view.words
    amount = Link(side.amount, make_claim_address(view, side.claim), outside=False)
    about = "".join(f"<p>{escape_text(each)}</p>" for each in side.about)
    return (
        f'<div class="lm-side"><p><b>{escape_text(side.who)}</b></p>'
        f'<p class="lm-side-number">{render_cell(amount)}</p>'
        f"{about}<p>{render_cell(side.source)}, {escape_text(side.published)}</p>"
        f"{badges.render_reading(side.reading, words)}</div>"
    )


def render_findings(view: View, findings: Sequence[Finding], medium: Html) -> str:
    """The findings one below the other, each folded over its figures: for a page without a server."""
    words = view.words
    heads = [words(f"table.{column}") for column in CLAIM_COLUMNS]
    items = "".join(
        f"<li>{_render_people(each, view, medium.prefix)}<div><p>{escape_text(each.brief)}</p>"
        f'<p class="{medium.prefix}soft">'
        f"{escape_text(each.about)} · {escape_text(words(f'state.{each.state}'))}</p>"
        f"<details><summary>{escape_text(words('doubts.claims'))}</summary>"
        + medium.table(words("doubts.claims"), heads, each.rows, (0,))
        + f"<p>{escape_text(each.rule)}</p><p>{medium.cell(each.explanation)}</p></details></div></li>"
        for each in findings
    )
    return (
        f'<ul class="{medium.prefix}conflicts" aria-label="{escape_text(words("doubts.list"))}">{items}</ul>'
    )
