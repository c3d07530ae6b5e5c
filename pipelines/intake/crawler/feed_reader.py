"""RSS (0.9x, 1.0, 2.0), Atom 1.0 and sitemaps of news: bytes → entries. Entities and files elsewhere are
never followed.

Formats: https://www.rssboard.org/rss-specification, RFC 4287,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Final

from lxml import etree

from pipelines.intake.crawler.address_guard import join
from pipelines.intake.crawler.crawl_state import RefusedError

TYPES: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
)
_MARKUP: Final = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed or link of a page. `words`: title, summary, categories; for filtering."""

    url: str
    published: datetime | None = None  # with its time zone
    stamp: str | None = None  # its date of change as written
    language: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Feed:
    """The entries in the order of the feed; `fault` says what the parser had to step over."""

    entries: list[FeedEntry]
    fault: str | None = None


def parse_feed(content: bytes, *, base: str, zone: tzinfo) -> Feed:
    """Read a feed. A date without a time zone is taken in `zone`; one that cannot be read is None.

    A feed with a slip in it (a bare &, an unknown entity) is read as far as it goes, and `fault` says so.
    Raises RefusedError when it declares entities, is no XML or of another kind.
    """
    if b"<!ENTITY" in content.replace(b"\0", b""):  # zeros: UTF-16 and UTF-32
        raise RefusedError("the feed declares entities of its own")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError(f"the feed is no XML ({error})") from error
    if root is None:
        raise RefusedError("the feed is no XML")
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise RefusedError("the feed declares entities of its own")
    slip = parser.error_log[0] if len(parser.error_log) else None
    fault = f"line {slip.line}: {slip.message}" if slip else None
    kind = _read_tag(root)
    if kind in {"rss", "rdf"}:
        return Feed(list(_read_rss(root, base, zone)), fault)
    if kind == "feed":
        return Feed(list(_read_atom(root, base, zone)), fault)
    if kind == "urlset":
        return Feed(list(_read_sitemap(root, base, zone)), fault)
    raise RefusedError(f"this is neither RSS nor Atom nor a news sitemap, its first element is <{kind}>")


def _read_rss(root: Any, base: str, zone: tzinfo) -> Iterator[FeedEntry]:
    language = next((_read_text(node) for node in _find_all(root, "language")), None)
    for item in list(_find_all(root, "item")):
        fields = _read_fields(item)
        url = fields.get("link") or _find_permalink(item)
        if url:
            written = fields.get("pubdate") or fields.get("date")
            yield FeedEntry(
                join(base, url),
                read_hour(written, zone),
                fields.get("updated") or fields.get("modified") or written,
                fields.get("language") or language,
                _gather_words(item, ("title", "description", "category", "subject")),
            )


def _read_atom(root: Any, base: str, zone: tzinfo) -> Iterator[FeedEntry]:
    for entry in list(_find_all(root, "entry")):
        fields = _read_fields(entry)
        links = {
            node.get("rel", "alternate"): node.get("href")
            for node in reversed(list(entry))
            if _read_tag(node) == "link"
        }
        url = links.get("alternate")
        if url:
            yield FeedEntry(
                join(entry.base or base, url.strip()),
                read_hour(fields.get("published") or fields.get("updated"), zone),
                fields.get("updated"),
                entry.xpath("string(ancestor-or-self::*[@xml:lang][1]/@xml:lang)") or None,
                _gather_words(entry, ("title", "summary", "category")),
            )


def _read_sitemap(root: Any, base: str, zone: tzinfo) -> Iterator[FeedEntry]:
    """Raises RefusedError on a sitemap of a whole site: nothing in it says what is new."""
    for place in list(_find_all(root, "url")):
        fields = _read_fields(place)
        news = next(_find_all(place, "news"), None)
        if news is None:
            raise RefusedError("this sitemap is not one of news: its entries have no <news:news>")
        if "loc" in fields:
            told = _read_fields(news)
            written = told.get("publication_date")
            yield FeedEntry(
                join(base, fields["loc"]),
                read_hour(written, zone),
                fields.get("lastmod") or written,
                next((_read_text(node) for node in _find_all(news, "language")), None),
                _gather_words(news, ("title", "keywords")),
            )


def read_hour(text: str | None, zone: tzinfo) -> datetime | None:
    """A date and hour as RFC 822 or ISO 8601 write it; without a zone it is local to `zone`, "-0000" is UTC.

    A day without an hour is that day at midnight in `zone`.
    """
    if not text:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            hour = read(text.strip())
        except (ValueError, IndexError, TypeError):
            continue
        if hour.tzinfo is None:
            hour = hour.replace(tzinfo=UTC if text.strip().endswith("-0000") else zone)
        return hour if 1990 <= hour.year < 2200 else None
    return None


def _read_tag(node: Any) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _find_all(root: Any, name: str) -> Iterator[Any]:
    return (node for node in root.iter() if _read_tag(node) == name)


def _read_fields(node: Any) -> dict[str, str]:
    """The first child of each name and its text."""
    found: dict[str, str] = {}
    for child in node:
        text = _read_text(child)
        if text:
            found.setdefault(_read_tag(child), text)
    return found


def _read_text(node: Any) -> str:
    return "".join(node.itertext(etree.Element)).strip() if isinstance(node.tag, str) else ""


def _find_permalink(item: Any) -> str | None:
    """A guid is an address unless it says that it is none (RSS 2.0)."""
    for node in _find_all(item, "guid"):
        if node.get("isPermaLink", "true").lower() == "true" and _read_text(node).startswith(
            ("http:", "https:")
        ):
            return _read_text(node)
    return None


def _gather_words(node: Any, names: tuple[str, ...]) -> str:
    texts = (child.get("term") or _read_text(child) for child in node if _read_tag(child) in names)
    return " ".join(" ".join(_MARKUP.sub(" ", text).split()) for text in texts)
