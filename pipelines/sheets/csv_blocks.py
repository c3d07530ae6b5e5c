"""CSV the fast way: block by block with polars, where the bytes vouch for what it says.

polars fills a short row with nulls and keeps zero bytes without a word. Its result for a block of whole lines
is therefore believed only when its cells, separators, quotes and line ends add up to the block to the byte.
"""

import csv
import re
from dataclasses import dataclass
from typing import BinaryIO, Final

import polars as pl

from pipelines.sheets.csv_records import check_width
from pipelines.sheets.raw_table import ROW, Row, read_header

UTF8: Final = "utf-8"
SEPARATORS: Final = (",", ";", "\t")
BOM: Final = b"\xef\xbb\xbf"
BLOCK: Final = 1 << 20
# Excel's first line "sep=;": no row, and no spreadsheet shows it
STATED: Final = re.compile(rb'\A(?:\xef\xbb\xbf)?"?sep=([,;\t|])"?\r?(?:\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True)
class FastHeader:
    """A first line that is plainly a header: its columns, its separator, whether lines end as in Windows."""

    columns: list[str]
    separator: str
    windows: bool


def read_fast_header(file: BinaryIO, separator: str | None, source: str, columns: int) -> FastHeader | None:
    """The header in the file's first line, or None where only the strict way can judge. Raises ReadError."""
    first = file.readline(BLOCK)
    if not first.endswith(b"\n") or STATED.match(first):
        return None
    try:
        header = first.removeprefix(BOM).decode(UTF8)
        found = separator or max(SEPARATORS, key="".join(header.split('"')[::2]).count)
        names = next(csv.reader([header], delimiter=found, strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    if not any(names) or "\0" in header:
        return None
    check_width(names, source, columns)
    return FastHeader(read_header(Row(1, list(names)), source), found, first.endswith(b"\r\n"))


def read_block(file: BinaryIO) -> bytes:
    """The next lines, whole, as far as quotes tell: a block ends where an even number of them lies behind."""
    block = file.read(BLOCK) + file.readline()
    if len(block) < BLOCK:
        return block
    end = block.rfind(b"\n") + 1
    quotes = block.count(b'"', 0, end)
    while quotes % 2 and end:
        shorter = block.rfind(b"\n", 0, end - 1) + 1
        quotes -= block.count(b'"', shorter, end)
        end = shorter
    if not end:  # no such place: the strict way goes on until it finds one
        return block
    file.seek(end - len(block), 1)
    return block[:end]


def read_cells(block: bytes, header: FastHeader, before: int) -> pl.DataFrame | None:
    """The cells of a block of lines, after `before` rows; None where the bytes do not vouch for them."""
    census = _count_bytes(block, header.windows)
    if census is None or (census.quotes and not _is_quoted_plainly(block, header.separator.encode())):
        return None
    try:
        cells = pl.read_csv(
            block,
            has_header=False,
            schema=dict.fromkeys(header.columns, pl.String()),
            separator=header.separator,
        )
    except pl.exceptions.PolarsError:  # whatever it is, the strict way says it better
        return None
    if not _has_all_bytes(cells, census):
        return None
    if census.doubled:
        cells = cells.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    return cells.with_row_index(ROW, offset=before + 1).with_columns(pl.col(ROW).cast(pl.Int64))


def drop_blank(cells: pl.DataFrame) -> pl.DataFrame:
    """Without the rows of nothing but separators."""
    columns = [name for name in cells.columns if name != ROW]
    if min(cells[name].null_count() for name in columns):
        return cells.filter(~pl.all_horizontal(pl.col(columns).is_null()))
    return cells


@dataclass(frozen=True)
class _Census:
    """What the bytes of a block hold, counted without looking at structure."""

    size: int
    quotes: int
    doubled: bool  # two quotes stand side by side: an empty quoted cell or an escaped quote
    line_end: int  # bytes of one line end
    closed: bool  # the last line has its end


def _count_bytes(block: bytes, windows: bool) -> _Census | None:
    """None where the block holds something that only the strict way can judge."""
    end = b"\r\n" if windows else b"\n"
    quotes = block.count(b'"')
    if quotes % 2 or b"\0" in block or block.startswith(end) or b"\n" + end in block:
        return None
    pairs = block.count(b"\r\n") if windows else 0
    if block.count(b"\r") != pairs or (windows and block.count(b"\n") != pairs):
        return None
    return _Census(len(block), quotes, b'""' in block, len(end), block.endswith(b"\n"))


def _is_quoted_plainly(block: bytes, separator: bytes) -> bool:
    """Whether every quote opens or closes a cell or is half of a doubled one: polars drops others."""
    outside = block.replace(b'""', b"").split(b'"')[::2]
    if len(outside) == 1:
        return True
    first, between, last = outside[0], outside[1:-1], outside[-1]
    opens, closes = (separator, b"\n"), (separator, b"\r", b"\n")
    return (
        (not first or first.endswith(opens))
        and (not last or last.startswith(closes))
        and all(part.startswith(closes) and part.endswith(opens) for part in between)
    )


def _has_all_bytes(cells: pl.DataFrame, census: _Census) -> bool:
    """Whether cells + separators + line ends + quotes are the bytes that were counted.

    A quoted cell with e quotes inside takes its length + 2 + e bytes and 2 + 2e quotes, so all quoted cells
    together take (quotes in the block - quotes in the cells) bytes more than their content.
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
