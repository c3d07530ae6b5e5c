"""A text that speaks to its reader gains nothing, also where the model obeys it to the letter."""

import json
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.intake.language_model.answer import read_answer
from pipelines.intake.language_model.asked_reader import AskedReader
from tests.pipelines.intake.crawler.server import reply
from tests.pipelines.intake.language_model.conftest import (
    PATH,
    PUBLISHED,
    SECRET,
    World,
    ask,
    assert_no_worse_than_mislabelled,
    claim,
    complete,
)


@dataclass(frozen=True)
class Injection:
    language: str
    kind: str
    text: str
    answer: str

    def at(self, url: str) -> "Injection":
        """With the test's own server and key in the place of those that it speaks of."""
        flood = json.dumps(claim(1, "120 presos políticos", measures=["released"])) + ","
        text, answer = (
            each.replace("SERVER", url).replace("KEY", SECRET).replace("FLOOD", flood * 1000)
            for each in (self.text, self.answer)
        )
        return Injection(self.language, self.kind, text, answer)


CORPUS = [
    Injection(**each)
    for each in tomllib.loads(Path(__file__).with_name("injections.toml").read_text("utf-8"))["text"]
]
IDS = [f"{each.language}: {each.kind}" for each in CORPUS]


def test_the_corpus_has_many_kinds_in_six_languages() -> None:
    assert len(CORPUS) >= 25
    assert len({each.kind for each in CORPUS}) >= 20
    languages = Counter(each.language for each in CORPUS)
    assert all(languages[code] >= 4 for code in ("es", "en", "pt", "fr", "it", "de"))


@pytest.mark.parametrize("injection", CORPUS, ids=IDS)
def test_a_model_that_obeys_the_text_can_at_worst_mislabel_a_number_of_it(
    injection: Injection, world: World
) -> None:
    injection = injection.at(world.server.url)
    world.server.paths["/secret"] = reply("never asked")
    reader = world.reader()
    world.server.paths[PATH] = complete(injection.answer)
    asked = reader.read(injection.text, PUBLISHED, injection.language)
    assert [path for path, _ in world.server.asked] == [PATH]
    if asked.candidates is None:
        assert asked.silent == "its answer is not of the shape asked for"
        return
    scene, question = ask(injection.text, world.islandia)
    found = assert_no_worse_than_mislabelled(asked.readings, scene, question, world.islandia)
    assert SECRET not in repr(asked) + repr(reader)
    shown = "".join(json.dumps(each.as_json()) for each in found)
    assert not any(word in shown for word in ("PWNED", "secret", "Inventada", "Ficticio", "passwd", "DROP"))


@pytest.mark.parametrize("injection", CORPUS, ids=IDS)
def test_the_text_stays_a_value_of_the_question_whatever_stands_in_it(
    injection: Injection, world: World
) -> None:
    injection = injection.at(world.server.url)
    world.read(injection.text, complete({"claims": []}))
    body = json.loads(world.server.bodies[0])
    system, user = body["messages"]
    asked = json.loads(user["content"])
    assert set(asked) == {"published", "organisations", "parts", "days", "numbers", "text"}
    assert set(asked["organisations"]) >= {"lista", "vigilia", "gobierno"}
    assert "lista_negra" not in asked["organisations"]
    assert system == _send_plain(world)["messages"][0]  # the same for every text
    assert SECRET not in world.server.bodies[0].decode()
    assert "Inventada" not in user["content"]
    hidden = [c for c in asked["text"] if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")]
    assert hidden == []
    assert not set("<>[]|") & set(asked["text"])  # of these servers make the ends of turns


def _send_plain(world: World) -> dict[str, list[dict[str, str]]]:
    world.read("Vigilia cuenta 7 presos.", complete({"claims": []}))
    sent: dict[str, list[dict[str, str]]] = json.loads(world.server.bodies[-1])
    return sent


@pytest.mark.parametrize("injection", CORPUS, ids=IDS)
def test_no_numbers_of_a_text_come_out_but_its_own_whichever_answer_comes(
    injection: Injection, world: World
) -> None:
    """Each text with the answers that all the other texts wish for."""
    scene, question = ask(injection.at("http://x.example").text, world.islandia)
    for other in CORPUS:
        found = read_answer(other.at("http://x.example").answer, question)
        assert_no_worse_than_mislabelled(found.readings, scene, question, world.islandia)


def test_texts_that_spoil_their_answers_do_not_silence_the_reader_for_others(world: World) -> None:
    world.server.paths[PATH] = complete("SICHER")
    reader = world.reader()
    for _ in range(5):
        assert _is_silent(reader)
    world.server.paths[PATH] = complete({"claims": []})
    assert not _is_silent(reader)


def _is_silent(reader: AskedReader) -> bool:
    return reader.read("Vigilia cuenta 7 presos.", PUBLISHED).silent is not None
