"""CSV: polars where the bytes vouch for it, the strict way for everything else.

polars fills a short row with nulls and keeps zero bytes without a word. The fast path is therefore believed
only when its cells, separators, quotes and line ends add up to the size of the file to the byte.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from pipelines.readers.csv_rows import Line, decode_lines, read_records
from pipelines.readers.kinds import looks_like_utf16
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import ROW, Grid, ReadError, Row, Table, read_header, tabulate

UTF8: Final = "utf-8"
SEPARATORS: Final = (",", ";", "\t")
_BOM: Final = b"\xef\xbb\xbf"
_BLOCK: Final = 1 << 20
_NOT_UTF8: Final = "the file is UTF-16 (Excel's “Unicode text”); save it as CSV UTF-8"


def read_csv(
    path: Path, *, encoding: str | None = None, separator: str | None = None, limits: Limits = DEFAULT
) -> Table:
    """Read a CSV file with its header in the first row that is not blank.

    Without `encoding` the file has to be UTF-8, and each row that is not is a fault; with it, it is decoded.
    Raises ReadError on an empty file, a bad header or an unknown encoding.
    """
    table = None if encoding else _read_fast(path, separator, limits)
    if table is None:
        with _lines(path, encoding, limits) as lines:
            table = tabulate(
                "", read_records(lines, _separator(path, separator, encoding), str(path), None), str(path)
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
        return Grid("", list(read_records(lines, found, str(path), header_row)))


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
        if head.startswith(_BOM):
            stream.seek(len(_BOM))
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
    """The separator that the header uses most, outside quotes; a comma where there is none."""
    if given:
        return given
    with path.open("rb") as file:
        head = file.read(65536)
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


# --- the fast way -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Census:
    """What the bytes after the header hold, counted without looking at structure."""

    size: int
    quotes: int
    doubled: bool  # two quotes stand side by side: an empty quoted cell or an escaped quote
    line_end: int  # bytes of one line end
    closed: bool  # the last line has its end


def _read_fast(path: Path, separator: str | None, limits: Limits) -> Table | None:
    """The table by polars, or None where the bytes do not vouch for it."""
    _check_size(path, limits)
    with path.open("rb") as file:
        first = file.readline(_BLOCK)
        census = _count(file, first.endswith(b"\r\n"))
    if census is None or not first.endswith(b"\n"):
        return None
    try:
        header = first.removeprefix(_BOM).decode(UTF8)
        found = separator or max(SEPARATORS, key="".join(header.split('"')[::2]).count)
        names = next(csv.reader([header], delimiter=found, strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    if not any(names) or "\0" in header:
        return None
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
    if not _adds_up(cells, census):
        return None
    if census.doubled:
        cells = cells.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    cells = cells.with_row_index(ROW, offset=2).with_columns(pl.col(ROW).cast(pl.Int64))
    if min(cells[name].null_count() for name in columns):  # rows of nothing but separators
        cells = cells.filter(~pl.all_horizontal(pl.col(columns).is_null()))
    return Table("", cells)


def _count(file: BinaryIO, windows: bool) -> _Census | None:
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


def _adds_up(cells: pl.DataFrame, census: _Census) -> bool:
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
