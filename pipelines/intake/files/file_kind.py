"""What a file is, by its bytes and not by its name, and which reader opens it.

A reader never types a value. It hands on every cell as the text that stood there, with the row number
that a person sees in the file, and names what it could not read. Each library is loaded when a file needs it.
"""

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.intake.files.archive import BROKEN_ARCHIVE
from pipelines.sheets.csv_reader import detect_utf16, read_csv
from pipelines.sheets.raw_table import Passage, ReadError, Table
from pipelines.sheets.sandbox import run_confined


class FileKind(StrEnum):
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
    ".csv": FileKind.CSV,
    ".tsv": FileKind.CSV,
    ".txt": FileKind.TEXT,
    ".md": FileKind.TEXT,
    ".xlsx": FileKind.XLSX,
    ".xlsm": FileKind.XLSX,
    ".ods": FileKind.ODS,
    ".json": FileKind.JSON,
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".pdf": FileKind.PDF,
    ".png": FileKind.IMAGE,
    ".jpg": FileKind.IMAGE,
    ".jpeg": FileKind.IMAGE,
    ".webp": FileKind.IMAGE,
    ".gif": FileKind.IMAGE,
    ".bmp": FileKind.IMAGE,
    ".tif": FileKind.IMAGE,
    ".tiff": FileKind.IMAGE,
}
_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 4096
_MIME_BYTES: Final = 200
_ODS_MIME: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_ADVICE: Final = {
    FileKind.OLE: "open it and save it as .xlsx without a password",
    FileKind.ZIP: "unpack it and give the file inside",
    FileKind.BINARY: "ask for the report in one of the known formats",
}


def find_kind(path: Path) -> FileKind:
    """What the file is. Raises ReadError when it is missing, empty, or not what its name says."""
    if not path.is_file():
        raise ReadError(f"{path}: there is no such file")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise ReadError(f"{path}: the file is empty")
    found = _sniff(path, head)
    said = _BY_SUFFIX.get(path.suffix.lower())
    if found is FileKind.TEXT:  # anything readable may be a text, a table in text, or JSON
        found = said if said in {FileKind.CSV, FileKind.JSON, FileKind.HTML} else FileKind.TEXT
    if said is FileKind.TEXT and found in {
        FileKind.HTML,
        FileKind.JSON,
    }:  # a page saved as text is still text
        return FileKind.TEXT
    if said is not None and said is not found:
        raise ReadError(
            f"{path}: its name says {said}, its content is: {found}; "
            f"{_ADVICE.get(found, 'give it its right name, or save it again in the format its name says')}"
        )
    if found in _ADVICE:
        raise ReadError(f"{path}: its content is: {found}; {_ADVICE[found]}")
    return found


def _sniff(path: Path, head: bytes) -> FileKind:
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(path)
    if head.startswith(_OLE):
        return FileKind.OLE
    if head.startswith(_IMAGES[:3]) or (head.startswith(_IMAGES[3:]) and b"\0" in head):
        return FileKind.IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.IMAGE
    codec = detect_utf16(head)
    text = head.decode(codec, "replace") if codec else head.decode("latin-1")
    if codec is None and _is_binary(head):
        return FileKind.BINARY
    start = text.lstrip("\ufeffï»¿ \t\r\n")[:1000].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<table", "<div", "<?xml", "<!--")):
        return FileKind.HTML
    if start[:1] in {"{", "["} and start[1:].lstrip()[:1] in {'"', "{", "[", "}", "]"}:
        return FileKind.JSON
    return FileKind.TEXT


def _is_binary(head: bytes) -> bool:
    """Control characters that no text holds, more than slips and more than one byte in fifty."""
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
    return controls > 3 and controls * 50 > len(head)


def _sniff_zip(path: Path) -> FileKind:
    return run_confined(f"{__name__}:parse_archive_kind", path, FileKind, DEFAULT)


