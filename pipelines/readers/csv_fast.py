"""CSV by polars, where the bytes vouch for it.

polars fills a short row with nulls and keeps zero bytes without a word. Its result is therefore believed only
when its cells, separators, quotes and line ends add up to the size of the file to the byte.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from pipelines.readers.csv_rows import check_width
from pipelines.readers.limits import Limits
from pipelines.readers.shapes import ROW, Row, Table, read_header

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


def read_fast(path: Path, separator: str | None, limits: Limits) -> Table | None:
    """The table by polars, or None where the bytes do not vouch for it."""
    with path.open("rb") as file:
        first = file.readline(_BLOCK)
        census = _count(file, first.endswith(b"\r\n"))
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
