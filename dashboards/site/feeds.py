"""Atom and JSON Feed of what is new and what changed.

An entry's id follows from its claim, its day is the day of publication; the clock has no part in it.
"""

import json
import uuid
from datetime import date
from typing import Final

from lxml import etree

from dashboards.exhibits.news_entries import (
    SPACE,
    NewsEntry,
    list_correction_days,
    list_entries,
    list_front_page_corrections,
    merge_entries,
)
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.text.organisations import name_in_sentence

ATOM: Final = "http://www.w3.org/2005/Atom"


def make_feed_path(language: str, organisation: str = "all", ending: str = "atom") -> str:
    """Where a feed is; `all` is the one of every organisation."""
    return f"{language}/feeds/{organisation}.{ending}"


def list_feeds(view: View) -> list[tuple[str, str, list[NewsEntry]]]:
    """Name of each feed's file, its title, its entries: first all, then one for each organisation."""
    words = view.words
    found = list_entries(view)
    name = words.of(view.situation.name)
    front = list_front_page_corrections(view)
    newest = merge_entries([*front, *list_correction_days(view)], found)
    made = [("all", words("site.feed_title", situation=name), newest)]
    for organisation in sorted({entry.organisation for entry in found}):
        said = [entry for entry in found if entry.organisation == organisation]
        own = merge_entries([entry for entry in front if entry.organisation == organisation], said)
        title = words("site.feed_of", organisation=name_in_sentence(view, organisation), situation=name)
        made.append((organisation, title, own))
    return made


def write_atom(edition: Edition, view: View, name: str, title: str, found: list[NewsEntry]) -> bytes:
    """The feed as Atom (RFC 4287). Without a known address its links are relative to the file."""
    here = make_feed_path(view.language, name)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", view.language)
    _add_text(feed, "id", uuid.uuid5(SPACE, f"{view.situation_id}/feed/{view.language}/{name}").urn)
    _add_text(feed, "title", title)
    _add_text(feed, "updated", _write_moment(found[0].changed))
    _add_text(feed, "rights", "CC BY 4.0")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _add_text(author, "name", view.words("app.name"))
    _add_link(feed, "self", _make_address(edition, here, here), "application/atom+xml")
    _add_link(
        feed,
        "alternate",
        _make_address(edition, here, urls.make_page_path(view.language, "changes")),
        "text/html",
    )
    for each in found:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _add_text(entry, "id", each.id)
        _add_text(entry, "title", each.title)
        _add_text(entry, "updated", _write_moment(each.changed))
        _add_text(entry, "published", _write_moment(each.day))
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        _add_text(author, "name", each.name)
        _add_link(
            entry,
            "alternate",
            _make_address(edition, here, make_entry_path(view.language, each)),
            "text/html",
        )
        if each.url:
            _add_link(entry, "via", each.url, None)
        _add_text(entry, "content", f"{each.text} {each.was}".strip()).set("type", "text")
    etree.indent(feed, space="")
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def write_json_feed(edition: Edition, view: View, name: str, title: str, found: list[NewsEntry]) -> str:
    """The same as JSON Feed 1.1."""
    here = make_feed_path(view.language, name, "json")
    items = [
        {
            "id": each.id,
            "url": _make_address(edition, here, make_entry_path(view.language, each)),
            **({"external_url": each.url} if each.url else {}),
            "title": each.title,
            "content_text": f"{each.text} {each.was}".strip(),
            "date_published": _write_moment(each.day),
            "date_modified": _write_moment(each.changed),
            "authors": [{"name": each.name}],
            **({"tags": [each.organisation]} if each.organisation else {}),
        }
        for each in found
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "language": view.language,
        "home_page_url": _make_address(edition, here, urls.make_page_path(view.language, "changes")),
        "feed_url": _make_address(edition, here, here),
        "authors": [{"name": view.words("app.name")}],
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def make_entry_path(language: str, entry: NewsEntry) -> str:
    """The page of an entry: its figure's, or that of what we corrected."""
    if not entry.figure:
        return urls.make_page_path(language, "corrected")
    return urls.make_figure_path(language, entry.figure)


def _make_address(edition: Edition, here: str, there: str) -> str:
    return edition.absolute(there) or urls.make_relative_address(here, there)


def _write_moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _add_text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = "".join(sign for sign in text if sign >= " " or sign in "\t\n")
    return element


def _add_link(parent: etree._Element, rel: str, href: str, media: str | None) -> None:
    element = etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)
    if media:
        element.set("type", media)
