"""HTML: article text without its frame, tables with their spans written out, no page that never ends."""

from pathlib import Path

import pytest

from pipelines.intake.files.file_kind import read_text
from pipelines.intake.files.html_page import read_html_grids
from pipelines.sheets.raw_table import ReadError

ARTICLE = """<!doctype html><html><head><meta charset="{charset}"><title>Balance</title></head><body>
<nav><a href="/">Portada</a> <a href="/mas">Más leídas</a></nav>
<article><h1>Balance semanal de la organización</h1>
<p>La organización informó que 448 personas seguían en prisión al cierre del domingo en todo el país.</p>
<p>De ellas, 58 son mujeres y 3 adolescentes, según el boletín que publicó en su página.</p></article>
<footer>Todos los derechos reservados</footer></body></html>"""


def page(folder: Path, content: str | bytes) -> Path:
    path = folder / "page.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_article_is_read_without_its_frame(tmp_path: Path, charset: str) -> None:
    (passage,) = read_text(page(tmp_path, ARTICLE.format(charset=charset).encode(charset)))
    assert "448 personas seguían en prisión" in passage.text
    assert "58 son mujeres" in passage.text
    assert "derechos reservados" not in passage.text


def test_page_without_an_article_gives_what_can_be_seen(tmp_path: Path) -> None:
    (passage,) = read_text(page(tmp_path, "<p>Hombres: 390</p><script>var x = 9;</script><p>Mujeres: 58</p>"))
    assert passage.text.split("\n") == ["Hombres: 390", "Mujeres: 58"]


def test_page_without_text_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="save it from the browser"):
        read_text(page(tmp_path, "<html><body><script>draw()</script></body></html>"))


def test_page_of_50_mb_is_refused(tmp_path: Path) -> None:
    path = page(tmp_path, b"<p>" + b"x" * 50_000_000)
    with pytest.raises(ReadError, match="an HTML page may have 10,000,000"):
        read_text(path)


def test_deeply_nested_page_is_refused_and_not_cut_off_in_silence(tmp_path: Path) -> None:
    path = page(tmp_path, "<div>" * 100_000 + "448 personas" + "</div>" * 100_000)
    with pytest.raises(ReadError, match="nested more than 256 deep"):
        read_text(path)
    with pytest.raises(ReadError, match="nested more than 256 deep"):
        read_html_grids(path)


def test_tables_are_read_in_order_and_layout_tables_left_out(tmp_path: Path) -> None:
    content = """<table><tr><td><table><tr><th>Mes<th>Total<tr><td>enero<td>33</table></td></tr></table>
    <table><tr><td>1 697</td></tr></table>"""
    grids = read_html_grids(page(tmp_path, content))
    assert [(grid.name, [row.cells for row in grid.rows]) for grid in grids] == [
        ("table 1", [["Mes", "Total"], ["enero", "33"]]),
        ("table 2", [["1 697"]]),
    ]


def test_labels_that_span_are_repeated(tmp_path: Path) -> None:
    content = """<table><tr><th rowspan="2">Centro</th><th colspan="2">Enero</th></tr>
    <tr><th>Hombres</th><th>Mujeres</th></tr>
    <tr><td>Tocorón</td><td>5</td><td>6</td></tr></table>"""
    (grid,) = read_html_grids(page(tmp_path, content))
    assert [row.cells for row in grid.rows] == [
        ["Centro", "Enero", "Enero"],
        ["Centro", "Hombres", "Mujeres"],
        ["Tocorón", "5", "6"],
    ]
    assert all(row.fault is None for row in grid.rows)


def test_figure_that_spans_is_a_fault_in_every_row_it_reaches(tmp_path: Path) -> None:
    content = "<table><tr><td>a<td rowspan=2>7<tr><td>b<tr><td>c<td>8</table>"
    (grid,) = read_html_grids(page(tmp_path, content))
    assert [row.fault is not None for row in grid.rows] == [True, True, False]


def test_span_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="more than 1,000 columns"):
        read_html_grids(page(tmp_path, '<table><tr><td colspan="99999">x</td></tr></table>'))
