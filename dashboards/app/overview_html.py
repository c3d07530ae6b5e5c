"""The Overview as HTML around its charts: made once for a view, and shared.

A relative stops after the numbers, a reporter after the chart, who watches reads on.
"""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboards.app import news_html
from dashboards.exhibits import news_entries, paired_figures, silences, situations
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.headline import Headlines, find_headlines, list_freshness
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import headline_sentences, labels, organisations, readings
from dashboards.text.headline_sentences import Title
from dashboards.text.newer_totals import tell_newer
from dashboards.web import html, strips
from dashboards.web.headline_card import Card, build_cards, render_card
from pipelines.core.staleness import NO_RHYTHM_DAYS

STEPS: Final = ("custody", "house", "measures", "free")  # the ladder, lowest first


def compose_first_words(view: View) -> tuple[Title, list[str], tuple[Card, Card]]:
    """What stands before any script: the answer in one sentence, the lead's sentences, both cards."""
    found = find_headlines(view)
    return (
        headline_sentences.compose_title(view, found),
        headline_sentences.compose_lead(view, found),
        build_cards(view, found),
    )


def render_answer(view: View, say: Callable[[str], str]) -> str:
    """The answer in one dated sentence and what led to it; `say` makes HTML of a sentence."""
    title, sentences, _ = compose_first_words(view)
    number = f'<em class="lm-held-number">{escape(title.number)}</em>' if title.number else ""
    kept = tell_newer(view, find_headlines(view))  # on a phone as well, where the cards say the rest
    lead = "".join(
        f"{say(each)} " if each in kept or not place else f'<span class="lm-wide">{say(each)}</span> '
        for place, each in enumerate(sentences)
    )
    return (
        f"<div><h1>{escape(title.before)}{number}{escape(title.after)}</h1>"
        f'<p class="lm-answer">{lead}'
        f"<strong>{escape(view.words('glance.no_person'))}</strong></p></div>"
    )


@remember
def render_head(view: View) -> str:
    """The answer, and where to ask about a number."""
    answer = render_answer(view, lambda sentence: html.render_cell(glossary.open_terms(sentence, view.words)))
    return f'<div class="lm-today-head">{answer}{_render_lookup(view)}</div>'


def _render_lookup(view: View) -> str:
    """A number typed leads to the list of figures, which says what it is (static/follow.js).

    Its address says the language: of a field called `lang`, Streamlit's cleaning of HTML takes the name away.
    """
    words, held = view.words, find_headlines(view).held
    shown = held.rows[0]["value"] if held.rows else 808
    example = words("today.lookup_example", figure=words.number(shown))
    return (
        f'<form class="lm-number-box" action="{escape(make_address(view, "claims"))}" role="search">'
        f'<label for="lm-number">{escape(words("today.lookup"))}</label>'
        f'<div><input id="lm-number" data-key="number" inputmode="numeric" autocomplete="off" required '
        f'maxlength="32" placeholder="{escape(example)}">'
        f'<button type="submit">{escape(words("today.lookup_button"))}</button></div>'
        f"<p>{escape(words('today.lookup_text'))}</p></form>"
    )


@remember
def render_numbers(view: View) -> str:
    """The two number cards, how often their organisation speaks, and sending it on."""
    words = view.words
    found = find_headlines(view)
    cards = [
        render_card(card, glossary.open_each(card.marks, words), html.APP)
        for card in build_cards(view, found)
    ]
    return (
        f'<div class="lm-cards">{"".join(cards)}</div><div class="lm-asides">'
        + html.render_folded(words("glance.send"), _render_send_button(view, found))
        + "</div>"
    )


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
        + f'<p class="lm-message">{escape(headline_sentences.compose_message(view, found))}</p>'
        + f'<button type="button" class="lm-send" data-address="./?{escape(urlencode(kept))}"{data}>'
        + f"{escape(words('glance.send_button'))}</button>"
        + '<p class="lm-sent" role="status"></p>'
    )


@remember
def render_pairs(view: View) -> str:
    """What officials said and what was verified where both count the same, as small bars."""
    words, found = view.words, paired_figures.list_pairs(view)
    all_pairs = Link(words("today.pairs_all"), make_address(view, "compare"), outside=False)
    page = f"<h3>{escape(words('today.pairs_title'))}</h3>"
    if not found:
        primary = organisations.name_in_sentence(view, view.situation.primary_organisation)
        page += html.render_paragraph(
            words(f"today.{paired_figures.find_reason_for_none(view)}", organisation=primary)
        )
    for pair in found:
        bars = "".join(
            f'<li><span>{escape(bar.who)}</span><i class="lm-pair-bar lm-{bar.colour}" '
            f'style="width:calc({bar.share:.3f} * var(--lm-longest))"></i>'
            f"<strong>{html.render_cell(bar.figure)}</strong></li>"
            for bar in pair.bars
        )
        same = escape(words("today.pair_same"))
        page += f'<div class="lm-pair"><h4>{escape(pair.what)}</h4><p>{same}</p><ul>{bars}</ul></div>'
    return f'<div class="lm-pairs">{page}{html.render_paragraph(all_pairs)}</div>'


@remember
def render_roles_title(view: View) -> str:
    """The head of what officials say and what was verified."""
    return f"<h2>{escape(view.words('today.roles_title'))}</h2>"


