"""No text that a spreadsheet would compute leaves in a table; each comes back; numbers stay numbers."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.formulas import is_formula, mark_formula, mark_formulas, mark_line, unmark_formula
from tests.conftest import Built, row

DANGEROUS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tx", " =1+1", "\u00a0=1", "\u3000=1",
    "\ufeff=1", "\u200b=1", "＝1+1", "＋1", "－1", "＠A1", "﹦1", "﹢1", "−1", "x;=1+1;", "x; @A1",
    "'=1", "''  =1", "=cmd|' /C calc'!A0",
)  # fmt: skip
HARMLESS = (
    "",
    "640",
    "x=1",
    "a-b",
    "sex=female;age=adolescent",
    "2026-01-05",
    "it's",
    "'",
    "a, b; c",
    "https://a.example/?b=c;d",
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_begins_like_a_formula_is_marked_and_comes_back(text: str) -> None:
    marked = mark_formula(text)
    assert is_formula(text)
    assert not [each for each in marked.split(";") if each.strip().startswith(tuple("=+-@＝＋－＠﹦﹢−"))]
    assert marked[0] in ("'", "x")
    assert unmark_formula(marked) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_and_numbers_are_left_alone(text: str) -> None:
    assert mark_formula(text) == text
    assert not is_formula(text)
    frame = pl.DataFrame({"text": [text, None], "number": [-5, None]})
    assert mark_formulas(frame).equals(frame)
    assert mark_formula(-5) == -5


@given(st.text(alphabet="=+-@;' \t\r\nxñ＝\u200b,\"1"))
def test_every_text_comes_back_and_a_table_says_the_same_as_a_value(text: str) -> None:
    marked = mark_formula(text)
    assert unmark_formula(marked) == text
    assert mark_formulas(pl.DataFrame({"text": [text]}))["text"].to_list() == [marked]


def test_a_remark_holds_no_cell_that_is_computed() -> None:
    assert mark_line("# Título, =1+1; @A1") == "# Título,' =1+1;' @A1"


def test_an_exported_table_holds_no_formula_in_any_reader_of_it(built: Built, tmp_path: Path) -> None:
    hostile = "=HYPERLINK(1)"
    built(
        [
            row(publisher=hostile),
            row(value=700, publisher="x;@A1", as_of="2026-01-06", published="2026-01-06"),
        ]
    )
    done = CliRunner().invoke(app, ["export", "claims", "--data-dir", str(tmp_path / "data")])
    rows = list(csv.reader(io.StringIO(done.stdout)))
    publisher = rows[0].index("publisher")
    assert sorted(line[publisher] for line in rows[1:]) == ["'=HYPERLINK(1)", "x;'@A1"]
    for parted in (",", ";"):  # as a spreadsheet opens it, in either setting
        book = Workbook()
        for line in csv.reader(io.StringIO(done.stdout), delimiter=parted):
            book.active.append(line)
        book.save(tmp_path / "opened.xlsx")
        cells = [cell for line in load_workbook(tmp_path / "opened.xlsx").active.iter_rows() for cell in line]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        assert [cell.value for cell in cells if str(cell.value).strip()[:1] in tuple("=+@")] == []
    plain = CliRunner().invoke(
        app, ["export", "claims", "--format", "json", "--data-dir", str(tmp_path / "data")]
    )
    assert f'"{hostile}"' in plain.stdout  # JSON is read by programs: as it was said
