"""Verify: a file is current, superseded by named figures, altered, or unknown, against real builds."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.exhibits import chart_registry
from dashboards.export import formats, provenance, verification
from dashboards.export.verification import FileState, FileVerdict
from dashboards.queries.view import View
from tests.attacks import taken_files
from tests.conftest import row
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published, rebuilt

TABLES = tuple(formats.TABLES)
ALL = (*formats.PICTURES, *TABLES)
Written = dict[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("verify") / "data"


@pytest.fixture(scope="module")
def first(root: Path) -> Iterator[View]:
    """The view of the build that the files were taken from."""
    with published(root, figures()) as view:
        yield view


@pytest.fixture(scope="module")
def files(first: View) -> Written:
    """Files taken from the first build, by chart and format."""
    return {
        (chart, form): file(first, chart, form)
        for chart, forms in (("held", ALL), ("pace-held", TABLES), ("builder", TABLES), ("gaps", TABLES))
        for form in forms
    }


@pytest.fixture
def again(root: Path, first: View) -> Iterator[Callable[[list[dict[str, str]]], View]]:
    """Publish other figures in place of the first ones, which come back afterwards."""
    assert first.build.path.parent == root / "build"
    yield lambda rows: rebuilt(root, rows)
    rebuilt(root, figures())


def file(view: View, chart: str, form: str) -> bytes:
    exhibit, origin = chart_registry.answer_request(view, chart)
    assert exhibit is not None
    return formats.make_file(exhibit, view, form, "square", origin)


def told(data: bytes) -> FileVerdict:
    return verification.judge(formats.read(data))


def revised() -> list[dict[str, str]]:
    """The figures with one restated by a later report, and a newer one."""
    return [
        *figures(),
        row(value=1583, as_of="2026-02-15", published="2026-03-01", publisher="La Tarde"),
        row(value=1400, as_of="2026-03-01", published="2026-03-01"),
    ]


@pytest.mark.browser
def test_a_file_of_the_present_build_is_current(files: Written) -> None:
    for name, data in files.items():
        assert told(data).state is FileState.CURRENT, name


def test_a_file_of_a_past_day_is_not_said_to_stand_today(first: View) -> None:
    then = replace(first, today=date(2026, 2, 9), known_on=date(2026, 2, 9))
    verdict = told(file(then, "held", "csv"))
    assert verdict.state is FileState.CURRENT
    assert verdict.reason == (
        "every figure in it is what was known on 2026-02-09; what stands now was not compared"
    )


@pytest.mark.browser
@pytest.mark.parametrize("form", ALL)
def test_a_restated_figure_supersedes_the_file_and_is_named_with_old_new_and_why(
    form: str, files: Written, again: Callable[[list[dict[str, str]]], View]
) -> None:
    view = again(revised())
    verdict = told(files["held", form])
    assert verdict.state is FileState.SUPERSEDED
    assert [(each.old, each.new) for each in verdict.changes] == [("1591", "1583")]
    assert "lista, in_custody" in verdict.changes[0].about
    assert "2026-02-15" in verdict.changes[0].about
    assert "restated by La Tarde, published 2026-03-01" in verdict.changes[0].why
    assert verdict.present == view.build.id


CORRECTION = """[[correction]]
where = { organisation = "lista", measure = "in_custody", value = 1591 }
field = "value"
expected = 1591
corrected = 1581
reason = "el boletín dice 1581"
decided = 2026-03-02
"""


def test_a_correction_of_our_own_is_told_as_one_with_its_day(
    root: Path, first: View, again: Callable[[list[dict[str, str]]], View]
) -> None:
    held = file(first, "held", "csv")
    path = root / "islandia" / "corrections.toml"
    path.write_text(CORRECTION, encoding="utf-8")
    again(figures())
    verdict = told(held)
    path.unlink()
    assert verdict.reason == "1 of its figures is no longer what the present build says"
    assert [each.why for each in verdict.changes] == ["corrected here on 2026-03-02: el boletín dice 1581"]


@pytest.mark.browser
def test_what_is_worked_out_from_it_is_superseded_too(
    files: Written, again: Callable[[list[dict[str, str]]], View]
) -> None:
    again([each if each["value"] != "1600" else {**each, "value": "1610"} for each in figures()])
    assert told(files["pace-held", "csv"]).state is FileState.SUPERSEDED
    assert told(files["builder", "json"]).state is FileState.SUPERSEDED


@pytest.mark.browser
def test_newer_figures_alone_leave_a_file_current_and_are_counted(
    files: Written, again: Callable[[list[dict[str, str]]], View]
) -> None:
    again([*figures(), row(value=1400, as_of="2026-03-01", published="2026-03-01")])
    verdict = told(files["held", "csv"])
    assert (verdict.state, verdict.added, verdict.newest) == (FileState.CURRENT, 1, "2026-03-01")


@pytest.mark.browser
def test_a_figure_that_is_gone_supersedes_the_file(
    files: Written, again: Callable[[list[dict[str, str]]], View]
) -> None:
    again([each for each in figures() if each["value"] != "1600"])
    gone = told(files["held", "xlsx"]).changes
    assert [(each.old, each.new, each.why) for each in gone] == [
        ("1600", "nothing", "the present build no longer shows it")
    ]


@pytest.mark.browser
def test_one_changed_cell_or_line_is_altered(files: Written) -> None:
    data = files["held", "csv"]
    assert told(data.replace(b",1591,", b",1590,")).state is FileState.ALTERED
    assert told(data.replace(b"La Lista", b"La Rista", 1)).state is FileState.ALTERED
    assert told(files["held", "json"].replace(b"1591", b"1590")).state is FileState.ALTERED
    assert told(files["held", "svg"].replace(b"Islandia", b"Irlandia")).state is FileState.ALTERED


@pytest.mark.browser
def test_figures_that_its_build_never_held_are_altered_even_with_checksums_made_anew(files: Written) -> None:
    whole = json.loads(files["held", "json"])
    rows = [{**each, "value": 1590 if each["value"] == 1591 else each["value"]} for each in whole["rows"]]
    about = {name: value for name, value in whole["about"].items() if not name.endswith("sha256")}
    forged = {"about": provenance.seal_record(about, provenance.encode_canonical(rows)), "rows": rows}
    verdict = told(json.dumps(forged).encode())
    assert verdict.state is FileState.ALTERED
    assert "1 of its figures was never in the build that it names" in verdict.reason


@pytest.mark.browser
def test_a_figure_that_is_drawn_in_doubt_is_current_and_a_forged_one_is_named(
    again: Callable[[list[dict[str, str]]], View],
) -> None:
    odd = row(value=100, as_of="2026-02-15", published="2026-02-16", publisher="La Tarde")
    view = again([*figures(), odd])
    made = {form: file(view, "held", form) for form in ALL}
    assert {form: told(data).state for form, data in made.items()} == dict.fromkeys(ALL, FileState.CURRENT)
    whole = json.loads(made["json"])
    rows = [{**each, "value": 160 if each["value"] == 100 else each["value"]} for each in whole["rows"]]
    assert rows != whole["rows"]
    about = {name: value for name, value in whole["about"].items() if not name.endswith("sha256")}
    forged = {"about": provenance.seal_record(about, provenance.encode_canonical(rows)), "rows": rows}
    verdict = told(json.dumps(forged).encode())
    assert verdict.state is FileState.ALTERED
    assert [(each.old, each.new) for each in verdict.changes] == [("160", "something else")]


@pytest.mark.browser
@pytest.mark.parametrize("line", ["title", "summary", "source"])
def test_words_that_its_build_does_not_give_are_unproven_even_with_checksums_made_anew(
    files: Written, line: str
) -> None:
    whole = json.loads(files["held", "json"])
    about = {name: value for name, value in whole["about"].items() if not name.endswith("sha256")}
    about[line] = "Quedan libres todas las personas"
    forged = {"about": provenance.seal_record(about, provenance.encode_canonical(whole["rows"]))}
    verdict = told(json.dumps({**forged, "rows": whole["rows"]}).encode())
    assert (verdict.state, line in verdict.reason) == (FileState.UNPROVEN, True)


@pytest.mark.browser
def test_what_stands_beside_the_content_of_a_file_is_altered(files: Written) -> None:
    svg, png, xlsx, csv, held = (files["held", form] for form in ("svg", "png", "xlsx", "csv", "json"))
    cut = svg.index(b"<svg")
    style = b"<?xml-stylesheet href='data:text/css,text{display:none}' type='text/css'?>"
    hidden = b"<style xmlns='http://www.w3.org/2000/svg'>text{display:none}</style></metadata>"
    book = io.BytesIO(xlsx)
    with zipfile.ZipFile(book, "a") as more:
        more.writestr("xl/media/image1.png", png)
    twice = held.replace(b'"rows":', b'"rows": [], "rows":')
    for data in (
        png + b"x",
        png[:-12] + b"\0\0\0\x08acTL\0\0\0\1\0\0\0\0\0\0\0\0" + png[-12:],
        xlsx + b"x",
        b"x" + xlsx,
        b"PK" + xlsx,
        book.getvalue(),
        svg[:cut] + style + svg[cut:],
        svg + b"<!-- -->",
        svg.replace(b"</metadata>", hidden, 1),
        csv + b"x,1\n",
        csv + b"\n",
        held[:-2] + b', "more": 1}',
        held + b"x",
        twice,
    ):
        try:
            assert told(data).state is FileState.ALTERED, data[:80]
        except provenance.NotOursError:
            continue  # it is not even of a kind of ours any more


@pytest.mark.browser
def test_a_file_damaged_by_chance_is_never_called_current(files: Written, tmp_path: Path) -> None:
    held = {form: data for (chart, form), data in files.items() if chart == "held"}
    seen, passed = taken_files.attack(held, tmp_path, rounds=1)
    assert seen.total() == 12 * len(ALL)
    assert passed == []


def test_counts_are_compared_to_the_last_person_and_ids_are_no_numbers() -> None:
    assert verification.write_value(1234567) != verification.write_value(1234568)
    assert verification.write_value("1e5") == "1e5"
    assert verification.write_value("0012") == "0012"
    assert verification.write_value(5.0) == verification.write_value("5.0") == verification.write_value(5)
    assert verification.write_value(1 / 3) == verification.write_value("0.333333333")
    assert verification.write_value(True) == verification.write_value("true")


@pytest.mark.browser
def test_a_repainted_or_cropped_picture_is_altered(files: Written) -> None:
    with Image.open(io.BytesIO(files["held", "png"])) as image:
        text, pixels = image.text, image.convert("RGB")
    repainted = pixels.copy()
    repainted.putpixel((5, 5), (0, 0, 0))
    for picture in (repainted, pixels.crop((0, 0, 900, 900))):
        assert told(saved(picture, dict(text))).state is FileState.ALTERED
    assert told(saved(pixels, dict(text))).state is FileState.CURRENT  # only saved anew


def saved(picture: Image.Image, text: dict[str, str]) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    for name, value in text.items():
        chunks.add_itxt(name, value)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=chunks)
    return out.getvalue()


@pytest.mark.browser
def test_a_workbook_with_a_changed_number_is_altered(files: Written) -> None:
    book = load_workbook(io.BytesIO(files["held", "xlsx"]))
    data = book.worksheets[0]
    heads = [cell.value for cell in data[1]]
    data.cell(2, heads.index("value") + 1).value = 1
    out = io.BytesIO()
    book.save(out)
    assert told(out.getvalue()).state is FileState.ALTERED


@pytest.mark.browser
def test_without_its_record_ours_is_altered_and_anything_else_unknown(files: Written) -> None:
    lines = files["held", "csv"].splitlines(keepends=True)
    bare = b"".join(line for line in lines if not line.startswith(b"# liberometro:"))
    assert told(bare).state is FileState.ALTERED
    assert told("# Liberómetro, said in passing\n".encode()).state is FileState.UNKNOWN
    with Image.open(io.BytesIO(files["held", "png"])) as image:
        assert told(saved(image.convert("RGB"), {})).state is FileState.UNKNOWN
    assert told(b"a,b\n1,2\n").state is FileState.UNKNOWN


def test_what_cannot_be_read_is_unknown_and_never_a_stack_trace(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("a.txt", "a")
    for number, data in enumerate(
        (
            b"",
            b"\x89PNG\r\n\x1a\nrest",
            b"%PDF-1.7 rest",
            b"<svg",
            archive.getvalue(),
            b"PK",
            b"{",
            b"\xff" * 50,
        )
    ):
        path = tmp_path / str(number)
        path.write_bytes(data)
        done = CliRunner().invoke(app, ["verify", str(path)])
        assert done.exit_code == 5, (data, done.output)
        assert done.output.startswith("unknown: "), data


@pytest.mark.browser
def test_exit_codes_tell_the_four_states_apart(
    files: Written, tmp_path: Path, again: Callable[[list[dict[str, str]]], View]
) -> None:
    def code(data: bytes, *options: str) -> int:
        (tmp_path / "file").write_bytes(data)
        return CliRunner().invoke(app, ["verify", str(tmp_path / "file"), *options]).exit_code

    data = files["held", "csv"]
    assert code(data) == 6  # nobody signed it
    assert code(data, "--unsigned") == 0
    assert code(data.replace(b",1591,", b",1590,"), "--unsigned") == 4
    assert code(data.replace(b",1591,", b",1590,")) == 4
    assert code(b"a,b\n1,2\n") == 5
    again(revised())
    assert code(data) == 3
    (tmp_path / "file").write_bytes(data)
    plain = CliRunner().invoke(app, ["verify", str(tmp_path / "file"), "--json"])
    verdict = json.loads(plain.output)
    assert verdict["state"] == "superseded"
    assert verdict["changes"][0]["new"] == "1583"
    assert verdict["file"]["chart"] == "held"


def test_a_csv_of_an_earlier_edition_has_its_remarks_before_its_rows_and_is_read(files: Written) -> None:
    now = files["held", "csv"]
    lines = now.splitlines(keepends=True)
    assert not lines[0].startswith(b"#")
    notes = [line for line in lines if line.startswith(b"#")]
    before = b"".join(notes + [line for line in lines if not line.startswith(b"#")])
    assert told(before).state is told(now).state is FileState.CURRENT
    assert told(before.replace(b",", b";", 1)).state is not FileState.CURRENT
