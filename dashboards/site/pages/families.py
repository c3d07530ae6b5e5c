"""The families' page: what has been published, as of when, according to whom, and what it does not say.

It tells only of the past: no outlook, no day ahead.
"""

from datetime import timedelta
from typing import Final

import polars as pl

from dashboards.charts.sparkline import Sparkline, draw
from dashboards.i18n.rich_text import Cell
from dashboards.metrics.breaks import number_epochs
from dashboards.metrics.headline import LEAD_DAYS, Headline, find_headlines
from dashboards.queries.view import View
from dashboards.site import structured_data, urls
from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.text import amounts, headline_sentences, labels, organisations
from dashboards.text.pace_sentences import compose_recent_pace
from dashboards.text.statement_sentences import compose_source
from dashboards.web.headline_card import TONES, build_cards

SOURCES: Final = 3  # that the page's data names; each is a tenth of a kilobyte on a slow line


def make_page(edition: Edition, view: View, path: str, canonical: str, picture: str) -> Page:
    """The families' page of one language at `path`."""
    words = view.words
    found = find_headlines(view)
    freshest, answer = found.freshest, headline_sentences.compose_answer(view, found)
    panels = [panel for each in found.both if (panel := _draw_sparkline(view, each))]
    return Page(
        template="families.html",
        language=view.language,
        path=path,
        title=words.about("family.title", view.situation),
        description=answer,
        picture=picture,
        data=structured_data.describe_dataset(
            edition,
            view,
            path=canonical,
            name=words.about("family.title", view.situation),
            description=answer,
            files=[("data/figures.csv", "text/csv")],
            frame=found.shown,
            sources=SOURCES,
        ),
        inline=True,
        canonical=canonical,
        context={
            "answer": answer,
            "stale": headline_sentences.warn_of_staleness(view, found),
            "stale_title": words("family.stale_title", age=view.age(freshest.newest)) if freshest else "",
            "cards": build_cards(view, found),
            "changes": headline_sentences.compose_changes(view, found),
            "panels": panels,
            "hedged": any(look in ("open", "span") for each in panels for look, _ in each.marks),
            "source": compose_source(view, found.shown),
            "pace": compose_recent_pace(view),
            "who": tell_who_counts(view),
            "help": [organisations.compose_help_line(view, each) for each in view.situation.help],
        },
    )


def _draw_sparkline(view: View, found: Headline) -> Sparkline | None:
    if not found.rows:
        return None
    words = view.words
    first = min(found.line["as_of"].to_list())
    since = max(first, view.situation.baseline - timedelta(days=LEAD_DAYS))
    if found.as_of < since:
        since = first
    title = words(f"measure.{found.measure}")
    drawn = number_epochs(view, found.line.filter(pl.col("as_of") >= since))
    return draw(
        drawn,
        since,
        view.today,
        tone=TONES[found.measure],
        title=title,
        summary=_describe_drawing(view, drawn.filter(pl.col("as_of") <= found.as_of), title),
        number=words.number,
        month=lambda day: words.tick(day, "MMM"),
        number_at=found.as_of,
        newest=words("amount.or").join(amounts.tell_amount(row, words) for row in found.rows),
    )


def _describe_drawing(view: View, points: pl.DataFrame, title: str) -> str:
    """What the drawing shows, for who does not see it."""
    words = view.words
    rows = points.sort("as_of").to_dicts()
    first, last = rows[0], rows[-1]
    return words.plural(
        "family.drawn",
        len(rows),
        title=title,
        first=amounts.tell_amount(first, words),
        first_day=labels.tell_moment(first, words),
        last=amounts.tell_amount(last, words),
        last_day=labels.tell_moment(last, words),
        age=view.age(last["as_of"]),
    )


def tell_who_counts(view: View) -> list[Cell]:
    """The organisation whose figures these are, what it counts, and that others count otherwise."""
    counted = organisations.tell_counts(view, view.situation.primary_organisation, organisations.HEADED)
    return [organisations.find_primary(view), *counted, view.words("family.others")]


def make_canonical_path(language: str, first: str) -> str:
    """The home of the first language is the site's front page."""
    return urls.HOME if language == first else urls.make_page_path(language, "index")
