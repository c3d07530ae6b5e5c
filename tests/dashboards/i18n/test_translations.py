"""Words: catalogues are complete, and numbers and dates are written as the reader writes them."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.theme import Mark
from dashboards.i18n.translations import (
    LOCALES,
    MissingWordsError,
    list_languages,
    list_texts,
    list_values,
    read_catalogue,
    read_words,
)
from dashboards.metrics.change import Refusal
from pipelines.core.model import BREAKDOWN_KEYS, Measure, Provenance, Qualifier
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import Situation, read_situation
from tests.conftest import SITUATION
from tests.linters import sentence_linter

SOURCES = [*(ROOT / "dashboards").rglob("*.py"), ROOT / "app.py"]


def asked_for() -> Iterator[tuple[str, str]]:
    """Every id that the code asks words for, with its place; f-strings become patterns."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("words", "plural", "self", "about"):
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield re.escape(first.value), f"{path.name}:{node.lineno}"
            elif isinstance(first, ast.JoinedStr):
                parts = [
                    re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in first.values
                ]
                yield "".join(parts), f"{path.name}:{node.lineno}"


def test_spanish_and_english_have_catalogues_and_spanish_comes_first() -> None:
    assert list_languages()[0] == "es"
    assert {"en", "pt"} <= set(list_languages())


@pytest.mark.parametrize("language", list_languages())
def test_every_id_has_a_text_in_every_language(language: str) -> None:
    first = list_texts(read_catalogue("es"))
    texts = list_texts(read_catalogue(language))
    assert texts.keys() == first.keys()
    assert [key for key, forms in texts.items() if not all(form.strip() for form in forms)] == []


@pytest.mark.parametrize("language", list_languages())
def test_a_translation_names_the_same_values_as_the_spanish_text(language: str) -> None:
    first = list_texts(read_catalogue("es"))
    texts = list_texts(read_catalogue(language))
    differing = {key for key in first if list_values(first[key][-1]) != list_values(texts[key][-1])}
    assert differing == set()


def test_every_id_that_the_code_asks_for_exists() -> None:
    keys = list(list_texts(read_catalogue("es")))
    asked = list(asked_for())
    assert len(asked) > 80
    lacking = [
        f"{place} asks for {wanted}"
        for wanted, place in asked
        if not any(re.fullmatch(wanted, key) for key in keys)
    ]
    assert lacking == []


def test_every_closed_list_has_words_for_each_member() -> None:
    keys = list_texts(read_catalogue("es")).keys()
    wanted = {
        *(
            f"{told}.{measure}"
            for told in ("measure", "measure_in_sentence", "reason_measure", "quote")
            for measure in Measure
        ),
        *(f"qualifier.{qualifier}" for qualifier in Qualifier if qualifier is not Qualifier.EXACT),
        *(f"provenance.{grade}" for grade in Provenance),
        *(f"breakdown_key.{key}" for key in BREAKDOWN_KEYS),
        *(f"key.{mark}" for mark in Mark),
        *(f"change.refused_{refusal}" for refusal in Refusal),
        *(f"standing.{standing}" for standing in ("stands", "superseded", "echo", "outranked")),
    }
    assert wanted - keys == set()


def test_words_that_are_missing_are_an_error_and_not_an_empty_text() -> None:
    with pytest.raises(MissingWordsError, match="no words for 'nonsense'"):
        read_words("es")("nonsense")


