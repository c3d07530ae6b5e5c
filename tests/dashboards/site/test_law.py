"""The law on the site: a page in each language and in every menu; nothing of it where there is none."""

from dataclasses import replace

import pytest

from dashboards.i18n.translations import list_languages, read_words
from dashboards.site import open_graph, render, urls
from dashboards.site.edition import Edition, open_edition
from dashboards.site.pages import records
from pipelines.core.paths import DataDir
from tests.conftest import GOOD_ROW, TODAY, write_situation
from tests.dashboards.site.conftest import Published, rebuild

TITLES = {"es": "La ley de prueba", "en": "The test law", "pt": "A lei de prova"}


@pytest.fixture
def lawless(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The edition of a situation that tells of no law."""
    root = tmp_path_factory.mktemp("lawless")
    write_situation(root)
    rebuild(DataDir(root), [GOOD_ROW])
    monkeypatch.setenv("LIBEROMETRO_DATA", str(root))
    return open_edition(None, "", TODAY)


@pytest.mark.parametrize("language", list_languages())
def test_the_page_tells_the_law_with_its_sources(site: Published, language: str) -> None:
    page = site.text(f"{language}/law.html")
    words = read_words(language)
    assert f"<h1>{TITLES[language]}</h1>" in page
    assert page.count("https://diario.example/ley") == page.count("https://diario.example/plazo") == 1
    assert "No cubre el invierno." in page or language == "en"
    assert words("law.no_advice") in page
    assert page.index(words("law.ask")) < page.index("https://ayuda.example/")


@pytest.mark.parametrize("language", list_languages())
def test_every_menu_of_the_language_leads_to_it_and_it_has_a_picture(site: Published, language: str) -> None:
    label = read_words(language)("site.nav_law")
    for name in ("methods", "definitions", "limits", "law"):
        assert f">{label}</a>" in site.text(f"{language}/{name}.html")
    assert 'href="methods.html"' in site.text(f"{language}/claims.html")
    assert (site.out / f"{language}/og/law.png").is_file()
    assert f"{language}/law.html" in site.text("sitemap.xml")


@pytest.mark.parametrize("language", list_languages())
def test_a_situation_without_a_law_has_neither_page_nor_link(lawless: Edition, language: str) -> None:
    view = lawless.views[language]
    pages = list(records.make_pages(view))
    assert urls.make_page_path(language, "law") not in {page.path for page in pages}
    assert "law" not in open_graph.list_names(view)
    limits = next(page for page in pages if page.path == urls.make_page_path(language, "limits"))
    html = render.render(lawless, replace(limits))
    assert read_words(language)("site.nav_limits") in html
    assert read_words(language)("site.nav_law") not in html


def test_as_many_pages_are_made_as_are_announced(site: Published, lawless: Edition) -> None:
    for made in (site.edition, lawless):
        assert len(list(records.make_pages(made.first))) == records.count_pages(made.first)
