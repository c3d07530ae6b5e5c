"""The Overview's words as HTML, above and below its chart: made once for a view, and shared."""

from functools import lru_cache

from dashboards import answers, glance, latest, markup, terms
from dashboards.view import View


@lru_cache(maxsize=64)
def above(view: View) -> str:
    """The question, its answer in one sentence, the two figures, what changed."""
    words, situation = view.words, view.situation
    held, left = latest.held(view), latest.left_prison(view)
    old = answers.staleness(view, held, left)
    return (
        f"<h1>{markup.cell(words.about('overview.title', situation))}</h1>"
        + markup.paragraph(terms.opened(answers.answer(view, held, left), words), "lm-answer")
        + f'<div class="lm-cards">{answers.held_card(view, held)}{answers.left_card(view, left)}</div>'
        + glance.html(view, held, left)
        + (markup.notice(words("stale.title"), old) if old else "")
        + f"<h2>{markup.cell(words('overview.changes_title'))}</h2>"
        + markup.bullets(answers.changes(view, held, left))
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
        + markup.bullets(answers.who_counts_what(view))
    )
    if situation.help:
        page += f"<h3>{markup.cell(words('overview.help_title'))}</h3>"
        page += markup.bullets([answers.help_line(view, each) for each in situation.help])
    return page