@pytest.mark.parametrize(
    ("language", "number", "day"),
    [
        ("es", "1.697", "8 de enero de 2026"),
        ("en", "1,697", "8 January 2026"),
        ("pt", "1.697", "8 de janeiro de 2026"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(
    language: str, number: str, day: str
) -> None:
    words = read_words(language)
    assert words.number(1697) == number
    assert words.day(date(2026, 1, 8)) == day


def test_an_age_is_told_in_words() -> None:
    assert read_words("es").age(date(2026, 8, 20), date(2026, 11, 24)) == "hace 3 meses"
    assert read_words("en").age(date(2026, 8, 20), date(2026, 11, 24)) == "3 months ago"
    assert read_words("es").age(date(2026, 8, 20), date(2026, 8, 20)) == "hoy"


@pytest.mark.parametrize(
    ("qualifier", "high", "es", "en"),
    [
        ("exact", None, "400", "400"),
        ("at_least", None, "al menos 400", "at least 400"),
        ("more_than", None, "más de 400", "more than 400"),
        ("about", None, "cerca de 400", "about 400"),
        ("at_most", None, "como máximo 400", "at most 400"),
        ("less_than", None, "menos de 400", "fewer than 400"),
        ("range", 500, "entre 400 y 500", "between 400 and 500"),
    ],
)
def test_a_figure_is_never_told_sharper_than_it_was_stated(
    qualifier: str, high: int | None, es: str, en: str
) -> None:
    assert read_words("es").amount(qualifier, 400, high) == es
    assert read_words("en").amount(qualifier, 400, high) == en


def test_plurals_follow_the_language() -> None:
    assert read_words("es").plural("amount.people", 1, amount="1") == "1 persona"
    assert read_words("es").plural("amount.people", 2, amount="2") == "2 personas"


@pytest.mark.parametrize("language", list_languages())
def test_released_from_prison_is_never_told_as_free(language: str) -> None:
    word = sentence_linter.read_vocabulary()[language]["freedom"]
    texts = list_texts(read_catalogue(language))
    released = [f"measure.{m}" for m in (Measure.RELEASED, Measure.RELEASED_TO_DATE, Measure.UNDER_MEASURES)]
    for key in [*released, "card.left", "answer.held_left", "measure_in_sentence.released_to_date"]:
        assert not re.search(word, texts[key][0].lower()), key


def test_a_breakdown_is_told_in_the_situations_own_words_else_in_the_catalogues() -> None:
    labels = {"el_rodeo": {"es": "El Rodeo", "en": "El Rodeo"}}
    words = read_words("es")
    assert words.breakdown("total", labels) == "total"
    assert words.breakdown("facility=el_rodeo;sex=female", labels) == "El Rodeo, mujeres"
    assert words.breakdown("region=norte_alto", labels) == "región: «norte alto»"


def test_a_situation_gives_its_own_text_where_the_common_one_does_not_fit() -> None:
    told = {"es": "¿Cuántos siguen en Brumaria?", "en": "How many are left in Brumaria?"}
    common = msgspec.toml.decode(SITUATION, type=Situation)
    own = msgspec.structs.replace(common, wording={"overview.title": told})
    words = read_words("en")
    assert words.about("overview.title", own) == told["en"]
    assert words.about("overview.title", common) == words("overview.title", in_situation="in Islandia")
    assert read_words("pt").about("overview.title", own) == told["es"]


def test_the_name_of_a_situation_takes_the_article_that_its_language_asks_for() -> None:
    common = msgspec.toml.decode(SITUATION, type=Situation)
    own = msgspec.structs.replace(common, name_in={"pt": "na Islândia"}, name_of={"pt": "da Islândia"})
    told = {
        language: [read_words(language).about(key, own) for key in ("progress.title", "claims.title")]
        for language in ("es", "pt")
    }
    assert told == {
        "es": ["¿Cómo avanzan las excarcelaciones en Islandia?", "Las cifras publicadas de Islandia"],
        "pt": ["Como avançam as saídas da prisão na Islândia?", "Os números publicados da Islândia"],
    }


@pytest.mark.parametrize(
    ("language", "before"), [("es", "en|de|a"), ("en", "in|of|for|on"), ("pt", "em|de|a")]
)
def test_no_text_sets_a_word_before_the_bare_name_that_may_have_to_melt_with_its_article(
    language: str, before: str
) -> None:
    ours = {
        key: texts for key, texts in list_texts(read_catalogue(language)).items() if "situation." not in key
    }
    bare = re.compile(rf"\b({before}) \{{situation\}}", re.IGNORECASE)
    assert [key for key, texts in ours.items() if any(bare.search(text) for text in texts)] == []
    data = DataDir(ROOT / "data")
    own = {name: read_situation(data.situation(name)).wording for name in data.situations()}
    assert [
        (name, key)
        for name, texts in own.items()
        for key, text in texts.items()
        if bare.search(text[language])
    ] == []


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("¿Cuántos siguen en {situation}?", "¿Cuántos siguen en Islandia?"),
        ("¿Cuántos siguen en {country}?", None),
        ("¿Cuántos siguen en {}?", None),
        ("¿Cuántos siguen en {situation?", None),
    ],
)
def test_an_own_text_may_name_the_situation_and_gives_way_where_it_names_what_is_not_there(
    told: str, shown: str | None
) -> None:
    common = msgspec.toml.decode(SITUATION, type=Situation)
    own = msgspec.structs.replace(common, wording={"overview.title": {"es": told}})
    words = read_words("es")
    assert words.about("overview.title", own) == (shown or words.about("overview.title", common))


OWN = {
    "measure.in_custody": {"es": "En el hielo", "en": "On the ice"},
    "story.title_dated": {"es": "{organisation}: {last} en el hielo"},
    "no.such_text": {"es": "nada"},
    "amount.people": {"es": "{amount} gentes"},  # one text for every number
    "list.last": {"es": "{head} & <b>{last}</b>"},
    "brief.title": {"es": "{day.__class__}"},
    "age.today": {"es": "{"},
    "age.that_day": {"es": "el {weekday}"},
}


def test_a_situations_own_text_stands_wherever_the_common_one_would() -> None:
    situation = msgspec.structs.replace(msgspec.toml.decode(SITUATION, type=Situation), wording=OWN)
    common = read_words("en")
    own = common.of_situation(situation)
    assert own("measure.in_custody") == "On the ice"
    assert own("story.title_dated", organisation="X", last=3, when="") == "X: 3 en el hielo"
    assert own.plural("amount.people", 2, amount="2") == "2 gentes"
    assert common("measure.in_custody") != "On the ice"


def test_an_own_text_that_does_not_fit_is_named_and_the_common_one_stands() -> None:
    situation = msgspec.structs.replace(msgspec.toml.decode(SITUATION, type=Situation), wording=OWN)
    common = read_words("es")
    own = common.of_situation(situation)
    misfits = ["no.such_text", "list.last", "brief.title", "age.today"]
    assert common.find_misfits(situation) == misfits
    assert own.listed(["a", "b"]) == common.listed(["a", "b"])
    assert own("age.today") == common("age.today")
    assert own("age.that_day") == common("age.that_day")  # no weekday is told there


@pytest.mark.parametrize("name", DataDir(ROOT / "data").situations())
def test_the_bundled_situations_own_words_fit_and_stand_in_every_language(name: str) -> None:
    situation = read_situation(ROOT / "data" / name)
    for language in list_languages():
        assert read_words(language).find_misfits(situation) == []
    assert {key for key, texts in situation.wording.items() if {"es", "en", "pt"} - set(texts)} == set()


def test_a_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "qu" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "liberometro.po").write_bytes((LOCALES / "es/LC_MESSAGES/liberometro.po").read_bytes())
    monkeypatch.setattr("dashboards.i18n.translations.LOCALES", tmp_path)
    assert list_languages() == ["qu"]


