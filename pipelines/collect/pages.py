"""HTML pages as sources: the links of an index page, and the day that a page itself says it was published."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, Final

import lxml.html
from lxml import etree

from pipelines.collect.addresses import join
from pipelines.collect.errors import RefusedError
from pipelines.collect.feeds import Entry, read_hour

TYPES: Final = ("text/html", "application/xhtml+xml")
_PUBLISHED: Final = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished']/@datetime",
    "//meta[@name='DC.date.issued' or @name='dcterms.issued']/@content",
)
_DEEPEST: Final = 6  # levels of JSON-LD that are searched


def read_links(content: bytes, *, base: str, pattern: str) -> list[Entry]:
    """The links of a page whose whole address matches a regular expression, each once, in page order.

    Raises RefusedError when the page is no HTML.
    """
    page = _parse(content)
    if page is None:
        raise RefusedError("the index page is no HTML")
    base = join(base, next(iter(page.xpath("//base/@href")), ""))
    found: dict[str, str] = {}
    for link in page.iter("a"):
        url = join(base, link.get("href", "").strip()).partition("#")[0]
        if re.fullmatch(pattern, url):
            found[url] = f"{found.get(url, '')} {' '.join(link.text_content().split())}".strip()
    return [Entry(url, words=words) for url, words in found.items()]


def read_published(content: bytes, zone: tzinfo) -> datetime | None:
    """When the page says it was published: its meta tags, else its JSON-LD. None where it does not say."""
    page = _parse(content)
    if page is None:
        return None
    written = [*(text for path in _PUBLISHED for text in page.xpath(path)), *_linked_data(page)]
    return next((hour for text in written if (hour := read_hour(text, zone)) is not None), None)


def read_language(content: bytes) -> str | None:
    """The language that the page declares, without its country."""
    page = _parse(content)
    declared = page.xpath("string(/html/@lang)") if page is not None else ""
    return declared.partition("-")[0].strip().lower() or None


def _parse(content: bytes) -> Any:
    try:
        parser = lxml.html.HTMLParser(huge_tree=False, no_network=True)
        return lxml.html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _linked_data(page: Any) -> Iterator[str]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            yield from _dates(json.loads(script), _DEEPEST)
        except (ValueError, RecursionError):
            continue  # a page's broken script is no reason to doubt its text


def _dates(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        if isinstance(value.get("datePublished"), str):
            yield value["datePublished"]
        for part in value.values():
            yield from _dates(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            yield from _dates(part, depth - 1)
