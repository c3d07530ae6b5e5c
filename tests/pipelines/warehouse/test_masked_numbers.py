"""Words beside the figures: what counts guarded people is hidden in every language, and nothing else is."""

from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import SQL, DataDir
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse.disclosure import masked_numbers
from tests.conftest import GOOD_ROW, TODAY, write_sheet

STAYS = (
    "Muere bajo custodia en Zona 7 un policía detenido",
    "A detained policeman dies in custody at Zone 7",
    "Morre sob custódia na Zona 7 um policial detido",
    "Muere en El Helicoide un exgobernador",
    "A former governor dies in El Helicoide",
    "Relatives begin a vigil outside El Helicoide",
    "A Corte Interamericana ordena fechar El Helicoide em 18 meses (dia aproximado)",
    "La CorteIDH ordena cerrar El Helicoide en 18 meses (día aproximado)",
    "Sale de El Helicoide un activista de derechos humanos tras cuatro años",
    "Sai de El Helicoide um ativista após quatro anos",
    "Termina tras 136 horas la huelga ante la Zona 7; a vigília diante da Zona 7",
    "Vigil outside El Helicoide after thirty-six hours, at 15:30",
    "Saem da prisão todos os adolescentes detidos após a eleição",
    "Salen los adolescentes detenidos tras el 28J de 2024, 3 de mayo de 2026",
    "Minors of 2026-05-03, of May 3, 2026, of 3 May and since May 3.",
    "Familiares de los presos de El Helicoide: a former prisoner leaves a cell",
    "Liberan a adolescentes; adolescentes ante una juez, no ante la policía",
    "Una niñez sin cárcel para menores: condena de 15 años a un exministro",
    "Menores en la torre 3 de la cárcel",
    "Fim da prisão e libertação dos menores",
    "Familiares dos presos do El Helicoide começam uma vigília",
)
HIDDEN = {
    "3 adolescentes salen tras 40 días": "… adolescentes salen tras 40 días",
    "Salen tres adolescentes": "Salen … adolescentes",
    "Three teenagers leave": "… teenagers leave",
    "Saem três crianças": "Saem … crianças",
    "Salen dos menores": "Salen … menores",
    "Tres niñas salen": "… niñas salen",
    "Un niño y una niña salen": "… niño y … niña salen",
    "A sick prisoner and an adult leave": "… sick prisoner and … adult leave",
    "Um menino doente": "… menino doente",
    "Uma adolescente é libertada": "… adolescente é libertada",
    "Sale una de las adolescentes": "Sale … de las adolescentes",
    "Sai um dos menores": "Sai … dos menores",
    "Salen adolescentes; entre las menores, una sigue": "Salen adolescentes; entre las menores, … sigue",
    "Una o dos adolescentes": "… o … adolescentes",
    "Un joven de 16 años": "… joven de 16 años",
    "A 16-year-old is held": "… 16-year-old is held",
    "No hay menores": "… hay menores",
    "There are no pregnant women": "There are … pregnant women",
    "Não, nenhuma criança": "Não, … criança",
    "97 adultos": "… adultos",
    "Two ill": "… ill",
    "4 enfermos, 2016 enfermos, más de 2016 enfermos": "… enfermos, … enfermos, más de … enfermos",
    "In March 12 minors, on May 3 minors": "In March … minors, on May … minors",
    "En la torre 3 menores": "En la torre … menores",
    "3 may be minors": "… may be minors",
    "Menores en 2026: 3": "Menores en 2026: …",
    "Adolescentes: ½, ٣ y 4": "Adolescentes: …, … y …",
    "17 excarcelados de la Zona 7": "… excarcelados de la Zona 7",
    "En Zona 7 3 presos": "En Zona 7 … presos",
    "Quedan dos en El Helicoide desde 2014": "Quedan … en El Helicoide desde 2014",
    "Queda una en El Helicoide": "Queda … en El Helicoide",
    "Resta uma no El Helicoide": "Resta … no El Helicoide",
    "Un preso de El Helicoide": "… preso de El Helicoide",
    "No political prisoners in El Helicoide": "… political prisoners in El Helicoide",
    "Um preso em El Helicoide": "… preso em El Helicoide",
    "tres_adolescentes": "…_adolescentes",
}


def _define(con: duckdb.DuckDBPyConnection) -> None:
    masked_numbers.register(con)
    for name in ("09_spelled_parts", "10_masked_numbers"):
        con.execute((SQL / "0_vocabulary" / f"{name}.sql").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def masked() -> dict[str, str]:
    """Each text as it is published, with two facilities listed; asked for all at once, which is faster."""
    texts = [*STAYS, *HIDDEN, "…", ""]
    with duckdb.connect() as con:
        _define(con)
        con.execute("SET VARIABLE facility_words = '(el helicoide|zona 7)'")
        told = con.execute("SELECT words, without_spelled(words) FROM (SELECT unnest($1) AS words)", [texts])
        return dict(told.fetchall())


@pytest.mark.parametrize("text", [*STAYS, "…", ""])
def test_what_counts_nobody_stays(masked: dict[str, str], text: str) -> None:
    assert masked[text] == text


@pytest.mark.parametrize("text", HIDDEN)
def test_what_counts_guarded_people_is_hidden(masked: dict[str, str], text: str) -> None:
    assert masked[text] == HIDDEN[text]


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        ("Seventeen freed,Salen 17 adolescentes,Saem dezessete", "… freed,Salen … adolescentes,Saem …"),
        ("Two children freed,Dos liberadas,Duas livres", "… children freed,… liberadas,… livres"),
        ("Three free,Tres libres,Três crianças livres", "… free,… libres,… crianças livres"),
        (
            "A child after 40 days,Una pequeña tras 40 días,Morre",
            "… child after 40 days,Una pequeña tras 40 días,Morre",
        ),
    ],
)
def test_a_number_that_one_language_of_a_title_spells_is_hidden_in_all(
    data: DataDir, titles: str, told: str
) -> None:
    folder = data.situation("islandia")
    write_sheet(folder / "transcriptions" / "sheet.csv", [GOOD_ROW])
    sheet = f"date,kind,title_en,title_es,title_pt,url,published\n2026-01-20,release,{titles},,\n"
    (folder / "events.csv").write_text(sheet, encoding="utf-8")
    build = warehouse_build.build(data, today=TODAY).build
    with duckdb.connect(str(build.path), read_only=True) as con:
        assert con.execute("SELECT title_en, title_es, title_pt FROM events").fetchall() == [
            tuple(told.split(","))
        ]


def test_no_macro_of_a_published_file_asks_for_what_a_reader_lacks(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "file.duckdb") as con:
        _define(con)
        listed = "SELECT database_name, function_name, macro_definition FROM duckdb_functions()"
        macros = con.execute(f"{listed} WHERE function_type = 'macro' AND NOT internal").fetchall()
    lacking = {"mask_numbers", *(name for place, name, _ in macros if place == "temp")}
    kept = {name: definition for place, name, definition in macros if place == "file"}
    assert "spells_part" in kept
    assert not [name for name, definition in kept.items() if any(each in definition for each in lacking)]


def test_plain_letters_are_the_same_in_python_and_in_sql() -> None:
    texts = [*STAYS, *HIDDEN, "Ñandú_ÇØß ½ Ⅻ İ, e\u0301"]
    with duckdb.connect() as con:
        _define(con)
        told = con.execute("SELECT plain_letters(text) FROM (SELECT unnest($1) AS text)", [texts]).fetchall()
    assert [masked_numbers.plain_letters(text) for text in texts] == [plain for (plain,) in told]
