"""CSV: polars where the bytes vouch for it, the strict way, record by record, for everything else.

polars fills a short row with nulls and keeps zero bytes without a word. Its result is therefore believed only
when its cells, separators, quotes and line ends add up to the size of the file to the byte.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.sheets.raw_table import ROW, Grid, ReadError, Row, Table, read_header, tabulate

_BROKEN_QUOTES: Final = 1_000  # more unclosed quotes than this and the file is not CSV as we know it
_WINDOWS: Final = "windows-1252"


@dataclass(frozen=True)
class CsvLine:
    """A physical line as text, its end included, and what is wrong with its bytes."""

    text: str
    fault: str | None = None


def decode_lines(lines: Iterable[bytes], encoding: str) -> Iterator[CsvLine]:
    """Decode line by line, so that one bad byte spoils one line."""
    for line in lines:
        if b"\0" in line:
            yield CsvLine(
                line.replace(b"\0", b"").decode(encoding, "replace"),
                f"byte {line.index(0) + 1} of the line is a zero byte; save the file again as CSV UTF-8",
            )
            continue
        try:
            yield CsvLine(line.decode(encoding))
        except UnicodeDecodeError as error:
            yield CsvLine(_decode_windows(line), _explain(line, error, encoding))


def check_width(cells: list[str], source: str, most: int) -> None:
    """Refuse a header of more columns than a report has. Raises ReadError with both numbers."""
    if len(cells) > most:
        raise ReadError(f"{source}: the header has {len(cells):,} columns; at most {most:,} are read")


def read_records(
    lines: Iterator[CsvLine], separator: str, source: str, header_row: int | None, columns: int
) -> Iterator[Row]:
    """Records with the number a spreadsheet shows, blank ones included.

    The width of the header (row `header_row`, or the first that is not blank) binds every row after it.
    Where a quote is never closed, its own line is the fault and reading goes on with the next line.
    Raises ReadError when that happens more than a thousand times, and where the header has more than
    `columns` cells.
    """
    waiting: deque[CsvLine] = deque()
    number = 0
    width: int | None = None
    broken = 0
    while True:
        used: list[CsvLine] = []
        try:
            cells = next(csv.reader(_feed_lines(lines, waiting, used), delimiter=separator, strict=True))
            problem = None
        except StopIteration:
            return
        except csv.Error as error:
            cells, problem = [], _say_fault(error)
        number += 1
        fault = next((line.fault for line in used if line.fault), None) or problem
        if problem is None and width is not None and cells and len(cells) != width:
            fault = fault or f"the row has {len(cells)} cells, the header has {width}"
            problem = _find_swallowed(used, separator, width)
        if problem and len(used) > 1:
            broken += 1
            if broken > _BROKEN_QUOTES:
                raise ReadError(
                    f"{source}: more than {_BROKEN_QUOTES:,} quotes are never closed; save it again"
                )
            waiting.extendleft(reversed(used[1:]))
            yield Row(number, [used[0].text.rstrip("\r\n")], used[0].fault or problem)
            continue
        if fault:
            yield Row(number, ["".join(line.text for line in used).rstrip("\r\n")], fault)
            continue
        if width is None and (any(cells) if header_row is None else number == header_row):
            check_width(cells, source, columns)
            width = len(cells)
        yield Row(number, [cell or None for cell in cells])


def _feed_lines(lines: Iterator[CsvLine], waiting: deque[CsvLine], used: list[CsvLine]) -> Iterator[str]:
    """Hand lines to the csv module and remember which ones this record took."""
    while True:
        if waiting:
            line = waiting.popleft()
        else:
            try:
                line = next(lines)
            except StopIteration:
                return
        used.append(line)
        yield line.text


def _find_swallowed(used: list[CsvLine], separator: str, width: int) -> str | None:
    """A quoted cell ran over lines that are whole rows: its quote was never meant to be open."""
    for line in used[1:]:
        try:
            cells = next(csv.reader([line.text], delimiter=separator, strict=True))
        except (csv.Error, StopIteration):
            continue
        if len(cells) == width:
            return _UNCLOSED
    return None


_UNCLOSED: Final = "a quote opens in this row and is not closed; close it, or write two quotes for one"
_SAYINGS: Final = {
    "unexpected end of data": _UNCLOSED,
    "' expected after '": "text stands after a closing quote; write two quotes inside a quoted cell for one",
    "new-line character": "a lone carriage return stands outside quotes; save the file again as CSV UTF-8",
    "field larger": "a cell is longer than 131,072 characters, or a quote in this row is never closed",
}


def _say_fault(error: csv.Error) -> str:
    message = str(error)
    return next((words for sign, words in _SAYINGS.items() if sign in message), message)


def _decode_windows(line: bytes) -> str:
    return line.decode(_WINDOWS, "backslashreplace")


def _explain(line: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    byte = line[error.start]
    read_as = _decode_windows(line[error.start : error.start + 1])
    guess = f" (in Windows-1252 it would be {read_as!r})" if encoding == "utf-8" and read_as.isalpha() else ""
    place = f"byte 0x{byte:02X} at position {error.start + 1} of the line"
    return f"{place} is not {encoding}{guess}; save the file as CSV UTF-8"


UTF8: Final = "utf-8"
SEPARATORS: Final = (",", ";", "\t")
BOM: Final = b"\xef\xbb\xbf"
_BLOCK: Final = 1 << 20
# Excel's first line "sep=;": no row, and no spreadsheet shows it
STATED: Final = re.compile(rb'\A(?:\xef\xbb\xbf)?"?sep=([,;\t|])"?\r?(?:\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True)
class _Census:
    """What the bytes after the header hold, counted without looking at structure."""

    size: int
    quotes: int
    doubled: bool  # two quotes stand side by side: an empty quoted cell or an escaped quote
    line_end: int  # bytes of one line end
    closed: bool  # the last line has its end


def read_fast(path: Path, separator: str | None, limits: FileLimits) -> Table | None:
    """The table by polars, or None where the bytes do not vouch for it."""
    with path.open("rb") as file:
        first = file.readline(_BLOCK)
        census = _count_bytes(file, first.endswith(b"\r\n"))
    if census is None or not first.endswith(b"\n") or STATED.match(first):
        return None
    try:
        header = first.removeprefix(BOM).decode(UTF8)
        found = separator or max(SEPARATORS, key="".join(header.split('"')[::2]).count)
        names = next(csv.reader([header], delimiter=found, strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    if not any(names) or "\0" in header:
        return None
    check_width(names, str(path), limits.columns)
    columns = read_header(Row(1, list(names)), str(path))
    try:
        cells = pl.read_csv(
            path,
            has_header=False,
            skip_lines=1,
            schema=dict.fromkeys(columns, pl.String()),
            separator=found,
            glob=False,
        )
    except pl.exceptions.PolarsError:  # whatever it is, the strict way says it better
        return None
    if not _has_all_bytes(cells, census):
        return None
    if census.doubled:
        cells = cells.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    cells = cells.with_row_index(ROW, offset=2).with_columns(pl.col(ROW).cast(pl.Int64))
    if min(cells[name].null_count() for name in columns):  # rows of nothing but separators
        cells = cells.filter(~pl.all_horizontal(pl.col(columns).is_null()))
    return Table("", cells)


def _count_bytes(file: BinaryIO, windows: bool) -> _Census | None:
    """Count in blocks; None as soon as something only the strict way can judge turns up."""
    blank = b"\n\r\n" if windows else b"\n\n"
    size = quotes = ends = returns = pairs = 0
    doubled = False
    tail = b"\n"  # the header's line end: a blank line may follow it
    while block := file.read(_BLOCK):
        size += len(block)
        quotes += block.count(b'"')
        joined = tail + block
        doubled = doubled or b'""' in joined
        if b"\0" in block or blank in joined or (b"\r" in block and not windows):
            return None
        if windows:
            ends += block.count(b"\n")
            returns += block.count(b"\r")
            pairs += joined.count(b"\r\n") - tail.count(b"\r\n")
        tail = joined[-2:]
    if quotes % 2 or not returns == pairs == ends:
        return None
    return _Census(size, quotes, doubled, 2 if windows else 1, tail.endswith(b"\n"))


def _has_all_bytes(cells: pl.DataFrame, census: _Census) -> bool:
    """Whether cells + separators + line ends + quotes are the bytes that were counted.

    A quoted cell with e quotes inside takes its length + 2 + e bytes and 2 + 2e quotes, so all quoted cells
    together take (quotes in the file - quotes in the cells) bytes more than their content.
    """
    inside = 0
    if census.doubled:
        inside = int(
            cells.select(pl.sum_horizontal(pl.all().str.count_matches('"', literal=True).sum())).item()
        )
    content = int(cells.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item())
    separators = (cells.width - 1) * cells.height
    line_ends = census.line_end * (cells.height - (0 if census.closed else 1))
    return content + separators + line_ends + census.quotes - inside == census.size


_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NOT_UTF8: Final = "the file is UTF-16 (Excel's “Unicode text”); save it as CSV UTF-8"


def read_csv(
    path: Path, *, encoding: str | None = None, separator: str | None = None, limits: FileLimits = DEFAULT
) -> Table:
    """Read a CSV file with its header in the first row that is not blank.

    Without `encoding` the file has to be UTF-8, and each row that is not is a fault; with it, it is decoded.
    Raises ReadError on an empty file, a bad header or an unknown encoding.
    """
    _check_size(path, limits)
    table = None if encoding else read_fast(path, separator, limits)
    if table is None:
        with _open_lines(path, encoding, limits) as lines:
            table = tabulate(
                "",
                read_records(
                    lines, _find_separator(path, separator, encoding), str(path), None, limits.columns
                ),
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
    limits: FileLimits = DEFAULT,
) -> Grid:
    """All rows of a CSV file; those after `header_row` have to have its width."""
    with _open_lines(path, encoding, limits) as lines:
        found = _find_separator(path, separator, encoding, header_row)
        return Grid("", list(read_records(lines, found, str(path), header_row, limits.columns)))


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


# --- the strict way ---------------------------------------------------------------------------------------


@contextmanager
def _open_lines(path: Path, encoding: str | None, limits: FileLimits) -> Iterator[Iterator[CsvLine]]:
    """The file's lines, decoded. A UTF-16 file without a stated encoding is all faults."""
    _check_size(path, limits)
    if encoding and not _is_known_encoding(encoding):
        raise ReadError(f"{path}: unknown encoding {encoding!r}; write one like 'windows-1252'")
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(0)
        utf16 = _find_wide_codec(head, encoding)
        if utf16:
            text = file.read().decode(utf16, "replace").removeprefix("\ufeff")
            lines = (CsvLine(line) for line in io.StringIO(text, newline=""))
            yield lines if encoding else _condemn_lines(lines)
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


def _is_known_encoding(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _find_wide_codec(head: bytes, encoding: str | None) -> str | None:
    """The codec of a file with two bytes a letter, stated or recognised; None for all others."""
    if encoding is None:
        return detect_utf16(head)
    return encoding if codecs.lookup(encoding).name.startswith("utf-16") else None


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


def _check_size(path: Path, limits: FileLimits) -> None:
    size = path.stat().st_size
    if size > limits.csv_bytes:
        raise ReadError(f"{path}: {size:,} bytes; at most {limits.csv_bytes:,} are read. Split the file")
