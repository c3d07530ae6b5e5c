"""What a file says about itself: its lines in words, its record with checksums, and what was read back.

A line that is printed and the same line in the metadata come from here, so they cannot differ.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import polars as pl

from dashboards.exhibits.exhibit import NOWHERE, ChartRequest, Exhibit
from dashboards.i18n.translations import read_words
from dashboards.queries import claim_rows, series
from dashboards.queries.view import LICENCE_URL, View
from dashboards.text.statement_sentences import compose_source

LICENCE: Final = "CC BY 4.0"
FORM: Final = 1  # of the record that a file carries; raised where a reader of older ones must know


@dataclass(frozen=True)
class FileProvenance:
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
    place: str = ""  # above a picture's title: whose prisoners these are
    subtitle: str = ""
    brief: str = ""
    licence: str = LICENCE
    extra: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The lines as a file's metadata holds them; JSON's own types only."""
        return {
            "liberometro": FORM,
            **{
                name: list(value) if isinstance(value, tuple) else value
                for name, value in vars(self).items()
                if name not in ("extra", "situation_name", "name", "project", "place", "subtitle", "brief")
            },
            "options": [list(pair) for pair in self.options],
            **self.extra,
        }


def make_provenance(exhibit: Exhibit, view: View, origin: ChartRequest = NOWHERE) -> FileProvenance:
    """What a file of this exhibit says about itself."""
    words = view.words
    return FileProvenance(
        chart=origin.chart,
        options=origin.options,
        situation=view.situation_id,
        situation_name=words.of(view.situation.name),
        language=view.language,
        name=exhibit.name,
        title=exhibit.title,
        summary=exhibit.summary,
        key=exhibit.key,
        events=tuple(f"[{number}] {link.text}" if number else link.text for number, link in exhibit.events),
        source=exhibit.source,
        as_of=_find_newest_day(exhibit),
        day=view.today.isoformat(),
        known_on=None if view.known_on is None else view.today.isoformat(),
        build=view.build.id,
        built_at=view.build.built_at,
        address=make_address(view, origin),
        project=words("app.name"),
        place=words.about("export.place", view.situation).upper(),
        subtitle=exhibit.subtitle,
        brief=exhibit.brief or exhibit.subtitle,
    )


def make_table_provenance(
    exhibit: Exhibit, view: View, rows: pl.DataFrame, origin: ChartRequest = NOWHERE
) -> FileProvenance:
    """What a file of its `rows` (`table_data.collect_rows`) says: where they are not only what is drawn, its
    source and newest day are those of the claims that they name.
    """
    facts = make_provenance(exhibit, view, origin)
    if exhibit.whole is None:
        return facts
    named = [name for name in rows.columns if _CLAIM_COLUMN.fullmatch(name)]
    ids = (claim for name in named for cell in rows[name].drop_nulls() for claim in cell.split(";"))
    claims = claim_rows.make_claim_frame(claim_rows.find_claims(view, ids))
    newest = series.find_last_day(claims) if claims.height else None
    if newest is None:
        return facts
    return replace(facts, source=compose_source(view, claims), as_of=newest.isoformat())


_CLAIM_COLUMN: Final = re.compile(r"claim_id|(\w+_)?claims?")


def _find_newest_day(exhibit: Exhibit) -> str | None:
    """The newest day that the drawn figures describe."""
    frame = exhibit.frame
    for column in ("as_of", "end", "until"):
        if column in frame.columns and frame.schema[column] == pl.Date:
            newest: date | None = series.find_last_day(frame, column)
            return None if newest is None else newest.isoformat()
    return None


def read_site_address() -> str:
    """The address of the front page as $LIBEROMETRO_ADDRESS states it; empty where it states none."""
    base = os.environ.get("LIBEROMETRO_ADDRESS", "").rstrip("/")
    return base if urlsplit(base).scheme in ("http", "https") else ""


def read_static_address() -> str:
    """Where the static site is, as $LIBEROMETRO_SITE_ADDRESS states it; empty where it states none."""
    base = os.environ.get("LIBEROMETRO_SITE_ADDRESS", "").rstrip("/")
    return base if urlsplit(base).scheme in ("http", "https") else ""


