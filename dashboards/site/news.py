"""What is new and what changed: one entry a statement, for the page, Atom and JSON Feed.

An entry's id follows from its claim, its day is the day of publication; the clock has no part in it.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl
from lxml import etree

from dashboards import corrected, queries, sentences, sides, telling
from dashboards.changed import REVISIONS_ORDER
from dashboards.site import addresses, statements
from dashboards.site.edition import Edition
from dashboards.view import View
from pipelines.model import Qualifier

MOST: Final = 100  # entries of one feed
ATOM: Final = "http://www.w3.org/2005/Atom"
_SPACE: Final = uuid.UUID("5a7d3f0e-6b1c-5a52-9c52-1b2f3a4c5d6e")  # ours: ids do not follow an address


@dataclass(frozen=True)
class Entry:
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


@dataclass(frozen=True)
class Earlier:
    """What a figure was before, in words, and the day on which it became another."""

    text: str
    day: date


@lru_cache(maxsize=16)
def entries(view: View) -> tuple[Entry, ...]:
    """Every statement as an entry: the last one published, changed or corrected first."""
    return told(view, statements.statements(view.build, view.situation_id), earlier(view))


def told(view: View, said: pl.DataFrame, was: Mapping[str, "Earlier"]) -> tuple[Entry, ...]:
    """Statements (columns of `site_statements.sql`) as entries, with what each claim changed."""
    rows = said.to_dicts()
    found = [_entry(view, row, was.get(row["claim_id"])) for row in rows if row["published"]]
    moments = {row["claim_id"]: row["as_of"] or date.min for row in rows}
    found.sort(key=lambda each: (each.changed, moments[each.claim], each.claim), reverse=True)
    return tuple(found)


def _entry(view: View, row: Mapping[str, Any], was: Earlier | None) -> Entry:
    words = view.words
    name = view.names.get(row["organisation"], row["organisation"])
    key = "site.news_changed" if was else "site.news_new"
    moment = telling.short_moment(row, words) if row["as_of"] else words("no_data")
    title = words(
        key,
        organisation=name,
        figure=telling.figure(row, words),
        what=statements.what(view, row),
        moment=moment,
    )
    url = row["url"] or ""
    return Entry(
        id=uuid.uuid5(_SPACE, f"{view.situation_id}/{row['claim_id']}/{view.language}").urn,
        claim=row["claim_id"],
        day=row["published"],
        changed=max(row["published"], was.day) if was else row["published"],
        organisation=row["organisation"],
        name=name,
        title=title,
        text=sentences.quote(view, row),
        was=was.text if was else "",
        figure=row["figure_id"],
        url=url if urlsplit(url).scheme in ("http", "https") else "",
    )


@lru_cache(maxsize=16)
def earlier(view: View) -> dict[str, Earlier]:
    """Claim that changed a figure → what the figure was before; of all that ever changed."""
    return before(view, queries.mart(view.build, view.situation_id, "revisions", REVISIONS_ORDER))


def before(view: View, changes: pl.DataFrame) -> dict[str, Earlier]:
    """Rows of `revisions` by their new claim: what the figure was, when, through whom, and why it changed."""
    words = view.words
    rows = changes.to_dicts()
    old = sides.claims_of(view, (row["old_claim"] for row in rows))
    found = {}
    for row in reversed(rows):
        reason = (
            words("revisions.corrected", reason=row["reason"])
            if row["cause"] == "corrected"
            else words("revisions.restated", organisation=view.names[row["organisation"]])
        )
        text = words(
            "site.was",
            figure=_before(view, row, old.get(row["old_claim"])),
            day=words.short_day(row["old_published"]),
            publisher=view.publisher(row["old_publisher"]),
            why=reason,
        )
        found[row["new_claim"]] = Earlier(text, row["new_published"])
    return found


def _before(view: View, row: Mapping[str, Any], claim: Mapping[str, Any] | None) -> str:
    """The figure that was replaced. A corrected claim reads as corrected: its old value is in the row."""
    words = view.words
    if row["cause"] == "corrected":
        if row["old_qualifier"] == Qualifier.RANGE or row["old_value"] is None:
            return words("no_data") if row["old_value"] is None else words.number(row["old_value"])
        return words.amount(row["old_qualifier"], row["old_value"])
    return words("no_data") if claim is None else telling.figure(claim, words)


def feed_path(language: str, organisation: str = "all", ending: str = "atom") -> str:
    """Where a feed is; `all` is the one of every organisation."""
    return f"{language}/feeds/{organisation}.{ending}"


def feeds(view: View) -> list[tuple[str, str, list[Entry]]]:
    """Name of each feed's file, its title, its entries: first all, then one for each organisation."""
    words = view.words
    found = entries(view)
    name = words.of(view.situation.name)
    front = _mistakes(view)
    newest = _merged([*front, *_days(view)], found)
    made = [("all", words("site.feed_title", situation=name), newest)]
    for organisation in sorted({entry.organisation for entry in found}):
        said = [entry for entry in found if entry.organisation == organisation]
        own = _merged([entry for entry in front if entry.organisation == organisation], said)
        title = words("site.feed_of", organisation=said[0].name, situation=name)
        made.append((organisation, title, own))
    return made


