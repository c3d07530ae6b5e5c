"""A workbook of other manners: in Spanish, by calendar year, headers over two rows, tables side by side."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.mappings.mapping_file import parse_mapping
from pipelines.intake.mappings.tabular_reports import apply_mapping
from tests.pipelines.intake.mappings.test_workbooks import FOLDER, TODAY, reasons

WORDS = 'Fianza = "bonded_out", Permiso = "paroled", Total = "total"'
OTHER = """
publisher = "ICE"
format = "xlsx"
defaults = { organisation = "ice" }
dates = { patterns = ["d/M/yyyy"], locale = "es" }
numbers = { thousands = "." }
[[find]]
gives = "published"
cell = "A2"
pattern = 'Publicado el (\\d+/\\d+/\\d+)'
[[find]]
gives = "cut_off"
sentence = '^Notas$'
pattern = 'hasta el (\\d+/\\d+/\\d+)'
[[find]]
gives = "year"
cell = "A1"
pattern = '(\\d{4})'
[[table]]
sheet = '^Hoja'
%s
rows = [1, 5]
defaults = { measure = "released" }
column = [
    { months = 1, figure = {}, rounded = true },
    { matches = 'Motivo', gives = "breakdown", key = "mechanism", values = { %s } },
]
"""


def _write_other(path: Path) -> Path:
    """Spanish, by calendar year, headers over two rows, two tables side by side without a gap, a total."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Hoja 1"
    sheet["A1"], sheet["A2"] = "Salidas del año 2025", "Publicado el 20/2/2025"
    months = ["ene", "feb.", "marzo", "abril", "may", "jun", "jul", "ago", "sept.", "oct", "nov", "dic"]
    sheet["A4"], sheet["B4"] = "Motivo", "2025"
    sheet.merge_cells("A4:A5")
    for at, month in enumerate(months):
        sheet.cell(5, 2 + at, month)
    for row, (label, *counts) in enumerate(
        [("Fianza", "1.200", 30.4), ("Permiso", 7, 8), ("Total", 1207, 38)], 6
    ):
        for column, value in enumerate([label, *counts], 1):
            sheet.cell(row, column, value)
    sheet["A9"] = "Fuente: elaboración propia"
    sheet["N5"] = "Motivo"
    book.create_sheet("Notas")["B3"] = "Cuenta hasta el 14/2/2025."
    book.save(path)
    return path


@pytest.mark.parametrize(
    "place",
    ['range = "A5:M8"', 'first = "^Motivo$"\ncolumns = 13\nlast = "^Total$"'],
)
def test_range_and_first_cell_name_a_table_too(tmp_path: Path, place: str) -> None:
    path = _write_other(tmp_path / "a.xlsx")
    if place.startswith("first"):
        book = openpyxl.load_workbook(path)
        book["Hoja 1"].unmerge_cells("A4:A5")
        book["Hoja 1"]["A4"], book["Hoja 1"]["A5"], book["Hoja 1"]["N5"] = None, "Motivo", "Otra cosa"
        book.save(path)
    found = apply_mapping(
        parse_mapping((OTHER % (place, WORDS)).encode()), path, read_situation(FOLDER),
        organisations=read_organisations(FOLDER), today=TODAY,
    )  # fmt: skip
    assert found.select("breakdown", "qualifier", "value", "as_of").rows() == [
        ("mechanism=bonded_out", "exact", 1200, date(2025, 1, 31)),
        ("mechanism=bonded_out", "about", 30, date(2025, 2, 14)),
        ("mechanism=paroled", "exact", 7, date(2025, 1, 31)),
        ("mechanism=paroled", "exact", 8, date(2025, 2, 14)),
        ("total", "exact", 1207, date(2025, 1, 31)),
        ("total", "exact", 38, date(2025, 2, 14)),
    ]
    assert set(found["state"]) == {"accepted"}


def test_average_is_no_number_of_people_where_the_mapping_does_not_round(tmp_path: Path) -> None:
    mapping = parse_mapping((OTHER % ('range = "A5:M8"', WORDS)).replace(", rounded = true", "").encode())
    found = apply_mapping(
        mapping, _write_other(tmp_path / "a.xlsx"), read_situation(FOLDER),
        organisations=read_organisations(FOLDER), today=TODAY,
    )  # fmt: skip
    assert "'30.4': a count of people is a whole number" in reasons(found)
