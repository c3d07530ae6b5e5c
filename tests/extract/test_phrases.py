"""One phrase and what it means, for each language. A volunteer adds one to `phrases.toml` or `noise.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import languages
from tests.extract.conftest import Read

HERE = Path(__file__).parent
PHRASES = tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))["phrase"]
NOISE = tomllib.loads((HERE / "noise.toml").read_text(encoding="utf-8"))["sentence"]


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda p: p["text"][:60])
def test_phrase_means(phrase: dict[str, Any], read: Read) -> None:
    found = read(phrase["text"], language=phrase["language"])
    assert len(found) == 1
    for field in phrase.keys() - {"text", "language"}:
        assert getattr(found[0], field) == phrase[field], field


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda p: p["text"][:60])
def test_language_is_guessed(phrase: dict[str, Any], read: Read) -> None:
    (found,) = read(phrase["text"])
    assert found.rule.split(".")[0] == phrase["language"]


def test_every_language_has_phrases() -> None:
    assert {phrase["language"] for phrase in PHRASES} == set(languages())


@pytest.mark.parametrize("sentence", NOISE)
def test_number_that_is_no_claim(sentence: str, read: Read) -> None:
    assert read(sentence) == []


@pytest.mark.parametrize("sentence", NOISE)
def test_number_that_is_no_claim_beside_claims(sentence: str, read: Read) -> None:
    claims = (
        "Lista Abierta cuenta 444 presos políticos. Ha verificado 151 excarcelaciones desde el 8 de enero."
    )
    assert [c.value for c in read(f"{claims} {sentence}", language=None)] == [444, 151]
