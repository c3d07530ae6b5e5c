"""A workbook is a ZIP archive of XML parts: what has to be true of it before anything in it is opened."""

import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from pipelines.core.file_limits import FileLimits
from pipelines.sheets.raw_table import ReadError

BROKEN_ARCHIVE: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, OverflowError, UnicodeError,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip # what zipfile raises on an archive that is not one
_MARKS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_BLOCK: Final = 1 << 20
_LOCAL_HEADER: Final = 30  # bytes before a part's name and content
_DECLARED: Final = re.compile(rb"\A<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})")
_ENCODINGS: Final = (b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252")  # ASCII is ASCII in all of them


def check_archive(path: Path, limits: FileLimits) -> None:
    """Refuse a bomb, an encrypted part or an XML part that declares entities. Raises ReadError.

    Sizes are those of the archive's directory. Reading every part here proves them: zipfile stops at the
    stated size and compares the checksum, so a directory that lies is a broken workbook.
    """
    packed = path.stat().st_size
    if packed > limits.workbook_bytes:
        raise ReadError(
            f"{path}: {packed:,} bytes; a workbook may have {limits.workbook_bytes:,}. Save it as CSV"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > limits.parts:
                raise ReadError(f"{path}: {len(parts):,} parts; a workbook may have {limits.parts:,}")
            _check_sizes(path, packed, sum(part.file_size for part in parts), limits)
            _check_overlaps(path, parts)
            for part in parts:
                if part.flag_bits & 1:
                    raise ReadError(f"{path}: the workbook is encrypted; save it without a password")
                _check_part(path, archive, part)
    except ReadError:
        raise
    except BROKEN_ARCHIVE as error:
        raise ReadError(f"{path}: the workbook is cut short or broken ({error}); ask for it again") from error


def _check_sizes(path: Path, packed: int, unpacked: int, limits: FileLimits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise ReadError(
            f"{path}: unpacks to {unpacked:,} bytes; a workbook may have {limits.unpacked_bytes:,}"
        )
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.unpacked_ratio:
        raise ReadError(f"{path}: unpacks to {unpacked // packed} times its size, like a ZIP bomb; refused")


def _check_overlaps(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes multiply them: the other kind of bomb. A name that stands twice hides a part."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise ReadError(f"{path}: part {part.filename!r} lies over another, like a ZIP bomb; refused")
        end = part.header_offset + _LOCAL_HEADER + part.compress_size
    if len({part.filename for part in parts}) < len(parts):
        raise ReadError(f"{path}: two parts of it have the same name; save it again")


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end. What is XML, whatever it is called, may declare nothing."""
    with archive.open(part) as stream:
        block = stream.read(_BLOCK)
        start = block.removeprefix(b"\xef\xbb\xbf").lstrip()[:400]
        is_xml = start.startswith(b"<")
        declared = _DECLARED.match(start)
        wide = block.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in block[:4].replace(b"\0\0\0\0", b"")
        if part.filename.lower().endswith((".xml", ".rels", ".vml")) and wide:
            raise ReadError(f"{path}: part {part.filename} is UTF-16, which no spreadsheet writes; refused")
        if declared and declared[1].lower() not in _ENCODINGS:
            raise ReadError(f"{path}: part {part.filename} is not UTF-8, as spreadsheets write; refused")
        tail = b""
        while block:
            joined = tail + block
            if is_xml and any(mark in joined for mark in _MARKS):
                raise ReadError(f"{path}: part {part.filename} declares XML entities, like a bomb; refused")
            tail = block[-16:]
            block = stream.read(_BLOCK)
