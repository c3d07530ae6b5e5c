"""CSV: polars where the bytes vouch for it, the strict way, record by record, for everything else.

The file is gone through in blocks of whole lines, in a confined child. A block that only the strict way can
judge costs the strict way's time for that block alone.
"""

import codecs
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.sheets.csv_blocks import (
    BOM,
    SEPARATORS,
    STATED,
    UTF8,
    FastHeader,
    drop_blank,
    read_block,
    read_cells,
    read_fast_header,
)
from pipelines.sheets.csv_records import CsvLine, decode_lines, read_records
from pipelines.sheets.raw_table import Grid, ReadError, Row, Table, tabulate_pieces
from pipelines.sheets.sandbox import read_confined_tables, run_confined

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NOT_UTF8: Final = "the file is UTF-16 (Excel's “Unicode text”); save it as CSV UTF-8"
_HEAD: Final = 4096


def read_csv(
    path: Path, *, encoding: str | None = None, separator: str | None = None, limits: FileLimits = DEFAULT
) -> Table:
    """Read a CSV file with its header in the first row that is not blank.

    Without `encoding` the file has to be UTF-8, and each row that is not is a fault; with it, it is decoded.
    Raises ReadError on an empty file, a bad header, an unknown encoding or more than `limits` allow.
    """
    tables = read_confined_tables(
        f"{__name__}:parse_table", path, limits, encoding=encoding, separator=separator
    )
    if not tables:
        raise ReadError(f"{path}: the file is empty")
    return tables[0]


def read_csv_grid(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    header_row: int = 1,
    limits: FileLimits = DEFAULT,
) -> Grid:
    """All rows of a CSV file; those after `header_row` have to have its width."""
    options = {"encoding": encoding, "separator": separator, "header_row": header_row}
    return run_confined(f"{__name__}:parse_grid", path, Grid, limits, **options)


def parse_table(
    path: Path, *, limits: FileLimits, encoding: str | None, separator: str | None
) -> Iterator[tuple[int, Table]]:
    """The child's side of `read_csv`: the table, piece by piece."""
    _check_bytes(path, encoding, separator, limits)
    with path.open("rb") as file:
        wide = encoding or detect_utf16(file.read(_HEAD))
        file.seek(0)
        header = None if wide else read_fast_header(file, separator, str(path), limits.columns)
        if header is not None:
            yield from ((0, piece) for piece in _read_blocks(file, header, path, limits))
            return
        file.seek(0)
        found = _find_separator(path, separator, encoding)
        records = read_records(_read_lines(file, path, encoding), found, str(path), None, limits.columns)
        yield from ((0, piece) for piece in tabulate_pieces("", records, str(path)))


def parse_grid(
    path: Path, *, limits: FileLimits, encoding: str | None, separator: str | None, header_row: int
) -> Grid:
    """The child's side of `read_csv_grid`."""
    _check_bytes(path, encoding, separator, limits)
    found = _find_separator(path, separator, encoding, header_row)
    with path.open("rb") as file:
        lines = _read_lines(file, path, encoding)
        records = read_records(lines, found, str(path), header_row, limits.columns)
        return Grid("", [row for row in records if row.cells or row.fault])


def _read_blocks(file: BinaryIO, header: FastHeader, path: Path, limits: FileLimits) -> Iterator[Table]:
    """What follows the header's line."""
    number = 1
    yield from tabulate_pieces("", (), str(path), columns=header.columns)
    while block := read_block(file):
        end = file.tell()
        cells = read_cells(block, header, number)
        if cells is not None:
            number += cells.height
            yield Table("", drop_blank(cells))
            continue
        file.seek(end - len(block))
        records = _Counted(
            read_records(
                decode_lines(file, UTF8),
                header.separator,
                str(path),
                None,
                limits.columns,
                number=number,
                width=len(header.columns),
                is_over=lambda end=end: file.tell() >= end,  # type: ignore[misc]
            )
        )
        yield from tabulate_pieces("", records, str(path), columns=header.columns)
        number = records.last or number


