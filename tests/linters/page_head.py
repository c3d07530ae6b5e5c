"""What others read in a page's head: Open Graph, languages, JSON-LD by schema.org, oEmbed; each by its rules.

A check gives the problems that it finds, and none where all is well.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

OPEN_GRAPH: Final = ("og:title", "og:type", "og:image", "og:url")  # required by ogp.me
LENGTHS: Final = {"og:title": 300, "og:description": 1000}
# The terms of schema.org 29 that a type has, its own and those of the types above it, as far as we use any.
THING: Final = {"@type", "@id", "@context", "name", "description", "url", "identifier", "subjectOf"}
WORK: Final = THING | {
    "inLanguage", "dateModified", "datePublished", "license", "isPartOf", "mainEntity", "isBasedOn",
    "creditText", "author", "publisher", "creator", "isAccessibleForFree", "version", "spatialCoverage",
    "temporalCoverage", "hasPart",
}  # fmt: skip
TERMS: Final[Mapping[str, set[str]]] = {
    "WebPage": WORK,
    "WebSite": WORK,
    "Report": WORK,
    "Dataset": WORK | {"distribution", "measurementTechnique", "variableMeasured"},
    "DataDownload": WORK | {"encodingFormat", "contentUrl"},
    "Organization": THING,
    "Place": THING,
    "Property": THING,
    "StatisticalVariable": THING | {"measuredProperty", "statType", "measurementTechnique"},
    "PropertyValue": THING | {"propertyID", "value"},
    "Observation": THING | {
        "measuredProperty", "variableMeasured", "observationAbout", "observationDate", "observationPeriod",
        "measurementTechnique", "measurementMethod", "value", "minValue", "maxValue", "unitText",
        "additionalProperty",
    },
}  # fmt: skip
NEEDED: Final[Mapping[str, set[str]]] = {
    "WebPage": {"name", "description", "inLanguage", "isPartOf", "license"},
    "Dataset": {"name", "description", "license", "creator", "isAccessibleForFree"},
    "DataDownload": {"encodingFormat", "contentUrl"},
    "PropertyValue": {"propertyID", "value"},
    "Report": {"author", "publisher", "datePublished"},
    "Observation": {
        "name", "identifier", "measuredProperty", "variableMeasured", "observationAbout",
        "measurementTechnique", "measurementMethod", "unitText", "subjectOf",
    },
}  # fmt: skip
DAYS: Final = {"datePublished", "observationDate"}
PLACES: Final = {"url", "contentUrl", "license"}
OEMBED: Final = {"version", "type", "html", "width", "height"}  # required of the type rich


class Head(NamedTuple):
    """A page's head, read by a parser of HTML."""

    language: str
    title: str
    named: dict[str, str]  # meta by name or property, the first of each
    links: list[dict[str, str]]
    data: list[dict[str, Any]]

    def list_links(self, rel: str) -> list[dict[str, str]]:
        return [each for each in self.links if each.get("rel") == rel]


def read_head(page: str) -> Head:
    tree = etree.HTML(page.encode(), etree.HTMLParser(encoding="utf-8"))
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        named.setdefault(meta.get("property") or meta.get("name") or "", meta.get("content") or "")
    return Head(
        tree.get("lang") or "",
        tree.findtext(".//title") or "",
        named,
        [dict(link.attrib) for link in tree.iter("link")],
        [json.loads(each.text) for each in tree.iter("script") if each.get("type") == "application/ld+json"],
    )


