"""The families' page: what has been published, as of when, according to whom, and what it does not say.

It tells only of the past: no outlook, no day ahead.
"""

from datetime import timedelta
from typing import Any, Final

import polars as pl

from dashboards import answers, organisations, pace_words, telling
from dashboards.headline_card import TONES, build_card
from dashboards.latest import LEAD_DAYS, Headline, find_headlines
from dashboards.markup import Cell
from dashboards.pace import WINDOW, Side, facts
from dashboards.sentences import source_line
from dashboards.site import addresses, linked
from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.site.svg import Panel, panel
from dashboards.view import View
from pipelines.model import Kind

SOURCES: Final = 3  # that the page's data names; each is a tenth of a kilobyte on a slow line


def page(edition: Edition, view: View, path: str, canonical: str, picture: str) -> Page:
    """The families' page of one language at `path`."""
    words = view.words
    found = find_headlines(view)
    freshest, answer = found.freshest, answers.answer(view, found)
    panels = [panel for each in found.both if (panel := _panel(view, each))]
    return Page(
        template="family.html",
        language=view.language,
        path=path,
        title=words.about("family.title", view.situation),
        description=answer,
        picture=picture,
        data=linked.dataset(
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
            "stale": answers.staleness(view, found),
            "stale_title": words("family.stale_title", age=words.age(freshest.newest, view.today))
            if freshest
            else "",
            "cards": [build_card(view, each) for each in found.both],
            "changes": answers.changes(view, found),
            "panels": panels,
            "hedged": any(look in ("open", "span") for each in panels for look, _ in each.marks),
            "source": source_line(view, found.shown),
            "pace": pace(view),
            "who": who(view),
            "help": [organisations.help_line(view, each) for each in view.situation.help],
        },
    )


def _panel(view: View, found: Headline) -> Panel | None:
    if not found.rows:
        return None
    words = view.words
    first = min(found.line["as_of"].to_list())
    since = max(first, view.situation.baseline - timedelta(days=LEAD_DAYS))
    if found.as_of < since:
        since = first
    title = words(f"measure.{found.measure}")
    drawn = found.line.filter(pl.col("as_of") >= since)
    return panel(
        drawn,
        since,
        view.today,
        tone=TONES[found.measure],
        title=title,
        summary=_drawn(view, drawn.filter(pl.col("as_of") <= found.as_of), title),
        number=words.number,
        month=lambda day: words.tick(day, "MMM"),
        number_at=found.as_of,
        newest=words("amount.or").join(telling.figure(row, words) for row in found.rows),
    )


def _drawn(view: View, points: pl.DataFrame, title: str) -> str:
    """What the drawing shows, for who does not see it."""
    words = view.words
    rows = points.sort("as_of").to_dicts()
    first, last = rows[0], rows[-1]
    return words.plural(
        "family.drawn",
        len(rows),
        title=title,
        first=telling.figure(first, words),
        first_day=telling.moment(first, words),
        last=telling.figure(last, words),
        last_day=telling.moment(last, words),
        age=words.age(last["as_of"], view.today),
    )


def pace(view: View) -> list[str]:
    """What the last four weeks that have figures brought, one line for each side, each with its day."""
    known, words = facts(view), view.words
    sides = known.sides()
    lines = [words("family.pace_old")] if sides and all(side.too_old for side in sides) else []
    lines += [_pace(view, side) for side in sides]
    return lines or [words("pace.answer_none", organisation=view.names[known.organisation])]


def _pace(view: View, side: Side) -> str:
    words = view.words
    assert side.newest is not None
    amount = side.over(WINDOW)
    low, central, high = (None, None, None) if amount is None else amount.per_week()
    said: dict[str, Any] = {
        "organisation": view.names[facts(view).organisation],
        "day": words.day(side.newest),
        "age": words.age(side.newest, view.today),
        "trend": pace_words.trend(side.trend(), words),
    }
    if central is None:
        return words("family.pace_unknown", **said)
    if side.kind is Kind.CUMULATIVE:
        key = "left"
    else:
        key = "same" if round(central) == 0 else "fell" if central > 0 else "rose"
    people = round(abs(central))
    open_ended = low is None or high is None
    size = words("qualifier.about", value=words.number(people)) if people else words("family.under_one")
    said["amount"] = words("family.open", amount=size) if open_ended and key != "same" else size
    return words(f"family.pace_{key}", **said)


def who(view: View) -> list[Cell]:
    """The organisation whose figures these are, what it counts, and that others count otherwise."""
    counted = organisations.counts(view, view.situation.primary_organisation, organisations.HEADED)
    return [organisations.primary(view), *counted, view.words("family.others")]


def canonical(language: str, first: str) -> str:
    """The home of the first language is the site's front page."""
    return addresses.HOME if language == first else addresses.page(language, "index")
