"""What a file says about itself: the same lines in every format, inside the picture and in its metadata.

A line that is printed and the same line in the metadata come from here, so they cannot differ.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import polars as pl

from dashboards import queries
from dashboards.exhibits import Exhibit
from dashboards.view import View

LICENCE: Final = "CC BY 4.0"
FORM: Final = 1  # of the record that a file carries; raised where a reader of older ones must know


@dataclass(frozen=True)
class Origin:
    """How to ask for the same exhibit again: the chart's name in the catalogue and what was chosen."""

    chart: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    page: str | None = None  # of the app that its address leads to; None is the chart's own short address
    shown: tuple[tuple[str, str], ...] = ()  # what the page is to show; the options where it is empty
    address: str | None = None  # where it is shown, if that is not in the app


NOWHERE: Final = Origin()


@dataclass(frozen=True)
class Imprint:
    """The lines of one file, in the language of its view."""

    chart: str | None
    options: tuple[tuple[str, str], ...]
    situation: str
    situation_name: str
    language: str
    name: str  # of the file, without build and ending
    title: str
    summary: str
    key: tuple[str, ...]
    events: tuple[str, ...]
    source: str
    as_of: str | None  # the newest moment that the figures describe, YYYY-MM-DD
    day: str  # that the exhibit was drawn for
    known_on: str | None
    build: str
    built_at: str
    address: str
    project: str
    licence: str = LICENCE
    extra: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The lines as a file's metadata holds them; JSON's own types only."""
        return {
            "liberometro": FORM,
            **{
                name: list(value) if isinstance(value, tuple) else value
                for name, value in vars(self).items()
                if name not in ("extra", "situation_name", "name", "project")
            },
            "options": [list(pair) for pair in self.options],
            **self.extra,
        }


def imprint(exhibit: Exhibit, view: View, origin: Origin = NOWHERE) -> Imprint:
    """What a file of this exhibit says about itself."""
    words = view.words
    return Imprint(
        chart=origin.chart,
        options=origin.options,
        situation=view.situation_id,
        situation_name=words.of(view.situation.name),
        language=view.language,
        name=exhibit.name,
        title=exhibit.title,
        summary=exhibit.summary,
        key=exhibit.key,
        events=tuple(f"[{number}] {link.text}" for number, link in exhibit.events),
        source=exhibit.source,
        as_of=_newest(exhibit),
        day=view.today.isoformat(),
        known_on=None if view.known_on is None else view.known_on.isoformat(),
        build=view.build.id,
        built_at=view.build.built_at,
        address=address(view, origin),
        project=words("app.name"),
    )


def _newest(exhibit: Exhibit) -> str | None:
    """The newest day that the drawn figures describe."""
    frame = exhibit.frame
    for column in ("as_of", "end", "until"):
        if column in frame.columns and frame.schema[column] == pl.Date:
            newest: date | None = queries.last_day(frame, column)
            return None if newest is None else newest.isoformat()
    return None


def served_at() -> str:
    """The address of the front page as $LIBEROMETRO_ADDRESS states it; empty where it states none."""
    base = os.environ.get("LIBEROMETRO_ADDRESS", "").rstrip("/")
    return base if urlsplit(base).scheme in ("http", "https") else ""


def address(view: View, origin: Origin = NOWHERE, base: str | None = None) -> str:
    """Where the exhibit is shown; empty where nobody said where this is served.

    `base` is the address of the front page, https://liberometro.example; None takes $LIBEROMETRO_ADDRESS.
    """
    if origin.address is not None:
        return origin.address
    base = served_at() if base is None else base
    if not base:
        return ""
    if origin.page is not None:
        return f"{base}/{origin.page}?{urlencode(origin.shown or origin.options)}"
    if origin.chart is None:
        return f"{base}/?{urlencode({'situation': view.situation_id, 'lang': view.language})}"
    known = f"?known={view.known_on}" if view.known_on is not None else ""
    return f"{base}/c/{view.language}/{view.situation_id}/{origin.chart}{known}"


def short(address: str) -> str:
    """An address as it is printed in a picture: without its scheme, and without what would not fit."""
    plain = address.split("://", 1)[-1]
    return plain if len(plain) <= 64 else plain.split("?", 1)[0]
