"""Workbooks are ZIP archives of XML: what must be true of one before a library may open it."""

import zipfile
from pathlib import Path
from typing import Final

from pipelines.readers.limits import Limits
from pipelines.readers.shapes import ReadError

_XML: Final = (".xml", ".rels", ".vml")
_MARKS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_BLOCK: Final = 1 << 20


def check_archive(path: Path, limits: Limits) -> int:
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


def _check_sizes(path: Path, packed: int, unpacked: int, limits: Limits) -> None:
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
