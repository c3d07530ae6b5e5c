"""A number that a person corrected: it is found by what it was, and its figure says what, when and why."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import html

from dashboards.i18n.translations import list_languages, read_words
from dashboards.mcp_server import tools
from dashboards.queries.view import View
from dashboards.site.edition import open_edition
from dashboards.site.pages import figures
from dashboards.site.render import render
from dashboards.web import number_lookup
from pipelines.core.paths import DataDir
from tests.conftest import TODAY, row
from tests.dashboards.app.test_figure import CORRECTION, the_id
from tests.dashboards.conftest import opened, text_of

Publish = Callable[..., View]
HELD = row(value=806, as_of="2026-01-05", published="2026-01-06", url="https://diario.example/806")
LATER = row(value=700, as_of="2026-02-02", published="2026-02-02")
FEW = row(value=3, breakdown="age=adolescent", as_of="2026-01-05", published="2026-01-06")
TOLD = {
    "es": "Se corrigió aquí el 1 de marzo de 2026: la cifra, de «806» a «860». "
    "Motivo: El acta dice otra cosa.",
    "en": "It was corrected here on 1 March 2026: the figure, from “806” to “860”. "
    "Reason: El acta dice otra cosa. (in Spanish only)",
    "pt": "Foi corrigido aqui em 1 de março de 2026: o número, de “806” para “860”. "
    "Motivo: El acta dice otra cosa. (só em espanhol)",
}
FOUND = {
    "es": "Se leyó aquí en lo que El Diario publicó el 6 de enero de 2026, y se corrigió a mano.",
    "en": "Read here in what El Diario published on 6 January 2026, and corrected by hand.",
    "pt": "Foi lido aqui no que El Diario publicou em 6 de janeiro de 2026, e corrigido à mão.",
}


@pytest.fixture
def corrected(publish: Publish, data: DataDir) -> View:
    """Figures of which one number was corrected, and one of a small group with it."""
    few = CORRECTION.replace("value = 806", "value = 3") % ("value", 3, 2)
    text = CORRECTION % ("value", 806, 860) + few
    (data.situation("islandia") / "corrections.toml").write_text(text, encoding="utf-8")
    return publish([HELD, LATER, FEW])


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_a_corrected_number_is_found_with_what_it_was_corrected_to(corrected: View) -> None:
    for language in list_languages():
        words = read_words(language)
        page = number_lookup.render_lookup(replace(corrected, language=language), "806")
        for asked in (
            plain(page),
            *tools.look_up_number("806", language=language).structured_content["sentences"][:1],
        ):
            assert FOUND[language] in asked
            assert TOLD[language] in asked
            assert words("lookup.none", number="806") not in asked
        assert "<del>806</del>" in page
        small = plain(number_lookup.render_lookup(replace(corrected, language=language), "3"))
        assert words("lookup.none", number="3") in small  # what is withheld is not found by typing it


def test_the_page_and_the_record_of_a_corrected_figure_tell_what_was_corrected_and_why(
    corrected: View,
) -> None:
    figure = the_id(corrected, 860)
    page = text_of(opened("figure", figure=figure))
    assert "corregida a mano, con su motivo" in page
    assert TOLD["es"] in page
    assert "leída antes de corregirse su número: leída de nuevo en su fuente el 6 ene 2026" in page
    for language in list_languages():
        found = tools.read_figure(figure, language=language).structured_content
        assert any(TOLD[language] in each for each in found["carriers"])


def test_the_figure_on_the_site_tells_what_was_corrected_and_why(corrected: View) -> None:
    edition = open_edition(None, "", TODAY)
    figure = the_id(corrected, 860)
    for language in list_languages():
        told = {}
        for page in figures.make_pages(edition, edition.views[language]):
            for section in html.fromstring(render(edition, page)).xpath('//section[@class="entry"]'):
                told[section.get("id")] = " ".join(section.text_content().split())
        assert TOLD[language] in told.pop(figure)
        title = read_words(language)("corrected.human_title")
        assert not any(title in each for each in told.values())
