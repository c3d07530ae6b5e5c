"""The families' page: what has been published, as of when, according to whom, and what it does not say.

It tells only of the past: no outlook, no day ahead.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import polars as pl

from dashboards import answers, exhibits, headline, latest, pace_words, queries, telling
from dashboards.choices import LEAD_DAYS
from dashboards.latest import Latest
from dashboards.markup import Cell, Link
from dashboards.pace import WINDOW, Side, facts
from dashboards.site import addresses, linked
from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.site.svg import Panel, panel
from dashboards.view import View
from pipelines.model import Kind, Measure

SOURCES: Final = 3  # that the page's data names; each is a tenth of a kilobyte on a slow line


@dataclass(frozen=True)
class Card:
    """One headline figure."""

    tone: str
    label: str
    number: str
    lines: tuple[Cell, ...]
    flags: tuple[str, ...] = ()
    missing: bool = False


def page(edition: Edition, view: View, path: str, canonical: str, picture: str) -> Page:
    """The families' page of one language at `path`."""
    words = view.words
    held, left = latest.held(view), latest.left_prison(view)
    stale = answers.staleness(view, held, left)
    newest = max((each.newest for each in (held, left) if each is not None), default=None)
    answer = answers.answer(view, held, left)
    panels = [found for found in (_panel(view, held, "held"), _panel(view, left, "left")) if found]
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
            frame=exhibits.overview(view).frame,
            sources=SOURCES,
        ),
        inline=True,
        canonical=canonical,
        context={
            "answer": answer,
            "stale": stale,
            "stale_title": words("family.stale_title", age=words.age(newest, view.today)) if newest else "",
            "cards": (
                _card(view, held, Measure.IN_CUSTODY, "held"),
                _card(view, left, Measure.RELEASED_TO_DATE, "left"),
            ),
            "changes": answers.changes(view, held, left),
            "panels": panels,
            "hedged": any(look in ("open", "span") for each in panels for look, _ in each.marks),
            "source": exhibits.overview(view).source,
            "pace": pace(view),
            "who": who(view),
            "help": [_help(view, entry) for entry in view.situation.help],
        },
    )


def _card(view: View, found: Latest | None, measure: Measure, tone: str) -> Card:
    words, passed = view.words, headline.passed(view, measure)
    label = (
        words(f"measure.{Measure.IN_CUSTODY}")
        if tone == "held"
        else words("card.left", since=words.day(view.situation.baseline))
    )
    if found is None:
        number, why = headline.missing(view, measure)
        return Card(tone, label, number, (why, *passed), missing=True)
    first = found.rows[0]
    lines: list[Cell] = [
        words("card.when", day=telling.moment(first, words), age=words.age(found.as_of, view.today)),
        words("card.who", organisation=view.names[found.organisation]),
        *(
            Link(words("card.source", publisher=view.publisher(row["publisher"])), row["url"])
            for row in found.rows
        ),
        *passed,
    ]
    number = words("amount.or").join(telling.figure(row, words) for row in found.rows)
    return Card(tone, label, number, tuple(lines), tuple(headline.marks(view, found)))


def _panel(view: View, found: Latest | None, tone: str) -> Panel | None:
    if found is None:
        return None
    words = view.words
    first = min(found.points["as_of"].to_list())
    since = max(first, view.situation.baseline - timedelta(days=LEAD_DAYS))
    if found.as_of < since:
        since = first
    title = words(f"measure.{found.measure}")
    drawn = found.points.filter(pl.col("as_of") >= since)
    return panel(
        drawn,
        since,
        view.today,
        tone=tone,
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
    words, situation = view.words, view.situation
    primary = situation.primary_organisation
    listed = queries.only(queries.organisations(view.build, view.situation_id), organisation=primary)
    website = listed["website"][0] if listed.height else None
    counts = queries.only(queries.definitions(view.build, view.situation_id), organisation=primary)
    shown = (Measure.IN_CUSTODY.value, Measure.RELEASED_TO_DATE.value)
    lines: list[Cell] = [Link(words("who.primary", organisation=view.names[primary]), website)]
    lines += [
        f"{words('measure.' + row['measure'])}: {words.of({'es': row['text_es'], 'en': row['text_en']})}"
        for row in counts.to_dicts()
        if row["measure"] in shown
    ]
    lines.append(words("family.others"))
    return lines


def _help(view: View, entry: Any) -> Cell:
    return [Link(entry.name, entry.url), view.words.of(entry.text)]


def canonical(language: str, first: str) -> str:
    """The home of the first language is the site's front page."""
    return addresses.HOME if language == first else addresses.page(language, "index")
