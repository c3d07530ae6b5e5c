"""The sentence to quote: for each measure, qualifier and mark it is the one that was read and found right."""

import tomllib
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View
from dashboards.text import statement_sentences
from pipelines.core.model import Measure, Qualifier
from tests.dashboards.text.sample_statements import MARKED, qualified, statement

GOLDEN: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    (Path(__file__).parent / "golden_sentences.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("language", list_languages())
def test_each_measure_with_each_qualifier_is_told_as_the_golden_sentence(
    plain_view: View, language: str
) -> None:
    view = replace(plain_view, language=language)
    pairs = list(product(Measure, Qualifier))
    told = {(m.value, q.value): statement_sentences.quote(view, qualified(m, q)) for m, q in pairs}
    golden = ((measure.value, name, texts) for measure in Measure for name, texts in GOLDEN[measure].items())
    assert told == {(measure, qualifier): texts[language] for measure, qualifier, texts in golden}


@pytest.mark.parametrize("language", list_languages())
def test_each_mark_is_told_as_the_golden_sentence(plain_view: View, language: str) -> None:
    view = replace(plain_view, language=language)
    told = {mark: statement_sentences.quote(view, row) for mark, row in MARKED.items()}
    assert told == {mark: texts[language] for mark, texts in GOLDEN["marked"].items()}


def test_no_golden_sentence_is_left_without_a_row() -> None:
    assert set(GOLDEN) == {"marked", *Measure}
    assert set(GOLDEN["marked"]) == set(MARKED)


def test_what_was_known_on_a_day_is_told_as_that(plain_view: View) -> None:
    view = replace(plain_view, known_on=date(2026, 3, 1), today=date(2026, 3, 1))
    assert statement_sentences.quote(view, statement()).endswith(
        "; según lo que se sabía el 1 de marzo de 2026."
    )


def test_people_whose_words_hold_a_comma_stand_in_brackets(
    plain_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"es": "personas alcanzadas por la ley, dentro o fuera", "en": "people covered, in or out"}
    monkeypatch.setitem(plain_view.situation.populations, "held", texts)
    sentence = statement_sentences.quote(
        plain_view, statement(Measure.FULL_FREEDOM_TO_DATE, qualifier="more_than")
    )
    assert "más de 400 personas (personas alcanzadas por la ley, dentro o fuera);" in sentence


@pytest.mark.parametrize("lacking", [{"standing", "revision", "contradicted", "carriers"}, {"corrected"}])
def test_a_row_of_a_query_that_does_not_ask_of_marks_is_told_without_them(
    plain_view: View, lacking: set[str]
) -> None:
    row: dict[str, Any] = {name: value for name, value in statement().items() if name not in lacking}
    assert statement_sentences.quote(plain_view, row) == statement_sentences.quote(plain_view, statement())
