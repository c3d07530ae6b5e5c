"""What a text shortens is found with everything that it may mean: days by their number, offices by a word."""

from datetime import date

import pytest

from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.known_names import find_offices
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.short_days import find_easter, find_short_days
from training.labels import read_vocabulary

TUESDAY = date(2026, 3, 17)
DAYS = [
    ("Foro Penal, 9 de marzo. El 12 contaba 500 presos.", date(2026, 3, 12)),
    ("Al 5/3 había 500 presos políticos.", date(2026, 3, 5)),
    ("Stand 16.2.: 500 politische Gefangene.", date(2026, 2, 16)),
    ("Selon Foro Penal, lundi 23, il y avait 500 prisonniers politiques.", date(2026, 2, 23)),
    ("By the 21st, Foro Penal counted 500 political prisoners.", date(2026, 2, 21)),
    ("Terminó febrero con 500 presos políticos.", date(2026, 2, 28)),
    ("Julio, 19 detenciones; agosto, 21.", date(2025, 8, 31)),
    ("Presos, 2026-02: 500.", date(2026, 2, 28)),
    ("The law passed on 19 February. Two days later 500 were held.", date(2026, 2, 21)),
    ("La loi fut votée le 19 février. Deux jours plus tard, 500 détenus.", date(2026, 2, 21)),
    ("Hace tres días eran 500 presos políticos.", date(2026, 3, 14)),
    ("A settimana scorsa finita, i detenuti erano 500.", date(2026, 3, 15)),
    ("Cerró el año con 500 presos políticos.", date(2025, 12, 31)),
    ("An Weihnachten waren es 500 Gefangene.", date(2025, 12, 25)),
    ("El quince de febrero eran 500 presos.", date(2026, 2, 15)),
    ("El 12: 9 boletas, y 500 presos políticos.", date(2026, 3, 12)),
    ("Febrero. El 21, 379 amnistiados.", date(2026, 2, 21)),
    ("By the nineteenth, 500 political prisoners were held.", date(2026, 2, 19)),
    ("Am zwölften März waren es 500 Gefangene.", date(2026, 3, 12)),
    ("El lunes anterior eran 500 presos políticos.", date(2026, 3, 9)),
    ("Foro Penal, 2 March: 526. The Monday before, 540 were held.", date(2026, 2, 23)),
    ("Le mois dernier, 40 prisonniers politiques furent libérés.", date(2026, 2, 28)),
    ("Hace un año eran 900 presos políticos.", date(2025, 3, 17)),
    ("A fortnight ago 500 political prisoners were held.", date(2026, 3, 3)),
    ("Em 2025 morreram 5 presos políticos.", date(2025, 12, 31)),
    ("El Viernes Santo salieron 12 presos políticos.", date(2025, 4, 18)),
    ("An Karneval waren es 500; am Aschermittwoch 480.", date(2026, 2, 18)),
]


@pytest.mark.parametrize(("text", "day"), DAYS, ids=[text[:20] for text, _ in DAYS])
def test_a_shortened_day_is_among_the_days_that_it_may_mean(text: str, day: date) -> None:
    mentions = list_mentions(look_at_text(text, TUESDAY, *read_vocabulary("venezuela")))
    assert day in {mention.day for mention in mentions.days}


@pytest.mark.parametrize(
    "text", ["Una presa de hace 61 años.", "The seven freed are home.", "A las 8: 15 libres."]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert find_short_days(look_at_text(text, TUESDAY, *read_vocabulary("venezuela"))) == []


@pytest.mark.parametrize("told", ["2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25", "2285-03-22"])
def test_easter_falls_where_calendars_have_it(told: str) -> None:
    assert find_easter(date.fromisoformat(told).year) == date.fromisoformat(told)


def test_without_a_day_of_publication_nothing_is_guessed() -> None:
    scene = look_at_text("El 12 contaba 500 presos.", None, *read_vocabulary("venezuela"))
    assert find_short_days(scene) == []


def offices(text: str) -> set[str]:
    scene = look_at_text(text, TUESDAY, *read_vocabulary("venezuela"))
    found = find_offices(scene.tokens, scene.normal.folded, scene.mentions, scene.names)
    return {office.organisation for office in found}


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("La comisión ha recibido 4.203 solicitudes.", "ve_amnesty_commission"),
        ("La ministra habló de 600 excarcelados.", "ve_prison_ministry"),
        ("Un diputado habla de 600 liberaciones.", "ve_assembly"),
        ("Die Kommission zählt 600 Anträge.", "ve_amnesty_commission"),
        ("El Observatorio cuenta 600 presos.", "ovp"),
    ],
)
def test_an_office_may_mean_each_organisation_that_holds_it(text: str, organisation: str) -> None:
    assert organisation in offices(text)


def test_a_name_in_full_is_no_office() -> None:
    assert offices("Dice la Asamblea Nacional que son 600.") == set()


@pytest.mark.parametrize(
    ("text", "words", "part"),
    [
        ("SNTP: 11 presos.", "SNTP", "occupation=press"),
        ("Vente cuenta 40 de los suyos.", "Vente", "affiliation=vente_venezuela"),
        ("61 cayeron después del 28 de julio de 2024.", "28 de julio", "cohort=arrested_since_2024-07-28"),
        ("De ellos, 12 por la amnistía.", "amnistía", "mechanism=amnesty"),
    ],
)
def test_words_for_a_part_may_be_a_name_or_a_day_too(text: str, words: str, part: str) -> None:
    mentions = list_mentions(look_at_text(text, TUESDAY, *read_vocabulary("venezuela"), "es"))
    assert (words, part) in {(mentions.plain[slice(*each.span)], each.breakdown) for each in mentions.parts}
    told = [*mentions.speakers, *mentions.days]
    assert words == "amnistía" or any(words in mentions.plain[slice(*each.span)] for each in told)


def test_mentions_point_at_their_words() -> None:
    text = "La comisión dijo el 12 que son 600. Foro Penal, dos días después, contaba 500 presos."
    mentions = list_mentions(look_at_text(text, TUESDAY, *read_vocabulary("venezuela")))
    assert "comisión" in {mentions.plain[slice(*speaker.span)] for speaker in mentions.speakers}
    assert {"12", "dos días después"} <= {mentions.plain[slice(*day.span)] for day in mentions.days}