def check_head(head: Head, *, picture: bool = True) -> Iterator[str]:
    """Title, description, Open Graph, canonical and languages of a page with an address."""
    if not head.title or not head.named.get("description"):
        yield "no title or description"
    for name in OPEN_GRAPH:
        if not head.named.get(name) and (picture or name != "og:image"):
            yield f"no {name}"
    for name, most in LENGTHS.items():
        if len(head.named.get(name, "")) > most:
            yield f"{name} is long"
    if not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", head.named.get("og:locale", "")):
        yield f"og:locale {head.named.get('og:locale')!r}"
    canonical = [link["href"] for link in head.list_links("canonical")]
    if canonical != [head.named.get("og:url")]:
        yield f"canonical {canonical}, og:url {head.named.get('og:url')}"
    languages = {
        link["hreflang"]: link["href"] for link in head.list_links("alternate") if "hreflang" in link
    }
    if "x-default" not in languages or languages.get(head.language) != head.named.get("og:url"):
        yield f"languages {languages}"
    for address in (*languages.values(), head.named["og:url"], head.named.get("og:image", "https://none")):
        if not is_whole(address):
            yield f"{address} is no whole address"
    if picture and (head.named.get("og:image:width"), head.named.get("og:image:height")) != ("1200", "630"):
        yield "the picture's size is not told"
    if picture and not head.named.get("og:image:alt"):
        yield "the picture is not told in words"
    if head.named.get("twitter:card") != ("summary_large_image" if picture else "summary"):
        yield "twitter:card"
    for data in head.data:
        yield from check_data(data)


def check_data(data: dict[str, Any]) -> Iterator[str]:
    """One block of JSON-LD: its types and terms, days, addresses, and that what it refers to is there."""
    if data.get("@context") != "https://schema.org":
        yield "no context"
    things = data.get("@graph", [data])
    known = {each["@id"] for each in things if "@id" in each}
    for thing in things:
        yield from _check_thing(thing)
        for part in thing.get("mainEntity", []):
            if part["@id"] not in known:
                yield f"{part['@id']} is nowhere"


def _check_thing(thing: dict[str, Any]) -> Iterator[str]:
    kind = thing.get("@type", "")
    if kind not in TERMS:
        if set(thing) != {"@id"}:
            yield f"type {kind!r}"
        return
    if thing.keys() - TERMS[kind]:
        yield f"{kind} has no {sorted(thing.keys() - TERMS[kind])}"
    if NEEDED.get(kind, set()) - thing.keys():
        yield f"{kind} lacks {sorted(NEEDED[kind] - thing.keys())}"
    if kind == "Dataset" and not 50 <= len(thing["description"]) <= 5000:
        yield "a dataset's description has 50 to 5000 characters"
    for name, value in thing.items():
        if name in DAYS and not is_day(value):
            yield f"{name} {value!r}"
        if name in PLACES and not is_whole(value):
            yield f"{name} {value!r}"
        if name in ("value", "minValue", "maxValue") and kind == "Observation" and type(value) is not int:
            yield f"{name} {value!r}"
        if name == "observationPeriod" and not re.fullmatch(r"P(1M|[0-9]+D)", value):
            yield f"{name} {value!r}"
        if value in ("", None, []):
            yield f"{kind} {name} is empty"
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _check_thing(inner)


def check_oembed(told: Mapping[str, Any]) -> Iterator[str]:
    """An answer of the type rich by oembed.com, and that its frame is of the size that it tells."""
    if OEMBED - told.keys() or (told["version"], told["type"]) != ("1.0", "rich"):
        yield f"lacks {sorted(OEMBED - told.keys())}"
    thumbnail = {each for each in told if each.startswith("thumbnail_")}
    if len(thumbnail) not in (0, 3):
        yield f"only {sorted(thumbnail)}"
    tree = etree.HTML(told["html"])
    (frame,) = tree.iter("iframe")
    if not is_whole(frame.get("src")) or not frame.get("title"):
        yield "the frame has no whole address or no title"
    if frame.get("width") and (int(frame.get("width")), int(frame.get("height"))) != (
        int(told["width"]),
        int(told["height"]),
    ):
        yield "the frame has another size"


def is_whole(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(f"{text}-01" if re.fullmatch(r"\d{4}-\d\d", text) else text))
    except ValueError:
        return False