def make_address(view: View, origin: ChartRequest = NOWHERE, base: str | None = None) -> str:
    """Where the exhibit is shown; empty where nobody said where this is served.

    `base` is the address of the front page, https://liberometro.example; None takes $LIBEROMETRO_ADDRESS.
    """
    if origin.address is not None:
        return origin.address
    base = read_site_address() if base is None else base
    if not base:
        return ""
    if origin.page is not None:
        return f"{base}/{origin.page}?{urlencode(origin.shown or origin.options)}"
    if origin.chart is None:
        return f"{base}/?{urlencode({'situation': view.situation_id, 'lang': view.language})}"
    known = f"?known={view.today}" if view.known_on is not None else ""
    return f"{base}/c/{view.language}/{view.situation_id}/{origin.chart}{known}"


def shorten_address(address: str) -> str:
    """An address as it is printed in a picture: without its scheme, and without what would not fit."""
    plain = address.split("://", 1)[-1]
    return plain if len(plain) <= 64 else plain.split("?", 1)[0]


def encode_canonical(value: Any) -> bytes:
    """One and the same JSON for one and the same value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def hash_content(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def seal_record(record: dict[str, Any], content: bytes) -> dict[str, Any]:
    """A record with the checksum of the content that it describes, and with one over itself."""
    whole = {**record, "content_sha256": hash_content(content)}
    return {**whole, "sha256": hash_content(encode_canonical(whole))}


def is_unbroken(record: dict[str, Any]) -> bool:
    """Whether a record is as it was sealed."""
    own = {name: value for name, value in record.items() if name != "sha256"}
    return hash_content(encode_canonical(own)) == record.get("sha256")


REMARK: Final = "# "
MACHINE: Final = "# liberometro: "


def read_remarks(remarks: str) -> str:
    """The lines in words of a file's remarks, without the one for machines."""
    return "\n".join(line for line in remarks.splitlines() if not line.startswith(MACHINE))


def list_remarks(facts: FileProvenance) -> list[str]:
    """The lines of the header, each a remark."""
    return [REMARK + " ".join(text.split()) for _, text in list_lines(facts)]


def list_lines(facts: FileProvenance) -> list[tuple[str, str]]:
    """What a file says about itself in words: a heading and its text, one after the other."""
    words = read_words(facts.language)
    stated = [
        (words("export.title"), f"{facts.situation_name}. {facts.title}"),
        (words("export.summary"), facts.summary),
        *((words("export.key"), text) for text in facts.key),
        *((words("export.event"), text) for text in facts.events),
        (words("export.source"), facts.source),
        *([(words("export.as_of"), facts.as_of)] if facts.as_of else []),
        (words("export.build"), f"{facts.build} ({facts.built_at})"),
        *([(words("export.address"), facts.address)] if facts.address else []),
        (words("export.licence"), f"{facts.licence} {LICENCE_URL}"),
    ]
    return [(head, f"{head}: {text.removeprefix(f'{head}: ')}") for head, text in stated]


LARGEST: Final = 64_000_000  # bytes of a file, and pixels of a picture, that are looked at
NAME: Final = "liberometro"


def get_start(data: bytes) -> bytes:
    """The first bytes of a text, without what may stand before it."""
    return data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")


class NotOursError(ValueError):
    """The file is of no kind that Liberómetro writes, or cannot be read as what it looks like."""


@dataclass(frozen=True)
class FileContent:
    """One file: its record, None where it carries none; the rows it holds; whether both are unbroken."""

    kind: str
    record: dict[str, Any] | None
    columns: list[str]
    rows: list[list[Any]]
    unbroken: bool
    ours: bool = True  # it names Liberómetro somewhere, record or not


def make_content(
    kind: str, text: str | None, body: bytes, ours: bool, own: Any = None, *, only: bool = True
) -> FileContent:
    """A file from the JSON of its record and its content; `own` are columns and rows kept outside of it.

    `only`: the file holds nothing beside what the checksums cover and the lines about it.
    """
    record = parse_record(text)
    if record is None:
        return FileContent(kind, None, [], [], False, ours)
    columns, rows = own if own is not None else (record.get("columns", []), record.get("rows", []))
    same = only and is_unbroken(record) and record.get("content_sha256") == hash_content(body)
    return FileContent(kind, record, columns, rows, same and record.get("format") == kind)


def parse_record(text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get(NAME), int) else None
