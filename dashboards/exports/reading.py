"""A file read back: what it says it holds, and whether it is as it was written. One reader a kind of file."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
from lxml import etree
from openpyxl import load_workbook
from PIL import Image, UnidentifiedImageError

from dashboards.exports import content, pdf_file, plain, png_file, sheet, svg_file
from dashboards.view import LICENCE_URL

LARGEST: Final = 64_000_000  # bytes of a file, and pixels of a picture, that are looked at
_NAME: Final = "liberometro"


class NotOursError(ValueError):
    """The file is of no kind that Liberómetro writes, or cannot be read as what it looks like."""


@dataclass(frozen=True)
class Held:
    """One file: its record, None where it carries none; the rows it holds; whether both are unbroken."""

    kind: str
    record: dict[str, Any] | None
    columns: list[str]
    rows: list[list[Any]]
    unbroken: bool
    ours: bool = True  # it names Liberómetro somewhere, record or not


def read(data: bytes) -> Held:
    """Read a file by what it is, whatever it is called. Raises NotOursError."""
    if len(data) > LARGEST:
        raise NotOursError(f"larger than {LARGEST} bytes, which nothing of ours is")
    kind = "a ZIP file"
    try:
        kind = kind_of(data)
        return READERS[kind](data)
    except NotOursError:
        raise
    except (
        ValueError, KeyError, OSError, etree.XMLSyntaxError, UnidentifiedImageError, zipfile.BadZipFile,
        pypdfium2.PdfiumError, csv.Error, RecursionError,
    ) as error:  # fmt: skip
        raise NotOursError(f"it looks like {kind} and cannot be read as that: {error}") from error


def kind_of(data: bytes) -> str:
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


def _held(kind: str, text: str | None, body: bytes, ours: bool, own: Any = None) -> Held:
    """A file from the JSON of its record and its content; `own` are columns and rows kept outside of it."""
    record = _record(text)
    if record is None:
        return Held(kind, None, [], [], False, ours)
    columns, rows = own if own is not None else (record.get("columns", []), record.get("rows", []))
    same = content.unbroken(record) and record.get("content_sha256") == content.digest(body)
    return Held(kind, record, columns, rows, same and record.get("format") == kind)


def _record(text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get(_NAME), int) else None


def _png(data: bytes) -> Held:
    with Image.open(io.BytesIO(data)) as image:
        if image.width * image.height > LARGEST:
            raise NotOursError(f"more than {LARGEST} pixels, which nothing of ours has")
        said = {key: str(value) for key, value in image.info.items() if isinstance(value, str)}
        ours = any("Liberómetro" in value for value in said.values())
        return _held("png", said.get(png_file.RECORD), png_file.body(image), ours)


def _svg(data: bytes) -> Held:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    picture = etree.fromstring(data, parser)
    ours = "Liberómetro" in data.decode("utf-8", "replace")
    return _held("svg", svg_file.record_of(picture), svg_file.body(picture), ours)


def _csv(data: bytes) -> Held:
    lines = data.splitlines(keepends=True)
    remarks = 0
    while remarks < len(lines) and lines[remarks].startswith(b"#"):
        remarks += 1
    said = b"".join(lines[:remarks]).decode()
    body = b"".join(lines[remarks:])
    text = next((line for line in said.splitlines() if line.startswith(plain.MACHINE)), "")
    table = list(csv.reader(io.StringIO(body.decode())))
    rows = [[content.as_written(value) if value else None for value in row] for row in table[1:]]
    own = (table[0] if table else [], rows)
    record = text.removeprefix(plain.MACHINE)
    held = _held("csv", record, body, LICENCE_URL in said, own)
    if held.record is None:
        return held
    # The printed lines are the record's in words: where they differ, somebody wrote in the header.
    same = content.digest(plain.header(said).encode()) == held.record.get("header_sha256")
    return Held(held.kind, held.record, held.columns, held.rows, held.unbroken and same)


def _xlsx(data: bytes) -> Held:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    first, *others = book.worksheets
    table = [[_cell(value) for value in row] for row in first.iter_rows(values_only=True)]
    columns = [str(value) for value in table[0]] if table else []
    texts = [row for other in others for row in other.iter_rows(max_col=2, values_only=True)]
    text = "".join(str(row[1]) for row in texts if row[0] == _NAME and len(row) > 1)
    body = sheet.body(columns, table[1:])
    ours = any("Liberómetro" in str(row) for row in texts)
    return _held("xlsx", text, body, ours, (columns, table[1:]))


def _cell(value: Any) -> Any:
    """A cell as it was given to the workbook: a day comes back as a moment."""
    given = content.plain(value)
    if isinstance(given, str) and given.endswith("T00:00:00"):
        return given.removesuffix("T00:00:00")
    return given


def _json(data: bytes) -> Held:
    whole = json.loads(data)
    about, rows = whole.get("about"), whole.get("rows")
    if not isinstance(about, dict) or not isinstance(rows, list):
        raise NotOursError("JSON without `about` and `rows`")
    columns = list(rows[0]) if rows else []
    own = (columns, [[row.get(column) for column in columns] for row in rows])
    return _held("json", json.dumps(about), content.canonical(rows), True, own)


def _pdf(data: bytes) -> Held:
    ours = "Liberómetro".encode("utf-16-be").hex().encode() in data or b"Liber" in data
    return _held("pdf", pdf_file.record_of(data), pdf_file.body(data), ours)


READERS: Final[dict[str, Callable[[bytes], Held]]] = {
    "csv": _csv, "json": _json, "pdf": _pdf, "png": _png, "svg": _svg, "xlsx": _xlsx,
}  # fmt: skip
