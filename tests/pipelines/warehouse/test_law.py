"""The law of a situation: read strictly, loaded whole and in order, part of what names a build."""

from datetime import date

import duckdb
import pytest

from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse.fingerprint import fingerprint, list_inputs
from pipelines.warehouse.law import read_law
from tests.conftest import GOOD_ROW, LAW, TODAY, write_sheet
from tests.invented import IDENTITY


def write(data: DataDir, text: str) -> None:
    """Give the situation this law."""
    (data.situation("islandia") / "law.toml").write_text(text, encoding="utf-8")


def facts(data: DataDir) -> list[tuple[object, ...]]:
    """The facts of a build, in their order."""
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [GOOD_ROW])
    build = warehouse_build.build(data, today=TODAY).build
    with duckdb.connect(str(build.path), read_only=True) as con:
        return con.execute(
            "SELECT section, position, section_pt, text_es, text_pt, publisher, published, read_on "
            "FROM law ORDER BY section, position"
        ).fetchall()


def test_every_fact_is_loaded_in_its_order_and_what_is_left_out_is_missing(data: DataDir) -> None:
    write(data, LAW)
    read, later = date(2026, 3, 1), date(2026, 3, 2)
    cubre, diario = "O que cobre", "El Diario"
    assert facts(data) == [
        (1, 1, cubre, "Cubre el deshielo.", "Cobre o degelo.", diario, date(2026, 2, 20), read),
        (1, 2, cubre, "No cubre el invierno.", None, "La Tarde", None, later),
        (2, 1, "Prazo", "Son tres días.", "São três dias.", diario, date(2026, 2, 21), read),
    ]


def test_a_situation_needs_no_law(data: DataDir) -> None:
    assert read_law(data.situation("islandia")) is None
    assert facts(data) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (', en = "Three days."', "", "en.*section.*item"),
        ('es = "Son tres días.", ', "", "es.*section.*item"),
        ('en = "Deadline"', 'en = ""', "section.*title.*en"),
        ('lead = { es = "Qué dice.", en = "What it says." }', "", "lead"),
        ("read_on = 2026-03-02", "", "read_on.*section.*item"),
        ("read_on = 2026-03-02", "read_on = 2026-03-02\nnote = 'x'", "note.*section.*item"),
        ("https://tarde.example/ley", "tarde.example/ley", "section.*item.*source.url"),
        ('publisher = "La Tarde", ', "", "publisher.*section.*item.*source"),
        (
            "published = 2026-02-21",
            "published = 2026-03-21",
            r"section\[1\].item\[0\].*before it was published",
        ),
        ("It leaves out winter.", f"Ask {IDENTITY}.", r"section\[0\].item\[1\].text.en: an identity number"),
        ("[[section.item]]", "[[section.fact]]", "section"),
    ],
)
def test_a_law_that_cannot_be_read_fails_with_its_file_and_the_key(
    data: DataDir, was: str, now: str, told: str
) -> None:
    assert was in LAW
    write(data, LAW.replace(was, now))
    with pytest.raises(SituationError, match=f"(?s)law.toml.*{told}"):
        facts(data)


def test_a_law_is_an_input_of_the_build(data: DataDir) -> None:
    without = fingerprint(list_inputs(data))
    write(data, LAW)
    given = fingerprint(list_inputs(data))
    write(data, LAW.replace("Three days.", "Four days."))
    assert len({without, given, fingerprint(list_inputs(data))}) == 3
