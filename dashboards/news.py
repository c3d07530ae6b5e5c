"""What has been published since a day, and which organisation has been silent for longer than usual."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dashboards import queries
from dashboards.latest import find_headlines
from dashboards.markup import Cell, Link
from dashboards.site import news
from dashboards.site.news import Entry
from dashboards.view import View
from pipelines.staleness import is_stale, stale_after

MOST: Final = 100  # rows of the list


@dataclass(frozen=True)
class Standing:
    """One organisation: the day of its newest figure, its rhythm in days if known, whether it is late.

    It is late where its newest figure under each measure is; the rhythm is that of the one that stays current
    longest.
    """

    organisation: str
    newest: date
    rhythm_days: float | None
    late: bool


@lru_cache(maxsize=16)
def days(view: View) -> list[str]:
    """Days on which something was published, the newest first, as the address names them."""
    found = queries.ask(view.build, "news_days", situation=view.situation_id)
    return [day.isoformat() for day in found["day"]]


def usual_day(view: View) -> str | None:
    """The day of the primary organisation's last bulletin; without one, the newest day of all."""
    known = days(view)
    held = find_headlines(view).held
    stated = held.rows[0]["published"].isoformat() if held.rows else ""
    return stated if stated in known else (known[0] if known else None)


@dataclass(frozen=True)
class News:
    """What has been published since a day: the newest entries, `MOST` at most, and how many in all."""

    entries: tuple[Entry, ...]
    size: int


@lru_cache(maxsize=64)
def since(view: View, day: date) -> News:
    """What is new or changed since a day, that day included, the newest first."""
    of = {"situation": view.situation_id, "since": day}
    said = queries.ask(view.build, "news_since", limit=MOST, **of)
    changes = queries.ask(
        view.build, "revisions_by", situation=view.situation_id, claims=said["claim_id"].to_list()
    )
    size: int = queries.ask(view.build, "news_size", **of)["statements"][0]
    return News(news.told(view, said, news.before(view, changes)), size)


@lru_cache(maxsize=16)
def standings(view: View) -> tuple[Standing, ...]:
    """Every organisation that has published, those silent longest last."""
    found = queries.ask(view.build, "news_silences", situation=view.situation_id)
    standings = [
        _standing(organisation, own.select("as_of", "rhythm_days").rows(), view.today)
        for (organisation,), own in found.group_by("organisation", maintain_order=True)
    ]
    return tuple(sorted(standings, key=lambda each: (-each.newest.toordinal(), each.organisation)))


def _standing(organisation: str, newest: list[tuple[date, float | None]], today: date) -> Standing:
    """From the newest day and the rhythm of each measure."""
    as_of, rhythm = max(newest, key=lambda each: (each[0] + timedelta(stale_after(each[1])), each[0]))
    return Standing(organisation, max(day for day, _ in newest), rhythm, is_stale(as_of, today, rhythm))


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