@remember
def render_below_charts(view: View) -> str:
    """What is new, who fell silent, what leaving prison is not, where to ask, what these figures rest on."""
    since = "" if view.known_on else _render_since(view)
    return since + render_steps(view) + _render_questions(view)


def _render_since(view: View) -> str:
    return f'<div class="lm-halves">{news_html.render_summary(view)}{render_silence(view)}</div>'


@remember
def render_silence(view: View, whole: bool = False) -> str:
    """Who has fallen silent; `whole` with every organisation and its rhythm, folded, else with a link, and
    nothing where no organisation has a line.
    """
    words = view.words
    strip = strips.render_silences(silences.list_silences(view), words, inline=False)
    lead = f'<p class="lm-summary">{escape(words("today.silence_lead"))}</p>' if strip else ""
    page = f"<section><h2>{escape(words('today.silence_title'))}</h2>{lead}{strip}"
    if not whole and not strip:
        return ""
    if not whole:
        every = Link(words("today.silence_all"), make_address(view, "news"), outside=False)
        return f"{page}{html.render_paragraph(every)}</section>"
    names = [
        words("table.who"),
        *(words(f"news.{name}") for name in ("newest", "age", "rhythm")),
        words("table.state"),
    ]
    rows = [news_entries.make_freshness_row(view, each) for each in list_freshness(view)]
    table = html.render_table(words("news.late_title"), glossary.open_each(names, words), rows)
    rule = html.render_paragraph(words("news.rule", days=words.days(NO_RHYTHM_DAYS)), "lm-source")
    return f"{page}{html.render_folded(words('today.silence_all'), table + rule)}</section>"


def render_steps(view: View) -> str:
    """The ladder from prison to full freedom, with what is known of each step."""
    words, found = view.words, find_headlines(view)
    held, left = build_cards(view, found)
    steps = []
    for step in STEPS:
        step_name = words("measure.in_custody" if step == "custody" else f"today.step_{step}")
        name = html.render_cell(glossary.open_terms(step_name, words))
        if step == "custody":
            figure = "" if held.missing else f'<span class="lm-figure">{escape(held.figure)}</span>'
            moment = "" if held.missing else f"{held.moment} · {view.names[found.held.organisation]}"
            text = f"{figure}<span>{escape(moment)}</span>"
        else:
            text = f"<span>{escape(words(f'today.step_{step}_text'))}</span>"
        steps.append(f'<li class="lm-step-{step}"><strong>{name}</strong>{text}</li>')
    crossed = ""
    if found.left.rows:
        days = {
            "baseline": words.day(view.situation.baseline),
            "day": labels.tell_moment(found.left.rows[0], words),
        }
        told = escape(words("today.crossed", **days))
        crossed = f'<p class="lm-crossed"><strong>{escape(left.figure)}</strong> {told}</p>'
    return (
        f"<section><h2>{escape(words('today.ladder_title'))}</h2>"
        f'{crossed}<ol class="lm-steps">{"".join(steps)}</ol></section>'
    )


def render_ladder(view: View) -> str:
    """What *excarcelado* means, and the four steps from prison to full freedom."""
    words = view.words
    steps = "".join(f"<li>{escape(words(f'family.step_{step}'))}</li>" for step in STEPS)
    return html.render_paragraph(words("family.word_text")) + f'<ol class="lm-list">{steps}</ol>'


def _render_questions(view: View) -> str:
    """Where to ask about a person, what these figures do not say, who counts what."""
    words, situation = view.words, view.situation
    limits = Link(words("nav.limits"), make_address(view, "limits"), outside=False)
    counts = html.render_bullets(organisations.tell_who_counts_what(view)[1:])
    columns: list[tuple[str, list[Cell], str]] = [
        ("overview.help_title", [organisations.compose_help_line(view, each) for each in situation.help], ""),
        ("overview.caveats_title", [words("today.limits_text"), limits], ""),
        (
            "overview.who_title",
            [organisations.find_primary(view)],
            html.render_folded(words("today.counts"), counts),
        ),
    ]
    inside = "".join(
        f"<div><h3>{escape(words(title))}</h3>{html.render_bullets(lines)}{more}</div>"
        for title, lines, more in columns
        if lines
    )
    computed = words("overview.computed", days=words.days(situation.baseline_tolerance_days))
    return (
        f'<div class="lm-thirds">{inside}</div>'
        + html.render_paragraph(readings.compose_share(view), "lm-source")
        + html.render_paragraph(glossary.open_terms(computed, words), "lm-source")
    )


@remember
def render_situations(view: View, days: tuple[tuple[str, date], ...]) -> str:
    """The page of all situations, each as old as on its own Overview (`days`: situation and its day)."""
    words, found = view.words, situations.list_situations(view, days=days)

    def address(situation: str) -> str:
        return f"./?{urlencode({'situation': situation, 'lang': view.language})}"

    return (
        f"<h1>{escape(found.title)}</h1>"
        + html.render_paragraph(glossary.open_terms(words("situations.lead"), words), "lm-answer")
        + strips.render_situations(found, words, address, html.APP)
    )


def make_address(view: View, page: str) -> str:
    """A page of the app in the view's situation and language."""
    return f"./{page}?{urlencode({'situation': view.situation_id, 'lang': view.language})}"
