"""Names and identity numbers never leave the text. Every person here is invented."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.privacy import MASK
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.text_matching import normalise
from tests.invented import IDENTITY, IDENTITY_FOREIGN, IDENTITY_PLAIN
from tests.pipelines.intake.prose.conftest import Read

KNOWN = ("Lista Abierta", "Zutana Portavoz", "El Faro")
NAMES = (
    "Fulano Inventez",
    "Mengana Ficticia de Pruébez",
    "Fulano J. Inventez",
    "María Inventada-Pruébez",
    "FICTICIO PRUÉBEZ, FULANO",
    "Testname McExample",
    "Josefa De La Prueba Inventez",
)


NAMING = (
    "Entre los 24 excarcelados está {}, detenido en 2024.",
    "Salieron {} y 14 personas más de El Faro.",
    "{} salió de prisión el lunes.",
    "Lista Abierta confirmó la excarcelación de {}.",
    "Among the 24 prisoners freed was {}, 45.",
    "«{}», dijo su familia.",
)


def test_a_name_is_masked_in_every_sentence() -> None:
    wrong = []
    for name, sentence in product(NAMES, NAMING):
        hidden = mask(sentence.format(name), KNOWN)
        words = name.replace(",", " ").replace(".", " ").replace("-", " ").split()
        kept = [word for word in words if word.lower() not in {"de", "la", "j"} and word in hidden]
        if MASK not in hidden or kept:
            wrong.append((name, sentence, hidden))
    assert wrong == []


def test_a_word_that_is_a_name_too_stays_where_it_is_written_small(read: Read) -> None:
    (told,) = read("Lista Abierta: 35 presos en sus casas.")
    assert "casas" in told.phrase
    for name in ("Casas", "Peña", "Grace", "Will"):
        assert name not in mask(f"Según {name}, hay 35 presos.", KNOWN)
        assert all(name not in each.phrase for each in read(f"Según {name}, hay 35 presos en El Faro."))


@pytest.mark.parametrize(
    "written",
    [
        IDENTITY,
        IDENTITY_PLAIN,
        IDENTITY_FOREIGN,
        f"C.I. {IDENTITY_PLAIN[1:]}",
        "0414-555.12.34",
        "+58 414 5551234",
        "fulano@inventez.org",
    ],
)
def test_identity_number_phone_and_mail_are_masked(written: str) -> None:
    hidden = mask(f"Datos: {written}; 24 presos políticos.", KNOWN)
    assert written not in hidden
    assert "24 presos políticos" in hidden


@pytest.mark.parametrize("name", KNOWN)
def test_officials_organisations_and_places_of_the_situation_stay(name: str) -> None:
    assert name in mask(f"Ayer {name} fue noticia.", KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Permanecen tras las rejas 759 presos.",
        "Según la ONG, hay 444 presos políticos en Venezuela.",
        "La Ley de Amnistía tiene 16 artículos.",
        "Hombres: 600 Mujeres: 87",
        "",
    ],
)
def test_text_without_names_stays_as_it_is(text: str) -> None:
    assert mask(text, KNOWN) == text


def test_phrase_of_a_candidate_carries_no_name(read: Read) -> None:
    text = (
        f"Lista Abierta confirmó que 24 personas, entre ellas Fulano Inventez ({IDENTITY}), fueron "
        "excarceladas el lunes; Mengana Ficticia y otras 9 mujeres siguen detenidas. Tel. 0414-555.12.34."
    )
    found = read(text)
    assert found
    for candidate in found:
        assert not any(
            part in candidate.phrase for part in ("Fulano", "Inventez", "Mengana", "Ficticia", "345")
        )


BOLD = str.maketrans(
    {chr(ord("a") + n): chr(0x1D5EE + n) for n in range(26)}
    | {chr(ord("A") + n): chr(0x1D5D4 + n) for n in range(26)}
)
SHAPES = (
    "fulano inventez",
    "FULANO INVENTEZ",
    "INVENTEZ",
    "Fulano J. Inventez",
    "F. J. Inventez",
    "F.J.I.",
    "inventez, fulano",
    "Fulano «el Prueba» Inventez",
    "@fulanoinventez",
    "#LibertadParaFulano",
    "Fulano Inventez".translate(BOLD),
    f"fulano inventez, C.I. {IDENTITY}",
    f"Fulano Inventez (cédula {IDENTITY_PLAIN[1:]})",
    f"Fulano Inventez {IDENTITY_PLAIN}",
)


PHRASES = (
    "Lista Abierta confirmó la excarcelación de {} y 14 presos políticos.",
    "Lista Abierta cuenta 24 presos políticos, {} entre ellos.",
    "{} y 14 presos políticos siguen detenidos, según Lista Abierta.",
    "Salieron 14 presos políticos con {}, según Lista Abierta.",
    "Presos políticos {}: 24, según Lista Abierta.",
    "Lista Abierta: 24 {} presos políticos.",
)


def test_a_phrase_keeps_no_name_in_whatever_shape_it_is_written(read: Read) -> None:
    assert [sentence for sentence in PHRASES if not read(sentence.format("otros"))] == []
    wrong = []
    for name, sentence in product(SHAPES, PHRASES):
        for candidate in read(sentence.format(name)):
            kept = normalise(candidate.phrase).folded
            if any(part in kept for part in ("fulano", "inventez", "prueba", "345", "678", "f.", "j.")):
                wrong.append((name, sentence, kept))
    assert wrong == []


def test_phrase_keeps_the_number_and_what_it_counts(read: Read) -> None:
    (found,) = read(
        "Ayer, en la plaza, fulano inventez dijo que Lista Abierta cuenta 24 presos políticos hoy."
    )
    assert found.phrase == "que Lista Abierta cuenta 24 presos políticos hoy"


@pytest.mark.parametrize("word", ["INVENTEZ", "PRUÉ"])
def test_single_word_in_capitals_that_can_be_spoken_is_masked(word: str) -> None:
    assert word not in mask(f"Detenido: {word}, en 2024.", KNOWN)


@given(st.text(max_size=200))
def test_any_text_can_be_masked(text: str) -> None:
    assert isinstance(mask(text, KNOWN), str)