@pytest.mark.parametrize(
    ("day", "ages"),
    [
        (date(2026, 1, 14), ("hace 10 meses", "10 months ago", "há 10 meses")),  # 314 days
        (date(2025, 11, 24), ("hace 1 año", "1 year ago", "há 1 ano")),
        (date(2025, 11, 25), ("hace 11 meses", "11 months ago", "há 11 meses")),
        (date(2024, 1, 1), ("hace 2 años", "2 years ago", "há 2 anos")),
        (date(2026, 10, 25), ("hace 4 semanas", "4 weeks ago", "há 4 semanas")),
        (date(2026, 11, 11), ("hace 1 semana", "1 week ago", "há 1 semana")),
        (date(2026, 11, 18), ("hace 6 días", "6 days ago", "há 6 dias")),
    ],
)
def test_an_age_is_what_has_passed_whole_and_never_rounded_up(day: date, ages: tuple[str, str, str]) -> None:
    assert tuple(read_words(code).age(day, date(2026, 11, 24)) for code in ("es", "en", "pt")) == ages


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 4000))
def test_as_long_as_an_age_says_has_passed(day: date, days: int) -> None:
    today = day + timedelta(days=days)
    number, unit = read_words("en").age(day, today).split()[:2]
    shortest = {"day": 1, "week": 7, "month": 28, "year": 365}[unit.rstrip("s")]
    assert int(number) * shortest <= days


