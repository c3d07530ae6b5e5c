"""Terms: every word of the glossary is found as its language says it; a text with terms stays that text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import markup, terms
from dashboards.markup import Run, Term
from dashboards.words import languages, read_catalogue, texts_of, values_in, words_of


def said(run: Run) -> str:
    return "".join(part.text if isinstance(part, Term) else part for part in run.parts)


def opened(text: str, language: str = "es") -> list[tuple[str, str]]:
    parts = terms.opened(text, words_of(language)).parts
    return [(part.text, part.term) for part in parts if isinstance(part, Term)]


@pytest.mark.parametrize("language", languages())
def test_every_term_is_said_by_some_text_of_its_language(language: str) -> None:
    words = words_of(language)
    found = set()
    for key, forms in texts_of(read_catalogue(language)).items():
        if key.startswith("glossary."):
            continue
        for form in forms:
            plain = form.format(**dict.fromkeys(values_in(form), "1"))
            found |= {part.term for part in terms.opened(plain, words).parts if isinstance(part, Term)}
    assert set(terms.TERMS) - found == set()


@pytest.mark.parametrize("language", languages())
def test_every_term_that_opens_has_its_meaning_on_the_page_once(language: str) -> None:
    words, page = words_of(language), terms.meanings(language)
    for term in terms.TERMS:
        assert page.count(f'id="meaning-{term}"') == 1
        assert markup.cell(words(f"glossary.{term}")) in page


@given(st.data())
def test_a_text_with_terms_is_still_that_text(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(languages()))
    forms = terms.forms(language)
    piece = st.sampled_from([*forms.anywhere, *forms.whole]) | st.text(max_size=8)
    text = "".join(data.draw(st.lists(piece, max_size=6)))
    assert said(terms.opened(text, words_of(language))) == text


def test_a_term_opens_the_first_time_that_a_text_says_it() -> None:
    text = "Contradicha: hay otra. Al menos 5, y contradicha."
    assert opened(text) == [("Contradicha", "contradicted"), ("Al menos", "bound")]


def test_texts_that_share_what_was_seen_open_a_term_once() -> None:
    seen: set[str] = set()
    runs = [terms.opened("contradicha", words_of("es"), seen) for _ in range(2)]
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
    html = markup.cell(terms.opened('<b>Al menos</b> "5"', words_of("es")))
    assert html.startswith("&lt;b&gt;<button ")
    assert html.endswith("</button>&lt;/b&gt; &#34;5&#34;")


def test_two_terms_with_one_form_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    terms.forms.cache_clear()
    monkeypatch.setattr(terms, "words_of", lambda _: lambda key: "lo mismo" if "_said" in key else key)
    with pytest.raises(ValueError, match="'lo mismo' is said of custody and of house in es"):
        terms.forms("es")
    monkeypatch.undo()
    terms.forms.cache_clear()
