"""XLSX: what was typed comes out as typed; formulas, merged ranges and errors spoil their own rows."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.file_kind import read_tables
from pipelines.intake.files.workbook import write_number
from pipelines.sheets.raw_table import ReadError


def book_with(*rows: list[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = "Enero"
    for row in rows:
        book.active.append(row)
    return book


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "sheet.xlsx"
    book.save(path)
    return path


def repacked(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with some bytes of one part exchanged."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_cells_come_out_as_a_person_would_type_them(tmp_path: Path) -> None:
    book = book_with(
        ["n", "x", "day", "moment", "text"],
        [1697.0, 12.5, dt.date(2026, 2, 15), dt.datetime(2026, 2, 15, 21, 30), "007"],
        [0, 0.1 + 0.2, None, None, "  "],
    )
    table = read_tables(saved(book, tmp_path))[0]
    assert table.name == "Enero"
    assert table.cells.rows() == [
        (2, "1697", "12.5", "2026-02-15", "2026-02-15T21:30:00", "007"),
        (3, "0", "0.3", None, None, "  "),
    ]


@pytest.mark.parametrize(
    ("value", "percent", "text"),
    [
        (1697.0, False, "1697"),
        (1e20, False, "100000000000000000000"),
        (-0.5, False, "-0.5"),
        (1, True, "100%"),
    ],
)
def test_number_is_written_without_exponent_and_percent_keeps_its_sign(
    value: float, percent: bool, text: str
) -> None:
    assert write_number(value, percent=percent) == text


def test_formula_spoils_its_row_only_and_is_named(tmp_path: Path) -> None:
    book = book_with(["a", "b"], [1, 2], [3, "=A2+B2"], [5, 6])
    table = read_tables(saved(book, tmp_path))[0]
    assert table.cells.rows() == [(2, "1", "2"), (4, "5", "6")]
    (fault,) = table.faults
    assert (fault.row, fault.reason) == (3, "cell B3 holds the formula =A2+B2; paste it as a value")


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    book = book_with(["a"], ["x"])
    book.active["A2"].value = "=nota"
    book.active["A2"].data_type = "s"
    assert read_tables(saved(book, tmp_path))[0].cells.rows() == [(2, "=nota")]


def test_merged_range_spoils_every_row_it_covers(tmp_path: Path) -> None:
    book = book_with(["a", "b"], [1, 2], [3, 4], [5, 6], [7, 8])
    book.active.merge_cells("A3:A4")
    table = read_tables(saved(book, tmp_path))[0]
    assert [row[0] for row in table.cells.rows()] == [2, 5]
    assert [fault.row for fault in table.faults] == [3, 4]
    assert all("A3:A4" in fault.reason for fault in table.faults)


def test_merged_header_is_refused(tmp_path: Path) -> None:
    book = book_with(["a", "b"], [1, 2])
    book.active.merge_cells("A1:B1")
    with pytest.raises(ReadError, match=r"sheet 'Enero': row 1 is the header .* A1:B1"):
        read_tables(saved(book, tmp_path))


def test_truth_value_and_error_spoil_their_rows(tmp_path: Path) -> None:
    book = book_with(["a", "b"], [True, 2], [3, 4])
    book.active["B3"].value = "#REF!"
    table = read_tables(saved(book, tmp_path))[0]
    assert table.cells.is_empty()
    assert table.faults[0].reason == "cell A2 holds the truth value TRUE; paste it as a value"
    assert table.faults[1].reason == "cell B3 holds the error #REF!"


def test_every_sheet_is_read_hidden_ones_too_and_blank_ones_not(tmp_path: Path) -> None:
    book = book_with(["a"], [1])
    hidden = book.create_sheet("Notas")
    hidden.append(["b"])
    hidden.append([2])
    hidden.sheet_state = "hidden"
    book.create_sheet("Blank")
    tables = read_tables(saved(book, tmp_path))
    assert [(table.name, table.hidden) for table in tables] == [("Enero", False), ("Notas", True)]


def test_blank_rows_are_skipped_but_counted(tmp_path: Path) -> None:
    book = book_with(["a", "b"], [1, None])
    book.active["B5"].value = 9
    assert read_tables(saved(book, tmp_path))[0].cells.rows() == [(2, "1", None), (5, None, "9")]


def test_value_without_a_header_spoils_its_row(tmp_path: Path) -> None:
    table = read_tables(saved(book_with(["a"], [1, 2], [3]), tmp_path))[0]
    assert table.cells.rows() == [(3, "3")]
    assert table.faults[0].reason == "cell 2 of the row stands in a column without a header"


def test_empty_and_repeated_header_cells_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="header cell 2 of 3 is empty"):
        read_tables(saved(book_with(["a", None, "c"], [1, 2, 3]), tmp_path))
    with pytest.raises(ReadError, match="the same header stands in cells"):
        read_tables(saved(book_with(["a", "a "], [1, 2]), tmp_path))


def test_workbook_without_a_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="every sheet is blank"):
        read_tables(saved(book_with(), tmp_path))


def test_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = saved(book_with(["a"], [1]), tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 30_000_000)
    with pytest.raises(ReadError, match="times its size, like a ZIP bomb"):
        read_tables(path)
    with pytest.raises(ReadError, match="a workbook may have 1,000,000"):
        read_tables(path, limits=FileLimits(unpacked_bytes=1_000_000))


def test_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = saved(book_with(["a"], ["x"]), tmp_path)
    repacked(path, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook')
    with pytest.raises(ReadError, match="declares XML entities"):
        read_tables(path)


def test_workbook_with_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    path = saved(book_with(["a"], ["x"]), tmp_path)
    repacked(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheet")
    with pytest.raises(ReadError, match="cannot be opened"):
        read_tables(path)


def test_stated_dimension_that_lies_is_not_believed(tmp_path: Path) -> None:
    path = saved(book_with(["a", "b"], [1, 2]), tmp_path)
    repacked(path, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
    assert read_tables(path)[0].cells.rows() == [(2, "1", "2")]


def test_too_many_rows_or_columns_are_refused(tmp_path: Path) -> None:
    path = saved(book_with(["a", "b"], [1, 2], [3, 4]), tmp_path)
    with pytest.raises(ReadError, match="more than 2 rows"):
        read_tables(path, limits=FileLimits(rows=2))
    with pytest.raises(ReadError, match="2 columns; at most 1"):
        read_tables(path, limits=FileLimits(columns=1))