class _Counted:
    """Rows, and the number of the last of them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.last: int | None = None

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.last = row.number
            yield row


def detect_utf16(head: bytes) -> str | None:
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


def _check_bytes(path: Path, encoding: str | None, separator: str | None, limits: FileLimits) -> None:
    """Refuse what is too large, a flood of lines, or a line that never ends, before any of it is kept."""
    size = path.stat().st_size
    if size > limits.csv_bytes:
        raise ReadError(f"{path}: {size:,} bytes; at most {limits.csv_bytes:,} are read. Split the file")
    if encoding and not _is_known_encoding(encoding):
        raise ReadError(f"{path}: unknown encoding {encoding!r}; write one like 'windows-1252'")
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise ReadError(f"{path}: {separator!r} cannot separate cells; write one character like ';'")
    lines = begun = at = 0
    with path.open("rb") as file:
        end = b"\r" if _has_mac_ends(file.read(_HEAD)) else b"\n"
        file.seek(0)
        while block := file.read(limits.line_bytes):
            first = block.find(end)
            if (first if first >= 0 else len(block)) + at - begun > limits.line_bytes:
                raise ReadError(
                    f"{path}: line {lines + 1:,} has more than {limits.line_bytes:,} bytes; this is no table"
                )
            lines += block.count(end)
            begun = at + block.rfind(end) + 1 if first >= 0 else begun
            at += len(block)
            if lines > limits.lines:
                raise ReadError(f"{path}: more than {limits.lines:,} lines; split the file")


def _has_mac_ends(head: bytes) -> bool:
    return b"\n" not in head and b"\r" in head


def _read_lines(file: BinaryIO, path: Path, encoding: str | None) -> Iterator[CsvLine]:
    """The file's lines, decoded. Raises ReadError where the codec is none for text, or cannot begin here."""
    try:
        yield from _decode_lines(file, encoding)
    except (UnicodeError, LookupError) as error:
        raise ReadError(
            f"{path}: cannot be decoded as {encoding or 'UTF-16'}; save it as CSV UTF-8"
        ) from error


def _decode_lines(file: BinaryIO, encoding: str | None) -> Iterator[CsvLine]:
    """A UTF-16 file without a stated encoding is all faults."""
    head = file.read(_HEAD)
    file.seek(0)
    utf16 = _find_wide_codec(head, encoding)
    if utf16:
        wide = io.TextIOWrapper(file, encoding=utf16, errors="replace", newline="")
        lines = (CsvLine(line if n else line.removeprefix("\ufeff")) for n, line in enumerate(wide))
        yield from lines if encoding else _condemn_lines(lines)
        return
    stated = STATED.match(head)
    if stated:
        file.seek(stated.end())  # Excel's "sep=;" is no row, and no spreadsheet shows it
    elif head.startswith(BOM):
        file.seek(len(BOM))
    yield from decode_lines(_split_mac_lines(file) if _has_mac_ends(head) else file, encoding or UTF8)


def _split_mac_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines that end in a carriage return, as if they ended in a line feed."""
    rest = b""
    while block := file.read(1 << 20):
        *lines, rest = (rest + block).split(b"\r")
        yield from (line + b"\n" for line in lines)
    if rest:
        yield rest


def _is_known_encoding(encoding: str) -> bool:
    try:
        return "x".encode(encoding) is not None
    except (LookupError, UnicodeError):
        return False


def _find_wide_codec(head: bytes, encoding: str | None) -> str | None:
    """The codec of a file with two bytes a letter, stated or recognised; None for all others."""
    if encoding is None:
        return detect_utf16(head)
    return encoding if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")) else None


def _condemn_lines(lines: Iterator[CsvLine]) -> Iterator[CsvLine]:
    """Every line but the header is a fault: the header only names the columns."""
    header_seen = False
    for line in lines:
        yield CsvLine(line.text, _NOT_UTF8 if header_seen else None)
        header_seen = header_seen or bool(line.text.strip())


def _find_separator(
    path: Path, given: str | None, encoding: str | None, header_row: int | None = None
) -> str:
    """The separator that a first line "sep=;" states, else the one that the header uses most, outside quotes;
    a comma where there is none."""
    if given:
        return given
    with path.open("rb") as file:
        head = file.read(65536)
    stated = STATED.match(head)
    if stated:
        return stated.group(1).decode()
    text = head.decode(_find_wide_codec(head, encoding) or encoding or UTF8, "replace").lstrip("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if header_row is not None:
        lines = lines[header_row - 1 :]
    header = next((line for line in lines if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