def _merged(ours: Sequence[Entry], said: Sequence[Entry]) -> list[Entry]:
    """Our own corrections and statements, the last changed first; of one day ours before the others."""
    return sorted([*ours, *said[:MOST]], key=lambda each: each.changed, reverse=True)[:MOST]


def _mistakes(view: View) -> list[Entry]:
    """Our own mistakes that reached the front page."""
    words = view.words
    found = corrected.listed(view, reach=corrected.FRONT, per_page=MOST)
    return [
        _ours(
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
        )
        for each in found
    ]


def _days(view: View) -> list[Entry]:
    """One entry for all other mistakes that were corrected on one day."""
    words = view.words
    return [
        _ours(
            view,
            each.decided.isoformat(),
            each.decided,
            words("site.corrected_feed_day", day=words.day(each.decided)),
            words(
                "site.corrected_feed_counts",
                removed=words.number(each.removed),
                changed=words.number(each.changed),
            ),
        )
        for each in corrected.days(view)
    ]


def _ours(
    view: View, key: str, day: date, title: str, text: str, organisation: str = "", url: str = ""
) -> Entry:
    """An entry about ourselves, which leads to the page of what we corrected."""
    return Entry(
        id=uuid.uuid5(_SPACE, f"{view.situation_id}/corrected/{key}/{view.language}").urn,
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
    )


def atom(edition: Edition, view: View, name: str, title: str, found: list[Entry]) -> bytes:
    """The feed as Atom (RFC 4287). Without a known address its links are relative to the file."""
    here = feed_path(view.language, name)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", view.language)
    _say(feed, "id", uuid.uuid5(_SPACE, f"{view.situation_id}/feed/{view.language}/{name}").urn)
    _say(feed, "title", title)
    _say(feed, "updated", _moment(found[0].changed))
    _say(feed, "rights", "CC BY 4.0")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _say(author, "name", view.words("app.name"))
    _link(feed, "self", _address(edition, here, here), "application/atom+xml")
    _link(feed, "alternate", _address(edition, here, addresses.page(view.language, "changes")), "text/html")
    for each in found:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _say(entry, "id", each.id)
        _say(entry, "title", each.title)
        _say(entry, "updated", _moment(each.changed))
        _say(entry, "published", _moment(each.day))
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        _say(author, "name", each.name)
        _link(entry, "alternate", _address(edition, here, path_of(view.language, each)), "text/html")
        if each.url:
            _link(entry, "via", each.url, None)
        _say(entry, "content", f"{each.text} {each.was}".strip()).set("type", "text")
    etree.indent(feed, space="")
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def json_feed(edition: Edition, view: View, name: str, title: str, found: list[Entry]) -> str:
    """The same as JSON Feed 1.1."""
    here = feed_path(view.language, name, "json")
    items = [
        {
            "id": each.id,
            "url": _address(edition, here, path_of(view.language, each)),
            **({"external_url": each.url} if each.url else {}),
            "title": each.title,
            "content_text": f"{each.text} {each.was}".strip(),
            "date_published": _moment(each.day),
            "date_modified": _moment(each.changed),
            "authors": [{"name": each.name}],
            **({"tags": [each.organisation]} if each.organisation else {}),
        }
        for each in found
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "language": view.language,
        "home_page_url": _address(edition, here, addresses.page(view.language, "changes")),
        "feed_url": _address(edition, here, here),
        "authors": [{"name": view.words("app.name")}],
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def path_of(language: str, entry: Entry) -> str:
    """The page of an entry: its figure's, or that of what we corrected."""
    if not entry.figure:
        return addresses.page(language, "corrected")
    return addresses.figure(language, entry.figure)


def _address(edition: Edition, here: str, there: str) -> str:
    return edition.absolute(there) or addresses.relative(here, there)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _say(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = "".join(sign for sign in text if sign >= " " or sign in "\t\n")
    return element


def _link(parent: etree._Element, rel: str, href: str, media: str | None) -> None:
    element = etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)
    if media:
        element.set("type", media)
