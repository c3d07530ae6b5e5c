"""Terms: every word of the glossary is found as its language says it; a text with terms stays that text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Run, Term
from dashboards.i18n.translations import list_languages, list_texts, list_values, read_catalogue, read_words
from dashboards.web import html
from dashboards.web.html import render_cell


def said(run: Run) -> str:
    return "".join(part.text if isinstance(part, Term) else part for part in run.parts)


def opened(text: str, language: str = "es") -> list[tuple[str, str]]:
    parts = glossary.open_terms(text, read_words(language)).parts
    return [(part.text, part.term) for part in parts if isinstance(part, Term)]


@pytest.mark.parametrize("language", list_languages())
def test_every_term_is_said_by_some_text_of_its_language(language: str) -> None:
    words = read_words(language)
    found = set()
    for key, forms in list_texts(read_catalogue(language)).items():
        if key.startswith("glossary."):
            continue
        for form in forms:
            plain = form.format(**dict.fromkeys(list_values(form), "1"))
            found |= {part.term for part in glossary.open_terms(plain, words).parts if isinstance(part, Term)}
    assert set(glossary.TERMS) - found == set()


@pytest.mark.parametrize("language", list_languages())
def test_every_term_that_opens_has_its_meaning_on_the_page_once(language: str) -> None:
    words, page = read_words(language), html.render_meanings(language)
    for term in glossary.TERMS:
        assert page.count(f'id="meaning-{term}"') == 1
        assert html.render_cell(words(f"glossary.{term}")) in page


@given(st.data())
def test_a_text_with_terms_is_still_that_text(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(list_languages()))
    forms = glossary.read_forms(language)
    piece = st.sampled_from([*forms.anywhere, *forms.whole]) | st.text(max_size=8)
    text = "".join(data.draw(st.lists(piece, max_size=6)))
    assert said(glossary.open_terms(text, read_words(language))) == text


def test_a_term_opens_the_first_time_that_a_text_says_it() -> None:
    text = "Contradicha: hay otra. Al menos 5, y contradicha."
    assert opened(text) == [("Contradicha", "contradicted"), ("Al menos", "bound")]


def test_texts_that_share_what_was_seen_open_a_term_once() -> None:
    seen: set[str] = set()
    runs = [glossary.open_terms("contradicha", read_words("es"), seen) for _ in range(2)]
    assert [part for run in runs for part in run.parts if isinstance(part, Term)] == [
        Term("contradicha", "contradicted")
    ]
    assert said(runs[1]) == "contradicha"


def test_the_longest_form_wins_and_a_part_of_a_word_is_no_term() -> None:
    assert opened("estaban en prisión o bajo custodia") == [("en prisión o bajo custodia", "custody")]
    assert opened("el algoritmo") == []
    assert opened("en pri\u017fión") == []


def test_a_heading_is_a_term_only_as_a_whole() -> None:
    assert opened("Publicada") == [("Publicada", "asof")]
    assert opened("cifra publicada por El Diario") == []


def test_what_a_text_holds_besides_its_terms_stays_escaped() -> None:
    html = render_cell(glossary.open_terms('<b>Al menos</b> "5"', read_words("es")))
    assert html.startswith("&lt;b&gt;<button ")
    assert html.endswith("</button>&lt;/b&gt; &#34;5&#34;")


def test_two_terms_with_one_form_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    glossary.read_forms.cache_clear()
    monkeypatch.setattr(glossary, "read_words", lambda _: lambda key: "lo mismo" if "_said" in key else key)
    with pytest.raises(ValueError, match="'lo mismo' is said of custody and of house in es"):
        glossary.read_forms("es")
    monkeypatch.undo()
    glossary.read_forms.cache_clear()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is not known what the future of a week brings; there are no limits."),
        ("es", "No se sabe qué traerá el futuro; hay un límite, o varios límites."),
        ("pt", "Não se sabe o que traz o futuro; há um limite, ou vários limites."),
    ],
)
def test_a_word_of_every_day_is_no_term(language: str, text: str) -> None:
    assert opened(text, language) == []
