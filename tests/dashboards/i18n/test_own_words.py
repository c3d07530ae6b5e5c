"""What the bundled situations call things, and names with their article within a text."""

import re
from typing import Final

import pytest

from dashboards.i18n.translations import Named, Words, list_languages, read_words
from pipelines.core.paths import ROOT
from pipelines.core.situation import read_situation

NEW_DETENTIONS: Final = re.compile(r"new detentions|detenciones nuevas|nuevas detenciones|novas detenções")
OF_A_LIST: Final = ("cuba", "belarus", "russia")  # their reference organisation counts entries into a list
NOT_IN_PRISON_ALONE: Final = ("cuba", "nicaragua", "russia", "us_immigration_detention")
IN_PRISON: Final = re.compile(
    r"personas en prisión (sube|baja)|people in prison is|nadie en prisión\?|na prisão sobe"
)


def own_words(name: str, language: str) -> Words:
    return read_words(language).of_situation(read_situation(ROOT / "data" / name))


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", OF_A_LIST)
def test_who_enters_a_list_is_not_called_newly_detained(name: str, language: str) -> None:
    words = own_words(name, language)
    facts = dict.fromkeys(("organisation", "people", "when", "detained", "released", "start", "end"), "x")
    counts = {"comparable": "1", "base": "20"}
    told = [words(f"{key}.detained") for key in ("measure", "reason_measure", "bridge", "table")]
    told += [
        words("pace.side_detained"),
        words("pace_windows.title"),
        words("door.title"),
        words("door.none"),
    ]
    told += [words.plural(f"quote.{each}", 2, **facts) for each in ("detained", "detained_to_date")]
    told += [words.plural(f"door.finding_{each}", 2, **facts) for each in ("weeks", "months", "periods")]
    told += [words(f"door.finding_some_{each}", count="2", all="3", **facts) for each in ("weeks", "months")]
    told.append(words.plural("door.summary", 2, **counts))
    if name == "russia":  # it gives no running total of entries
        told = [each for each in told if each != words.plural("quote.detained_to_date", 2, **facts)]
    assert [each for each in told if NEW_DETENTIONS.search(each.lower())] == []


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", NOT_IN_PRISON_ALONE)
def test_where_others_are_counted_too_no_text_says_that_all_are_in_prison(name: str, language: str) -> None:
    words = own_words(name, language)
    told = [words(key) for key in ("headline.no_direction", "glance.no_change", "zero.title")]
    assert [each for each in told if IN_PRISON.search(each)] == []


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", ["us_immigration_detention", "cuba", "palestine"])
def test_a_quote_says_where_people_are_held_once(name: str, language: str) -> None:
    words, situation = own_words(name, language), read_situation(ROOT / "data" / name)
    people = f"5 {words.of(situation.populations[situation.default_population])}"
    twice = re.compile(
        r"(detención migratoria|immigration detention|detenção migratória|en prisión|in prison)"
    )
    for key in ("quote.in_custody", "quote.released"):
        told = words.plural(key, 5, organisation="X", when="y", people=people)
        assert len(twice.findall(told)) <= 1, told


def test_the_data_of_detained_migrants_do_not_say_that_released_is_out_of_prison() -> None:
    situation = read_situation(ROOT / "data" / "us_immigration_detention")
    for language in list_languages():
        told = read_words(language).about("package.released", situation)
        assert not re.search(r"pris|excarcel", told.lower())


def test_a_name_melts_its_article_with_the_word_before_and_begins_a_sentence_with_a_capital() -> None:
    es, en, pt = (read_words(language) for language in ("es", "en", "pt"))
    facts = {"baseline": "1 de enero"}
    assert es("today.no_left", organisation=Named("el Gobierno"), **facts).startswith("Del Gobierno no hay")
    assert es("today.no_left", organisation=Named("la OEA"), **facts).startswith("De la OEA no hay")
    assert pt("today.no_left", organisation=Named("o Foro"), **facts).startswith("Do Foro não há")
    told = pt("stale.text", organisation=Named("a OEA"), people="pessoas", day="x")
    assert told.startswith("O último total de pessoas da OEA que")
    assert "from the Mechanism of all" in en("today.no_left", organisation=Named("the Mechanism"), **facts)
    answered = {"held": "3", "held_day": "y", "baseline": "z"}
    assert en("answer.held_no_left", organisation=Named("the Mechanism"), **answered).startswith("The Mech")
    assert es("answer.held_no_left", organisation=Named("el {x}"), **answered).startswith("El {x} contaba")
    assert es("today.no_left", organisation="el Gobierno", **facts).startswith("De el Gobierno")  # plain text


def test_one_is_told_in_the_singular() -> None:
    words = read_words("en")
    assert words.plural("door.refused_break", 1).startswith("1 is not computed")
    assert words.plural("door.refused_break", 2).startswith("2 are not computed")
    spanish = read_words("es")
    assert spanish.plural("door.refused_different_window", 1).startswith("1 no se calcula porque")
    told = spanish.plural("quote.deaths_in_custody_to_date", 1, organisation="X", when="hoy", people="1 (y)")
    assert told == "Según X, muertes bajo custodia hoy: 1 (y)"


def test_spanish_says_usted() -> None:
    words = read_words("es")
    told = [words("lookup.hint"), words("news.visit_day", day="x"), words("news.kept_here")]
    assert [each for each in told if re.search(r"\b(Tu|tu|Escribe)\b", each)] == []


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", NOT_IN_PRISON_ALONE)
def test_the_glossary_says_whom_the_list_counts_besides_people_in_prison(name: str, language: str) -> None:
    words, common = own_words(name, language), read_words(language)
    assert words("glossary.custody") != common("glossary.custody")
    assert words("glossary.custody_title") != common("glossary.custody_title")


@pytest.mark.parametrize("name", ["nicaragua", "russia"])
def test_house_arrest_has_one_name_on_a_page(name: str) -> None:
    words = own_words(name, "es")
    assert "arresto domiciliario" in words("measure.in_custody")
    for key in ("today.step_house", "family.step_house", "glossary.house_title"):
        assert words(key).startswith("Arresto domiciliario"), key
