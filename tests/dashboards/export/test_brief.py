"""The brief: one tagged page in every language, whose text can be selected and whose record verifies."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pdfplumber
import pypdfium2
import pytest

from dashboards.export import brief, formats, pdf_file, verification
from dashboards.export.verification import FileState
from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View
from tests.dashboards.conftest import day, figures
from tests.dashboards.published_view import ADDRESS, published

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("brief") / "data", figures()) as shown:
        yield shown


@pytest.fixture(scope="module")
def made(view: View) -> dict[str, bytes]:
    """The brief in every language."""
    return {language: brief.make_pdf(replace(view, language=language)) for language in list_languages()}


def text_of(document: bytes) -> str:
    opened = pypdfium2.PdfDocument(io.BytesIO(document))
    text = opened[0].get_textpage().get_text_bounded()
    opened.close()
    return " ".join(text.split())


def test_it_is_one_tagged_a4_page_in_every_language(made: dict[str, bytes]) -> None:
    for document in made.values():
        opened = pypdfium2.PdfDocument(io.BytesIO(document))
        assert len(opened) == 1
        width, height = opened[0].get_size()
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
        assert opened.is_tagged()
        opened.close()


def test_it_says_the_answer_with_its_qualifier_sources_build_and_address(
    view: View, made: dict[str, bytes]
) -> None:
    said = text_of(made["es"])
    assert "La Lista contaba 1.591 personas en prisión o bajo custodia el 15 de febrero de 2026" in said
    assert "al menos 464" in said
    assert "https://diario.example/1" in said
    assert view.build.id in said
    assert ADDRESS in said
    assert "CC BY 4.0" in said
    assert "Según lo publicado hasta el 24 de noviembre de 2026" in said
    assert "at least 464" in text_of(made["en"])


def test_its_information_says_the_same(view: View, made: dict[str, bytes]) -> None:
    opened = pypdfium2.PdfDocument(io.BytesIO(made["es"]))
    said = opened.get_metadata_dict()
    opened.close()
    assert "Islandia" in said["Title"]
    assert said["Author"] == "Liberómetro"
    assert "La Lista" in said["Subject"]
    assert view.build.id in said["Keywords"]


def test_it_verifies_and_a_changed_byte_is_altered(made: dict[str, bytes]) -> None:
    document = made["es"]
    assert verification.judge(formats.read(document)).state is FileState.CURRENT
    place = document.index(b"stream") + 20
    changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
    assert verification.judge(formats.read(changed)).state is FileState.ALTERED
    assert (
        verification.judge(formats.read(pdf_file.make_canonical_body(document))).state
        is not FileState.CURRENT
    )


def test_the_same_build_gives_the_same_bytes(view: View, made: dict[str, bytes]) -> None:
    assert brief.make_pdf(view) == made["es"]


def test_as_known_on_a_day_it_holds_nothing_that_came_later(view: View) -> None:
    then = day("2026-02-10")
    said = text_of(brief.make_pdf(replace(view, today=then, known_on=then)))
    assert "Lo que se sabía el 10 de febrero de 2026" in said
    assert "1.591" not in said
    assert "1.600" in said


def test_a_situation_without_any_figure_has_a_brief_that_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with published(tmp_path_factory.mktemp("empty") / "data", []) as empty:
        said = text_of(brief.make_pdf(empty))
    assert empty.words("no_data") in said


def test_its_letters_are_those_of_the_app(made: dict[str, bytes]) -> None:
    with pdfplumber.open(io.BytesIO(made["es"])) as document:
        names = Counter(letter["fontname"].partition("+")[2] for letter in document.pages[0].chars)
    ours = sum(count for name, count in names.items() if "SourceSans3" in name.replace("-", ""))
    assert ours > 0.97 * names.total(), names  # the rest are signs that it does not have
