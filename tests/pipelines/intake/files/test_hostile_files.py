"""Files that are hostile in a few bytes; large ones and many changed ones are an attack of their own."""

import random
from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.file_kind import read_tables, read_text
from pipelines.intake.files.json_records import read_json_grid
from pipelines.intake.files.xlsx import read_xlsx_grids
from pipelines.sheets.csv_reader import read_csv, read_csv_grid
from pipelines.sheets.raw_table import ReadError
from tests.attacks.hostile_files import FILES, READERS, SMALL, mutate, read, workbook


@pytest.mark.parametrize("name", SMALL)
def test_hostile_file_is_read_or_refused_within_memory_and_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    for reader in READERS[path.suffix]:
        cost = read(path, reader)
        assert cost.is_bearable, cost
        if not name.startswith(("one-merged", "spans", "spanned")):
            assert name in cost.said


def test_changed_bytes_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(13)
    for number in range(12):
        name = chance.choice(SMALL)
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(mutate(FILES[name](), chance))
        for reader in READERS[path.suffix]:
            cost = read(path, reader)
            assert cost.is_bearable, (path.name, cost)


@pytest.mark.parametrize(
    ("content", "limits", "words"),
    [
        (b"a,b\n" + b"\n" * 200, FileLimits(lines=100), "more than 100 lines"),
        (b"a\r" + b"\r" * 200, FileLimits(lines=100), "more than 100 lines"),
        (b"a,b\n1," + b"x" * 200, FileLimits(line_bytes=100), "line 2 has more than 100 bytes"),
        (b"a\n" * 40 + b"x" * 101 + b"\na\n", FileLimits(line_bytes=100), "line 41 has more than 100 bytes"),
    ],
)
def test_flood_of_lines_and_endless_line_are_refused_before_any_is_kept(
    tmp_path: Path, content: bytes, limits: FileLimits, words: str
) -> None:
    path = tmp_path / "flood.csv"
    path.write_bytes(content)
    for reader in (read_csv, read_csv_grid):
        with pytest.raises(ReadError, match=words):
            reader(path, limits=limits)


def test_lines_just_below_the_limit_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n1," + b"x" * 98 + b"\n" + b"\n" * 50)
    assert read_csv(path, limits=FileLimits(line_bytes=100, lines=52)).cells.height == 1


def test_row_that_openpyxl_would_drop_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    rows = b'<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    path.write_bytes(workbook(b"<sheetData>%s</sheetData>" % rows))
    with pytest.raises(ReadError, match="row 2 or a cell in it stands twice or out of order"):
        read_xlsx_grids(path)
    twice = b'<row r="1"><c r="A1"><v>5</v></c><c r="A1"><v>6</v></c></row>'
    path.write_bytes(workbook(b"<sheetData>%s</sheetData>" % twice))
    with pytest.raises(ReadError, match="row 1 or a cell in it"):
        read_xlsx_grids(path)


def test_strict_open_xml_whose_rows_openpyxl_does_not_see_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    path.write_bytes(workbook(b'<sheetData/><s:row xmlns:s="%s" r="1"/>' % strict))
    with pytest.raises(ReadError, match="Strict Open XML"):
        read_xlsx_grids(path)


def test_place_of_a_drawing_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    rows = b'<sheetData><row r="3"><c r="A3"><v>7</v></c></row></sheetData>'
    path.write_bytes(workbook(rows + b'<controls xmlns:d="urn:drawing"><d:row>1</d:row></controls>'))
    assert [row.cells for row in read_xlsx_grids(path)[0].rows] == [["7"]]


def test_workbook_is_known_by_its_bytes_and_read_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(workbook())
    assert read_tables(path)[0].cells.columns == ["row", "a", "b"]


def test_tables_that_would_be_large_where_they_arrive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_bytes(b"[" + b",".join([b'{"a":1}'] * 100) + b"]")
    assert len(read_json_grid(path).rows) == 101
    with pytest.raises(ReadError, match="more than 300 cells"):
        read_json_grid(path, limits=FileLimits(cells=300))


def test_control_characters_in_a_page_are_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<html><body><p>448&#1; personas&#x1f;</p></body></html>")
    assert "448" in read_text(path)[0].text


def test_zero_byte_is_shown_in_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"a,b\n3,\x004\n")
    assert [fault.raw for fault in read_csv(path).faults] == ["3,\N{SYMBOL FOR NULL}4"]
