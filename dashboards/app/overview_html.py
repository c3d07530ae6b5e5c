"""The Overview as HTML above and below its chart: made once for a view, and shared."""

from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboards.i18n import glossary
from dashboards.metrics.headline import Headlines, find_headlines
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import headline_sentences, organisations
from dashboards.text.headline_sentences import compose_direction, compose_message
from dashboards.web import html
from dashboards.web.headline_card import build_cards, render_card

STEPS: Final = ("custody", "house", "measures", "free")  # the ladder, lowest first


def render_below_figures(view: View, found: Headlines) -> str:
    """Below the two figures: the direction, whom it says nothing of, what a word means, and sending it on."""
    words = view.words
    return (
        '<div class="lm-glance">'
        + f"<p>{escape(compose_direction(view, found.held))} "
        + f"<strong>{escape(words('glance.no_person'))}</strong></p>"
        + '<div class="lm-asides">'
        + html.render_folded(words("glance.word"), render_ladder(view))
        + html.render_folded(words("glance.send"), _render_send_button(view, found))
        + "</div></div>"
    )


def render_ladder(view: View) -> str:
    """What *excarcelado* means, and the four steps from prison to full freedom."""
    words = view.words
    steps = "".join(f"<li>{escape(words(f'family.step_{step}'))}</li>" for step in STEPS)
    return html.render_paragraph(words("family.word_text")) + f'<ol class="lm-list">{steps}</ol>'


def _render_send_button(view: View, found: Headlines) -> str:
    """The text and a button; static/page.js sends or copies it with the address. No other host has a part."""
    words = view.words
    kept = {"situation": view.situation_id, "lang": view.language}
    if view.known_on is not None:
        kept["known"] = view.today.isoformat()
    said = {"copied": words("glance.copied"), "selected": words("glance.selected")}
    data = "".join(f' data-{key}="{escape(text)}"' for key, text in said.items())
    return (
        html.render_paragraph(words("glance.send_note"))
        + f'<p class="lm-message">{escape(compose_message(view, found))}</p>'
        + f'<button type="button" class="lm-send" data-address="./?{escape(urlencode(kept))}"{data}>'
        + f"{escape(words('glance.send_button'))}</button>"
        + '<p class="lm-sent" role="status"></p>'
    )


@remember
def render_above_chart(view: View) -> str:
    """The question, its answer in one sentence, the two figures, what changed."""
    words, situation = view.words, view.situation
    found = find_headlines(view)
    old = headline_sentences.warn_of_staleness(view, found)
    cards = [
        render_card(card, glossary.open_each(card.marks, words), html.APP)
        for card in build_cards(view, found)
    ]
    return (
        f"<h1>{html.render_cell(words.about('overview.title', situation))}</h1>"
        + html.render_paragraph(
            glossary.open_terms(headline_sentences.compose_answer(view, found), words), "lm-answer"
        )
        + f'<div class="lm-cards">{"".join(cards)}</div>'
        + render_below_figures(view, found)
        + (html.render_notice(words("stale.title"), old) if old else "")
        + f"<h2>{html.render_cell(words('overview.changes_title'))}</h2>"
        + html.render_bullets(headline_sentences.compose_changes(view, found))
        + html.render_paragraph(glossary.open_terms(words("overview.computed"), words), "lm-source")
    )


@remember
def render_below_chart(view: View) -> str:
    """What the figures do not say, who counts what, where to ask about one person."""
    words, situation = view.words, view.situation
    page = (
        f"<h2>{html.render_cell(words('overview.caveats_title'))}</h2>"
        + html.render_bullets(
            [glossary.open_terms(words.of(each), words) for each in situation.caveats]
            or [words("overview.no_caveats")]
        )
        + f"<h2>{html.render_cell(words('overview.who_title'))}</h2>"
        + html.render_bullets(organisations.tell_who_counts_what(view))
    )
    if situation.help:
        page += f"<h3>{html.render_cell(words('overview.help_title'))}</h3>"
        page += html.render_bullets([organisations.compose_help_line(view, each) for each in situation.help])
    return page
