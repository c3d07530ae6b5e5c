"""Reports name people: nothing of it leaves the inbox's reports."""

import json
import logging

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.intake.decisions import ReviewVerdict
from pipelines.intake.review.worklist import Worklist
from pipelines.warehouse import published_build
from pipelines.warehouse.table_registry import TABLES
from tests.conftest import rows_of
from tests.pipelines.intake.review.conftest import NAMES, REPORT, Read, build, folder

STORIES = (
    (REPORT, "sale-zutanito-inventado-hoy"),
    (
        "“Salí con mi hermana Menganita Ficticia”, dijo Perenganito de los Inventos. "
        "La Lista registró 448 presos políticos.",
        "habla-menganita-ficticia",
    ),
    (
        "EXCARCELADO ZUTANITO INVENTADO PERENGANO. La Lista confirmó 33 excarcelaciones el 19 de febrero, "
        "entre ellas la de Fulanita Inexistente Mengánez (C.I. 12.345.678).",
        "fulanita-inexistente-menganez",
    ),
    (
        "La Lista said 448 people remain in custody, among them John Q. Nonesuch and Zutanito Inventado.",
        "zutanito-inventado",
    ),
)
OTHERS = (
    "Menganita",
    "Ficticia",
    "Perenganito",
    "Inventos",
    "Nonesuch",
    "ZUTANITO",
    "INVENTADO",
    "PERENGANO",
)


@pytest.mark.parametrize(("story", "slug"), STORIES)
def test_no_name_or_number_of_a_person_is_in_what_is_kept_said_or_exported(
    data: DataDir, read: Read, desk: Worklist, story: str, slug: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows = read(story, name="zutanito-inventado.txt", url=f"https://diario.example/{slug}")
    assert rows.height
    build(data)
    for figure in desk.waiting():
        desk.decide(figure, ReviewVerdict.REJECT, "AB", "lo contó Fulanita Inexistente Mengánez")
    built = build(data)
    with published_build.open_current(data) as con:
        tables = {name: rows_of(con, name) for name in TABLES}
    shown = CliRunner().invoke(app, ["review", "--json", "--data-dir", str(data.root)]).output
    said = json.dumps([figure.as_json() for figure in desk.waiting()], default=str)
    kept = [
        (folder(data) / name).read_text(encoding="utf-8")
        for name in ("decisions.csv", "inbox/candidates.csv")
    ]
    everything = "\n".join([*kept, str(tables), str(built), shown, said, caplog.text])
    assert [name for name in (*NAMES, *OTHERS) if name.lower() in everything.lower()] == []


def test_sentence_is_shown_with_names_masked(data: DataDir, read: Read, desk: Worklist) -> None:
    read()
    build(data)
    sentences = [str(figure.sentence) for figure in desk.waiting()]
    assert any("▸448◂ detenidos permanecen bajo custodia" in sentence for sentence in sentences)
    assert not [name for name in NAMES if name in str(sentences)]


def test_sentence_carries_nothing_that_moves_the_cursor(data: DataDir, read: Read, desk: Worklist) -> None:
    read("La Lista \x1b[2J\u202econtó 448 presos políticos ayer.")
    build(data)
    for figure in desk.waiting():
        assert not set(str(figure.sentence)) & {"\x1b", "\u202e"}


def test_address_that_names_nobody_is_kept_whole(read: Read) -> None:
    rows = read(url="https://diario.example/la-lista-presos-politicos")
    assert set(rows["url"]) == {"https://diario.example/la-lista-presos-politicos"}
