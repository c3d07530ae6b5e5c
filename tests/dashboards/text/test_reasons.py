"""Reasons: SQL gives codes, the catalogues their sentences, in every language alike."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from dashboards.exhibits import comparisons
from dashboards.i18n.translations import list_languages, list_texts, read_catalogue, read_words
from dashboards.queries.view import View
from dashboards.text.reasons import Reason, Side, compose_reason
from pipelines.core.model import Comparability, Measure
from pipelines.core.paths import ROOT, SQL, DataDir
from tests.conftest import row
from tests.dashboards.conftest import opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
CODE = re.compile(r"(?:THEN|ELSE) '(\w+)'")
GIVEN = {  # file, its columns of codes → the ids of their sentences
    ("3_lives/judged/01_doubts", "doubt"): "doubt.",
    ("3_lives/judged/02_statement_lives", "lost_by"): "why.",
    ("3_lives/judged/02_statement_lives", "why_standing"): "why.",
    ("5_marts/23_headline", "passed_reason"): "headline.",
    ("5_marts/beside/04_reconciliation", "refused"): "bridge.refused_",
    ("5_marts/beside/05_revolving_door", "reason"): "door.refused_",
}
TO_MAINTAINERS = (
    "checks/",
    "queries/annotations_unmatched.sql",
    "queries/free_texts.sql",
    "queries/measure_tables.sql",  # writes a query
    "set_duplicates_aside",
)  # commands speak English
LITERAL = re.compile(r"'((?:[^']|'')*)'")
SENTENCE = re.compile(r"[^\W\d_],? [^\W\d_]|^\W* [^\W\d_]|[^\W\d_] $|[À-ÿ]")
DAY = date(2026, 2, 2)
LISTA = Side("lista", "released_to_date", "held", "total", date(2026, 1, 8), DAY)
STATE = Side("gobierno", "under_measures", "everyone", "sex=female", None, DAY)


def emitted(name: str, column: str) -> set[str]:
    """The codes that one column of a file can hold."""
    case = rf"\bCASE\b((?:(?!\bCASE\b).)*?)\bEND\s+AS {column}\b"
    return set(CODE.findall(" ".join(re.findall(case, (SQL / f"{name}.sql").read_text("utf-8"), re.DOTALL))))


def literals() -> list[tuple[str, str]]:
    """Every text that stands in quotes in the project's SQL, with its file."""
    files = [*SQL.rglob("*.sql"), *(ROOT / "dashboards").rglob("*.sql")]
    return [
        (path.relative_to(ROOT).as_posix(), text)
        for path in sorted(files)
        for text in LITERAL.findall(re.sub(r"--[^\n]*", "", path.read_text("utf-8")))
        if not re.search(r"[\\|]", text)  # a pattern
    ]


def test_sql_says_nothing_to_readers() -> None:
    found = literals()
    assert len(found) > 500
    told = [(place, text) for place, text in found if SENTENCE.search(text)]
    assert len(told) >= 8  # what maintainers are told: the pattern does find sentences
    assert [each for each in told if not any(part in each[0] for part in TO_MAINTAINERS)] == []


@pytest.mark.parametrize(
    "text",
    ["counts only from ", " y ", "Misma medida, misma población", "años", "una es de un momento", ": no son"],
)
def test_a_piece_of_a_sentence_is_found(text: str) -> None:
    assert SENTENCE.search(text)


def test_gaps_give_the_codes_of_the_closed_list_and_no_other() -> None:
    made = (SQL / "5_marts/beside/01_comparability.sql").read_text("utf-8")
    assert set(CODE.findall(made)) == set(Comparability)


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize(("name", "column"), GIVEN, ids="-".join)
def test_every_code_that_sql_gives_has_a_sentence(name: str, column: str, language: str) -> None:
    codes = emitted(name, column)
    assert len(codes) > 1
    keys = list_texts(read_catalogue(language)).keys()
    assert {f"{GIVEN[name, column]}{code}" for code in codes} - keys == set()


