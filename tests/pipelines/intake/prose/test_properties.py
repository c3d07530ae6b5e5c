"""What holds for any text: nothing raises, nothing is invented, spans carry their number."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.extraction import extract, look_at_text
from pipelines.intake.prose.grammar import LanguageError, languages, read_language
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.pointing import NOBODY_NAMED
from pipelines.intake.prose.text_matching import PhraseError, expand, fold, normalise
from tests.pipelines.intake.prose.conftest import Read
from tests.pipelines.intake.prose.test_learned import NOISE, PLAIN

PIECES = st.sampled_from(
    [each["text"] for each in PLAIN]
    + NOISE
    + [
        "\n",
        " 1.234 ",
        "𝟰𝟰𝟰 presos políticos",
        "Mujeres: 24",
        "entre 3 y 5",
        "(",
        "»",
        "a\u0301",
        "\u200b",
        "999999999999",
    ]
)


@given(st.text(max_size=300), st.sampled_from([*languages(), None]), st.none() | st.dates(date(2014, 1, 1)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_an_error(
    read: Read, text: str, language: str | None, published: date | None
) -> None:
    for candidate in read(text, published, language):
        assert 0 <= candidate.span[0] < candidate.span[1] <= len(text)


@given(st.lists(PIECES, max_size=8))
@settings(max_examples=150, deadline=None)
def test_span_lies_in_the_original_and_carries_the_number(read: Read, pieces: list[str]) -> None:
    text = " ".join(pieces)
    for candidate in read(text):
        first, last = candidate.span
        written = fold(normalise(text[first:last]).plain)
        digits = re.sub(r"\D", "", written)
        assert str(candidate.value) in digits or digits.lstrip("0") in str(candidate.value) or not digits
        assert re.search(r"\w", written)


@given(st.lists(PIECES, max_size=8))
@settings(max_examples=60, deadline=None)
def test_nothing_is_told_that_the_scan_has_not_found(
    islandia: tuple[Situation, list[Organisation]], pieces: list[str]
) -> None:
    text, published = " ".join(pieces), date(2026, 2, 26)
    mentions = list_mentions(look_at_text(text, published, *islandia))
    values = {(each.value, each.high) for each in mentions.numbers}
    names = {each.organisation for each in mentions.speakers} | set(NOBODY_NAMED)
    days = {each.day for each in mentions.days} | {published}
    for candidate in extract(text, published, *islandia):
        assert (candidate.value, candidate.value_high) in values
        assert candidate.organisation in names
        assert candidate.as_of in days


@given(st.text(max_size=100))
def test_every_character_keeps_its_place(text: str) -> None:
    normal = normalise(text)
    assert len(normal.plain) == len(normal.folded)
    for index in range(len(normal.plain)):
        first, last = normal.span(index, index + 1)
        assert 0 <= first < last <= len(text)


@pytest.mark.parametrize(
    ("code", "words", "value"),
    [
        ("es", "nueve mil cuatrocientos diecinueve", 9419),
        ("en", "one hundred and two", 102),
        ("pt", "dois mil", 2000),
        ("fr", "dix-sept", 17),
        ("it", "diciassette", 17),
        ("de", "siebzehn", 17),
        ("de", "zwölf", 12),
        ("de", "fünfunddreißig", 35),
        ("es", "tres millones", 3_000_000),
    ],
)
def test_spelled_number(
    islandia: tuple[Situation, list[Organisation]], code: str, words: str, value: int
) -> None:
    (number,) = look_at_text(f"{words} presos", None, *islandia, code).numbers
    assert (number.value, number.form) == (value, "word")


@pytest.mark.parametrize("code", languages())
def test_language_file_compiles(code: str) -> None:
    assert read_language(code).code == code


def test_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(LanguageError, match="no such language"):
        read_language("xx")


def test_phrase_with_endings_expands() -> None:
    assert set(expand("liberad(o|a)(s|)")) == {"liberados", "liberado", "liberadas", "liberada"}


def test_phrase_with_an_open_parenthesis_is_refused() -> None:
    with pytest.raises(PhraseError, match="not closed"):
        list(expand("liberad(o|a"))
