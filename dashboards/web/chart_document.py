"""A chart and its table as a browser fetches them: written once, named by their content, shared.

A figure's document is JSON: the plotly figure and the words that belong to it, so that whoever draws it (the
app, a static page) needs nothing else. A table is HTML, fetched when it is opened.
"""

import gzip
import hashlib
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import plotly.graph_objects as go
from babel import Locale

from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n import glossary
from dashboards.i18n.translations import Words, read_words
from dashboards.queries.memory import POOLS, Pool, find_kept, remember_asked
from dashboards.queries.view import View, make_claim_address
from dashboards.web.html import render_table


def make_plotly_locale(words: Words) -> dict[str, Any]:
    """One plotly locale: its name, its dictionary (none is needed) and its format, complete."""
    locale: Locale = words.locale
    months = [locale.months["stand-alone"], locale.months["format"]]
    days = locale.days["format"]
    periods = locale.day_periods["format"]["wide"]
    return {
        "moduleType": "locale",
        "name": words.language,
        "dictionary": {},
        "format": {
            "days": [days["wide"][(n - 1) % 7] for n in range(7)],  # Babel's week begins on Monday
            "shortDays": [days["abbreviated"][(n - 1) % 7] for n in range(7)],
            "months": [months[0]["wide"][n] for n in range(1, 13)],
            "shortMonths": [months[1]["abbreviated"][n] for n in range(1, 13)],
            "periods": [periods.get("am", "AM"), periods.get("pm", "PM")],  # not every language names both
            "dateTime": "%-d %b %Y %H:%M:%S",
            "date": "%-d %b %Y",
            "time": "%H:%M:%S",
            "year": "%Y",
            "month": "%b %Y",
            "dayMonth": "%-d %b",
            "dayMonthYear": "%-d %b %Y",
            "currency": ["", ""],
            "decimal": words.separators[0],
            "thousands": words.separators[1:],
            "grouping": [3],
        },
    }


NARROW: Final = 318  # pixels that a chart has on a page 360 pixels wide
MIDDLE: Final = 560  # the least that a chart has which is drawn for a tablet (static/chart.js)
WORDS: Final = ("png", "svg", "keys", "to_claims", "close")


@dataclass(frozen=True)
class Document:
    """What is fetched: `name` is the hash of its content, `packed` its bytes under gzip."""

    name: str
    kind: str  # media type
    packed: bytes


_documents: Final = Pool(24_000_000)  # of 3 to 30 kB each
POOLS["documents"] = _documents


def describe_chart(exhibit: Exhibit, language: str, claims: str, build: str) -> dict[str, Any]:
    """What draws one exhibit, as plain data; `claims` is an address to which a claim's id is added, `build`
    the id of the build that it was read from.

    Raises ValueError for an exhibit without a figure."""
    if exhibit.figure is None:
        raise ValueError(f"{exhibit.name} has no figure")
    figure = msgspec.to_builtins(exhibit.figure.to_dict())
    words = read_words(language)
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "summary": exhibit.summary,
        "source": exhibit.source,
        "build": build,
        "data": figure["data"],
        "layout": figure["layout"],
        "narrow": _draw_narrow(exhibit),
        "middle": _draw_middle(exhibit),
        "claims": claims,
        "locale": make_plotly_locale(words),
        "words": {name: words(f"chart.{name}") for name in WORDS},
    }


def _draw_narrow(exhibit: Exhibit) -> dict[str, Any] | None:
    """The figure drawn for a phone, else as high as on a page; None where it has no drawing of its own."""
    figure = exhibit.narrow
    if figure is None:
        if exhibit.fit is None or exhibit.figure is None:
            return None
        figure = exhibit.fit(NARROW, exhibit.figure.layout.height)
        figure.layout.height = exhibit.figure.layout.height
    return _list_parts(figure)


def _draw_middle(exhibit: Exhibit) -> dict[str, Any] | None:
    """The figure drawn for a tablet, or a column of a laptop; None where it has one drawing for all."""
    if exhibit.fit is None or exhibit.figure is None:
        return None
    return _list_parts(exhibit.fit(MIDDLE, exhibit.figure.layout.height))


def _list_parts(figure: go.Figure) -> dict[str, Any]:
    drawn: dict[str, Any] = msgspec.to_builtins(figure.to_dict())
    return {"data": drawn["data"], "layout": drawn["layout"]}


def make_chart(exhibit: Exhibit, view: View) -> Document:
    """The document of an exhibit's figure, ready to be fetched by its name."""
    return _keep(_write_chart(exhibit, view.language, make_claim_address(view, ""), view.build.id))


def find_chart(exhibit: Exhibit, view: View) -> Document | None:
    """The same where it is in memory; None where it would have to be drawn."""
    found = find_kept(_write_chart, exhibit, view.language, make_claim_address(view, ""), view.build.id)
    return None if found is None else _keep(found)


def make_table(exhibit: Exhibit, language: str) -> Document:
    """The table of an exhibit, ready to be fetched by its name."""
    return _keep(_write_table(exhibit, language))


def find_document(name: str) -> Document | None:
    """The document of a name; None where it was never written here, or long ago."""
    found: Document | None = _documents.find(name)
    return found


def _keep(document: Document) -> Document:
    return _documents.get_or_make(document.name, lambda: document)


@remember_asked
def _write_chart(exhibit: Exhibit, language: str, claims: str, build: str) -> Document:
    described = describe_chart(exhibit, language, claims, build)
    return _pack_document("application/json", msgspec.json.encode(described))


@remember_asked
def _write_table(exhibit: Exhibit, language: str) -> Document:
    heads = glossary.open_each(exhibit.heads, read_words(language))
    html = render_table(exhibit.title, heads, exhibit.rows, exhibit.numeric)
    return _pack_document("text/html; charset=utf-8", html.encode())


def _pack_document(kind: str, body: bytes) -> Document:
    return Document(hashlib.sha256(body).hexdigest()[:32], kind, gzip.compress(body, mtime=0))
