"""A publisher goes by its name for readers wherever one is shown; the sheets keep what stands in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.export import citations
from dashboards.i18n.translations import list_languages
from dashboards.queries import database
from dashboards.queries.series import read_series
from dashboards.queries.view import View
from dashboards.text import statement_sentences
from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError
from pipelines.warehouse import build
from pipelines.warehouse.annotations import UnmatchedAnnotationError
from tests.conftest import TODAY, row, write_sheet
from tests.dashboards.conftest import LEFT, opened, text_of
from tests.linters import sentence_linter

COPY = "copied-homepage"
NAMES = {"es": "portada (copia)", "en": "homepage (copy)", "pt": "página inicial (cópia)"}


def entry(publisher: str = COPY, **names: str) -> str:
    told = ", ".join(f'{language} = "{name}"' for language, name in (NAMES | names).items())
    return f'[[publisher]]\nid = "{publisher}"\nname = {{ {told} }}\n'


def rows() -> list[dict[str, str]]:
    return [
        row(value=800, as_of="2026-02-08", published="2026-02-08", publisher="El Diario"),
        row(value=750, as_of="2026-02-15", published="2026-02-16", publisher=COPY),
        row(value=760, as_of="2026-02-15", published="2026-02-17", publisher=COPY),
        row(value=90, breakdown="sex=female", as_of="2026-02-15", published="2026-02-16", publisher=COPY),
        row(**LEFT, value=400, as_of="2026-02-15", published="2026-02-16", publisher=COPY),
    ]


@pytest.fixture
def copied(data: DataDir, publish: Callable[[list[dict[str, str]]], View]) -> View:
    """The view of a build whose newest figures were carried by a publisher with a name of its own."""
    (data.situation("islandia") / "publishers.toml").write_text(entry(), encoding="utf-8")
    return publish(rows())


@pytest.mark.parametrize("language", list_languages())
def test_it_is_named_in_each_language_and_without_a_name_goes_by_its_id(copied: View, language: str) -> None:
    view = replace(copied, language=language)
    assert view.publisher(COPY) == NAMES[language]
    assert view.publisher("El Diario") == "El Diario"


@pytest.mark.parametrize("language", list_languages())
def test_a_sentence_and_a_citation_name_it(copied: View, language: str) -> None:
    view = replace(copied, language=language)
    series = read_series(view.build, "islandia", "in_custody", ("lista",), "held").to_dicts()
    told = next(each for each in series if each["publisher"] == COPY)
    sentence, citation = statement_sentences.quote(view, told), citations.cite(view, told)
    assert NAMES[language] in sentence
    assert sentence_linter.check_sentence(view, told, sentence) == []
    for text in (citation.apa, citation.bibtex, citation.cff):
        assert NAMES[language] in text
        assert COPY not in text


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("page", ["overview", "progress", "claims", "compare", "doubts", "parts"])
def test_no_page_shows_its_id(page: str) -> None:
    text = text_of(opened(page, lang="en"))
    assert COPY not in text
    assert page not in ("overview", "progress", "claims") or NAMES["en"] in text


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (entry("nobody"), UnmatchedAnnotationError, "islandia/publishers.toml: nobody: matches nothing"),
        (entry() * 2, SituationError, "given twice"),
        (entry(pt=" "), SituationError, "no name in 'pt'"),
        (entry() + 'url = "https://lista.example"\n', SituationError, "url"),
    ],
)
def test_an_entry_that_cannot_be_meant_stops_the_build(
    data: DataDir, text: str, error: type[Exception], message: str
) -> None:
    folder = data.situation("islandia")
    write_sheet(folder / "transcriptions" / "sheet.csv", rows())
    (folder / "publishers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        build.build(data, today=TODAY)


def test_a_changed_name_makes_a_new_build(copied: View, data: DataDir) -> None:
    (data.situation("islandia") / "publishers.toml").write_text(entry(en="a copy"), encoding="utf-8")
    assert build.build(data, today=TODAY).build.id != copied.build.id
    assert replace(copied, build=database.find_current_build(), language="en").publisher(COPY) == "a copy"
