"""The one frame around every chart and table: chart, table, sources, and what there is to take along.

All of it is HTML made once for an exhibit. Tabs are buttons that static/page.js answers to; what can be taken
along opens by the browser itself (popover), by mouse, finger or key.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import citations
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import Words
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import reader_questions
from dashboards.web import embedding
from dashboards.web.chart_document import Document
from dashboards.web.html import (
    render_bullets,
    render_cell,
    render_chart,
    render_folded,
    render_paragraph,
    render_table,
)
from dashboards.web.question_link import render_question_link

QUOTES, PUBLISHERS = 3, 60  # how many are listed
_NOT_OF_ID: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class TakeAlong:
    """What is offered beside an exhibit; addresses are whole or relative to any page of the app."""

    links: str = ""  # to its files, HTML
    address: str = ""  # where the newest is always shown
    pinned: str = ""  # where it stays as it is
    site: str = ""  # of the static site, which has it in a frame; empty without
    chart: str = ""  # its name there
    snippet: str = ""  # HTML that shows it from the app, where there is no site


@remember_asked
def render_frame(
    view: View,
    exhibit: Exhibit,
    level: int,
    drawn: Document | None,
    table: Document | None,
    own_pictures: bool,
    take: TakeAlong,
) -> str:
    """The whole frame. `drawn` and `table` are what the browser fetches; without a chart the table is shown.

    `own_pictures` says that the reader's browser makes the pictures.
    """
    words = view.words
    head = f"<h{level} class='lm-title'>{render_cell(exhibit.title)}</h{level}>"
    told = exhibit.subtitle or exhibit.summary
    head += render_paragraph(told, "lm-summary") if told else ""
    if exhibit.figure is None and not exhibit.rows:
        return head
    shown = "table"
    body = ""
    if drawn is not None and exhibit.figure is not None:
        shown = "chart"
        body = (
            '<div class="lm-drawn">'
            + render_chart(
                f"figures/{drawn.name}",
                int(exhibit.figure.layout.height),
                words("chart.failed"),
                own_pictures,
                None if exhibit.narrow is None else int(exhibit.narrow.layout.height),
            )
            + ("" if exhibit.fit else _render_key(exhibit, words))
            + render_paragraph(exhibit.source, "lm-source")
            + ("" if _names_its_events(exhibit) else _render_events(exhibit, words))
            + "</div>"
        )
    body += _render_table(exhibit, words, table)
    body += _render_sources(exhibit, words)
    return (
        f'<figure class="lm-frame" data-shows="{shown}"><div class="lm-frame-head">{head}</div>'
        f'<div class="lm-frame-body">{body}</div>'
        f'<div class="lm-bar">{_render_tabs(words, shown)}{_render_actions(view, exhibit, take)}</div>'
        "</figure>"
    )


def _render_tabs(words: Words, shown: str) -> str:
    names = ("chart", "table", "sources") if shown == "chart" else ("table", "sources")
    buttons = "".join(
        f'<button type="button" data-shows="{name}" aria-pressed="{str(name == shown).lower()}">'
        f"{escape(words(f'take.{name}'))}</button>"
        for name in names
    )
    return f'<div class="lm-tabs" role="group">{buttons}</div>'


def _render_table(exhibit: Exhibit, words: Words, table: Document | None) -> str:
    if table is None:
        heads = glossary.open_each(exhibit.heads, words)
        return (
            f'<div class="lm-sheet">{render_table(exhibit.title, heads, exhibit.rows, exhibit.numeric)}'
            f"{render_paragraph(exhibit.source, 'lm-source')}</div>"
        )
    heading = words.plural("table.heading", len(exhibit.rows))
    folded = render_folded(heading, "", f"figures/{table.name}", words("chart.table_failed"))
    return f'<div class="lm-sheet">{folded}</div>'


def _render_key(exhibit: Exhibit, words: Words) -> str:
    return render_bullets(glossary.open_each(exhibit.key, words), "lm-key")


def _names_its_events(exhibit: Exhibit) -> bool:
    """Whether the drawing says what its main events are, so that no list needs to stand below it."""
    return exhibit.fit is not None or exhibit.narrow is not None


def _render_events(exhibit: Exhibit, words: Words) -> str:
    if not exhibit.events:
        return ""
    items = "".join(
        f"<li><span>{render_cell(number)}</span> {render_cell(link)}</li>" for number, link in exhibit.events
    )
    heading = words.plural("events.heading", len(exhibit.events))
    return render_folded(heading, f'<ul class="lm-events">{items}</ul>')


def _render_sources(exhibit: Exhibit, words: Words) -> str:
    """Who published what is shown, each with how many of its figures and the newest of them.

    What a drawing that says its own key means, and all its events, stand here too: the plot names three.
    """
    counts: dict[str, int] = {}
    first: dict[str, Link] = {}
    for row in exhibit.rows:
        for link in (each for cell in row for each in _list_links(cell)):
            counts[link.text] = counts.get(link.text, 0) + 1
            first.setdefault(link.text, link)
    ordered = sorted(counts, key=lambda name: (-counts[name], name))[:PUBLISHERS]
    items = "".join(
        f"<li>{render_cell(first[name])} <span>{escape(words.number(counts[name]))}</span></li>"
        for name in ordered
    )
    listed = f'<ul class="lm-publishers">{items}</ul>' if items else ""
    summary = render_paragraph(exhibit.summary) if exhibit.subtitle else ""
    told = _render_key(exhibit, words) if exhibit.fit else ""
    told += _render_events(exhibit, words) if _names_its_events(exhibit) else ""
    return f'<div class="lm-sources">{summary}{render_paragraph(exhibit.source)}{told}{listed}</div>'


def _list_links(cell: Cell) -> Sequence[Link]:
    if isinstance(cell, Link):
        return [cell] if cell.outside and cell.url else []
    if isinstance(cell, (list, tuple)):
        return [link for part in cell for link in _list_links(part)]
    return []


def _render_actions(view: View, exhibit: Exhibit, take: TakeAlong) -> str:
    words = view.words
    contents = {
        "download": take.links,
        "share": _render_share(exhibit, words, take),
        "embed": _render_embed(view, exhibit, take),
        "quote": _render_quote(view, exhibit, take),
    }
    stem = _NOT_OF_ID.sub("-", exhibit.name.lower())
    address = take.address if "://" in take.address else ""
    wrong = reader_questions.ask_about_chart(view, take.chart or exhibit.name, exhibit.title, address)
    return "".join(
        f'<button type="button" class="lm-act lm-act-{name}" popovertarget="take-{name}-{stem}">'
        f"{escape(words(f'take.{name}'))}</button>"
        f'<div popover class="lm-out" id="take-{name}-{stem}"><p class="lm-label">'
        f"{escape(words(f'take.{name}'))}</p>{content}</div>"
        for name, content in contents.items()
        if content
    ) + render_question_link(view, wrong, style="lm-act lm-act-wrong")


def _render_share(exhibit: Exhibit, words: Words, take: TakeAlong) -> str:
    """The text and its addresses: where the newest is, and where it stays as it is."""
    if not take.address:
        return ""
    said = {"copied": words("glance.copied"), "selected": words("glance.selected")}
    data = "".join(f' data-{key}="{escape(text)}"' for key, text in said.items())
    told = "\n".join(filter(None, (exhibit.title, exhibit.summary)))
    buttons = "".join(
        f'<button type="button" class="lm-send" data-address="{escape(address)}"{data}>'
        f"{escape(label)}</button>"
        for address, label in (
            (take.address, words("take.send")),
            (take.pinned, words("take.send_pinned")),
        )
        if address
    )
    return f'<p class="lm-message">{escape(told)}</p>{buttons}<p class="lm-sent" role="status"></p>'


def _render_embed(view: View, exhibit: Exhibit, take: TakeAlong) -> str:
    words = view.words
    if take.site and take.chart:
        pinned = embedding.make_pinned_path(view.build.id, view.language, take.chart)
        living = embedding.make_chart_path(view.language, take.chart, f"{embedding.EMBED}.html")
        return "".join(
            _render_copied(
                words,
                embedding.write_iframe(f"{take.site}/{path}", exhibit.title, f"{take.site}/{embedding.HOST}"),
                words(f"site.embed_{kind}"),
            )
            for kind, path in (("fixed", pinned), ("moving", living))
        ) + render_paragraph(words("take.embed_note"), "lm-source")
    if not take.snippet:
        return ""
    note = "take.embed_note" if embedding.HOST in take.snippet else "take.picture_note"
    return _render_copied(words, take.snippet) + render_paragraph(words(note), "lm-source")


def _render_quote(view: View, exhibit: Exhibit, take: TakeAlong) -> str:
    """A sentence for the newest figure of each series, and the reference of the chart."""
    words = view.words
    told = "\n\n".join(citations.list_quotes(view, exhibit)[:QUOTES])
    cited = citations.cite(view, exhibit, take.address if "://" in take.address else None)
    return _render_copied(words, told, style="lm-quoted") + render_folded(
        words("site.cite"), _render_copied(words, cited.apa) + _render_copied(words, cited.bibtex)
    )


def _render_copied(words: Words, text: str, label: str = "", style: str = "lm-code") -> str:
    """A text with the button that copies it."""
    named = f'<p class="lm-label">{escape(label)}</p>' if label else ""
    return (
        f'<div class="lm-copied">{named}<pre class="{style}" tabindex="0">{escape(text)}</pre>'
        f'<button type="button" class="lm-copy" data-copied="{escape(words("glance.copied"))}"'
        f' data-selected="{escape(words("glance.selected"))}">{escape(words("take.copy"))}</button>'
        '<span class="lm-sent" role="status"></span></div>'
    )
