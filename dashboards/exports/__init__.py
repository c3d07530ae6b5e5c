"""Exhibits as files: SVG, PNG, CSV, XLSX and JSON, each with the lines that make it true where it is found.

    exports.svg(exhibit, view, "wide")      exports.csv(exhibit, view)
    exports.png(exhibit, view, "square")    exports.xlsx(exhibit, view)    exports.json(exhibit, view)

`origin` says how to ask for the same exhibit again, so that `python -m dashboards verify` can; give it the
chart's name in the catalogue: `Origin("held")`. The picture of an exhibit without a figure is its table;
`formats(exhibit)` says what there is. Pictures need Chromium (MissingBrowserError).
"""

from typing import Any

from lxml import etree

from dashboards.exhibits import Exhibit
from dashboards.exports import content, picture, plain, png_file, sheet, svg_file, table_picture
from dashboards.exports.browser import MissingBrowserError, PictureFailedError, available
from dashboards.exports.imprint import NOWHERE, Imprint, Origin, address, imprint, served_at
from dashboards.exports.sizes import SIZES, USUAL, UnknownSizeError, size_of
from dashboards.view import View

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

__all__ = [
    "MEDIA", "PICTURES", "SIZES", "TABLES", "USUAL", "MissingBrowserError", "NoPictureError", "Origin",
    "PictureFailedError", "UnknownSizeError", "address", "available",
    "csv", "formats", "json", "made", "pictured", "png", "served_at", "size_of", "svg", "xlsx",
]  # fmt: skip


class NoPictureError(ValueError):
    """The exhibit has neither a figure nor rows to draw."""


def formats(exhibit: Exhibit) -> tuple[str, ...]:
    """The formats that this exhibit has."""
    return (*PICTURES, *TABLES) if pictured(exhibit) else TABLES


def pictured(exhibit: Exhibit) -> bool:
    """Whether there is something to draw: a chart, or the rows of a table."""
    return exhibit.figure is not None or bool(exhibit.rows)


def csv(exhibit: Exhibit, view: View, origin: Origin = NOWHERE) -> bytes:
    """The exhibit's rows as CSV in UTF-8, after lines of remarks that begin with `# `."""
    return plain.csv(content.table(exhibit), imprint(exhibit, view, origin))


def json(exhibit: Exhibit, view: View, origin: Origin = NOWHERE) -> bytes:
    """The exhibit's rows as JSON: `about` says what they are, `rows` holds one object a row."""
    return plain.json_file(content.table(exhibit), imprint(exhibit, view, origin))


def xlsx(exhibit: Exhibit, view: View, origin: Origin = NOWHERE) -> bytes:
    """The exhibit's rows as a workbook with a second sheet that says what they are."""
    return sheet.xlsx(content.table(exhibit), imprint(exhibit, view, origin))


def svg(exhibit: Exhibit, view: View, size: str = USUAL, origin: Origin = NOWHERE) -> bytes:
    """The chart with its lines inside. Raises NoPictureError, UnknownSizeError, MissingBrowserError."""
    lines = imprint(exhibit, view, origin)
    return svg_file.written(_picture(exhibit, lines, size), lines, _held(exhibit, size))


def png(exhibit: Exhibit, view: View, size: str = USUAL, origin: Origin = NOWHERE) -> bytes:
    """The same as PNG, in the size's pixels; the same errors."""
    lines = imprint(exhibit, view, origin)
    return png_file.written(_picture(exhibit, lines, size), lines, _held(exhibit, size))


def _picture(exhibit: Exhibit, lines: Imprint, size: str) -> etree._Element:
    chosen = size_of(size)
    if not pictured(exhibit):
        raise NoPictureError(
            f"{exhibit.name} has no rows to draw: it has {', '.join(TABLES)}, and no picture"
        )
    return (picture if exhibit.figure is not None else table_picture).draw(exhibit, lines, chosen)


def _held(exhibit: Exhibit, size: str) -> dict[str, Any]:
    """The rows behind a picture, which the other formats hold in the open."""
    frame = content.table(exhibit)
    return {"size": size, "columns": frame.columns, "rows": content.rows(frame)}


def made(exhibit: Exhibit, view: View, form: str, size: str = USUAL, origin: Origin = NOWHERE) -> bytes:
    """One file by the name of its format, with the errors of each. Raises KeyError for another name."""
    if form in PICTURES:
        return {"svg": svg, "png": png}[form](exhibit, view, size, origin)
    return {"csv": csv, "xlsx": xlsx, "json": json}[form](exhibit, view, origin)
