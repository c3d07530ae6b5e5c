"""What is fuzzed: each reader and the contracts, in this process, where every branch taken is seen.

A target takes any bytes. It may refuse them (ReadError and its kin); it fails by raising anything else, and
by losing a row: what goes in comes out in some state, and `raw` is whole or says how long it was.
"""

import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import openpyxl
import polars as pl
from lxml import etree

from pipelines.core.file_limits import FileLimits
from pipelines.core.model import RowState
from pipelines.core.paths import ROOT
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.files import file_kind, html_page, json_records, ods, pdf, xlsx
from pipelines.intake.mappings.mapped_rows import collect_from
from pipelines.intake.mappings.mapping_file import MappingError, parse_mapping
from pipelines.intake.mappings.notation import Dates, NotationError, Numbers, parse_day, parse_number
from pipelines.sheets import csv_reader
from pipelines.sheets.raw_table import Grid, ReadError, Row, Table
from pipelines.sheets.transcription_sheet import COLUMNS, SHEET_SCHEMA, read_sheet
from tests.attacks.hostile_files import MANIFEST

LIMITS: Final = FileLimits(rows=2_000, cells=50_000, unpacked_bytes=2_000_000, lines=20_000, pages=20)
TODAY: Final = date(2026, 11, 24)
_SITUATION: Final = ROOT / "data" / "venezuela"
_SHM: Final = Path("/dev/shm")
_CUT: Final = re.compile(r"… \([\d,]+ characters\)\Z")


class RowLostError(AssertionError):
    """What went in did not come out."""


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise RowLostError(what)


@cache
def _file() -> Path:
    """Where the bytes of this process stand as a file."""
    folder = _SHM if _SHM.is_dir() else Path(tempfile.gettempdir())
    return folder / f"liberometro-fuzz-{os.getpid()}"


def _write(data: bytes) -> Path:
    _file().write_bytes(data)
    return _file()


def _join(pieces: Iterator[tuple[int, Table]]) -> list[Table]:
    tables: dict[int, list[Table]] = {}
    for number, piece in pieces:
        tables.setdefault(number, []).append(piece)
    return [
        Table(parts[0].name, pl.concat([p.cells for p in parts]), [f for p in parts for f in p.faults])
        for parts in tables.values()
    ]


def _check_table(table: Table) -> None:
    """Row numbers rise, none stands twice, and a raw text is whole or says that it was cut."""
    numbers = [*table.cells["row"], *(fault.row for fault in table.faults)]
    _require(len(set(numbers)) == len(numbers), "a row stands twice")
    _require(table.cells["row"].is_sorted(), "rows are out of order")
    for fault in table.faults:
        _require(len(fault.raw) < 2_000 or bool(_CUT.search(fault.raw)), "raw is cut without a word")


def fuzz_csv(data: bytes) -> None:
    """Every line that holds something is a row or a fault, whichever way it is read."""
    path = _write(data)
    options: dict[str, Any] = {"limits": LIMITS, "encoding": None, "separator": None}
    try:
        (table,) = _join(csv_reader.parse_table(path, **options)) or [None]
    except ReadError:
        return
    if table is None:
        return
    _check_table(table)
    fast, csv_reader.read_fast_header = csv_reader.read_fast_header, lambda *_: None
    try:
        (strict,) = _join(csv_reader.parse_table(path, **options))
    finally:
        csv_reader.read_fast_header = fast
    _require(strict.cells.equals(table.cells) and strict.faults == table.faults, "two ways, two answers")
    plain = not any(byte in data for byte in b'"\r\0') and csv_reader.detect_utf16(data[:4096]) is None
    if plain and not data.lower().startswith((b"sep=", b"\xef\xbb\xbf")):
        separator = {b",": b",", b";": b";", b"\t": b"\t"}
        lines = [line for line in data.split(b"\n") if line.strip(b"".join(separator))]
        rows = table.cells.height + len(table.faults)
        _require(rows >= len(lines) - 1, f"{len(lines) - 1} lines, {rows} rows")


def fuzz_csv_grid(data: bytes) -> None:
    """As a mapping reads it: the first bytes say how."""
    head, body = data[:2], data[2:]
    encoding = (None, "windows-1252", "utf-16", "latin-1", "shift_jis", "utf-7")[head[0] % 6 if head else 0]
    separator = (None, ";", ",", "|")[head[1] % 4 if len(head) > 1 else 0]
    try:
        grid = csv_reader.parse_grid(
            _write(body), limits=LIMITS, encoding=encoding, separator=separator, header_row=1 + len(data) % 3
        )
    except ReadError:
        return
    numbers = [row.number for row in grid.rows]
    _require(numbers == sorted(set(numbers)), "rows stand twice or out of order")


def fuzz_json(data: bytes) -> None:
    """Each record is a row."""
    path = _write(data)
    try:
        grid = json_records.parse_grid(path, limits=LIMITS, at="")
    except ReadError:
        return
    decoded = json.loads(data)
    if isinstance(decoded, list):
        _require(len(grid.rows) == 1 + len(decoded), "a record is lost")


def fuzz_html(data: bytes) -> None:
    """Tables and all that a page shows."""
    path = _write(data)
    for parse in (html_page.parse_tables, html_page.parse_whole):
        try:
            parse(path, limits=LIMITS)
        except ReadError:
            continue