def parse_archive_kind(path: Path, *, limits: FileLimits) -> FileKind:
    """What an archive is, by the names in it: the child's side of `find_kind`."""
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > limits.parts:
                raise ReadError(f"{path}: an archive of more than {limits.parts:,} parts; refused")
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _MIME_BYTES:
                with archive.open("mimetype") as part:
                    mime = part.read(_MIME_BYTES).strip()
                return FileKind.ODS if mime == _ODS_MIME else FileKind.ZIP
    except ReadError:
        raise
    except BROKEN_ARCHIVE as error:
        raise ReadError(f"{path}: it begins like a workbook but is cut short or broken ({error})") from error
    return FileKind.XLSX if any(name.startswith("xl/") for name in names) else FileKind.ZIP


def read_tables(path: Path, *, limits: FileLimits = DEFAULT) -> list[Table]:
    """Read the tables of a CSV, XLSX or ODS file, one for each sheet that is not blank.

    What the file is decides, not its name; where the two disagree it is refused. Raises ReadError when the
    file is empty, of another kind, or has a header that is empty somewhere or repeats itself.
    """
    kind = find_kind(path)
    if kind in {FileKind.CSV, FileKind.TEXT}:
        return [read_csv(path, limits=limits)]
    if kind is FileKind.XLSX:
        from pipelines.intake.files.xlsx import read_xlsx

        return read_xlsx(path, limits=limits)
    if kind is FileKind.ODS:
        from pipelines.intake.files.ods import read_ods

        return read_ods(path, limits=limits)
    raise ReadError(f"{path}: a table was expected (CSV, XLSX or ODS), its content is: {kind}")


def read_text(path: Path, *, limits: FileLimits = DEFAULT) -> list[Passage]:
    """Read the text of a text file, HTML page, PDF or image, in reading order.

    A text or page is one passage; a PDF or an image gives one for each paragraph or label, with page and box.
    Raises ReadError when the file is empty, of another kind, over a limit, or needs an extra that is missing.
    """
    kind = find_kind(path)
    if kind in {FileKind.TEXT, FileKind.CSV}:
        return run_confined(f"{__name__}:parse_plain_text", path, list[Passage], limits)
    if kind is FileKind.HTML:
        from pipelines.intake.files.html_page import read_html_text

        return read_html_text(path, limits=limits)
    if kind is FileKind.PDF:
        from pipelines.intake.files.pdf import read_pdf_text

        return read_pdf_text(path, limits=limits)
    if kind is FileKind.IMAGE:
        from pipelines.intake.files.ocr import read_image_text

        return read_image_text(path, limits=limits)
    raise ReadError(f"{path}: a text was expected (text, HTML, PDF or image), its content is: {kind}")


def parse_plain_text(path: Path, *, limits: FileLimits) -> list[Passage]:
    """The child's side of `read_text`: the whole text, as it stands but for line ends."""
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a text may have {limits.text_bytes:,}")
    text = _decode(path.read_bytes()).removeprefix("\ufeff")
    return [Passage(text.replace("\r\n", "\n").replace("\r", "\n"))]


def parse_utf8(path: Path, *, limits: FileLimits) -> str:
    """A text that has to be UTF-8, as it stands."""
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a text may have {limits.text_bytes:,}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path}: byte {error.start} is not UTF-8; save the text as UTF-8 and try again"
        ) from error
    return text


def read_utf8(path: Path, *, limits: FileLimits = DEFAULT) -> str:
    """A plain text that has to be UTF-8. Raises ReadError."""
    if not path.is_file():
        raise ReadError(f"{path}: the file is missing")
    return run_confined(f"{__name__}:parse_utf8", path, str, limits)


def _decode(content: bytes) -> str:
    """UTF-8, UTF-16 by its marks, and otherwise Windows-1252, the older encoding of Spanish texts."""
    codec = detect_utf16(content[:4096])
    if codec:
        return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")
