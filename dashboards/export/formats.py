"""Every file format: its media type, how an exhibit is written in it, how it is known and read back.

formats.make_file(exhibit, view, "png", "square", origin)    formats.read(data)

`origin` says how to ask for the same exhibit again, so that `python -m dashboards verify` can; give it the
chart's name in the registry: `ChartRequest("held")`. An exhibit without a figure has no picture;
`list_formats(exhibit)` says what there is. Pictures need Chromium (MissingBrowserError).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from lxml import etree

from dashboards.charts.theme import USUAL, find_size
from dashboards.exhibits.exhibit import NOWHERE, ChartRequest, Exhibit
from dashboards.export import (
    csv_file,
    json_file,
    pdf_file,
    picture,
    png_file,
    svg_file,
    table_data,
    xlsx_file,
)
from dashboards.export.provenance import (
    LARGEST,
    FileContent,
    FileProvenance,
    NotOursError,
    make_provenance,
    make_table_provenance,
)
from dashboards.queries.view import View


@dataclass(frozen=True, kw_only=True)
class Format:
    """What every format has. One that is no more than this is of a document of its own: the brief."""

    media: str
    looks_like: Callable[[bytes], bool]
    read: Callable[[bytes], FileContent]
    loose: bool = False  # what looks like it may be of another format: it is asked last


@dataclass(frozen=True, kw_only=True)
class Picture(Format):
    """A format for what is drawn."""

    write: Callable[[etree._Element, FileProvenance, dict[str, Any]], bytes]
    in_pixels: bool  # it is offered in every size; the words `download.<name>` say which


@dataclass(frozen=True, kw_only=True)
class Table(Format):
    """A format for the rows."""

    write: Callable[[pl.DataFrame, FileProvenance], bytes]


# In the order in which they are offered. The app, the site, the command line and `verify` know no other list.
FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "svg": Picture(
            media="image/svg+xml",
            looks_like=svg_file.looks_like,
            read=svg_file.read,
            write=svg_file.write,
            in_pixels=False,
        ),
        "png": Picture(
            media="image/png",
            looks_like=png_file.looks_like,
            read=png_file.read,
            write=png_file.write,
            in_pixels=True,
        ),
        "csv": Table(
            media="text/csv; charset=utf-8",
            looks_like=csv_file.looks_like,
            read=csv_file.read,
            write=csv_file.write,
            loose=True,
        ),
        "xlsx": Table(
            media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            looks_like=xlsx_file.looks_like,
            read=xlsx_file.read,
            write=xlsx_file.write,
        ),
        "json": Table(
            media="application/json",
            looks_like=json_file.looks_like,
            read=json_file.read,
            write=json_file.write,
        ),
        "pdf": Format(media="application/pdf", looks_like=pdf_file.looks_like, read=pdf_file.read),
    }
)
PICTURES: Final = {name: each for name, each in FORMATS.items() if isinstance(each, Picture)}
TABLES: Final = {name: each for name, each in FORMATS.items() if isinstance(each, Table)}


class NoPictureError(ValueError):
    """The exhibit has no figure to draw."""


def list_formats(exhibit: Exhibit) -> tuple[str, ...]:
    """The formats that this exhibit has."""
    return (*PICTURES, *TABLES) if has_picture(exhibit) else tuple(TABLES)


def has_picture(exhibit: Exhibit) -> bool:
    """Whether there is something to draw. A list is read as a table and has no picture."""
    return exhibit.figure is not None


def name_file(view: View, chart: str, form: str, size: str = USUAL) -> str:
    """What a file is called where it is kept: situation, chart, size of a picture, language, day, build."""
    drawn = f"-{size}" if form in PICTURES else ""
    return f"{view.situation_id}-{chart}{drawn}-{view.language}-{view.today}-{view.build.id}.{form}"


def make_file(
    exhibit: Exhibit, view: View, form: str, size: str = USUAL, origin: ChartRequest = NOWHERE
) -> bytes:
    """One file by the name of its format; `size` is of a picture. Raises KeyError for another name.

    A picture raises NoPictureError, UnknownSizeError, MissingBrowserError.
    """
    if form in PICTURES:
        lines = make_provenance(exhibit, view, origin)
        drawn = _draw_picture(exhibit, lines, size)
        return PICTURES[form].write(drawn, lines, _describe_content(exhibit, size))
    rows = table_data.collect_rows(exhibit)
    return TABLES[form].write(rows, make_table_provenance(exhibit, view, rows, origin))


def _draw_picture(exhibit: Exhibit, lines: FileProvenance, size: str) -> etree._Element:
    chosen = find_size(size)
    if not has_picture(exhibit):
        raise NoPictureError(f"{exhibit.name} is a list: it has {', '.join(TABLES)}, and no picture")
    return picture.draw_chart(exhibit, lines, chosen)


def _describe_content(exhibit: Exhibit, size: str) -> dict[str, Any]:
    """The rows behind a picture, which the other formats hold in the open."""
    frame = table_data.collect_rows(exhibit)
    return {"size": size, "columns": frame.columns, "rows": table_data.list_rows(frame)}


def read(data: bytes) -> FileContent:
    """Read a file by what it is, whatever it is called. Raises NotOursError."""
    if len(data) > LARGEST:
        raise NotOursError(f"larger than {LARGEST} bytes, which nothing of ours is")
    kind = "a ZIP file"
    try:
        kind = detect_kind(data)
        return FORMATS[kind].read(data)
    except NotOursError:
        raise
    except Exception as error:  # whatever a parser raises on a file that was made to break it
        raise NotOursError(f"it looks like {kind} and cannot be read as that: {error}") from error


def detect_kind(data: bytes) -> str:
    """The name of the format by a file's first bytes. Raises NotOursError."""
    for name in sorted(FORMATS, key=lambda each: FORMATS[each].loose):
        if FORMATS[name].looks_like(data):
            return name
    *names, last = (each.upper() for each in FORMATS)
    raise NotOursError(f"neither {', '.join(names)} nor {last}")
