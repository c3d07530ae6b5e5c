"""The families' page: what has been published, as of when, according to whom, and what it does not say.

It tells only of the past: no outlook, no day ahead. In the order of who needs it: the answer, both numbers,
sending it on, how it went, what leaving prison is not, where to ask.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

import polars as pl

from dashboards.charts.sparkline import Sparkline, draw
from dashboards.metrics.breaks import number_epochs
from dashboards.metrics.headline import LEAD_DAYS, Headline, Headlines, find_headlines
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.site.render import Page, list_figures
from dashboards.text import amounts, headline_sentences, labels, organisations
from dashboards.text.newer_totals import tell_newer
from dashboards.web import structured_data
from dashboards.web.headline_card import TONES, build_cards
from pipelines.core.model import Qualifier

SEND: Final = "https://wa.me/?text="  # opens the reader's own messages; nothing is asked of it before
SOURCES: Final = 3  # that the page's data names; each is a tenth of a kilobyte on a slow line


def make_page(edition: Edition, view: View, path: str, canonical: str, picture: str) -> Page:
    """The families' page of one language at `path`: it is kept and sent on, so an age has its day."""
    words, found = view.words, find_headlines(view)
    title = headline_sentences.compose_title(view, found).text
    answer = headline_sentences.compose_answer(view, found)
    panel = _draw_sparkline(view, found.held)
    start = headline_sentences.find_start(view, found)
    here = edition.absolute(canonical)
    message = "\n".join(filter(None, (headline_sentences.compose_message(view, found), here)))
    return Page(
        template="families.html",
        language=view.language,
        path=path,
        title=words.about("family.title", view.situation),
        description=answer,
        picture=picture,
        data=structured_data.write_data(
            structured_data.describe_dataset(
                view,
                address=here,
                day=edition.day,
                name=words.about("family.title", view.situation),
                description=answer,
                files=[(edition.absolute("data/figures.csv"), "text/csv")],
                frame=found.shown,
                sources=SOURCES,
                figures=list_figures(edition, view, found.shown, SOURCES),
            )
        ),
        inline=True,
        canonical=canonical,
        context={
            "title": title,
            "answer": "" if found.held.rows else answer,
            "cards": build_cards(view, found),
            "age": _tell_age(view, found),
            "since": " ".join(tell_newer(view, found)),
            "send": f"{SEND}{quote(message)}",
            "panel": panel,
            "hedged": panel is not None and any(look in ("open", "span") for look, _ in panel.marks),
            "course": _name_course(view, found.held, start),
            "change": headline_sentences.compose_direction(view, found.held),
            "help": [organisations.compose_help_line(view, each) for each in view.situation.help],
        },
    )


def _tell_age(view: View, found: Headlines) -> str:
    """How many days old the newest figure of the page was on the day that the page is of."""
    newest = max((each.as_of for each in found.both if each.rows), default=view.today)
    age = (view.today - newest).days
    return view.words("family.age", today=view.words.day(view.today), age=view.words.days(age)) if age else ""


def _name_course(view: View, held: Headline, start: Mapping[str, Any] | None) -> str:
    """From how many to how many, the head of the drawing."""
    words = view.words
    if start is None or not held.rows:
        return words("family.chart_title")
    return words(
        "family.course",
        first=words.number(start["value"]),
        first_day=labels.tell_month(start, held.as_of, words),
        last=words("amount.or").join(amounts.tell_amount(row, words) for row in held.rows),
        last_day=labels.tell_month(held.rows[0], start["as_of"], words),
    )


def _draw_sparkline(view: View, found: Headline) -> Sparkline | None:
    if not found.rows:
        return None
    words = view.words
    first = min(found.line["as_of"].to_list())
    since = max(first, view.situation.baseline - timedelta(days=LEAD_DAYS))
    if found.as_of < since:
        since = first
    title = words("family.drawn_of", organisation=organisations.name_in_sentence(view, found.organisation))
    line = number_epochs(view, found.line.filter(pl.col("as_of") >= since))
    chosen = _choose_drawn(line)
    heading = [row["claim_id"] for row in found.rows]  # drawn even if it is a bound among exact figures
    return draw(
        line.filter(pl.col("claim_id").is_in([*chosen["claim_id"], *heading])),
        since,
        view.today,
        tone=TONES[found.measure],
        title=title,
        summary=_describe_drawing(view, chosen.filter(pl.col("as_of") <= found.as_of), title),
        number=words.number,
        tick=words.tick,
        number_at=found.as_of,
        newest=words("amount.or").join(amounts.tell_amount(row, words) for row in found.rows),
        silent_from=found.newest,
    )


def _choose_drawn(line: pl.DataFrame) -> pl.DataFrame:
    """Exact figures alone, where a third or more are exact: else the bounds are the story."""
    exact = line.filter(pl.col("qualifier") == Qualifier.EXACT)
    return exact if 3 * exact.height >= line.height else line


def _describe_drawing(view: View, points: pl.DataFrame, title: str) -> str:
    """What the drawing shows, for who does not see it."""
    words = view.words
    rows = points.sort("as_of").to_dicts()
    first, last = rows[0], rows[-1]
    exact = all(row["qualifier"] == Qualifier.EXACT for row in rows)
    return words.plural(
        "family.drawn_exact" if exact else "family.drawn",
        len(rows),
        title=title,
        first=amounts.tell_amount(first, words),
        first_day=labels.tell_moment(first, words),
        last=amounts.tell_amount(last, words),
        last_day=labels.tell_moment(last, words),
    )


def make_canonical_path(language: str, first: str) -> str:
    """The home of the first language is the site's front page."""
    return urls.HOME if language == first else urls.make_page_path(language, "index")
