"""What is new and what changed since a day: one entry a statement, for pages and feeds."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from dashboards.exhibits import exhibit, own_corrections
from dashboards.exhibits.revisions import REVISIONS_ORDER
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.headline import Freshness, find_headlines
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import amounts, labels, statement_sentences
from pipelines.core.model import Qualifier

MOST_IN_FEED: Final = 100  # entries of one feed
SPACE: Final = uuid.UUID("5a7d3f0e-6b1c-5a52-9c52-1b2f3a4c5d6e")  # ours: ids do not follow an address


@dataclass(frozen=True)
class NewsEntry:
    """One figure that is new or changed."""

    id: str
    claim: str
    day: date  # of publication
    changed: date  # the same, or when the figure was corrected here
    organisation: str
    name: str
    title: str
    text: str
    was: str  # what stood before, in words; empty for a new figure
    figure: str  # its id; empty for an entry about our own corrections
    url: str  # of its source; empty where there is none
    withdrawn: bool = False  # by ourselves: the figure was taken away, and not only changed
    key: str = ""  # of our own correction: what was corrected, the same in every language


@dataclass(frozen=True)
class Earlier:
    """What a figure was before, in words, and the day on which it became another."""

    text: str
    day: date
    corrected: bool  # by ourselves, and not stated anew


@remember
def list_entries(view: View) -> tuple[NewsEntry, ...]:
    """Every statement as an entry: the last one published, changed or corrected first."""
    return make_entries(
        view, claim_rows.read_statements(view.build, view.situation_id), find_earlier_figures(view)
    )


def make_entries(view: View, said: pl.DataFrame, was: Mapping[str, "Earlier"]) -> tuple[NewsEntry, ...]:
    """Statements (columns of `statements_with_figure_ids.sql`) as entries, with what each claim changed."""
    rows = said.to_dicts()
    found = [_make_entry(view, row, was.get(row["claim_id"])) for row in rows if row["published"]]
    moments = {row["claim_id"]: row["as_of"] or date.min for row in rows}
    found.sort(key=lambda each: (each.changed, moments[each.claim], each.claim), reverse=True)
    return tuple(found)


def _make_entry(view: View, row: Mapping[str, Any], was: Earlier | None) -> NewsEntry:
    words = view.words
    name = view.names.get(row["organisation"], row["organisation"])
    key = "site.news_changed" if was else "site.news_new"
    moment = labels.tell_short_moment(row, words) if row["as_of"] else words("no_day")
    title = words(
        key,
        organisation=name,
        figure=amounts.tell_amount(row, words),
        what=exhibit.name_counted_thing(view, row),
        moment=moment,
    )
    url = row["url"] or ""
    return NewsEntry(
        id=uuid.uuid5(SPACE, f"{view.situation_id}/{row['claim_id']}/{view.language}").urn,
        claim=row["claim_id"],
        day=row["published"],
        changed=max(row["published"], was.day) if was else row["published"],
        organisation=row["organisation"],
        name=name,
        title=title,
        text=statement_sentences.quote(view, row),
        was=was.text if was else "",
        figure=row["figure_id"],
        url=url if urlsplit(url).scheme in ("http", "https") else "",
    )


@remember
def find_earlier_figures(view: View) -> dict[str, Earlier]:
    """Claim that changed a figure → what the figure was before; of all that ever changed."""
    return make_earlier_figures(
        view, database.read_mart(view.build, view.situation_id, "revisions", REVISIONS_ORDER)
    )


def make_earlier_figures(view: View, changes: pl.DataFrame) -> dict[str, Earlier]:
    """Rows of `revisions` by their new claim: what the figure was, when, through whom, and why it changed."""
    words = view.words
    rows = changes.to_dicts()
    old = claim_rows.find_claims(view, (row["old_claim"] for row in rows))
    found = {}
    for row in reversed(rows):
        reason = (
            words("revisions.corrected", reason=labels.tell_reason(row, words))
            if row["cause"] == "corrected"
            else words("revisions.restated", organisation=view.names[row["organisation"]])
        )
        text = words(
            "site.was",
            figure=_tell_earlier(view, row, old.get(row["old_claim"])),
            day=words.short_day(row["old_published"]),
            publisher=view.publisher(row["old_publisher"]),
            why=reason,
        )
        found[row["new_claim"]] = Earlier(text, row["new_published"], row["cause"] == "corrected")
    return found


def _tell_earlier(view: View, row: Mapping[str, Any], claim: Mapping[str, Any] | None) -> str:
    """The figure that was replaced. A corrected claim reads as corrected: its old value is in the row."""
    words = view.words
    if row["cause"] == "corrected":
        if row["old_qualifier"] == Qualifier.RANGE or row["old_value"] is None:
            return words("no_data") if row["old_value"] is None else words.number(row["old_value"])
        return words.amount(row["old_qualifier"], row["old_value"])
    return words("no_data") if claim is None else amounts.tell_amount(claim, words)


def merge_entries(ours: Sequence[NewsEntry], said: Sequence[NewsEntry]) -> list[NewsEntry]:
    """Our own corrections and statements, the last changed first; of one day ours before the others."""
    return sorted([*ours, *said[:MOST_IN_FEED]], key=lambda each: each.changed, reverse=True)[:MOST_IN_FEED]


def list_front_page_corrections(view: View) -> list[NewsEntry]:
    """Our own mistakes that reached the front page."""
    words = view.words
    found = own_corrections.list_mistakes(view, reach=own_corrections.FRONT, per_page=MOST_IN_FEED)
    return [
        _make_own_entry(
            view,
            each.key,
            each.decided,
            words(
                "site.corrected_feed_one",
                organisation=view.names.get(each.organisation, each.organisation),
                old=each.old.figure,
            ),
            words(
                "site.corrected_feed_text",
                old=each.old.figure,
                old_about=each.old.about,
                new=each.new.figure,
                new_about=each.new.about,
                why=each.why,
                shown=each.shown,
            ),
            each.organisation,
            each.source.url or "",
            said=each.key,
            withdrawn=each.removed,
        )
        for each in found
    ]


def list_correction_days(view: View) -> list[NewsEntry]:
    """One entry for all other mistakes that were corrected on one day."""
    words = view.words
    return [
        _make_own_entry(
            view,
            each.decided.isoformat(),
            each.decided,
            words("site.corrected_feed_day", day=words.day(each.decided)),
            words(
                "site.corrected_feed_counts",
                removed=words.number(each.removed),
                changed=words.number(each.changed),
            ),
            said=f"{each.decided}/{each.removed}/{each.changed}",
        )
        for each in own_corrections.list_days(view)
    ]


def _make_own_entry(
    view: View,
    key: str,
    day: date,
    title: str,
    text: str,
    organisation: str = "",
    url: str = "",
    *,
    said: str,
    withdrawn: bool = False,
) -> NewsEntry:
    """An entry about ourselves, which leads to the page of what we corrected; `said` tells it from others."""
    return NewsEntry(
        id=uuid.uuid5(SPACE, f"{view.situation_id}/corrected/{key}/{view.language}").urn,
        claim="",
        day=day,
        changed=day,
        organisation=organisation,
        name=view.words("app.name"),
        title=title,
        text=text,
        was="",
        figure="",
        url=url if urlsplit(url).scheme in ("http", "https") else "",
        withdrawn=withdrawn,
        key=said,
    )


MOST_LISTED: Final = 100  # rows of the list
PER_PAGE: Final = 20


@remember
def list_days(view: View) -> list[str]:
    """Days on which something was published, the newest first, as the address names them."""
    found = database.ask(view.build, "news_days", situation=view.situation_id)
    return [day.isoformat() for day in found["day"]]


def find_usual_day(view: View) -> str | None:
    """The day of the primary organisation's last bulletin; without one, the newest day of all."""
    known = list_days(view)
    held = find_headlines(view).held
    stated = held.rows[0]["published"].isoformat() if held.rows else ""
    return stated if stated in known else (known[0] if known else None)


