"""Bytes become tables or text: one module a format, a well-kept library in each.

A reader never types a value. It hands on every cell as the text that stood there, with the row number
that a person sees in the file, and names what it could not read. Each library is loaded when a file needs it.
"""

from pathlib import Path

from pipelines.readers.csv_table import looks_like_utf16, read_csv
from pipelines.readers.kinds import Kind, kind_of
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import Fault, Grid, Passage, ReadError, Row, Table

__all__ = [
    "Fault",
    "Grid",
    "Kind",
    "Limits",
    "Passage",
    "ReadError",
    "Row",
    "Table",
    "kind_of",
    "read_tables",
    "read_text",
]


def read_tables(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """Read the tables of a CSV, XLSX or ODS file, one for each sheet that is not blank.

    What the file is decides, not its name; where the two disagree it is refused. Raises ReadError when the
    file is empty, of another kind, or has a header that is empty somewhere or repeats itself.
    """
    kind = kind_of(path)
    if kind in {Kind.CSV, Kind.TEXT}:
        return [read_csv(path, limits=limits)]
    if kind is Kind.XLSX:
        from pipelines.readers.xlsx_table import read_xlsx

        return read_xlsx(path, limits=limits)
    if kind is Kind.ODS:
        from pipelines.readers.ods_table import read_ods

        return read_ods(path, limits=limits)
    raise ReadError(f"{path}: a table was expected (CSV, XLSX or ODS), its content is: {kind}")


def read_text(path: Path, *, limits: Limits = DEFAULT) -> list[Passage]:
    """Read the text of a text file, HTML page, PDF or image, in reading order.

    A text or page is one passage; a PDF or an image gives one for each paragraph or label, with page and box.
    Raises ReadError when the file is empty, of another kind, over a limit, or needs an extra that is missing.
    """
    kind = kind_of(path)
    if kind in {Kind.TEXT, Kind.CSV}:
        return [_read_plain_text(path, limits)]
    if kind is Kind.HTML:
        from pipelines.readers.html_page import read_html_text

        return read_html_text(path, limits=limits)
    if kind is Kind.PDF:
        from pipelines.readers.pdf_text import read_pdf_text

        return read_pdf_text(path, limits=limits)
    if kind is Kind.IMAGE:
        from pipelines.readers.image_text import read_image_text

        return read_image_text(path, limits=limits)
    raise ReadError(f"{path}: a text was expected (text, HTML, PDF or image), its content is: {kind}")


def _read_plain_text(path: Path, limits: Limits) -> Passage:
    """The whole text, as it stands but for line ends. Raises ReadError if it is too large."""
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a text may have {limits.text_bytes:,}")
    text = _decode(path.read_bytes()).removeprefix("\ufeff")
    return Passage(text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode(content: bytes) -> str:
    """UTF-8, UTF-16 by its marks, and otherwise Windows-1252, the older encoding of Spanish texts."""
    codec = looks_like_utf16(content[:4096])
    if codec:
        return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")
