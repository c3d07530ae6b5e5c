"""What a text shortens is found with everything that it may mean: days by their number, offices by a word."""

from datetime import date

import pytest

from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.known_names import find_offices
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.short_days import find_short_days
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
]


@pytest.mark.parametrize(("text", "day"), DAYS, ids=[text[:20] for text, _ in DAYS])
def test_a_shortened_day_is_among_the_days_that_it_may_mean(text: str, day: date) -> None:
    mentions = list_mentions(look_at_text(text, TUESDAY, *read_vocabulary("venezuela")))
    assert day in {mention.day for mention in mentions.days}


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


def test_mentions_point_at_their_words() -> None:
    text = "La comisión dijo el 12 que son 600. Foro Penal, dos días después, contaba 500 presos."
    mentions = list_mentions(look_at_text(text, TUESDAY, *read_vocabulary("venezuela")))
    assert "comisión" in {mentions.plain[slice(*speaker.span)] for speaker in mentions.speakers}
    assert {"12", "dos días después"} <= {mentions.plain[slice(*day.span)] for day in mentions.days}
