"""Exports: every file opened again by a library that did not write it, and its lines found in it."""

import csv
import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboards.charts import fonts, theme
from dashboards.exhibits import chart_registry, exhibit
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.export import chromium, csv_file, formats, provenance, table_data, xlsx_file
from dashboards.queries.view import View
from pipelines.core.paths import ROOT
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import ADDRESS, published

HELD = exhibit.ChartRequest("held")
HOSTILE = "=cmd|'/C calc'!A1<script>alert(1)</script>&\"<b>Lista</b>"
SVG = "{http://www.w3.org/2000/svg}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """The Spanish view of figures of every kind."""
    with published(tmp_path_factory.mktemp("exports") / "data", figures()) as shown:
        yield shown


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """The same of an organisation whose name is an attack."""
    with published(tmp_path_factory.mktemp("hostile") / "data", figures(), HOSTILE) as shown:
        yield shown


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def made(view: View, form: str, chart: str = "held", size: str = "square") -> bytes:
    exhibit = chart_registry.find_exhibit(view, chart)
    assert exhibit is not None
    return formats.make_file(exhibit, view, form, size, ChartRequest(chart))


def lines_of(view: View) -> dict[str, str]:
    """What must be told in every file, whatever its format."""
    exhibit = chart_registry.find_exhibit(view, "held")
    assert exhibit is not None
    return {
        "title": exhibit.title,
        "key": exhibit.key[0],
        "source": exhibit.source,
        "build": view.build.id,
        "address": f"{ADDRESS.removeprefix('https://')}/c/es/islandia/held",
        "licence": "CC BY 4.0",
    }


@pytest.mark.browser
@pytest.mark.parametrize("size", theme.SIZES)
def test_every_line_is_inside_the_picture_and_within_its_edges(view: View, size: str) -> None:
    picture = etree.fromstring(made(view, "svg", size=size))
    own = list(picture.iterchildren(f"{SVG}text"))
    said = " ".join(each.text for each in own)
    for name, line in lines_of(view).items():
        assert line in said or name == "key", name
    inside = " ".join("".join(each.itertext()) for each in picture.find(f"{SVG}svg").iter(f"{SVG}text"))
    contradicted = view.words("key.short_contradicted"), view.words.plural("story.contradicted", 1)
    assert any(each in inside for each in contradicted)  # what needs to be told apart, beside its mark
    assert "15 de febrero de 2026" in said  # as of
    assert "ISLANDIA · PRESOS POLÍTICOS" in said
    width, height = map(float, picture.get("viewBox").split()[2:])
    for each in own:
        wide = fonts.measure_width(each.text, float(each.get("font-size")), int(each.get("font-weight")))
        start = float(each.get("x")) - (wide if each.get("text-anchor") == "end" else 0)
        assert 0 <= start <= start + wide <= width
        assert float(each.get("y")) < height


@pytest.mark.browser
def test_the_picture_carries_its_font_and_is_drawn_with_it(view: View, chromium_page: Page) -> None:
    drawn = etree.fromstring(made(view, "svg"))
    chromium_page.set_content(etree.tostring(drawn, encoding="unicode"))
    families = {each.get("font-family") for each in drawn.iterchildren(f"{SVG}text")}
    inside = drawn.find(f"{SVG}svg").iter(f"{SVG}text")
    families |= {re.search("font-family: (.+?);", each.get("style"))[1] for each in inside}
    assert {re.sub("[\"' ]", "", each) for each in families} == {
        fonts.FAMILY.replace("'", "").replace(" ", "")
    }
    assert chromium_page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('12px \"Source Sans 3\"'))"
    )
    for each in chromium_page.locator("svg > text").all():
        size, weight = float(each.get_attribute("font-size")), int(each.get_attribute("font-weight"))
        wide = each.evaluate("text => text.getComputedTextLength()")
        measured = fonts.measure_width(each.text_content(), size, weight)  # without kerning: no less
        assert 0.94 * measured <= wide <= 1.005 * measured


@pytest.mark.browser
def test_lettering_can_be_read_on_a_phone(view: View) -> None:
    for size in ("square", "tall"):
        picture = etree.fromstring(made(view, "svg", size=size))
        scale = float(picture.get("width")) / float(picture.get("viewBox").split()[2])
        smallest = min(float(each.get("font-size")) for each in picture.iterchildren(f"{SVG}text"))
        assert smallest * scale * 360 / 1080 >= 5, size  # pixels of a screen 360 wide, three dots each


@pytest.mark.browser
def test_svg_metadata_says_the_same_in_dublin_core(view: View) -> None:
    work = etree.fromstring(made(view, "svg")).find(f"{SVG}metadata")[0][0]
    said = {each.tag.removeprefix(DC): each.text for each in work if each.tag.startswith(DC)}
    lines = lines_of(view)
    assert lines["title"] in said["title"]
    assert said["source"] == lines["source"]
    assert said["date"] == "2026-02-15"
    assert view.build.id in said["relation"]
    assert lines["licence"] in said["rights"]


@pytest.mark.browser
@pytest.mark.parametrize("size", ["wide", "square", "tall"])
def test_png_has_its_size_in_pixels_and_its_lines_as_text(view: View, size: str) -> None:
    with Image.open(io.BytesIO(made(view, "png", size=size))) as image:
        wanted = theme.SIZES[size]
        assert image.size == (wanted.width, wanted.height)
        text = {name: str(value) for name, value in image.text.items()}
    lines = lines_of(view)
    assert lines["title"] in text["Title"]
    assert text["Source"] == lines["source"]
    assert lines["key"] in text["Comment"]
    assert text["URL"].endswith(lines["address"])
    record = json.loads(text["liberometro"])
    assert (record["build"], record["as_of"], record["chart"]) == (view.build.id, "2026-02-15", "held")
    assert len(record["rows"]) == chart_registry.find_exhibit(view, "held").frame.height


@pytest.mark.browser
@pytest.mark.parametrize("form", ["svg", "png", "xlsx", "csv", "json"])
def test_the_same_build_gives_the_same_bytes(view: View, form: str) -> None:
    assert made(view, form) == made(view, form)


def test_csv_is_read_by_polars_and_by_the_standard_library_behind_its_remarks(view: View) -> None:
    file = made(view, "csv")
    frame = pl.read_csv(io.BytesIO(file), comment_prefix="#", try_parse_dates=True)
    drawn = chart_registry.find_exhibit(view, "held").frame
    assert frame["value"].to_list() == drawn["value"].to_list()
    assert frame["as_of"].to_list() == drawn["as_of"].to_list()
    remarks = [line for line in file.decode().splitlines() if line.startswith("# ")]
    for name, line in lines_of(view).items():
        assert any(line in remark for remark in remarks), name
    plain = csv.DictReader(line for line in file.decode().splitlines() if not line.startswith("#"))
    assert [int(row["value"]) for row in plain] == drawn["value"].to_list()


def test_xlsx_has_a_second_sheet_that_says_what_the_first_one_is(view: View) -> None:
    book = load_workbook(io.BytesIO(made(view, "xlsx")))
    data, about = book.worksheets
    heads = [cell.value for cell in data[1]]
    values = [row[heads.index("value")].value for row in data.iter_rows(min_row=2)]
    assert values == chart_registry.find_exhibit(view, "held").frame["value"].to_list()
    said = " ".join(str(cell.value) for row in about.iter_rows(max_col=2) for cell in row)
    for name, line in lines_of(view).items():
        assert line.removeprefix("Fuente: ") in said, name  # its label is the cell before it
    assert book.properties.title == lines_of(view)["title"]
    custom = {each.name: each.value for each in book.custom_doc_props.props}
    assert custom["liberometro_build"] == view.build.id
    assert custom["liberometro_as_of"] == "2026-02-15"


@pytest.mark.parametrize("form", formats.TABLES)
def test_a_table_names_the_sources_of_all_its_rows_and_not_those_of_its_picture(
    view: View, form: str
) -> None:
    origins = chart_registry.find_exhibit(view, "origins")
    drawn = replace(origins, source="Fuente: nadie.")
    held = formats.read(formats.make_file(drawn, view, form, origin=ChartRequest("origins"))).record
    assert "La Lista" in held["source"]
    assert "Gobierno" in held["source"]
    assert held["as_of"] == "2026-02-15"


@pytest.mark.parametrize("address", [f"{ADDRESS}/c/es/islandia/held", ""])
def test_no_line_has_its_label_twice_and_none_gives_a_name_as_an_address(view: View, address: str) -> None:
    exhibit = chart_registry.find_exhibit(view, "held")
    facts = replace(provenance.make_provenance(exhibit, view, HELD), address=address)
    told = dict(provenance.list_lines(facts))
    assert told["Fuente"] == exhibit.source
    assert told.get("Dirección") == (f"Dirección: {address}" if address else None)


def test_json_tells_the_same_beside_its_rows(view: View) -> None:
    whole = json.loads(made(view, "json"))
    assert whole["about"]["source"] == lines_of(view)["source"]
    assert [row["value"] for row in whole["rows"]] == chart_registry.find_exhibit(view, "held").frame[
        "value"
    ].to_list()


@pytest.mark.browser
def test_a_hostile_name_is_a_text_in_every_format(hostile: View) -> None:
    picture = etree.fromstring(made(hostile, "svg"))
    assert picture.findall(f".//{SVG}script") == []
    assert "script" in " ".join(each.text for each in picture.iterchildren(f"{SVG}text"))
    assert made(hostile, "png").startswith(b"\x89PNG")
    remarks = [line for line in made(hostile, "csv").decode().splitlines() if line.startswith("#")]
    assert any(HOSTILE in line for line in remarks)
    for sheet in load_workbook(io.BytesIO(made(hostile, "xlsx"))).worksheets:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_cells_like_formulas_are_texts_in_csv_and_xlsx(view: View) -> None:
    exhibit = chart_registry.find_exhibit(view, "held")
    frame = table_data.collect_rows(exhibit).with_columns(publisher=pl.lit("=1+1"), value=pl.lit(-7))
    lines = provenance.make_provenance(exhibit, view, HELD)
    written = pl.read_csv(io.BytesIO(csv_file.write(frame, lines)), comment_prefix="#")
    assert set(written["publisher"]) == {"'=1+1"}
    assert set(written["value"]) == {-7}
    data = load_workbook(io.BytesIO(xlsx_file.write(frame, lines))).worksheets[0]
    heads = [cell.value for cell in data[1]]
    cell = data.cell(2, heads.index("publisher") + 1)
    assert (cell.data_type, cell.value, bool(cell.quotePrefix)) == ("s", "=1+1", True)
    assert data.cell(2, heads.index("value") + 1).data_type == "n"


def test_an_unknown_size_is_refused(view: View) -> None:
    with pytest.raises(theme.UnknownSizeError, match="wide, square"):
        made(view, "svg", size="enorme")


@pytest.mark.browser
def test_without_chromium_the_message_says_what_to_install_and_tables_work(view: View) -> None:
    assert view.build.path.exists()
    without = {**os.environ, "BROWSER_PATH": "/nowhere/chromium"}
    folder = view.build.path.parent
    command = [sys.executable, "-m", "dashboards", "chart", "held", "--out"]
    done = subprocess.run(
        [*command, str(folder / "x.png")], cwd=ROOT, env=without, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
    assert "Traceback" not in done.stderr
    tables = subprocess.run([*command, str(folder / "x.csv")], cwd=ROOT, env=without, capture_output=True)
    assert tables.returncode == 0


@pytest.mark.browser
def test_a_browser_that_was_killed_is_started_again_for_the_next_picture(view: View) -> None:
    before = made(view, "svg")
    running = chromium.find_process_id()
    assert running is not None
    os.kill(running, signal.SIGKILL)
    assert made(view, "svg") == before
    assert chromium.find_process_id() not in (None, running)


def test_lines_break_where_they_must_and_lose_no_word() -> None:
    text = "Fuente: Foro, a través de 12 medios o publicaciones. " + "x" * 90
    lines = fonts.wrap_text(text, 11, 200)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(fonts.measure_width(line, 11) for line in lines) <= 200


def test_a_workbook_leaves_no_cells_for_the_collector() -> None:
    def count_left(rows: int) -> int:
        gc.collect()
        book = Workbook(write_only=True)
        xlsx_file.fill(book, "rows", [["a", "b"], *([number, f"={number}"] for number in range(rows))])
        book.save(io.BytesIO())
        del book
        return gc.collect()

    gc.disable()
    try:
        assert count_left(3_000) < count_left(30) + 100
    finally:
        gc.enable()


def test_a_workbook_with_empty_last_cells_and_remains_of_a_subtraction_is_read_as_written(view: View) -> None:
    frame = pl.DataFrame(
        {"who": ["x", "y"], "share": [-3.10862447e-15, 1 / 3], "note": [None, None]},
        schema_overrides={"note": pl.String},
    )
    shown = exhibit.Exhibit("a", "a", "a", "a", frame=frame, columns=("who", "share", "note"))
    held = formats.read(formats.make_file(shown, view, "xlsx"))
    assert held.unbroken
    assert held.rows == [["x", 0, None], ["y", 0.333333333, None]]
    assert b'"x",0.0,' in formats.make_file(shown, view, "csv")
