"""What changed within some days, from the published build alone: groups of sentences with their sources.

Sentences and days are those of the news (`exhibits/news_entries`), who fell silent is `metrics/headline`.
What waits for review or was quarantined is in no published statement, so it cannot come here.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from dashboards.exhibits import news_entries
from dashboards.exhibits.news_entries import NewsEntry
from dashboards.metrics.headline import list_freshness
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.site import feeds, urls
from dashboards.site.edition import Edition
from dashboards.text.organisations import has_stated_rhythm, name_in_sentence

GROUPS: Final = ("withdrawn", "corrected", "doubt", "revised", "new", "silent")  # what is worst first


@dataclass(frozen=True)
class DigestEntry:
    """One thing that changed. `id` is the same in every build and language while it is the same change."""

    id: str
    group: str
    day: date
    organisation: str  # its name
    sentence: str
    before: str  # what stood there, in words; empty where nothing did
    address: str  # of its page on the site; empty where nobody said where that is
    source: str  # address of the report; empty where there is none


@dataclass(frozen=True)
class Digest:
    """What changed from one day to another, both included: by group, the newest first."""

    view: View
    since: date
    until: date
    entries: tuple[DigestEntry, ...]

    def list_groups(self) -> list[tuple[str, list[DigestEntry]]]:
        """Each group that has entries."""
        found = ((group, [each for each in self.entries if each.group == group]) for group in GROUPS)
        return [(group, entries) for group, entries in found if entries]


def collect_digest(edition: Edition, view: View, since: date, until: date) -> Digest:
    """The digest of a view of `edition`, which says where the site is served."""
    found = [
        *_list_statements(edition, view),
        *_list_own(edition, view),
        *_list_silences(edition, view, until),
    ]
    dated = [each for each in found if since <= each.day <= until]
    dated.sort(key=lambda each: (-each.day.toordinal(), each.organisation, each.id))
    dated.sort(key=lambda each: GROUPS.index(each.group))
    return Digest(view, since, until, tuple(dated))


def _list_statements(edition: Edition, view: View) -> Iterator[DigestEntry]:
    rows = {
        row["claim_id"]: row for row in claim_rows.read_statements(view.build, view.situation_id).to_dicts()
    }
    earlier = news_entries.find_earlier_figures(view)
    for each in news_entries.list_entries(view):
        row, was = rows[each.claim], earlier.get(each.claim)
        if row["standing"] == "withdrawn":
            group = "withdrawn"
        elif row["doubt"]:
            group = "doubt"
        elif was is not None:
            group = "corrected" if was.corrected else "revised"
        else:
            group = "new"
        yield _make_entry(edition, view, group, _find_day(row, each, group), each, each.text)


def _find_day(row: Mapping[str, Any], entry: NewsEntry, group: str) -> date:
    """When it became news: what its source does not state, when that was read."""
    read: date | None = row["checked_on"]
    return max(entry.changed, read) if group == "withdrawn" and read else entry.changed


def _list_own(edition: Edition, view: View) -> Iterator[DigestEntry]:
    """Our own mistakes: those of the front page each, those of a day together."""
    for each in news_entries.list_front_page_corrections(view):
        group = "withdrawn" if each.withdrawn else "corrected"
        yield _make_entry(edition, view, group, each.changed, each, f"{each.title}. {each.text}")
    for each in news_entries.list_correction_days(view):
        yield _make_entry(edition, view, "corrected", each.changed, each, f"{each.title}. {each.text}")


def _make_entry(
    edition: Edition, view: View, group: str, day: date, entry: NewsEntry, sentence: str
) -> DigestEntry:
    return DigestEntry(
        id=_make_id(view, group, entry.claim or entry.key),
        group=group,
        day=day,
        organisation=entry.name,
        sentence=sentence,
        before=entry.was,
        address=edition.absolute(feeds.make_entry_path(view.language, entry)),
        source=entry.url,
    )


def _list_silences(edition: Edition, view: View, until: date) -> Iterator[DigestEntry]:
    """Who has been silent for longer than usual, from the day on which that was so; nobody whose rhythm is
    not known.
    """
    words = view.words
    for each in list_freshness(replace(view, today=until)):
        if not each.late or each.rhythm_days is None:
            continue
        name = view.names.get(each.organisation, each.organisation)
        days = words.days(round(each.rhythm_days))
        facts = {
            "organisation": name_in_sentence(view, each.organisation),
            "newest": words.day(each.newest),
            "days": days,
            "usual": words("digest.usual", days=days),
        }
        key = "_expected" if has_stated_rhythm(view, each.organisation) else ""
        yield DigestEntry(
            id=_make_id(view, "silent", f"{each.organisation}/{each.newest}"),
            group="silent",
            day=each.late_from,
            organisation=name,
            sentence=words(f"digest.fell_silent{key}", **facts),
            before="",
            address=edition.absolute(urls.make_page_path(view.language, "changes")),
            source="",
        )


def _make_id(view: View, group: str, key: str) -> str:
    return uuid.uuid5(news_entries.SPACE, f"{view.situation_id}/digest/{group}/{key}").urn
