"""What is sent holds no name and no number of a person, and every mention is found again in it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.plain_text import make_plain
from pipelines.core.privacy import MASK
from pipelines.intake.language_model.question import write_body
from tests.invented import DISGUISES, PLANTED
from tests.pipelines.intake.language_model.conftest import PLAIN, Islandia, World, ask, complete

NAMES = [
    "Zutana Inventada y otros 14 presos salieron, informó Vigilia.",
    "Vigilia cuenta 14 presos. Entre ellos está Mengano de la Torre Ficticio, de 34 años.",
    "Presos: 14, dice Vigilia. ZUTANA INVENTADA sigue adentro.",
    "«Son 14», dijo a Vigilia la madre de Zutana Inventada (@zutana_inventada).",
    "14 presos, según Vigilia: https://diario.example/zutana-inventada-libre",
    "Vigilia: 14 presos. 𝐙𝐮𝐭𝐚𝐧𝐚 𝐈𝐧𝐯𝐞𝐧𝐭𝐚𝐝𝐚 no.",
    "Vigilia: 14 presos. Zuta\u200bna Inven\u00adtada no.",
]
SMALL = "vigilia cuenta 14 presos; zutana inventada y mengano ficticio siguen adentro"


@pytest.mark.parametrize("text", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("unknown_words", [False, True], ids=["names", "unknown words"])
def test_names_are_masked_and_the_figures_stay(text: str, unknown_words: bool, world: World) -> None:
    world.settings = {"masks": "unknown_words" if unknown_words else "names"}
    world.read(text, complete({"claims": []}))
    sent = world.server.bodies[0].decode().lower()
    assert not any(word in sent for word in ("zutana", "inventada", "mengano", "ficticio"))
    assert "14" in json.loads(json.loads(sent)["messages"][1]["content"])["text"]
    assert MASK in sent


def test_for_another_machine_names_in_small_letters_are_masked_too(islandia: Islandia) -> None:
    _, question = ask(SMALL, islandia, unknown_words=True)
    assert not any(word in question.text.text for word in ("zutana", "inventada", "mengano", "ficticio"))
    assert [number.value for number in question.numbers.values()] == [14]


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("kind", sorted(PLANTED.keys() - {"a name with an age"}))  # a name: tested above
def test_what_is_personal_is_not_sent_in_any_disguise(
    kind: str, disguise: str, islandia: Islandia, world: World
) -> None:
    text, core = PLANTED[kind]
    hidden = DISGUISES[disguise](text)
    _, question = ask(f"Vigilia cuenta 14 presos. Uno es {hidden}. Fin.", islandia)
    sent = make_plain(write_body(question, world.model_server).decode()).text.lower()
    assert core not in "".join(c for c in sent if c.isalnum())


def test_a_number_that_a_mask_hides_is_not_asked_about(islandia: Islandia) -> None:
    phone = "-".join(("0414", "555")) + ".12.34"
    _, question = ask(f"Vigilia cuenta 14 presos; llame al {phone}.", islandia)
    assert [number.value for number in question.numbers.values()] == [14]


def test_a_number_that_a_mask_hides_is_told_as_unasked(world: World) -> None:
    phone = "-".join(("0414", "555")) + ".12.34"
    text = f"Vigilia cuenta 14 presos; llame al {phone}."
    asked = world.read(text, complete({"claims": []}))
    assert asked.unasked
    assert all(text[first:last] in phone for first, last in asked.unasked)


def test_only_what_an_answer_may_need_is_sent(world: World) -> None:
    world.read(PLAIN, complete({"claims": []}))
    body = json.loads(world.server.bodies[0])
    assert set(body) == {"model", "messages", "temperature", "max_tokens", "stream", "response_format"}
    assert "Zutana Portavoz" not in world.server.bodies[0].decode()  # who speaks for an organisation


WORDS = st.sampled_from(
    [*NAMES, SMALL, PLAIN, "\n", "\u202e", "1.234 presos ", "▒▒▒", "𝟰𝟰𝟰", "@x", "a\u0301", "http://"]
)


@given(st.lists(WORDS | st.text(max_size=30), max_size=6).map(" ".join), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_number_that_is_asked_about_is_found_in_the_masked_text(
    islandia: Islandia, text: str, unknown_words: bool
) -> None:
    scene, question = ask(text, islandia, unknown_words=unknown_words)
    masked = question.text
    assert len(masked.text) == len(masked.origin)
    assert masked.origin == sorted(masked.origin)
    for index, number in question.numbers.items():
        first, last = question.places[index]
        written = scene.normal.plain[slice(*number.span)]
        assert masked.text[first:last] == "".join(c for c in written if c in masked.text[first:last])
        assert [c for c in masked.text[first:last] if c.isalnum()] == [c for c in written if c.isalnum()]
    asked_about = {number.tokens for number in question.numbers.values()}
    for number in question.mentions.numbers:
        assert (number.tokens in asked_about) == (masked.find(number.span) is not None)
