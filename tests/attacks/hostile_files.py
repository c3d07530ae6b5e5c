"""Hostile files of every format: each is read or refused within 512 MB and 20 seconds, never anything else.

`python -m tests.attacks.hostile_files [ROUNDS] [SEED]`: every file below, then ROUNDS files that are one of
them with some bytes changed. Exit code 1 when one took too much or raised anything but ReadError.
"""

import io
import os
import random
import struct
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl

from pipelines.core.file_limits import DEFAULT
from pipelines.intake.files.file_kind import read_tables, read_text
from pipelines.intake.files.html_page import read_html_grids
from pipelines.intake.files.json_records import read_json_grid
from pipelines.intake.files.ods import read_ods_grids
from pipelines.intake.files.pdf import read_pdf_grids
from pipelines.intake.files.xlsx import read_xlsx_grids, read_xlsx_whole
from pipelines.sheets import sandbox
from pipelines.sheets.csv_reader import read_csv, read_csv_grid
from pipelines.sheets.raw_table import ReadError

BYTES: Final = 512_000_000
SECONDS: Final = 20 + 3  # and what it takes to notice on a loaded machine

_ODS_HEAD: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    b'<office:body><office:spreadsheet><table:table table:name="A">'
)
MANIFEST: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    b'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    b'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    b"</manifest:manifest>"
)
_ODS_TAIL: Final = b"</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_CELL: Final = (
    b'<table:table-cell office:value-type="float" office:value="1"%s><text:p>1</text:p></table:table-cell>'
)


def workbook(sheet: bytes = b"", **parts: bytes) -> bytes:
    """A workbook whose one sheet has the <sheetData> given, with parts exchanged or added."""
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    kept = io.BytesIO()
    book.save(kept)
    packed = io.BytesIO()
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml" and sheet:
                start = content[: content.index(b"<sheetData")]
                content = start + sheet + b"</worksheet>"
            new.writestr(name, parts.pop(name, content))
        for name, content in parts.items():
            new.writestr(name, content)
    return packed.getvalue()


