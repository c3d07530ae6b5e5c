"""Every file format by its name: its media type, how an exhibit is written in it, how it is read back.

    formats.make_svg(exhibit, view, "wide")    formats.make_csv(exhibit, view)

`origin` says how to ask for the same exhibit again, so that `python -m dashboards verify` can; give it the
chart's name: `ChartRequest("held")`. The picture of an exhibit without a figure is its table;
`list_formats(exhibit)` says what there is. Pictures need Chromium (MissingBrowserError).
"""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

import pypdfium2
from lxml import etree
from PIL import UnidentifiedImageError

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
from dashboards.export.provenance import LARGEST, FileContent, FileProvenance, NotOursError, make_provenance
from dashboards.queries.view import View

PICTURES = ("svg", "png")
TABLES = ("csv", "xlsx", "json")
MEDIA = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}


class NoPictureError(ValueError):
    """The exhibit has neither a figure nor rows to draw."""


def list_formats(exhibit: Exhibit) -> tuple[str, ...]:
    """The formats that this exhibit has."""
    return (*PICTURES, *TABLES) if has_picture(exhibit) else TABLES


def has_picture(exhibit: Exhibit) -> bool:
    """Whether there is something to draw: a chart, or the rows of a table."""
    return exhibit.figure is not None or bool(exhibit.rows)


def make_csv(exhibit: Exhibit, view: View, origin: ChartRequest = NOWHERE) -> bytes:
    """The exhibit's rows as CSV in UTF-8, after lines of remarks that begin with `# `."""
    return csv_file.write(table_data.collect_rows(exhibit), make_provenance(exhibit, view, origin))


def make_json(exhibit: Exhibit, view: View, origin: ChartRequest = NOWHERE) -> bytes:
    """The exhibit's rows as JSON: `about` says what they are, `rows` holds one object a row."""
    return json_file.write(table_data.collect_rows(exhibit), make_provenance(exhibit, view, origin))


def make_xlsx(exhibit: Exhibit, view: View, origin: ChartRequest = NOWHERE) -> bytes:
    """The exhibit's rows as a workbook with a second sheet that says what they are."""
    return xlsx_file.write(table_data.collect_rows(exhibit), make_provenance(exhibit, view, origin))


def make_svg(exhibit: Exhibit, view: View, size: str = USUAL, origin: ChartRequest = NOWHERE) -> bytes:
    """The chart with its lines inside. Raises NoPictureError, UnknownSizeError, MissingBrowserError."""
    lines = make_provenance(exhibit, view, origin)
    return svg_file.write(_draw_picture(exhibit, lines, size), lines, _describe_content(exhibit, size))


def make_png(exhibit: Exhibit, view: View, size: str = USUAL, origin: ChartRequest = NOWHERE) -> bytes:
    """The same as PNG, in the size's pixels; the same errors."""
    lines = make_provenance(exhibit, view, origin)
    return png_file.write(_draw_picture(exhibit, lines, size), lines, _describe_content(exhibit, size))


def _draw_picture(exhibit: Exhibit, lines: FileProvenance, size: str) -> etree._Element:
    chosen = find_size(size)
    if not has_picture(exhibit):
        raise NoPictureError(
            f"{exhibit.name} has no rows to draw: it has {', '.join(TABLES)}, and no picture"
        )
    draw = picture.draw_chart if exhibit.figure is not None else picture.draw_table
    return draw(exhibit, lines, chosen)


def _describe_content(exhibit: Exhibit, size: str) -> dict[str, Any]:
    """The rows behind a picture, which the other formats hold in the open."""
    frame = table_data.collect_rows(exhibit)
    return {"size": size, "columns": frame.columns, "rows": table_data.list_rows(frame)}


def make_file(
    exhibit: Exhibit, view: View, form: str, size: str = USUAL, origin: ChartRequest = NOWHERE
) -> bytes:
    """One file by the name of its format, with the errors of each. Raises KeyError for another name."""
    if form in PICTURES:
        return {"svg": make_svg, "png": make_png}[form](exhibit, view, size, origin)
    return {"csv": make_csv, "xlsx": make_xlsx, "json": make_json}[form](exhibit, view, origin)


def read(data: bytes) -> FileContent:
    """Read a file by what it is, whatever it is called. Raises NotOursError."""
    if len(data) > LARGEST:
        raise NotOursError(f"larger than {LARGEST} bytes, which nothing of ours is")
    kind = "a ZIP file"
    try:
        kind = detect_kind(data)
        return READERS[kind](data)
    except NotOursError:
        raise
    except (
        ValueError, KeyError, OSError, etree.XMLSyntaxError, UnidentifiedImageError, zipfile.BadZipFile,
        pypdfium2.PdfiumError, csv.Error, RecursionError,
    ) as error:  # fmt: skip
        raise NotOursError(f"it looks like {kind} and cannot be read as that: {error}") from error


def detect_kind(data: bytes) -> str:
    """svg, png, csv, xlsx, json or pdf, by its first bytes. Raises NotOursError."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            if "xl/workbook.xml" in members.namelist():
                return "xlsx"
        raise NotOursError("a ZIP file that is no workbook")
    if start.startswith(b"<") and b"<svg" in data[:4096]:
        return "svg"
    if start.startswith(b"{"):
        return "json"
    if start.startswith(b"#") or b"," in start.split(b"\n")[0]:
        return "csv"
    raise NotOursError("neither SVG, PNG, CSV, XLSX, JSON nor PDF")


READERS: Final[dict[str, Callable[[bytes], FileContent]]] = {
    "csv": csv_file.read, "json": json_file.read, "pdf": pdf_file.read,
    "png": png_file.read, "svg": svg_file.read, "xlsx": xlsx_file.read,
}  # fmt: skip
