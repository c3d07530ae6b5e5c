"""What is new, as HTML with the reader's choice of since when.

Every answer of the last thirty days stands in the page, so that a last visit, which the browser keeps, is
told to nobody: static/news.js shows the one that begins with it.
"""

from datetime import date
from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboards.exhibits import news_summary
from dashboards.exhibits.news_summary import NewsLine
from dashboards.i18n.rich_text import Link
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.web import html

SINCE: Final = "new-since"  # of an address: the day from which on the page of news tells
PAGE: Final = "news-page"  # and which page of its list
SIGNS: Final = {  # of each kind, beside its word
    "withdrawn": "⊘", "corrected": "⇄", "doubt": "◌", "added": "●", "read": "✓", "none": "○",
}  # fmt: skip


@remember
def render_summary(view: View, chosen: date | None = None) -> str:
    """The head, the choice of since when, and the lines since each day on which something changed.

    The lines since `chosen` are shown, else those of the last thirty days.
    """
    words, usual = view.words, news_summary.find_usual_day(view)
    shown = chosen or usual
    blocks = "".join(
        f'<div class="lm-news" data-since="{day.isoformat()}"{"" if day == shown else " hidden"}>'
        f"{render_lines(view, day)}</div>"
        for day in sorted({*news_summary.list_turns(view), shown})
    )
    whole = Link(words("news.all"), _make_address(view), outside=False)
    link = "" if chosen else html.render_paragraph(whole)
    picked = chosen is not None and chosen != usual
    other = f' data-chosen="{shown.isoformat()}"' if chosen else ""
    return (
        f'<section class="lm-since" data-situation="{escape(view.situation_id)}" '
        f'data-usual="{usual.isoformat()}" data-today="{view.today.isoformat()}"{other}>'
        f"<h2>{escape(words('news.heading'))}</h2>"
        f'<div class="lm-segments" role="group" aria-label="{escape(words("news.since"))}">'
        f'<button type="button" class="lm-visit" aria-pressed="false" hidden '
        f'data-said="{escape(words("news.visit_day", day="•"))}"></button>'
        f'<button type="button" class="lm-usual" aria-pressed="{str(not picked).lower()}">'
        f"{escape(words.days(news_summary.USUAL_DAYS))}</button>"
        f"{_render_other_day(view, shown if picked else None)}</div>{blocks}{link}"
        f'<p class="lm-source lm-kept" hidden>{escape(words("news.kept_here"))}</p></section>'
    )


def _render_other_day(view: View, picked: date | None) -> str:
    """Another day leads to the page of news, which says all that came since (static/follow.js)."""
    words = view.words
    name = words("news.other_day") if picked is None else words("news.since_day", day=words.short_day(picked))
    return (
        f'<details class="lm-other"><summary>{escape(name)}</summary>'
        f'<form action="{escape(_make_address(view))}"><input type="hidden" data-key="{PAGE}" value="1">'
        f'<label for="lm-since">{escape(words("news.since"))}</label>'
        f'<input id="lm-since" type="date" data-key="{SINCE}" required max="{view.today.isoformat()}">'
        f'<button type="submit">{escape(words("news.show"))}</button></form></details>'
    )


def _make_address(view: View) -> str:
    return f"./news?{urlencode({'situation': view.situation_id, 'lang': view.language})}"


def render_lines(view: View, since: date) -> str:
    """What is new since a day, a line each with its badge."""
    lines = news_summary.summarize_news(view, since)
    return f'<ul class="lm-lines">{"".join(_render_line(view, each) for each in lines)}</ul>'


def _render_line(view: View, line: NewsLine) -> str:
    badge = escape(view.words(f"news.badge_{line.kind}"))
    sign = f'<span aria-hidden="true">{SIGNS[line.kind]}</span>'
    return (
        f'<li><span class="lm-turn lm-{line.kind}">{sign} {badge}</span>'
        f"<span>{html.render_cell(line.said)}</span></li>"
    )
