"""Figures and their tables as a browser fetches them: written once, named by their content, shared by all.

A figure's document is JSON: the plotly figure and the words that belong to it, so that whoever draws it (the
app, a static page) needs nothing else. A table is HTML, fetched when it is opened.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import msgspec

from dashboards import markup, terms
from dashboards.browser_locale import browser_locale
from dashboards.exhibits import Exhibit
from dashboards.view import View, claim_address
from dashboards.words import words_of

KEPT: Final = 1024  # documents of 3 to 30 kB; the oldest unused one goes first
WORDS: Final = ("png", "svg", "keys", "to_claims", "close")


@dataclass(frozen=True)
class Document:
    """What is fetched: `name` is the hash of its content, `packed` its bytes under gzip."""

    name: str
    kind: str  # media type
    packed: bytes


_kept: OrderedDict[str, Document] = OrderedDict()
_lock: Final = Lock()


def document(exhibit: Exhibit, language: str, claims: str) -> dict[str, Any]:
    """What draws one exhibit, as plain data; `claims` is an address to which a claim's id is added.

    Raises ValueError for an exhibit without a figure."""
    if exhibit.figure is None:
        raise ValueError(f"{exhibit.name} has no figure")
    figure = msgspec.to_builtins(exhibit.figure.to_dict())
    words = words_of(language)
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "summary": exhibit.summary,
        "source": exhibit.source,
        "data": figure["data"],
        "layout": figure["layout"],
        "claims": claims,
        "locale": browser_locale(words),
        "words": {name: words(f"chart.{name}") for name in WORDS},
    }


def drawing(exhibit: Exhibit, view: View) -> Document:
    """The document of an exhibit's figure, ready to be fetched by its name."""
    return _keep(_drawing(exhibit, view.language, claim_address(view, "")))


def table(exhibit: Exhibit, language: str) -> Document:
    """The table of an exhibit, ready to be fetched by its name."""
    return _keep(_table(exhibit, language))


def named(name: str) -> Document | None:
    """The document of a name; None where it was never written here, or long ago."""
    with _lock:
        return _kept.get(name)


def _keep(document: Document) -> Document:
    with _lock:
        _kept[document.name] = document
        _kept.move_to_end(document.name)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return document


@lru_cache(maxsize=KEPT)
def _drawing(exhibit: Exhibit, language: str, claims: str) -> Document:
    return _written("application/json", msgspec.json.encode(document(exhibit, language, claims)))


@lru_cache(maxsize=KEPT)
def _table(exhibit: Exhibit, language: str) -> Document:
    heads = terms.each_opened(exhibit.heads, words_of(language))
    html = markup.table(exhibit.title, heads, exhibit.rows, exhibit.numeric)
    return _written("text/html; charset=utf-8", html.encode())


def _written(kind: str, body: bytes) -> Document:
    return Document(hashlib.sha256(body).hexdigest()[:32], kind, gzip.compress(body, mtime=0))