def test_a_bare_yes_or_no_of_a_part_says_what_was_asked() -> None:
    labels = {"yes": {"es": "sí", "en": "yes"}, "over_70": {"es": "mayores de 70", "en": "over 70"}}
    assert read_words("en").breakdown("age=over_70;sentenced=yes", labels) == "over 70, sentenced"
    assert read_words("en").breakdown("sentenced=no", labels) == "not sentenced"


@pytest.mark.parametrize("language", list_languages())
def test_a_part_that_a_bundled_situation_ever_named_has_words(language: str) -> None:
    data, words = DataDir(ROOT / "data"), read_words(language)
    unnamed = []
    for name in data.situations():
        situation = read_situation(data.situation(name))
        path = data.situation(name) / "own_corrections.csv"
        corrected = pl.read_csv(path, infer_schema=False) if path.exists() else pl.DataFrame()
        parts = {
            part
            for column in ("old_breakdown", "new_breakdown")
            if column in corrected.columns
            for breakdown in corrected[column].drop_nulls()
            for part in breakdown.split(";")
        } | situation.parts
        labels = situation.breakdown_labels
        unnamed += [
            (name, part)
            for part in sorted(parts)
            if part != "total"
            and words.breakdown(part, labels)
            == words(
                "breakdown.other",
                key=words(f"breakdown_key.{part.split('=')[0]}"),
                value=part.split("=")[1].replace("_", " "),
            )
        ]
    assert unnamed == []


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("es", "Máximo: 806, el 1 de agosto de 2026.", "Máximo: 806, en agosto de 2026."),
        ("en", "Highest: 806, on 1 August 2026.", "Highest: 806, in August 2026."),
        ("pt", "Máximo: 806, em 1 de agosto de 2026.", "Máximo: 806, em agosto de 2026."),
    ],
)
def test_a_month_takes_other_words_before_it_than_a_day(language: str, day: str, month: str) -> None:
    words, first = read_words(language), date(2026, 8, 1)
    told = [words("card.peak", value="806", day=words.moment(first, fine)) for fine in ("day", "month")]
    assert told == [day, month]


def test_after_a_preposition_a_month_has_no_article_and_a_situations_own_text_follows_suit() -> None:
    common = msgspec.toml.decode(SITUATION, type=Situation)
    texts = "Hasta el {day}, del {day} al {day}, entre el 1 de mayo y el {day}; más que el {day}. El {day}."
    own = msgspec.structs.replace(common, wording={"card.when": {"es": texts}})
    words = read_words("es").of_situation(own)
    assert words("card.when", day=words.moment(date(2026, 8, 1), "month")) == (
        "Hasta agosto de 2026, de agosto de 2026 a agosto de 2026, entre el 1 de mayo y agosto de 2026; "
        "más que en agosto de 2026. En agosto de 2026."
    )


@pytest.mark.parametrize("language", list_languages())
def test_every_key_calls_the_ring_second_hand_and_no_other_mark_by_its_look(language: str) -> None:
    words = read_words(language)
    name = words("mark.secondhand")
    assert words("key.short_secondhand") == name
    assert words("key.secondhand").startswith("○")
    assert words("key.secondhand").endswith(f": {name}")
    assert name in words("story.secondhand", value="404", organisation="Foro Penal")
    grey = {"es": "gris", "en": "grey", "pt": "cinza"}[language]
    assert all(grey in words(each) for each in ("key.contradicted", "doubt.key"))
    assert grey not in words("key.secondhand")


@pytest.mark.parametrize(
    ("language", "told"), [("es", "1.279 días"), ("en", "1,279 days"), ("pt", "1.279 dias")]
)
def test_a_thousand_days_have_their_separator(language: str, told: str) -> None:
    assert read_words(language).days(1279) == told