@dataclass(frozen=True)
class News:
    """What has been published since a day: the newest entries, `MOST` at most, and how many in all."""

    entries: tuple[NewsEntry, ...]
    size: int


@remember
def find_news(view: View, day: date) -> News:
    """What is new or changed since a day, that day included, the newest first."""
    of = {"situation": view.situation_id, "since": day}
    said = database.ask(view.build, "news_since", limit=MOST_LISTED, **of)
    changes = database.ask(
        view.build, "figure_revisions", situation=view.situation_id, claims=said["claim_id"].to_list()
    )
    size: int = database.ask(view.build, "news_size", **of)["statements"][0]
    return News(make_entries(view, said, make_earlier_figures(view, changes)), size)


def make_entry_row(view: View, entry: NewsEntry) -> tuple[Cell, ...]:
    """One row of the list: published, what with what it replaces, its source."""
    words = view.words
    what: Cell = [entry.title, entry.was] if entry.was else entry.title
    return (words.short_day(entry.day), what, Link(words("table.source"), entry.url or None))


def make_freshness_row(view: View, standing: Freshness) -> tuple[Cell, ...]:
    """One row of the organisations: who, newest figure, age, rhythm, state."""
    words = view.words
    rhythm = standing.rhythm_days
    return (
        view.names.get(standing.organisation, standing.organisation),
        words.short_day(standing.newest),
        view.age(standing.newest),
        words("news.no_rhythm") if rhythm is None else words.days(round(rhythm)),
        words("news.late" if standing.late else "news.current"),
    )
