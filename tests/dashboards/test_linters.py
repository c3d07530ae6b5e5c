"""The linter: it accepts every sentence of ours in every language, and catches each planted wrong one."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from dashboards.app.page_registry import PAGES
from dashboards.exhibits import chart_registry, figures_over_time
from dashboards.i18n.rich_text import Link
from dashboards.i18n.translations import list_languages, list_texts, read_catalogue
from dashboards.queries import claim_rows, database, series
from dashboards.queries.view import View
from dashboards.text import statement_sentences
from pipelines.core.model import Measure, Qualifier
from tests.dashboards.app.test_real_figures import (
    bundled,
    venezuela,
)
from tests.dashboards.conftest import opened, text_of
from tests.dashboards.text.sample_statements import MARKED, qualified, statement
from tests.linters import sentence_linter
from tests.linters.exhibit_linter import check_exhibit, find_linked_figures, list_hovers, list_quoted

__all__ = ["bundled", "venezuela"]  # fixtures

ROWS = {f"{m} {q}": qualified(m, q) for m in Measure for q in Qualifier} | MARKED


@pytest.mark.parametrize("language", list_languages())
def test_every_language_has_the_vocabulary_that_its_texts_are_judged_by(language: str) -> None:
    tables = sentence_linter.read_vocabulary()
    assert set(tables["measures"]) == set(Measure)
    assert language in tables
    for table in (table for name, table in tables.items() if name != "measures"):
        assert table.keys() == tables["es"].keys()
        assert set(table["qualifiers"]) == set(Qualifier) - {Qualifier.EXACT}
        for pattern in [*table["allowed"], *(each for each in table.values() if isinstance(each, str))]:
            re.compile(pattern)


@pytest.mark.parametrize("language", list_languages())
def test_every_sentence_to_quote_says_what_it_must_and_no_more(plain_view: View, language: str) -> None:
    view = replace(plain_view, language=language)
    found = [
        problem
        for row in ROWS.values()
        for problem in sentence_linter.check_sentence(view, row, statement_sentences.quote(view, row))
    ]
    assert found == []


@pytest.mark.parametrize("language", list_languages())
def test_no_text_of_the_catalogue_is_stronger_than_the_data(language: str) -> None:
    found = [
        problem
        for key, forms in list_texts(read_catalogue(language)).items()
        for form in forms
        for problem in sentence_linter.check_words(form, language, sentence_linter.find_measures(key))
    ]
    assert found == []


def mutations(language: str) -> dict[str, tuple[Callable[[str], str], str]]:
    """Ways to spoil a sentence, each with the rule that must find it."""
    strong = {
        "es": (
            "salieron de prisión",
            "fueron liberadas",
            "más de ",
            "Según La Lista",
            "desde el 8 de enero de 2026 ",
        ),
        "en": (
            "released from prison",
            "freed",
            "more than ",
            "According to La Lista",
            "between 8 January 2026 and ",
        ),
    }[language]
    left, freed, hedge, speaker, window = strong
    return {
        "a stronger word": (lambda text: text.replace(left, freed), "stronger than the data (freedom)"),
        "full freedom": (
            lambda text: text.replace(
                left, {"es": "obtuvieron la libertad plena", "en": "given full freedom"}[language]
            ),
            "stronger than the data (full)",
        ),
        "no qualifier": (lambda text: text.replace(hedge, ""), "loses its qualifier"),
        "another qualifier": (
            lambda text: text.replace(hedge, {"es": "cerca de ", "en": "about "}[language]),
            "loses its qualifier",
        ),
        "another number": (lambda text: text.replace("400", "4000"), "does not say how many"),
        "nobody says it": (lambda text: text.replace(speaker, ""), "does not say who"),
        "nothing counted": (lambda text: text.replace(left, "…"), "does not say what"),
        "no end": (lambda text: re.sub(r"15 (?:de )?\w+ (?:de )?2026", "", text), "does not say when"),
        "no start": (lambda text: text.replace(window, ""), "does not say since when"),
        "no publisher": (lambda text: text.replace("El Diario", ""), "does not say through whom"),
        "not at second hand": (
            lambda text: text.replace({"es": "de segunda mano", "en": "second hand"}[language], ""),
            "does not say that it is secondhand",
        ),
        "not revised": (
            lambda text: text.replace({"es": "revisada", "en": "revised"}[language], ""),
            "does not say that it is revised",
        ),
    }


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_planted_wrong_sentence_is_caught(plain_view: View, language: str) -> None:
    view = replace(plain_view, language=language)
    row = statement(Measure.RELEASED, qualifier="more_than", provenance="secondhand", revision=1)
    right = statement_sentences.quote(view, row)
    wrong = {name: (spoil(right), rule) for name, (spoil, rule) in mutations(language).items()}
    assert [name for name, (text, _) in wrong.items() if text == right] == []
    found = {
        name: [each.rule for each in sentence_linter.check_sentence(view, row, text)]
        for name, (text, _) in wrong.items()
    }
    assert {name: found[name] for name, (_, rule) in wrong.items() if rule not in found[name]} == {}


STRONGER = [
    (Measure.AMNESTY_APPLICATIONS_TO_DATE, "es", "400 amnistías concedidas"),
    (Measure.AMNESTY_APPLICATIONS_TO_DATE, "en", "400 amnesties granted"),
    (Measure.AMNESTY_APPLICATIONS_TO_DATE, "es", "400 personas salieron de prisión"),
    (Measure.AMNESTY_GRANTED_TO_DATE, "es", "400 excarcelaciones"),
    (Measure.RELEASE_ANNOUNCED, "es", "400 personas salieron de prisión"),
    (Measure.RELEASE_ANNOUNCED, "en", "400 people were released from prison"),
    (Measure.UNDER_MEASURES, "es", "400 personas en libertad"),
    (Measure.UNDER_MEASURES, "en", "400 people are free, under measures"),
    (Measure.IN_CUSTODY, "es", "400 personas salieron de prisión y están en casa por cárcel"),
    (Measure.RELEASED_TO_DATE, "es", "400 liberaciones"),
    (Measure.RELEASED, "en", "400 people set free"),
    (Measure.FULL_FREEDOM_TO_DATE, "es", "400 personas libres"),
    (Measure.RELEASED, "pt", "400 pessoas libertadas"),
    (Measure.AMNESTY_APPLICATIONS_TO_DATE, "pt", "400 anistias concedidas"),
]


def test_a_measure_is_never_told_as_a_stronger_one() -> None:
    assert [each for each in STRONGER if not sentence_linter.check_words(each[2], each[1], [each[0]])] == []


def test_an_exact_figure_gets_no_qualifier(plain_view: View) -> None:
    wrong = statement_sentences.quote(plain_view, statement(qualifier="about"))
    assert [each.rule for each in sentence_linter.check_sentence(plain_view, statement(), wrong)] == [
        "puts a qualifier in"
    ]


def test_a_number_within_another_is_not_that_number(plain_view: View) -> None:
    for other in ("1.400", "400.000", "4000"):
        assert sentence_linter.check_amount(plain_view.words, statement(), f"son {other} personas")
    assert sentence_linter.check_amount(plain_view.words, statement(), "son 400. Y 3 más") == []


def test_what_is_said_to_deny_freedom_is_no_stronger_word() -> None:
    assert sentence_linter.check_words("Excarcelado no quiere decir que esté libre.", "es") == []
    assert sentence_linter.check_words("Ya están libres.", "es")
    assert sentence_linter.check_words("Released does not mean free.", "en") == []
    assert sentence_linter.check_words("They were set free.", "en")
    assert sentence_linter.check_words("Ter saído da prisão não quer dizer que esteja livre.", "pt") == []


def test_a_name_that_holds_a_strong_word_is_not_ours(plain_view: View) -> None:
    row = statement(publisher="Comité por la Libertad")
    assert sentence_linter.check_sentence(plain_view, row, statement_sentences.quote(plain_view, row)) == []


SPELLINGS = {
    "es": (r"períodos?", r"periodos?"),
    "en": (r"\w+is(?:e|ed|es|ing|ation)s?", r"(?:organ|recogn|author)iz\w+"),
    "pt": (r"anistias?", r"amnistias?"),
}


@pytest.mark.parametrize("language", list_languages())
def test_a_word_has_one_spelling(language: str) -> None:
    ours, other = SPELLINGS[language]
    texts = [form for forms in list_texts(read_catalogue(language)).values() for form in forms]
    assert any(re.search(rf"\b{ours}\b", text, re.IGNORECASE) for text in texts)
    assert [text for text in texts if re.search(rf"\b{other}\b", text, re.IGNORECASE)] == []


def problems_of(view: View) -> list[sentence_linter.Problem]:
    """What the linter finds in every chart of a situation."""
    drawn = [
        exhibit
        for chart in chart_registry.list_charts(view).values()
        if (exhibit := chart.draw(view)) is not None
    ]
    assert drawn
    return [problem for exhibit in drawn for problem in check_exhibit(view, exhibit)]


@pytest.mark.parametrize("language", list_languages())
def test_every_exhibit_of_a_small_build_is_told_right(view: View, language: str) -> None:
    assert problems_of(replace(view, language=language)) == []


@pytest.mark.parametrize("language", list_languages())
def test_every_exhibit_of_the_bundled_data_is_told_right(venezuela: View, language: str) -> None:
    problems = [
        problem
        for situation in database.read_situations(venezuela.build)
        for problem in problems_of(replace(venezuela, situation_id=situation.id, language=language))
    ]
    assert problems == []


@pytest.mark.parametrize("language", list_languages())
def test_every_claim_of_the_bundled_data_is_quoted_right(venezuela: View, language: str) -> None:
    view = replace(venezuela, language=language)
    rows = claim_rows.read_claims(view.build, view.situation_id, claim_rows.Filter(), 5000, 0).to_dicts()
    assert len(rows) > 1000
    found = [
        problem
        for row in rows
        for problem in sentence_linter.check_sentence(view, row, statement_sentences.quote(view, row))
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_more_than_its_figures(venezuela: View, page: str) -> None:
    for language in list_languages():
        view = replace(venezuela, language=language)
        text = text_of(opened(page, lang=language))
        quoted = [*view.names.values(), *(each.name for each in view.situation.help)]
        quoted += [name[language] for name in view.situation.organisation_long_names.values()]
        publishers = claim_rows.read_claims(view.build, "venezuela", claim_rows.Filter(), 5000, 0)[
            "publisher"
        ].unique()
        assert sentence_linter.check_words(text, language, (), [*quoted, *publishers]) == []


def spoilt(view: View, **changed: Any) -> list[str]:
    """The rules that find fault with the overview's exhibit once something in it is changed."""
    return [
        problem.rule
        for problem in check_exhibit(view, replace(figures_over_time.make_overview(view), **changed))
    ]