def spreadsheet(rows: bytes) -> bytes:
    """An ODS file of one sheet with the rows given."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo("mimetype"), b"application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", _ODS_HEAD + rows + _ODS_TAIL)
    return packed.getvalue()


_DOWN: Final = b' table:number-rows-repeated="%d"'


def _row(cells: bytes, more: bytes = b"") -> bytes:
    return b"<table:table-row%s>%s</table:table-row>" % (more, cells)


def _far_cell() -> bytes:
    return workbook(
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _pdf(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def _flate_pdf() -> bytes:
    content = zlib.compress(b"BT /F1 9 Tf (x) Tj ET\n" * 8_000_000, 9)
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(content), content)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return _pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream,
                 b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"])  # fmt: skip


def _circular_pdf() -> bytes:
    return _pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999999>>"])


def _overlapping_zip() -> bytes:
    """Many entries of the directory that name the same bytes."""
    whole = workbook(**{"xl/media/zeros.bin": b"\0" * 9_000_000})
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.start_dir
        entry = archive.infolist()[-1].filename.encode()
    end = whole.rindex(b"PK\x05\x06")
    directory = whole[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    assert entry in last
    copies = b"".join(last.replace(b"zeros", b"z%04d" % n) for n in range(20))
    tail = bytearray(whole[end:])
    count = struct.unpack_from("<H", tail, 10)[0] + 20
    struct.pack_into("<HHI", tail, 8, count, count, len(directory + copies))
    return whole[:start] + directory + copies + bytes(tail)


def _many_parts() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"xl/{number}", b"")
    return packed.getvalue()


_LAUGHS: Final = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)

MB: Final = 1_000_000
FILES: Final[dict[str, Callable[[], bytes]]] = {
    "lines.csv": lambda: b"a,b\n" + b"\n" * (DEFAULT.csv_bytes - 10),
    "few-lines.csv": lambda: b"a,b\n" + b"\n" * (DEFAULT.lines - 10),
    "bad-rows.csv": lambda: b"a,b\n" + b"1\n" * (DEFAULT.lines - 10),
    "one-line.csv": lambda: b"a,b\n" + b"x" * (DEFAULT.csv_bytes - 10),
    "many-columns.csv": lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n",
    "wide-rows.csv": lambda: b"a,b\n" + (b"," * (3 * MB) + b"\n") * 60,
    "commas.csv": lambda: b",".join(b"c%d" % n for n in range(900)) + b"\n" + (b"," * 899 + b"\n") * 200_000,
    "open-quotes.csv": lambda: b"a,b\n" + b'1,"x\n' * 2_900_000,
    "open-quote-lines.csv": lambda: (b'a,b\n' + (b'1,"x\n' + b"\n" * 60_000) * 45),
    "zeros.csv": lambda: b"a,b\n1,2\n" + b"\0" * 100 + b"1,\0\n" * 2_900_000,
    "not-utf8.csv": lambda: b"a,b\n" + b"1,\xff\n" * 2_900_000,
    "utf16.csv": lambda: ("a,b\n" + "1,2\n" * 2_900_000).encode("utf-16"),
    "utf16-one-line.csv": lambda: b"\xff\xfe" + "a,b\n".encode("utf-16-le") + b"\x41\x0a" * 2_000_000 * 20,
    "mac.csv": lambda: b"a,b\r" + b"1,2\r" * 2_900_000,
    "mac-one-line.csv": lambda: b"a,b\r" + b"x" * 200 * MB,
    "long-text.txt": lambda: b"palabra " * (DEFAULT.text_bytes // 8),
    "deep.json": lambda: b'[{"a":' * 2_000_000,
    "numbers.json": lambda: b'[{"a":[' + b"1," * (DEFAULT.json_bytes // 2 - 10) + b"1]}]",
    "keys.json": lambda: b"[{" + b",".join(b'"%d":1' % n for n in range(1_500_000)) + b',"7":1}]',
    "records.json": lambda: b"[" + b",".join([b'{"a":1}'] * 3_000_000) + b"]",
    "digits.json": lambda: b'[{"a":' + b"9" * (DEFAULT.json_bytes - 20) + b"}]",
    "far-cell.xlsx": _far_cell,
    "far-row.xlsx": lambda: workbook(b'<sheetData><row r="99999999999"><c><v>1</v></c></row></sheetData>'),
    "wide-cells.xlsx": lambda: workbook(
        b"<sheetData>"
        + b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 60_000))
        + b"</sheetData>"
    ),
    "empty-rows.xlsx": lambda: workbook(b"<sheetData>" + b"<row/>" * 5_000_000 + b"</sheetData>"),
    "merged.xlsx": lambda: workbook(
        b'<sheetData><row r="1"><c><v>1</v></c></row></sheetData><mergeCells>'
        + b'<mergeCell ref="A1:XFD1048576"/>' * 500_000 + b"</mergeCells>"
    ),
    "one-merged.xlsx": lambda: workbook(
        b'<sheetData><row r="1"><c><v>1</v></c></row></sheetData>'
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "strings.xlsx": lambda: workbook(
        **{"xl/sharedStrings.xml": b'<sst count="999999999">' + b"<si><t/></si>" * 9_000_000 + b"</sst>"}
    ),
    "laughs.xlsx": lambda: workbook(**{"xl/workbook.xml": _LAUGHS + b"<workbook>&j;</workbook>"}),
    "ebcdic.xlsx": lambda: workbook(
        **{"xl/workbook.xml": b'<?xml version="1.0" encoding="cp037"?><workbook/>'}
    ),
    "zeros.xlsx": lambda: workbook(**{"xl/media/z.bin": b"\0" * 199 * MB}),
    "overlap.xlsx": _overlapping_zip,
    "parts.xlsx": _many_parts,
    "rows-repeated.ods": lambda: spreadsheet(_row(_ODS_CELL % b"", _DOWN % 1_048_576)),
    "rows-repeated-far.ods": lambda: spreadsheet(_row(_ODS_CELL % b"", _DOWN % 999_999_999_999)),
    "columns-repeated.ods": lambda: spreadsheet(
        _row(_ODS_CELL % b' table:number-columns-repeated="16384"', _DOWN % 1_048_576)
    ),
    "corner.ods": lambda: spreadsheet(
        _row(_ODS_CELL % b"") + _row(b"<table:table-cell/>", _DOWN % 1_000_000)
        + _row(b'<table:table-cell table:number-columns-repeated="990"/>' + _ODS_CELL % b"")
    ),
    "spanned.ods": lambda: spreadsheet(
        _row(_ODS_CELL % b' table:number-rows-spanned="99999999" table:number-columns-spanned="99999999"')
    ),
    "deep.html": lambda: b"<div>" * 1_000_000 + b"448",
    "spans.html": lambda: (
        b"<table><tr><td rowspan=1000000000 colspan=1000000000>1</td></tr>" + b"<tr><td>2</td></tr>" * 1000
    ),
    "hanging.html": lambda: b"<table><tr>" + b"<th rowspan=65534>x</th>" * 900 + b"<tr>" * 1_000_000,
    "elements.html": lambda: b"<html><body>" + b"<b>" * 3 + b"<p>x" * 2_400_000,
    "tables.html": lambda: b"<table><tr><td>1" * 100 + b"<table><tr><td>1</table>" * 300_000,
    "circular.pdf": _circular_pdf,
    "flate.pdf": _flate_pdf,
    "large.png": lambda: _png(65_000, 65_000),
    "lying.png": lambda: _png(4_000, 4_000),
}  # fmt: skip

READERS: Final[dict[str, list[Callable[[Path], object]]]] = {
    ".csv": [read_csv, read_csv_grid],
    ".txt": [read_text],
    ".json": [read_json_grid],
    ".xlsx": [read_tables, read_xlsx_grids, read_xlsx_whole],
    ".ods": [read_tables, read_ods_grids],
    ".html": [read_text, read_html_grids],
    ".pdf": [read_text, read_pdf_grids],
    ".png": [read_text],
}


@dataclass
class Cost:
    """What a reading took, and what it said."""

    seconds: float = 0.0
    memory: int = 0  # of the child, and by how much we grew, together
    said: str = "read"

    @property
    def is_bearable(self) -> bool:
        return self.seconds <= SECONDS and self.memory <= BYTES and not self.said.startswith("RAISED")


@contextmanager
def watched(cost: Cost) -> Iterator[None]:
    """The child's memory and our own growth, looked at a hundred times a second."""
    base, over = sandbox.measure_memory(os.getpid()), threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            process = sandbox._LINE.process
            children = _find_children(process.pid) if process else []
            ours = max(0, sandbox.measure_memory(os.getpid()) - base)
            cost.memory = max(cost.memory, ours + max(map(sandbox.measure_memory, children), default=0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _find_children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def read(path: Path, reader: Callable[[Path], object]) -> Cost:
    """Read a file and say what it took."""
    cost = Cost()
    begun = time.monotonic()
    with watched(cost):
        try:
            reader(path)
        except ReadError as error:
            cost.said = str(error).replace(str(path), path.name)[:150]
        except BaseException as error:
            cost.said = f"RAISED {type(error).__name__}: {error}"[:150]
    cost.seconds = time.monotonic() - begun
    return cost


def attack(name: str, content: bytes, folder: Path) -> bool:
    """Read one file by every reader of its format; whether all of it was bearable."""
    path = folder / name
    path.write_bytes(content)
    bearable = True
    for reader in READERS[path.suffix]:
        cost = read(path, reader)
        mark = "      " if cost.is_bearable else "FAILED"
        called = getattr(reader, "__name__", "")
        print(
            f"{mark} {name:24} {len(content) / MB:7.1f} MB {called:16} {cost.seconds:5.1f} s "
            f"{cost.memory / MB:5.0f} MB  {cost.said}",
            flush=True,
        )
        bearable = bearable and cost.is_bearable
    path.unlink()
    return bearable


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out or said twice."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randint(1, 30)]
            case _:
                changed[at:at] = changed[max(0, at - chance.randint(1, 30)) : at]
        changed = changed or bytearray(b"x")
    return bytes(changed)


def main(rounds: int = 200, seed: int = 1, only: str = "") -> int:
    """How many files were unbearable."""
    chance = random.Random(seed)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        names = [name for name in FILES if only in name]
        for name in names:
            failed += not attack(name, FILES[name](), folder)
        small = {name: FILES[name]() for name in names if name in SMALL}
        for number in range(rounds if small else 0):
            name = chance.choice(list(small))
            path = folder / f"{number}-{name}"
            path.write_bytes(mutate(small[name], chance))
            for reader in READERS[path.suffix]:
                cost = read(path, reader)
                if not cost.is_bearable:
                    failed += 1
                    print(f"FAILED {path.name} (seed {seed}): {cost}")
            path.unlink()
    print(f"{len(names)} hostile files and {rounds if small else 0} changed ones: {failed} unbearable")
    return failed


# Hostile in a few bytes: the ordinary tests read these.
SMALL: Final = (
    "far-cell.xlsx", "far-row.xlsx", "one-merged.xlsx", "laughs.xlsx", "ebcdic.xlsx",
    "rows-repeated-far.ods", "columns-repeated.ods", "corner.ods", "spanned.ods", "spans.html",
    "circular.pdf",
)  # fmt: skip

if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(1 if main(*numbers, only=sys.argv[3] if len(sys.argv) > 3 else "") else 0)
