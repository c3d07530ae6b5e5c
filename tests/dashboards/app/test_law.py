"""The page about the law: facts in the reader's language, each with its source, and a menu leading there."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from tests.conftest import LAW, row
from tests.dashboards.conftest import opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
HELP = """
[[help]]
name = "Línea de ayuda"
url = "https://ayuda.example/"
text = { es = "Atiende a familias.", en = "Helps families.", pt = "Atende famílias." }
"""


@pytest.fixture
def lawful(data: DataDir, publish: Publish) -> View:
    """The view of a situation with a law and somebody to ask."""
    folder = data.situation("islandia")
    (folder / "law.toml").write_text(LAW, encoding="utf-8")
    settings = folder / "situation.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + HELP, encoding="utf-8")
    return publish([row()])


def page_links(app: AppTest) -> list[str]:
    """The labels of the links to pages, in their order."""
    return [each.proto.label for each in app.get("page_link")]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            [
                "La ley de prueba", "Qué dice.", "Qué cubre", "Cubre el deshielo.",
                "Fuente: El Diario, 20 feb 2026. Leída el 1 mar 2026.", "No cubre el invierno.",
                "Fuente: La Tarde, sin día de publicación en la copia leída. Leída el 2 mar 2026.",
                "Plazo", "Son tres días.", "Línea de ayuda", "Atiende a familias.",
            ],
        ),
        ("en", ["The test law", "It covers the thaw.", "Read on 2 Mar 2026.", "Three days."]),
        # what is not there in Portuguese is read in Spanish
        ("pt", ["A lei de prova", "Qué dice.", "Cobre o degelo.", "No cubre el invierno.", "Prazo"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("lawful")
def test_the_law_is_told_in_order_with_its_sources_in_each_language(language: str, said: list[str]) -> None:
    text = text_of(opened("law", lang=language))
    places = [text.find(each) for each in said]
    assert -1 not in places, said[places.index(-1)]
    assert places == sorted(places)
    assert read_words(language)("law.no_advice") in text


@pytest.mark.usefixtures("lawful")
def test_each_fact_leads_to_its_source() -> None:
    html = "".join(each.proto.body for each in opened("law").get("html"))
    for address in (
        "https://diario.example/ley",
        "https://tarde.example/ley",
        "https://diario.example/plazo",
    ):
        assert html.count(f'href="{address}"') == 1


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.usefixtures("lawful")
def test_the_menu_leads_to_the_law(language: str) -> None:
    assert read_words(language)("nav.law") in page_links(opened("overview", lang=language))


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.usefixtures("view")
def test_a_situation_without_a_law_has_no_such_link_and_says_so_at_its_address(language: str) -> None:
    words = read_words(language)
    links = page_links(opened("overview", lang=language))
    assert words("nav.figures") in links
    assert words("nav.law") not in links
    assert words("law.none", situation="Islandia") in text_of(opened("law", lang=language))