def test_an_exhibit_that_says_too_much_or_too_little_is_caught(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    assert spoilt(view) == []
    assert "stronger than the data (freedom)" in spoilt(view, title="Personas liberadas, según La Lista")
    assert "stronger than the data (full)" in spoilt(
        view, summary=exhibit.summary + " Libertad plena para 464."
    )
    assert "stronger than the data (freedom)" in spoilt(view, key=("● personas libres",))
    assert "does not say who" in spoilt(view, title="Título", summary="Resumen del 5 ene 2026", source="")
    assert "does not say when" in spoilt(view, title="Según La Lista", summary="", source="")


def test_a_figure_of_a_table_that_loses_its_qualifier_is_caught(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    bound = next(
        cell
        for row in exhibit.rows
        for cell in row
        if isinstance(cell, Link) and cell.text.startswith("al menos")
    )
    rows = tuple(
        tuple(
            replace(bound, text=bound.text.removeprefix("al menos ")) if cell == bound else cell
            for cell in row
        )
        for row in exhibit.rows
    )
    assert len(find_linked_figures(exhibit)) == len(exhibit.rows)
    assert "loses its qualifier" in spoilt(view, rows=rows)


def test_each_point_of_a_chart_says_who_when_and_how_many(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    assert exhibit.figure is not None
    texts = [text for text in list_hovers(exhibit.figure) if view.names["lista"] in text]
    drawn = exhibit.frame.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
    for row in drawn.to_dicts():
        own = [text for text in texts if sentence_linter.check_amount(view.words, row, text) == []]
        assert any(view.words.day(row["as_of"]) in text for text in own), row
    quoted = list_quoted(view)
    assert [
        p for text in texts for p in sentence_linter.check_words(text, "es", ["released_to_date"], quoted)
    ] == []


@pytest.mark.parametrize("language", list_languages())
def test_the_situations_own_words_and_events_are_no_stronger_than_the_data(
    venezuela: View, language: str
) -> None:
    for situation in database.read_situations(venezuela.build):
        view = replace(venezuela, situation_id=situation.id, language=language)
        texts = [
            *situation.caveats,
            *situation.populations.values(),
            *situation.breakdown_labels.values(),
            *(
                {code: row[f"title_{code}"] for code in ("es", "en", "pt")}
                for row in series.read_events(view.build, situation.id).to_dicts()
            ),
        ]
        told = [view.words.of(each) for each in texts]
        assert [problem for text in told for problem in sentence_linter.check_words(text, language)] == []