@cache
def _workbook_parts() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    kept = io.BytesIO()
    book.save(kept)
    with zipfile.ZipFile(kept) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def fuzz_xlsx(data: bytes) -> None:
    """The bytes are the sheet of a workbook: each of its rows that holds something comes out."""
    path = _write(_pack({**_workbook_parts(), "xl/worksheets/sheet1.xml": data}))
    try:
        (grid,) = xlsx.parse(path, limits=LIMITS, computed=False, header_rows=[1])
        (whole,) = xlsx.parse_whole(path, limits=LIMITS, sheets=[])
        tables = _join(xlsx.parse_tables(path, limits=LIMITS))
    except ReadError:
        return
    for table in tables:
        _check_table(table)
    sheet = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    filled = [row for row in sheet.iter(f"{main}row") if any((c.findtext(f"{main}v") or "") for c in row)]
    for read in (grid, whole):
        _require(len(read.rows) >= len(filled), f"{len(filled)} rows are filled, {len(read.rows)} were read")


def fuzz_ods(data: bytes) -> None:
    """The bytes are the content of a spreadsheet."""
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    path = _write(_pack({"mimetype": mime, "META-INF/manifest.xml": MANIFEST, "content.xml": data}))
    try:
        ods.parse(path, limits=LIMITS, computed=False, header_rows=[1])
        for table in _join(ods.parse_tables(path, limits=LIMITS)):
            _check_table(table)
    except ReadError:
        return


def fuzz_archive(data: bytes) -> None:
    """The bytes are a whole file of any kind."""
    path = _write(data)
    try:
        file_kind.parse_archive_kind(path, limits=LIMITS)
        xlsx.parse(path, limits=LIMITS, computed=True, header_rows=[])
    except ReadError:
        return


def fuzz_pdf(data: bytes) -> None:
    """Text and tables of a PDF; its pictures are left alone."""
    path = _write(data)
    try:
        pdf.parse_text(path, limits=LIMITS, scans=False)
        pdf.parse_tables(path, limits=LIMITS, pages=None, edges=None)
    except ReadError:
        return


def fuzz_text(data: bytes) -> None:
    """Anything is a text, and none of its letters is lost."""
    (passage,) = file_kind.parse_plain_text(_write(data), limits=LIMITS)
    if b"\r" not in data and data.isascii() and b"\0" not in data:
        _require(passage.text == data.decode(), "a text is not as it stood")


def fuzz_notation(data: bytes) -> None:
    """Numbers and days as publishers write them."""
    text = data.decode("utf-8", "replace")
    written = Numbers(thousands=".", decimal=",", blank=["s/d"], ignore=["*"], range=" a ")
    days = Dates(patterns=["d/M/y", "d 'de' MMMM 'de' y", "MMM yy"])
    for read in (
        lambda: parse_number(text, written),
        lambda: parse_number(text, Numbers(), typed=True),
        lambda: parse_day(text, days),
        lambda: parse_day(text, days, typed=True),
    ):
        try:
            read()
        except NotationError:
            continue


def fuzz_mapping(data: bytes) -> None:
    """A mapping file, and where it is one, a small table read by it."""
    rows = [["Corte", "Total"], ["02/02/2026", "1.100"], ["3", None, "x"]]
    grid = Grid("", [Row(number, list(cells)) for number, cells in enumerate(rows, 1)])
    try:
        collect_from(parse_mapping(data), [grid], _file(), "Corte al 2 de enero de 2026")
    except MappingError:
        return


@cache
def _settings() -> tuple[Any, Any]:
    return read_situation(_SITUATION), read_organisations(_SITUATION)


def fuzz_contracts(data: bytes) -> None:
    """Every row of a sheet ends accepted, pending or quarantined; what does not count keeps its text."""
    text = data.decode("utf-8", "replace").replace("\0", "")
    lines = [line.split("\t")[: len(COLUMNS)] for line in text.split("\n")[:20]]
    cells = pl.DataFrame(
        [(number, *(cell or None for cell in line), *[None] * (len(COLUMNS) - len(line)))
         for number, line in enumerate(lines, 2)],
        schema={"row": pl.Int64(), **dict.fromkeys(COLUMNS, pl.String())},
        orient="row",
    )  # fmt: skip
    rows = read_sheet([Table("", cells)], "sheet.csv", *_settings(), TODAY)
    _require(rows.height == cells.height, f"{cells.height} rows went in, {rows.height} came out")
    _require(dict(rows.schema) == SHEET_SCHEMA, "the columns are others")
    _require(rows["state"].is_in([state.value for state in RowState]).all(), "a row has no state")
    aside = rows.filter(pl.col("state") != RowState.ACCEPTED)
    _require(
        not aside["reason"].is_null().any() and not aside["place"].is_null().any(), "no reason or no place"
    )


# A target, and its share of a hundred runs.
TARGETS: Final[dict[str, tuple[Callable[[bytes], None], int]]] = {
    "csv": (fuzz_csv, 15),
    "csv_grid": (fuzz_csv_grid, 15),
    "json": (fuzz_json, 15),
    "html": (fuzz_html, 10),
    "xlsx": (fuzz_xlsx, 5),
    "ods": (fuzz_ods, 10),
    "archive": (fuzz_archive, 5),
    "pdf": (fuzz_pdf, 3),
    "text": (fuzz_text, 5),
    "notation": (fuzz_notation, 11),
    "mapping": (fuzz_mapping, 5),
    "contracts": (fuzz_contracts, 1),
}
