"""A table as a picture: its rows as far as there is room, how many more there are, every file's lines."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree

from dashboards.charts import theme
from dashboards.exhibits import chart_registry
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import formats
from dashboards.export.layout import measure_width
from dashboards.export.picture import SVG
from dashboards.queries.view import View
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("tables") / "data", figures()) as shown:
        yield shown


@pytest.fixture(scope="module")
def table(view: View) -> Exhibit:
    """An exhibit with rows and no figure."""
    found = chart_registry.find_exhibit(view, "pace-windows")
    assert found is not None
    assert found.figure is None
    assert found.rows
    return found


def texts(picture: bytes) -> list[etree._Element]:
    return list(etree.fromstring(picture).iter(f"{{{SVG}}}text"))


@pytest.mark.parametrize("size", theme.SIZES)
def test_heads_rows_and_lines_are_in_the_picture(view: View, table: Exhibit, size: str) -> None:
    picture = formats.make_file(table, view, "svg", size)
    said = " ".join(each.text or "" for each in texts(picture))
    for wanted in (table.title, *table.heads, *(str(row[0]) for row in table.rows), view.build.id):
        assert all(word in said for word in wanted.split())
    assert formats.read(picture).unbroken


@pytest.mark.parametrize("size", theme.SIZES)
def test_a_long_table_says_how_many_rows_there_are_more_and_nothing_is_cut(
    view: View, table: Exhibit, size: str
) -> None:
    rows = tuple((f"fila{number}", *row[1:]) for number, row in enumerate(table.rows * 40))
    picture = formats.make_file(replace(table, rows=rows, whole=None), view, "svg", size)
    _, _, width, height = map(float, etree.fromstring(picture).get("viewBox").split())
    for each in texts(picture):
        assert float(each.get("y")) <= height
        if each.get("text-anchor") is None:
            bold = each.get("font-weight") == "bold"
            assert (
                float(each.get("x")) + measure_width(each.text, float(each.get("font-size")), bold) <= width
            )
    drawn = [each.text for each in texts(picture) if each.text.startswith("fila")]
    assert drawn == [row[0] for row in rows[: len(drawn)]]
    assert drawn
    assert f"… y {len(rows) - len(drawn)} filas más" in [each.text for each in texts(picture)]


@pytest.mark.browser
def test_it_is_given_in_pixels_too(view: View, table: Exhibit) -> None:
    held = formats.read(formats.make_file(table, view, "png", "square"))
    assert (held.kind, held.unbroken) == ("png", True)


def test_what_has_no_rows_has_no_picture(view: View) -> None:
    nothing = chart_registry.find_exhibit(view, "contradictions")
    assert nothing is not None
    assert formats.list_formats(nothing) == tuple(formats.TABLES)
    with pytest.raises(formats.NoPictureError, match="no rows to draw"):
        formats.make_file(nothing, view, "svg")
