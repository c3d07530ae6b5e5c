"""One phrase and what it means, for each language. A volunteer adds one to `phrases.toml` or `noise.toml`."""

import tomllib
from pathlib import Path

from pipelines.intake.prose.grammar import languages
from tests.pipelines.intake.prose.conftest import Read

HERE = Path(__file__).parent
PHRASES = tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))["phrase"]
NOISE = tomllib.loads((HERE / "noise.toml").read_text(encoding="utf-8"))["sentence"]


def test_each_phrase_means_what_is_written_beside_it(read: Read) -> None:
    wanted, told = {}, {}
    for phrase in PHRASES:
        fields = sorted(phrase.keys() - {"text", "language"})
        wanted[phrase["text"]] = [{field: phrase[field] for field in fields}]
        found = read(phrase["text"], language=phrase["language"])
        told[phrase["text"]] = [{field: getattr(each, field) for field in fields} for each in found]
    assert len(told) == len(PHRASES) > 0
    assert told == wanted


def test_the_language_of_each_phrase_is_guessed(read: Read) -> None:
    guessed = {p["text"]: [found.rule.split(".")[0] for found in read(p["text"])] for p in PHRASES}
    assert guessed == {phrase["text"]: [phrase["language"]] for phrase in PHRASES}


def test_every_language_has_phrases() -> None:
    assert {phrase["language"] for phrase in PHRASES} == set(languages())


def test_numbers_that_are_no_claims(read: Read) -> None:
    assert NOISE
    assert {sentence: found for sentence in NOISE if (found := read(sentence))} == {}


def test_numbers_that_are_no_claims_beside_claims(read: Read) -> None:
    claims = (
        "Lista Abierta cuenta 444 presos políticos. Ha verificado 151 excarcelaciones desde el 8 de enero."
    )
    told = {each: [c.value for c in read(f"{claims} {each}", language=None)] for each in NOISE}
    assert told == {sentence: [444, 151] for sentence in NOISE}
