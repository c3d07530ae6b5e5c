"""What XLSX and ODS share: a safe archive, numbers and days as text, merged cells."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from openpyxl.utils import get_column_letter

from pipelines.core.file_limits import FileLimits
from pipelines.sheets.raw_table import ReadError, Row

_XML: Final = (".xml", ".rels", ".vml")
_MARKS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_BLOCK: Final = 1 << 20


def check_archive(path: Path, limits: FileLimits) -> int:
    """Refuse a bomb, an encrypted part or an XML part that declares entities. Returns the unpacked bytes.

    Raises ReadError. Sizes are those of the archive's directory. Reading every part here proves them: zipfile
    stops at the stated size and compares the checksum, so a directory that lies is a broken workbook.
    """
    packed = path.stat().st_size
    if packed > limits.workbook_bytes:
        raise ReadError(
            f"{path}: {packed:,} bytes; a workbook may have {limits.workbook_bytes:,}. Save it as CSV"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            _check_sizes(path, packed, unpacked, limits)
            for part in parts:
                if part.flag_bits & 1:
                    raise ReadError(f"{path}: the workbook is encrypted; save it without a password")
                _check_part(path, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise ReadError(f"{path}: the workbook is cut short or broken ({error}); ask for it again") from error
    return unpacked


def _check_sizes(path: Path, packed: int, unpacked: int, limits: FileLimits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise ReadError(
            f"{path}: unpacks to {unpacked:,} bytes; a workbook may have {limits.unpacked_bytes:,}"
        )
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.unpacked_ratio:
        raise ReadError(f"{path}: unpacks to {unpacked // packed} times its size, like a ZIP bomb; refused")


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    is_xml = part.filename.lower().endswith(_XML)
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            if is_xml and not tail and block.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise ReadError(
                    f"{path}: part {part.filename} is UTF-16, which no spreadsheet writes; refused"
                )
            joined = tail + block
            if is_xml and any(mark in joined for mark in _MARKS):
                raise ReadError(f"{path}: part {part.filename} declares XML entities, like a bomb; refused")
            tail = block[-16:]


def name_cell(row: int, column: int) -> str:
    """Both from 1: row 7, column 2 is B7."""
    return f"{get_column_letter(column)}{row}"


def write_number(value: float, *, percent: bool = False) -> str:
    """1697.0 is 1697, 0.1 + 0.2 is 0.3: the fifteen digits that a spreadsheet shows, never an exponent.

    A percentage keeps its sign, so that 100 % of something never becomes the count 1.
    """
    exact = Decimal(f"{value:.15g}") * (100 if percent else 1)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def write_date(value: dt.date | dt.time | dt.timedelta) -> str:
    """ISO text; a moment at midnight is a day."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value) if isinstance(value, dt.timedelta) else value.isoformat()


class MergedRange(NamedTuple):
    """A merged range, all four from 1."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def name(self) -> str:
        return f"{name_cell(self.top, self.left)}:{name_cell(self.bottom, self.right)}"


Headings = dict[MergedRange, str | None]


def settle_merged(
    row: Row, ranges: Sequence[MergedRange], header_rows: Sequence[int], headings: Headings
) -> Row:
    """A row with the merged ranges over it: in `header_rows` their text stands in each of their cells, in
    every other row they are a fault. `headings` remembers the text of a range for its lower rows."""
    covering = [found for found in ranges if found.top <= row.number <= found.bottom]
    if not covering:
        return row
    if row.number in header_rows:
        return _spread_heading(row, covering, headings)
    names = [
        f"the merged range {found.name} covers this row; unmerge it and fill each cell" for found in covering
    ]
    return replace(row, fault="; ".join([*([row.fault] if row.fault else []), *names]))


def _spread_heading(row: Row, covering: Sequence[MergedRange], headings: Headings) -> Row:
    """Write a merged heading into each cell it covers; only its first cell holds the text."""
    width = max(len(row.cells), *(found.right for found in covering))
    cells = row.cells + [None] * (width - len(row.cells))
    for found in covering:
        if row.number == found.top:
            headings[found] = cells[found.left - 1]
        cells[found.left - 1 : found.right] = [headings.get(found)] * (found.right - found.left + 1)
    return replace(row, cells=cells)
