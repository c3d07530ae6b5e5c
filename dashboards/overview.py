"""The Overview's words as HTML, above and below its chart: made once for a view, and shared."""

from functools import lru_cache

from dashboards import answers, glance, markup, organisations, terms
from dashboards.headline_card import build_cards, render_card
from dashboards.latest import find_headlines
from dashboards.view import View


@lru_cache(maxsize=64)
def above(view: View) -> str:
    """The question, its answer in one sentence, the two figures, what changed."""
    words, situation = view.words, view.situation
    found = find_headlines(view)
    old = answers.staleness(view, found)
    cards = [
        render_card(card, terms.each_opened(card.marks, words), markup.APP)
        for card in build_cards(view, found)
    ]
    return (
        f"<h1>{markup.cell(words.about('overview.title', situation))}</h1>"
        + markup.paragraph(terms.opened(answers.answer(view, found), words), "lm-answer")
        + f'<div class="lm-cards">{"".join(cards)}</div>'
        + glance.html(view, found)
        + (markup.notice(words("stale.title"), old) if old else "")
        + f"<h2>{markup.cell(words('overview.changes_title'))}</h2>"
        + markup.bullets(answers.changes(view, found))
        + markup.paragraph(terms.opened(words("overview.computed"), words), "lm-source")
    )


@lru_cache(maxsize=64)
def below(view: View) -> str:
    """What the figures do not say, who counts what, where to ask about one person."""
    words, situation = view.words, view.situation
    page = (
        f"<h2>{markup.cell(words('overview.caveats_title'))}</h2>"
        + markup.bullets(
            [terms.opened(words.of(each), words) for each in situation.caveats]
            or [words("overview.no_caveats")]
        )
        + f"<h2>{markup.cell(words('overview.who_title'))}</h2>"
        + markup.bullets(organisations.who_counts_what(view))
    )
    if situation.help:
        page += f"<h3>{markup.cell(words('overview.help_title'))}</h3>"
        page += markup.bullets([organisations.help_line(view, each) for each in situation.help])
    return page
