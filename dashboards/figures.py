"""Figures as a browser gets them: one JSON document each, written once, named by its content, shared by all.

The document holds the plotly figure and the words that belong inside a picture of it, so that whoever draws
it (the app's component, a static page) needs nothing else.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import msgspec
import plotly.io

from dashboards.browser_locale import browser_locale
from dashboards.exhibits import Exhibit
from dashboards.words import words_of

KEPT: Final = 1024  # documents of 3 to 30 kB; the oldest unused one goes first
WORDS: Final = ("failed", "png", "svg", "keys")


@dataclass(frozen=True)
class Drawing:
    """One document: `name` is the hash of its content, `packed` its bytes under gzip, `height` in pixels."""

    name: str
    packed: bytes
    height: int


_kept: OrderedDict[str, Drawing] = OrderedDict()
_lock: Final = Lock()


def document(exhibit: Exhibit, language: str) -> dict[str, Any]:
    """What draws one exhibit, as plain data. Raises ValueError for an exhibit without a figure."""
    if exhibit.figure is None:
        raise ValueError(f"{exhibit.name} has no figure")
    figure = msgspec.json.decode(plotly.io.to_json(exhibit.figure, validate=False, engine="json"))
    words = words_of(language)
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "summary": exhibit.summary,
        "source": exhibit.source,
        "data": figure["data"],
        "layout": figure["layout"],
        "locale": browser_locale(words),
        "words": {name: words(f"chart.{name}") for name in WORDS},
    }


def drawing(exhibit: Exhibit, language: str) -> Drawing:
    """The written document of an exhibit, ready to be asked for by its name."""
    drawn = _drawing(exhibit, language)
    with _lock:
        _kept[drawn.name] = drawn
        _kept.move_to_end(drawn.name)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return drawn


def named(name: str) -> Drawing | None:
    """The document of a name; None where it was never written here, or long ago."""
    with _lock:
        return _kept.get(name)


@lru_cache(maxsize=KEPT)
def _drawing(exhibit: Exhibit, language: str) -> Drawing:
    body = msgspec.json.encode(document(exhibit, language))
    assert exhibit.figure is not None
    return Drawing(
        name=hashlib.sha256(body).hexdigest()[:32],
        packed=gzip.compress(body, mtime=0),
        height=int(exhibit.figure.layout.height),
    )
