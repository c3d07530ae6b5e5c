"""CSV: every cell as it stood, every fault on its own row, and the fast way says what the strict one says."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.counted import count_of
from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.file_kind import read_tables
from pipelines.sheets import csv_blocks, csv_reader
from pipelines.sheets.csv_reader import read_csv, read_csv_grid
from pipelines.sheets.raw_table import ReadError, Table


def write(folder: Path, content: str | bytes, name: str = "sheet.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    return read_tables(path)[0].cells.rows()


def faults(path: Path) -> dict[int, str]:
    return {fault.row: fault.reason for fault in read_tables(path)[0].faults}


def test_every_cell_is_text_and_an_empty_one_is_null(tmp_path: Path) -> None:
    table = read_tables(write(tmp_path, 'a,b,c\n007,1.697,\n"",NA," x "\n'))[0]
    assert table.cells.schema == {"row": pl.Int64, "a": pl.String, "b": pl.String, "c": pl.String}
    assert table.cells.rows() == [(2, "007", "1.697", None), (3, None, "NA", " x ")]
    assert table.faults == []


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = 'a,b\n1,x\n\n2,"two\nlines"\n3,y\n'
    assert rows(write(tmp_path, text)) == [(2, "1", "x"), (4, "2", "two\nlines"), (5, "3", "y")]


def test_blank_lines_before_the_header_are_counted(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "\n\na,b\n1,2\n")) == [(4, "1", "2")]


def test_rows_of_separators_only_are_blank(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "a,b\n1,2\n,\n3,4\n,\n")) == [(2, "1", "2"), (4, "3", "4")]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_separator_is_recognised_from_the_header(tmp_path: Path, separator: str) -> None:
    text = separator.join(["fecha", "detenidos"]) + "\n" + separator.join(["15/02/2026", "1.697,5"]) + "\n"
    assert rows(write(tmp_path, text)) == [(2, "15/02/2026", "1.697,5")]


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_separator_that_excel_states_in_a_first_line_counts_and_is_no_row(tmp_path: Path, first: str) -> None:
    path = write(tmp_path, first + "fecha,hora;detenidos\n1,5;2\n")
    assert read_tables(path)[0].cells.columns == ["row", "fecha,hora", "detenidos"]
    assert rows(path) == [(2, "1,5", "2")]
    assert [row.cells for row in read_csv_grid(path).rows] == [["fecha,hora", "detenidos"], ["1,5", "2"]]


def test_separator_line_alone_leaves_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="the file is empty"):
        read_tables(write(tmp_path, "sep=;"))


def test_column_called_sep_is_a_column(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "sep=;x\n1;2\n")) == [(2, "1", "2")]


@pytest.mark.parametrize("ends", ["\n", "\r"])  # the fast way and the strict one
def test_header_of_too_many_columns_is_refused(tmp_path: Path, ends: str) -> None:
    path = write(tmp_path, ends.join([",".join(f"c{n}" for n in range(6)), ",".join("123456"), ""]))
    assert read_csv(path, limits=FileLimits(columns=6)).cells.width == 7
    with pytest.raises(ReadError, match="the header has 6 columns; at most 5 are read"):
        read_csv(path, limits=FileLimits(columns=5))
    with pytest.raises(ReadError, match="at most 5"):
        read_csv_grid(path, limits=FileLimits(columns=5))


def test_byte_order_mark_is_not_part_of_the_header(tmp_path: Path) -> None:
    assert read_tables(write(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n"))[0].cells.columns == ["row", "a", "b"]


def test_windows_line_ends_are_not_part_of_a_cell(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "a,b\r\n1,2\r\n3,4")) == [(2, "1", "2"), (3, "3", "4")]


def test_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "a,b\r1,2\r")) == [(2, "1", "2")]


@pytest.mark.parametrize(("line", "cells"), [("1", 1), ("1,2", 2), ("1,2,3,4", 4)])
def test_row_with_too_few_or_too_many_cells_is_a_fault_and_harms_no_other(
    tmp_path: Path, line: str, cells: int
) -> None:
    path = write(tmp_path, f"a,b,c\n1,2,3\n{line}\n7,8,9\n")
    assert rows(path) == [(2, "1", "2", "3"), (4, "7", "8", "9")]
    assert faults(path) == {3: f"the row has {count_of(cells, 'cell')}, the header has 3"}
    assert read_tables(path)[0].faults[0].raw == line


def test_short_row_and_long_row_do_not_make_up_for_each_other(tmp_path: Path) -> None:
    assert set(faults(write(tmp_path, "a,b\n1\n1,2,3\n"))) == {2, 3}


def test_byte_that_is_not_utf8_spoils_its_row_only(tmp_path: Path) -> None:
    path = write(tmp_path, b"a,b\n1,uno\n2,detenci\xf3n\n3,tres\n")
    assert rows(path) == [(2, "1", "uno"), (4, "3", "tres")]
    (fault,) = read_tables(path)[0].faults
    assert (fault.row, fault.raw) == (3, "2,detención")
    assert "byte 0xF3 at position 10" in fault.reason
    assert "'ó'" in fault.reason
    assert "CSV UTF-8" in fault.reason


def test_windows_1252_is_decoded_where_it_is_stated(tmp_path: Path) -> None:
    path = write(tmp_path, "prisión;año\nTocorón;2026\n".encode("windows-1252"))
    table = read_csv(path, encoding="windows-1252")
    assert table.cells.rows() == [(2, "Tocorón", "2026")]
    with pytest.raises(ReadError, match="row 1 is the header"):
        read_csv(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf16_file_is_all_faults_unless_it_is_stated(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a,b\n1,2\n3,4\n".encode(encoding))
    table = read_tables(path)[0]
    assert table.cells.columns == ["row", "a", "b"]
    assert table.cells.is_empty()
    assert [fault.row for fault in table.faults] == [2, 3]
    assert all("save it as CSV UTF-8" in fault.reason for fault in table.faults)
    assert read_csv(path, encoding=encoding).cells.rows() == [(2, "1", "2"), (3, "3", "4")]


def test_unknown_encoding_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="unknown encoding 'ansi-es'"):
        read_csv(write(tmp_path, "a\n1\n"), encoding="ansi-es")


def test_zero_byte_spoils_its_row_only(tmp_path: Path) -> None:
    path = write(tmp_path, b"a,b\n1,2\n3,\x004\n5,6\n")
    assert rows(path) == [(2, "1", "2"), (4, "5", "6")]
    assert "zero byte" in faults(path)[3]


@pytest.mark.parametrize("tail", ["", '6,"seis"\n'])
def test_unclosed_quote_spoils_its_row_only(tmp_path: Path, tail: str) -> None:
    path = write(tmp_path, 'a,b\n1,uno\n2,"dos\n3,tres\n' + tail)
    assert (2, "1", "uno") in rows(path)
    assert (4, "3", "tres") in rows(path)
    assert set(faults(path)) == {3}
    assert "quote" in faults(path)[3]


def test_text_after_a_closing_quote_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, 'a,b\n1,"dos" o tres\n4,5\n')
    assert rows(path) == [(3, "4", "5")]
    assert "closing quote" in faults(path)[2]


def test_file_of_nothing_but_open_quotes_is_refused_and_not_read_forever(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="quotes are never closed"):
        read_tables(write(tmp_path, "a,b\n" + '1,"x\n' * 5_000))


def test_monstrous_row_is_one_fault_of_bearable_length(tmp_path: Path) -> None:
    table = read_tables(write(tmp_path, b"a,b\n" + b'"' * 1_000_001 + b"\n"))[0]
    assert [len(fault.raw) < 3_000 for fault in table.faults] == [True]


def test_repeated_header_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="the same header stands in cells 1 and 3"):
        read_tables(write(tmp_path, "value,b,value\n1,2,3\n"))


def test_empty_header_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="header cell 2 of 3 is empty"):
        read_tables(write(tmp_path, "a,,c\n1,2,3\n"))


def test_header_that_would_hide_the_row_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="may not be called 'row'"):
        read_tables(write(tmp_path, "row,b\n1,2\n"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ReadError, match="the file is empty"):
        read_tables(write(tmp_path, content))


def test_header_without_rows_is_a_table_without_rows(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "a,b")) == []


def test_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="at most 10 are read"):
        read_tables(write(tmp_path, "a,b\n1,2\n3,4\n"), limits=FileLimits(csv_bytes=10))


def test_grid_leaves_the_lines_above_the_header_free(tmp_path: Path) -> None:
    path = write(tmp_path, "Boletín semanal\nCorte;15/02/2026\nmes;total\nenero;33\nfebrero\n")
    grid = read_csv_grid(path, header_row=3)
    assert [(row.number, row.cells) for row in grid.rows[:4]] == [
        (1, ["Boletín semanal"]),
        (2, ["Corte", "15/02/2026"]),
        (3, ["mes", "total"]),
        (4, ["enero", "33"]),
    ]
    assert grid.rows[4].fault == "the row has 1 cell, the header has 2"


cell = st.lists(st.sampled_from(["a", ",", ";", '"', "\n", "\r\n", " ", "ó", "1"]), max_size=6).map("".join)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], line_end: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=line_end).writerows([["a", "b", "c"], *cells])
    path = write(tmp_path_factory.mktemp("csv"), buffer.getvalue())
    expected = [(n, *(text or None for text in row)) for n, row in enumerate(cells, 2) if any(row)]
    assert rows(path) == expected
    assert faults(path) == {}


def parse(path: Path) -> Table:
    """The table, read in this process."""
    pieces = [
        piece for _, piece in csv_reader.parse_table(path, limits=FileLimits(), encoding=None, separator=None)
    ]
    faults = [fault for piece in pieces for fault in piece.faults]
    return Table("", pl.concat([piece.cells for piece in pieces]), faults)


@given(
    st.lists(
        st.sampled_from(
            [
                b"1,2",
                b"3",
                b"4,5,6",
                b'"x","y"',
                b'"a""b",',
                b'"',
                b"",
                b",",
                b"\xe9,1",
                b"a\0,",
                b'"u',
                b'v",w',
            ]
        ),
        max_size=12,
    ),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([1, 5, 12, 1 << 21]),
)
def test_the_fast_way_never_differs_from_the_strict_way_wherever_a_block_ends(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], end: bytes, block: int
) -> None:
    path = write(tmp_path_factory.mktemp("csv"), end.join([b"a,b", *lines, b""]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "BLOCK", block)
        patch.setattr(csv_reader, "read_fast_header", partial(read_whole_header, block))
        fast = parse(path)
        patch.setattr(csv_reader, "read_cells", lambda *_: None)
        blocks = parse(path)
        patch.setattr(csv_reader, "read_fast_header", lambda *_: None)
        strict = parse(path)
    for other in (fast, blocks):
        assert other.cells.equals(strict.cells)
        assert other.faults == strict.faults
    assert strict.cells.height + len(strict.faults) <= len(lines)


def read_whole_header(block: int, *arguments: Any) -> Any:
    """The header, however small a block is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "BLOCK", max(block, 100))
        return csv_blocks.read_fast_header(*arguments)
