"""What has been published since a day, and which organisation has been silent for longer than usual."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from dashboards import latest, queries
from dashboards.latest import UNKNOWN_RHYTHM_DAYS
from dashboards.markup import Cell, Link
from dashboards.site import news, statements
from dashboards.site.news import Entry
from dashboards.view import View

MOST: Final = 100  # rows of the list


@dataclass(frozen=True)
class Standing:
    """One organisation: the day of its newest figure, its rhythm in days if known, whether it is late."""

    organisation: str
    newest: date
    rhythm_days: float | None
    late: bool


def days(view: View) -> list[str]:
    """Days on which something was published, the newest first, as the address names them."""
    return [day.isoformat() for day in dict.fromkeys(entry.day for entry in news.entries(view))]


def usual_day(view: View) -> str | None:
    """The day of the primary organisation's last bulletin; without one, the newest day of all."""
    known = days(view)
    held = latest.held(view)
    stated = held.rows[0]["published"].isoformat() if held is not None else ""
    return stated if stated in known else (known[0] if known else None)


def since(view: View, day: date) -> list[Entry]:
    """What is new or changed since a day, that day included, the newest first."""
    return [entry for entry in news.entries(view) if entry.day >= day]


@lru_cache(maxsize=16)
def standings(view: View) -> tuple[Standing, ...]:
    """Every organisation that has published, those silent longest last."""
    frame = statements.statements(view.build, view.situation_id)
    newest = frame.group_by("organisation").agg(pl.col("as_of").max()).drop_nulls()
    rhythms = dict(
        queries.organisations(view.build, view.situation_id).select("organisation", "rhythm_days").iter_rows()
    )
    found = []
    for organisation, as_of in newest.iter_rows():
        rhythm = rhythms.get(organisation)
        longest = 2 * rhythm if rhythm is not None else UNKNOWN_RHYTHM_DAYS
        found.append(Standing(organisation, as_of, rhythm, (view.today - as_of).days > longest))
    return tuple(sorted(found, key=lambda each: (-each.newest.toordinal(), each.organisation)))


def entry_cells(view: View, entry: Entry) -> tuple[Cell, ...]:
    """One row of the list: published, what with what it replaces, its source."""
    words = view.words
    what: Cell = [entry.title, entry.was] if entry.was else entry.title
    return (words.short_day(entry.day), what, Link(words("table.source"), entry.url or None))


def standing_cells(view: View, standing: Standing) -> tuple[Cell, ...]:
    """One row of the organisations: who, newest figure, age, rhythm, state."""
    words = view.words
    rhythm = standing.rhythm_days
    return (
        view.names.get(standing.organisation, standing.organisation),
        words.short_day(standing.newest),
        words.age(standing.newest, view.today),
        words("news.no_rhythm") if rhythm is None else words.days(round(rhythm)),
        words("news.late" if standing.late else "news.current"),
    )
