"""What the scan finds: numbers with their hedges, days with their roles, who is named, parts of the whole."""

from datetime import date
from pathlib import Path
from shutil import copytree

import msgspec
import pytest

from pipelines.core.situation import (
    Organisation,
    Situation,
    SituationError,
    read_organisations,
    read_situation,
)
from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.grammar import LanguageError, name_mark
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import PhraseError

PUBLISHED = date(2026, 2, 26)  # a Thursday
Vocabulary = tuple[Situation, list[Organisation]]


def look(text: str, vocabulary: Vocabulary, published: date | None = PUBLISHED) -> Scene:
    return look_at_text(text, published, *vocabulary)


def numbers(scene: Scene) -> list[tuple[int, int | None, str]]:
    return [(each.value, each.high, each.qualifier) for each in scene.numbers]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lista Abierta cuenta 1.067 presos.", [(1067, None, "exact")]),
        ("Salieron al menos treinta y cinco personas.", [(35, None, "at_least")]),
        ("Hay más de un centenar de detenidos.", [(100, None, "more_than")]),
        ("Son entre 40 y 50 detenidos.", [(40, 50, "range")]),
        ("Quedan 3 mil 400 presos.", [(3400, None, "exact")]),
        ("About 250 people were released.", [(250, None, "about")]),
        ("Une demi-douzaine de détenus sont sortis.", [(6, None, "about")]),
        ("Siebenundvierzig Gefangene kamen frei.", [(47, None, "exact")]),
        ("Ningún preso salió.", [(0, None, "exact")]),
        ("Tel. 04145551234567", []),
    ],
)
def test_numbers_are_found_however_they_are_written(
    islandia: Vocabulary, text: str, found: list[tuple[int, int | None, str]]
) -> None:
    assert numbers(look(text, islandia)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Salió un menor de edad.", [1]),
        ("Ocurrió una vez.", []),
        ("Hubo una detención.", [1]),
        ("Es una buena noticia para todos.", []),
    ],
)
def test_an_article_is_a_number_only_before_what_is_counted(
    islandia: Vocabulary, text: str, found: list[int]
) -> None:
    assert [value for value, *_ in numbers(look(text, islandia))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hay 40 presos al 20 de febrero de 2026.", [("until", date(2026, 2, 20))]),
        ("Salieron 40 el lunes.", [("on", date(2026, 2, 23))]),
        ("Salieron 40 ayer.", [("on", date(2026, 2, 25))]),
        ("Van 40 desde el 8 de enero.", [("since", date(2026, 1, 8))]),
        (
            "Van 40 entre el 8 de enero y el 20 de febrero.",
            [("since", date(2026, 1, 8)), ("until", date(2026, 2, 20))],
        ),
        ("40 people as of Feb. 20, 2026.", [("until", date(2026, 2, 20))]),
        ("40 pessoas desde 8 de janeiro.", [("since", date(2026, 1, 8))]),
        ("40 personnes depuis le 8 janvier.", [("since", date(2026, 1, 8))]),
        ("Seit dem 8. Januar wurden 40 Menschen freigelassen.", [("since", date(2026, 1, 8))]),
    ],
)
def test_days_have_the_role_that_their_words_give_them(
    islandia: Vocabulary, text: str, found: list[tuple[str, date]]
) -> None:
    scene = look(text, islandia)
    assert [(each.role, each.last or each.first) for each in scene.moments] == found
    assert [value for value, *_ in numbers(scene)] == [40]  # no day is a number


def test_a_told_day_is_unknown_without_the_day_of_publication(islandia: Vocabulary) -> None:
    (moment,) = look("Salieron 40 ayer.", islandia, None).moments
    assert (moment.first, moment.last) == (None, None)


def speakers(text: str, vocabulary: Vocabulary) -> list[tuple[str, bool]]:
    return [(each.organisation, each.named) for each in look(text, vocabulary).mentions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lista Abierta cuenta 40.", [("lista", True)]),
        ("LA cuenta 40; la plaza, no.", [("lista", True)]),
        ("Zutana Portavoz habló de 40.", [("lista", True)]),
        ("Lista Abierta habló. La ONG cuenta 40.", [("lista", True), ("lista", False)]),
        ("La ONG Vigilia cuenta 40.", [("vigilia", False), ("vigilia", True)]),
        ("Lista Abierta y Vigilia cuentan 40.", [("lista+vigilia", True)]),
        ("Las autoridades hablan de 40.", [("gobierno", False)]),
        ("Las ONG hablan de 40.", [("unspecified_ngo", False)]),
    ],
)
def test_who_is_named_and_who_is_meant(
    islandia: Vocabulary, text: str, found: list[tuple[str, bool]]
) -> None:
    assert speakers(text, islandia) == found


def test_a_name_with_a_sign_of_phrases_in_it_breaks_no_text(islandia: Vocabulary) -> None:
    situation, organisations = islandia
    odd = msgspec.structs.replace(organisations[0], id="pan", name="Pan & Vino")
    assert speakers("Pan 5 Vino cuenta 40.", (situation, [*organisations, odd])) == [("pan", True)]


def parts(text: str, vocabulary: Vocabulary) -> list[str]:
    return [mark.value for mark in look(text, vocabulary).parts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hay 40 mujeres y 60 hombres.", ["sex=female", "sex=male"]),
        ("Salieron 40 de El Faro y 3 de Puerto II.", ["facility=el_faro", "facility=puerto_ii"]),
        ("40 militares quedaron libres.", ["service=military"]),
        ("La justicia militar acusa a 40.", []),
        ("7,000 islanders have been freed.", []),
        ("7,000 islanders and 40 Italians were freed.", ["nationality=islander", "nationality=italian"]),
        ("Los 7.000 islanders.", []),  # a situation's words are of one language
        ("Salieron 40 de la guardia costera.", ["service=coast_guard"]),
        ("40 salieron de la cárcel de mujeres.", []),
    ],
)
def test_words_for_parts_of_the_whole(islandia: Vocabulary, text: str, found: list[str]) -> None:
    assert parts(text, islandia) == found


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('"service=navy" = { es = ["marinos"] }', "'service=navy' is neither `ignored` nor a part"),
        ('ignored = { es = ["la cárcel (vieja"] }', "words: 'la cárcel (vieja': a parenthesis is not closed"),
        ('[organisation_parts]\nlista = "service=navy"', "lista: 'service=navy' is no part (key=value)"),
    ],
)
def test_a_wrong_word_of_a_situation_is_refused_by_its_name(
    islandia_folder: Path, tmp_path: Path, wrong: str, says: str
) -> None:
    folder = copytree(islandia_folder, tmp_path / "islandia")
    path = folder / "situation.toml"
    path.write_text(path.read_text("utf-8").split("[words]")[0] + f"[words]\n{wrong}\n", "utf-8")
    with pytest.raises((SituationError, LanguageError)) as refused:
        look_at_text("Hay 40.", PUBLISHED, read_situation(folder), read_organisations(folder), "es")
    assert says in str(refused.value)


@pytest.mark.parametrize("what", ["role=during", "sex=", "day=5", "day=ayer", "colour=red", "past=yes", ""])
def test_a_meaning_that_no_phrase_can_have_is_refused_by_its_name(what: str) -> None:
    with pytest.raises(PhraseError, match=f"{what!r} is no part"):
        name_mark(what)