@pytest.mark.parametrize("language", list_languages())
def test_every_reason_of_a_pair_has_a_sentence_for_every_measure(view: View, language: str) -> None:
    words = read_words(language)
    declaration = {"es": "Las dos.", "en": "Both.", "pt": "As duas."}
    for code in Comparability:
        for measure in Measure:
            start = date(2026, 2, 1) if code is Comparability.DIFFERENT_WINDOW else None
            side = Side("gobierno", measure, "everyone", "sex=female", start, DAY)
            for left, right in ((LISTA, side), (side, LISTA)):
                text = compose_reason(view, Reason(code, left, right, declaration), words)
                assert re.fullmatch(r"[A-Z].+\.", text), (code, text)
                assert "_" not in text, (code, text)


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        (
            "es",
            Comparability.DIFFERENT_KIND,
            "La Lista cuenta excarcelaciones y Gobierno cuenta personas fuera de prisión bajo medidas: "
            "una es de un momento y la otra de un período.",
        ),
        (
            "en",
            Comparability.UNKNOWN_WINDOW,
            "La Lista counts from 8 January 2026 and Gobierno does not say from when it counts.",
        ),
        (
            "pt",
            Comparability.UNKNOWN_WINDOW,
            "La Lista conta desde 8 de janeiro de 2026 e Gobierno não diz desde quando conta.",
        ),
        (
            "en",
            Comparability.DIFFERENT_COHORT,
            "La Lista counts only from 8 January 2026 and Gobierno without that date.",
        ),
    ],
)
def test_a_reason_names_both_sides_in_the_language(
    view: View, language: str, code: Comparability, expected: str
) -> None:
    assert compose_reason(view, Reason(code, LISTA, STATE, {}), read_words(language)) == expected


def test_a_day_that_nobody_stated_is_no_empty_place_in_a_sentence(view: View) -> None:
    with pytest.raises(KeyError, match="right_day"):
        compose_reason(view, Reason(Comparability.DIFFERENT_WINDOW, LISTA, STATE, {}), read_words("es"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es", "La Lista cuenta del 31 de enero de 2026 al 2 de febrero de 2026 y Gobierno, el 2 de febrero "
         "de 2026: no son los mismos días."),
        ("en", "La Lista counts from 31 January 2026 to 2 February 2026 and Gobierno on 2 February 2026: not "
         "the same days."),
        ("pt", "La Lista conta de 31 de janeiro de 2026 a 2 de fevereiro de 2026 e Gobierno, em 2 de "
         "fevereiro de 2026: não são os mesmos dias."),
    ],
)  # fmt: skip
def test_of_two_flows_all_days_of_both_windows_are_told(view: View, language: str, expected: str) -> None:
    own, other = (
        Side(who, "released", "held", "total", start, DAY)
        for who, start in (("lista", date(2026, 1, 31)), ("gobierno", DAY))
    )
    code = Comparability.DIFFERENT_WINDOW
    assert compose_reason(view, Reason(code, own, other, {}), read_words(language)) == expected


def test_a_cohort_is_named_from_whichever_side_counts_since_a_day(view: View) -> None:
    told = compose_reason(view, Reason(Comparability.DIFFERENT_COHORT, STATE, LISTA, {}), read_words("es"))
    assert told == "La Lista cuenta solo desde el 8 de enero de 2026 y Gobierno sin esa fecha."


def test_a_population_without_words_is_called_by_its_own_name(view: View) -> None:
    told = compose_reason(
        view, Reason(Comparability.DIFFERENT_POPULATION, LISTA, STATE, {}), read_words("en")
    )
    assert "Gobierno counts everyone: not the same people." in told


def test_a_declaration_is_told_in_the_language_and_in_spanish_where_it_has_none(
    publish: Publish, data: DataDir
) -> None:
    (data.situation("islandia") / "comparable.toml").write_text(DECLARED, encoding="utf-8")
    left = {"period_start": "2026-01-08", "as_of": "2026-02-24", "published": "2026-02-24"}
    publish(
        [
            row(measure="released_to_date", value=109, **left),
            row(measure="full_freedom_to_date", organisation="gobierno", value=179, **left),
        ]
    )
    for language, text in (("es", "Son lo mismo."), ("en", "They are one."), ("pt", "São o mesmo.")):
        assert text in text_of(opened("compare", lang=language))


def test_a_portuguese_page_gives_the_reason_in_portuguese_and_the_csv_in_every_language(
    publish: Publish,
) -> None:
    view = publish(
        [
            row(measure="released_to_date", value=266, period_start="2026-01-08", as_of="2026-03-26",
                published="2026-03-26"),
            row(measure="released_to_date", value=808, period_start="2025-12-01", as_of="2026-03-26",
                published="2026-03-26", organisation="gobierno"),
        ]
    )  # fmt: skip
    told = "Gobierno conta desde 1 de dezembro de 2025 e La Lista desde 8 de janeiro de 2026."
    assert told in text_of(opened("compare", lang="pt"))
    frame = comparisons.make_comparison(view, False, None, 1).frame
    assert frame["reason"].to_list() == ["different_window"]
    assert frame["reason_pt"].to_list() == [told]
    assert frame["reason_en"].to_list() == [
        "Gobierno counts from 1 December 2025 and La Lista from 8 January 2026."
    ]


DECLARED = """
[[comparable]]
id = "left_prison"
text = { es = "Son lo mismo.", en = "They are one.", pt = "São o mesmo." }
[[comparable.side]]
role = "government"
measure = "full_freedom_to_date"
population = "held"
[[comparable.side]]
role = "ngo"
measure = "released_to_date"
population = "held"
"""
