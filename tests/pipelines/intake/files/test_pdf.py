"""PDF: paragraphs with boxes, tables with row numbers, and no document that takes the machine down."""

from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.file_kind import read_text
from pipelines.intake.files.pdf import read_pdf_grids
from pipelines.sheets.raw_table import ReadError
from tests.pipelines.intake.files.pdfs import pdf, ruled_table, text


def written(folder: Path, content: bytes) -> Path:
    path = folder / "bulletin.pdf"
    path.write_bytes(content)
    return path


def test_paragraph_is_one_passage_with_page_and_box(tmp_path: Path) -> None:
    page = text([
        (72, 780, "Foro Penal informó que 448 personas siguen en prisión, según el"),
        (72, 765, "balance del 15 de febrero, y exigió la libertad de los deteni-"),
        (72, 750, "dos (todos)."),
        (72, 650, "Mujeres: 58"),
    ])  # fmt: skip
    first, second = read_text(written(tmp_path, pdf([page])))
    assert first.text == (
        "Foro Penal informó que 448 personas siguen en prisión, según el balance del 15 de febrero, "
        "y exigió la libertad de los detenidos (todos)."
    )
    assert first.page == 1
    assert first.box is not None
    left, top, right, bottom = first.box
    assert (round(left), round(top), right > 400, round(bottom)) == (72, 53, True, 94)
    assert second.text == "Mujeres: 58"


def test_labels_below_each_other_stay_apart(tmp_path: Path) -> None:
    page = text([(72, 700, "Hombres: 390"), (72, 685, "Mujeres: 58"), (72, 670, "Adolescentes: 3")])
    assert [p.text for p in read_text(written(tmp_path, pdf([page])))] == [
        "Hombres: 390",
        "Mujeres: 58",
        "Adolescentes: 3",
    ]


def test_columns_are_not_read_across(tmp_path: Path) -> None:
    page = text([
        (72, 700, "La primera columna trata de una cosa"), (72, 686, "y termina aquí."),
        (320, 700, "La segunda columna trata de otra cosa"), (320, 686, "y acaba acá."),
    ])  # fmt: skip
    assert [p.text for p in read_text(written(tmp_path, pdf([page])))] == [
        "La primera columna trata de una cosa y termina aquí.",
        "La segunda columna trata de otra cosa y acaba acá.",
    ]


def test_every_page_is_read_and_numbered(tmp_path: Path) -> None:
    content = pdf([text([(72, 700, f"Página con la cifra {n}00")]) for n in (1, 2, 3)])
    assert [(p.page, p.text[-3:]) for p in read_text(written(tmp_path, content))] == [
        (1, "100"), (2, "200"), (3, "300"),
    ]  # fmt: skip


def test_ruled_tables_are_named_by_page(tmp_path: Path) -> None:
    table = ruled_table([["Centro", "Total"], ["Yare III", "1.697"], ["", ""]])
    content = pdf([text([(72, 700, "Sin tablas en esta página")]), table])
    (grid,) = read_pdf_grids(written(tmp_path, content))
    assert grid.name == "page 2"
    assert [(row.number, row.cells) for row in grid.rows] == [
        (1, ["Centro", "Total"]),
        (2, ["Yare III", "1.697"]),
        (3, [None, None]),
    ]


def test_two_tables_on_a_page_are_told_apart_and_pages_can_be_chosen(tmp_path: Path) -> None:
    page = ruled_table([["a", "b"], ["1", "2"]]) + ruled_table([["c", "d"], ["3", "4"]], top=400)
    path = written(tmp_path, pdf([page, page]))
    assert [grid.name for grid in read_pdf_grids(path, pages=[2])] == ["page 2 table 1", "page 2 table 2"]
    with pytest.raises(ReadError, match="has 2 pages; page 3 was asked for"):
        read_pdf_grids(path, pages=[3])


def test_table_without_lines_is_read_by_stated_edges(tmp_path: Path) -> None:
    page = text([(72, 700, "Centro"), (200, 700, "Total"), (72, 680, "El Rodeo I"), (200, 680, "33")])
    (grid,) = read_pdf_grids(written(tmp_path, pdf([page])), edges=[70, 190, 300])
    assert [row.cells for row in grid.rows] == [["Centro", "Total"], ["El Rodeo I", "33"]]


@pytest.mark.parametrize("stated", [7, 100_000])
def test_document_that_states_pages_it_does_not_have_is_refused(tmp_path: Path, stated: int) -> None:
    path = written(tmp_path, pdf([text([(72, 700, "Una sola página")])], stated_pages=stated))
    with pytest.raises(ReadError, match=f"states {stated:,} pages"):
        read_text(path)
    with pytest.raises(ReadError, match=f"states {stated:,} pages"):
        read_pdf_grids(path)


def test_encrypted_document_is_refused_clearly(tmp_path: Path) -> None:
    encrypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [(a)(a)]" % (
        b"o" * 32,
        b"u" * 32,
    )
    path = written(tmp_path, pdf([text([(72, 700, "Secreto")])], extra=encrypt))
    with pytest.raises(ReadError, match="encrypted; save it without a password"):
        read_text(path)


def test_broken_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="the PDF is broken"):
        read_text(written(tmp_path, b"%PDF-1.7\nnothing else"))


def test_document_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no page holds any text"):
        read_text(written(tmp_path, pdf([b""])))


def test_limits_on_bytes_and_pages_hold(tmp_path: Path) -> None:
    path = written(tmp_path, pdf([text([(72, 700, "Una página")])] * 3))
    with pytest.raises(ReadError, match="a PDF may have 100"):
        read_text(path, limits=FileLimits(pdf_bytes=100))
    with pytest.raises(ReadError, match="states 3 pages; at most 2"):
        read_text(path, limits=FileLimits(pages=2))
