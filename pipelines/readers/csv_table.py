"""CSV: polars where the bytes vouch for it (`csv_fast.py`), the strict way for everything else."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from pipelines.readers.csv_fast import BOM, SEPARATORS, STATED, UTF8, read_fast
from pipelines.readers.csv_rows import Line, decode_lines, read_records
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import Grid, ReadError, Table, tabulate

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NOT_UTF8: Final = "the file is UTF-16 (Excel's “Unicode text”); save it as CSV UTF-8"


def read_csv(
    path: Path, *, encoding: str | None = None, separator: str | None = None, limits: Limits = DEFAULT
) -> Table:
    """Read a CSV file with its header in the first row that is not blank.

    Without `encoding` the file has to be UTF-8, and each row that is not is a fault; with it, it is decoded.
    Raises ReadError on an empty file, a bad header or an unknown encoding.
    """
    _check_size(path, limits)
    table = None if encoding else read_fast(path, separator, limits)
    if table is None:
        with _lines(path, encoding, limits) as lines:
            table = tabulate(
                "",
                read_records(lines, _separator(path, separator, encoding), str(path), None, limits.columns),
                str(path),
            )
    if table is None:
        raise ReadError(f"{path}: the file is empty")
    return table


def read_csv_grid(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    header_row: int = 1,
    limits: Limits = DEFAULT,
) -> Grid:
    """All rows of a CSV file; those after `header_row` have to have its width."""
    with _lines(path, encoding, limits) as lines:
        found = _separator(path, separator, encoding, header_row)
        return Grid("", list(read_records(lines, found, str(path), header_row, limits.columns)))


def looks_like_utf16(head: bytes) -> str | None:
    """The codec of UTF-16 text, by its byte-order mark or by a zero in every other byte; else None."""
    if head.startswith(_UTF16):
        return "utf-16"
    pairs = len(head) // 2
    if pairs == 0:
        return None
    for codec, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > 0.7 * pairs and letters.count(0) < 0.1 * pairs:
            return codec
    return None


# --- the strict way ---------------------------------------------------------------------------------------


@contextmanager
def _lines(path: Path, encoding: str | None, limits: Limits) -> Iterator[Iterator[Line]]:
    """The file's lines, decoded. A UTF-16 file without a stated encoding is all faults."""
    _check_size(path, limits)
    if encoding and not _is_known(encoding):
        raise ReadError(f"{path}: unknown encoding {encoding!r}; write one like 'windows-1252'")
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(0)
        utf16 = _wide_codec(head, encoding)
        if utf16:
            text = file.read().decode(utf16, "replace").removeprefix("\ufeff")
            lines = (Line(line) for line in io.StringIO(text, newline=""))
            yield lines if encoding else _condemn(lines)
            return
        stream: BinaryIO = file
        if b"\n" not in head and b"\r" in head:  # old Mac line ends
            stream = io.BytesIO(file.read().replace(b"\r", b"\n"))
        stated = STATED.match(head)
        if stated:
            stream.seek(stated.end())  # Excel's "sep=;" is no row, and no spreadsheet shows it
        elif head.startswith(BOM):
            stream.seek(len(BOM))
        yield decode_lines(stream, encoding or UTF8)


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _wide_codec(head: bytes, encoding: str | None) -> str | None:
    """The codec of a file with two bytes a letter, stated or recognised; None for all others."""
    if encoding is None:
        return looks_like_utf16(head)
    return encoding if codecs.lookup(encoding).name.startswith("utf-16") else None


def _condemn(lines: Iterator[Line]) -> Iterator[Line]:
    """Every line but the header is a fault: the header only names the columns."""
    header_seen = False
    for line in lines:
        yield Line(line.text, _NOT_UTF8 if header_seen else None)
        header_seen = header_seen or bool(line.text.strip())


def _separator(path: Path, given: str | None, encoding: str | None, header_row: int | None = None) -> str:
    """The separator that a first line "sep=;" states, else the one that the header uses most, outside quotes;
    a comma where there is none."""
    if given:
        return given
    with path.open("rb") as file:
        head = file.read(65536)
    stated = STATED.match(head)
    if stated:
        return stated.group(1).decode()
    text = head.decode(_wide_codec(head, encoding) or encoding or UTF8, "replace").lstrip("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if header_row is not None:
        lines = lines[header_row - 1 :]
    header = next((line for line in lines if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size > limits.csv_bytes:
        raise ReadError(f"{path}: {size:,} bytes; at most {limits.csv_bytes:,} are read. Split the file")
