"""CSV the strict way: record by record, each with its number in a spreadsheet and what is wrong with it."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from pipelines.core.counted import count_of
from pipelines.sheets.raw_table import ReadError, Row

_BROKEN_QUOTES: Final = 1_000  # more unclosed quotes than this and the file is not CSV as we know it
_WINDOWS: Final = "windows-1252"
_BLANK: Final = ("\n", "\r\n", "")
_ZERO: Final = "\N{SYMBOL FOR NULL}"  # shown where a zero byte stood


class CsvLine(NamedTuple):
    """A physical line as text, its end included, and what is wrong with its bytes."""

    text: str
    fault: str | None = None


def decode_lines(lines: Iterable[bytes], encoding: str) -> Iterator[CsvLine]:
    """Decode line by line, so that one bad byte spoils one line."""
    for line in lines:
        if b"\0" in line:
            yield CsvLine(
                line.decode(encoding, "replace").replace("\0", _ZERO),
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
    lines: Iterator[CsvLine],
    separator: str,
    source: str,
    header_row: int | None,
    columns: int,
    *,
    number: int = 0,
    width: int | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[Row]:
    """Records with the number a spreadsheet shows, blank ones included.

    The width of the header (row `header_row`, or the first that is not blank) binds every row after it.
    Where a quote is never closed, its own line is the fault and reading goes on with the next line.
    Raises ReadError when that happens more than a thousand times, and where the header has more than
    `columns` cells. `number` and `width` are those of rows that were read before; `is_over` is asked between
    two records.
    """
    waiting: deque[CsvLine] = deque()
    broken = 0
    while waiting or not is_over():
        used: list[CsvLine] = []
        if not waiting:
            line = next(lines, None)
            if line is None:
                return
            if line.text in _BLANK:  # a flood of them costs little
                number += 1
                yield Row(number, [])
                continue
            waiting.append(line)
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
            fault = fault or f"the row has {count_of(len(cells), 'cell')}, the header has {width}"
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
