"""What a file is, by its bytes and not by its name, and whether the two agree."""

import io
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from pipelines.readers.csv_table import looks_like_utf16
from pipelines.readers.shapes import ReadError


class Kind(StrEnum):
    """The formats that a reader exists for, and the look-alikes that get a message of their own."""

    CSV = "CSV"
    TEXT = "plain text"
    XLSX = "XLSX workbook"
    ODS = "ODS spreadsheet"
    JSON = "JSON"
    HTML = "HTML page"
    PDF = "PDF"
    IMAGE = "image"
    OLE = "old or password-protected Office file"
    ZIP = "ZIP archive"
    BINARY = "binary file of no known kind"


_BY_SUFFIX: Final = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".txt": Kind.TEXT,
    ".md": Kind.TEXT,
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".ods": Kind.ODS,
    ".json": Kind.JSON,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".png": Kind.IMAGE,
    ".jpg": Kind.IMAGE,
    ".jpeg": Kind.IMAGE,
    ".webp": Kind.IMAGE,
    ".gif": Kind.IMAGE,
    ".bmp": Kind.IMAGE,
    ".tif": Kind.IMAGE,
    ".tiff": Kind.IMAGE,
}
_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 4096
_ADVICE: Final = {
    Kind.OLE: "open it and save it as .xlsx without a password",
    Kind.ZIP: "unpack it and give the file inside",
    Kind.BINARY: "ask for the report in one of the known formats",
}


def kind_of(path: Path) -> Kind:
    """What the file is. Raises ReadError when it is missing, empty, or not what its name says."""
    if not path.is_file():
        raise ReadError(f"{path}: there is no such file")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise ReadError(f"{path}: the file is empty")
    found = _sniff(path, head)
    said = _BY_SUFFIX.get(path.suffix.lower())
    if found is Kind.TEXT:  # anything readable may be a text, a table in text, or JSON
        found = said if said in {Kind.CSV, Kind.JSON, Kind.HTML} else Kind.TEXT
    if said is Kind.TEXT and found in {Kind.HTML, Kind.JSON}:  # a page saved as text is still text
        return Kind.TEXT
    if said is not None and said is not found:
        raise ReadError(
            f"{path}: its name says {said}, its content is: {found}; "
            f"{_ADVICE.get(found, 'give it its right name, or save it again in the format its name says')}"
        )
    if found in _ADVICE:
        raise ReadError(f"{path}: its content is: {found}; {_ADVICE[found]}")
    return found


def _sniff(path: Path, head: bytes) -> Kind:
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(path)
    if head.startswith(_OLE):
        return Kind.OLE
    if head.startswith(_IMAGES[:3]) or (head.startswith(_IMAGES[3:]) and b"\0" in head):
        return Kind.IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.IMAGE
    codec = looks_like_utf16(head)
    text = head.decode(codec, "replace") if codec else head.decode("latin-1")
    if codec is None and _is_binary(head):
        return Kind.BINARY
    start = text.lstrip("\ufeffï»¿ \t\r\n")[:1000].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<table", "<div", "<?xml", "<!--")):
        return Kind.HTML
    if start[:1] in {"{", "["} and start[1:].lstrip()[:1] in {'"', "{", "[", "}", "]"}:
        return Kind.JSON
    return Kind.TEXT


def _is_binary(head: bytes) -> bool:
    """Control characters that no text holds, more than slips and more than one byte in fifty."""
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
    return controls > 3 and controls * 50 > len(head)


def _sniff_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").strip()
                return Kind.ODS if mime == b"application/vnd.oasis.opendocument.spreadsheet" else Kind.ZIP
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, io.UnsupportedOperation) as error:
        raise ReadError(f"{path}: it begins like a workbook but is cut short or broken ({error})") from error
    return Kind.XLSX if any(name.startswith("xl/") for name in names) else Kind.ZIP
