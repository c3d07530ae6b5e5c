"""ODS: as strict as XLSX, although its library passes over formulas and merged cells."""

import zipfile
from pathlib import Path

import pytest

from pipelines.intake.files.file_kind import read_tables
from pipelines.intake.files.ods import read_ods_grids
from pipelines.sheets.raw_table import ReadError

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
TAIL = "</office:spreadsheet></office:body></office:document-content>"


def word(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def figure(value: str, more: str = "", kind: str = "float") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def ods(folder: Path, *rows: str) -> Path:
    path = folder / "sheet.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(
            "content.xml", f'{HEAD}<table:table table:name="Enero">{"".join(rows)}</table:table>{TAIL}'
        )
    return path


def test_cells_come_out_as_a_person_would_type_them(tmp_path: Path) -> None:
    path = ods(tmp_path, row(word("a"), word("b")), row(figure("1697"), word("Tocorón")), row(figure("12.5")))
    (table,) = read_tables(path)
    assert table.name == "Enero"
    assert table.cells.rows() == [(2, "1697", "Tocorón"), (3, "12.5", None)]


def test_formula_spoils_its_row_and_repeated_rows_are_counted(tmp_path: Path) -> None:
    path = ods(
        tmp_path,
        row(word("a"), word("b")),
        row(figure("1"), figure("2"), more='table:number-rows-repeated="2"'),
        row(figure("3"), figure("4", 'table:formula="of:=[.A4]+1"')),
        row(figure("5"), figure("6")),
    )
    (table,) = read_tables(path)
    assert table.cells.rows() == [(2, "1", "2"), (3, "1", "2"), (5, "5", "6")]
    assert [(fault.row, fault.reason) for fault in table.faults] == [
        (4, "cell B4 holds the formula =[.A4]+1; paste it as a value")
    ]
    assert all(row.fault is None for row in read_ods_grids(path, computed=True)[0].rows)


def test_merged_range_spoils_every_row_it_covers(tmp_path: Path) -> None:
    spans = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    path = ods(
        tmp_path,
        row(word("a")),
        row(figure("1", spans)),
        row("<table:covered-table-cell/>"),
        row(figure("2")),
    )
    (table,) = read_tables(path)
    assert table.cells.rows() == [(4, "2")]
    assert "A2:A3" in table.faults[0].reason


def test_merged_heading_stands_in_each_of_its_cells_where_a_mapping_says_so(tmp_path: Path) -> None:
    across = 'table:number-columns-spanned="2"'
    heading = (
        f'<table:table-cell office:value-type="string" {across}><text:p>Enero</text:p></table:table-cell>'
    )
    path = ods(
        tmp_path,
        row(word("penal"), heading, "<table:covered-table-cell/>"),
        row(word(""), word("hombres"), word("mujeres")),
        row(word("Tocorón"), figure("14"), figure("2", across)),
    )
    (grid,) = read_ods_grids(path, header_rows=[1, 2])
    assert grid.rows[0].cells == ["penal", "Enero", "Enero"]
    assert [bool(row.fault) for row in grid.rows] == [False, False, True]
    (strict,) = read_ods_grids(path)
    assert "B1:C1" in (strict.rows[0].fault or "")


def test_merged_cells_of_equal_rows_spoil_all_of_them(tmp_path: Path) -> None:
    across = 'table:number-columns-spanned="2"'
    path = ods(
        tmp_path,
        row(word("a"), word("b")),
        row(figure("1", across), "<table:covered-table-cell/>", more='table:number-rows-repeated="3"'),
        row(figure("2"), figure("3")),
    )
    (table,) = read_tables(path)
    assert table.cells.rows() == [(5, "2", "3")]
    assert [fault.row for fault in table.faults] == [2, 3, 4]


def test_percentage_never_becomes_a_count(tmp_path: Path) -> None:
    (table,) = read_tables(ods(tmp_path, row(word("a")), row(figure("1", kind="percentage"))))
    assert table.cells.is_empty()
    assert "A2 is a percentage" in table.faults[0].reason


def test_spreadsheet_that_is_broken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        read_tables(ods(tmp_path, "<table:table-row>"))
