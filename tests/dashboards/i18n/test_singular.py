"""Where a number is one, what stands beside it is singular: in common texts and in a situation's own."""

import re
from collections import defaultdict
from typing import Final

import msgspec
import pytest

from dashboards.i18n.translations import list_languages, list_texts, list_values, read_catalogue, read_words
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import Situation, read_situation
from tests.conftest import SITUATION

PLURAL: Final = re.compile(r"\b1 (?:more |fewer )?(personas|people|pessoas|releases|salidas de|saídas da)\b")
COUNTED: Final = (
    "matrix.headline", "matrix.fact", "roles.finding", "roles.apart", "bands.finding",
    "gaps.finding_held_more", "announced.finding", "pace.needed",
)  # fmt: skip
# They sum up detentions and releases of several periods beside each other: no one number is theirs.
TWO_NUMBERS: Final = re.compile(r"door\.(finding|summary)")


@pytest.mark.parametrize("language", list_languages())
def test_no_common_text_with_a_singular_sets_one_beside_a_plural(language: str) -> None:
    words, wrong = read_words(language), []
    for key, texts in list_texts(read_catalogue(language)).items():
        told = words.plural(key, 1, **dict.fromkeys(list_values(texts[0]) - {"count"}, "1"))
        if len(texts) > 1 and not TWO_NUMBERS.match(key) and PLURAL.search(told):
            wrong.append((key, told))
    assert wrong == []


@pytest.mark.parametrize("key", COUNTED)
@pytest.mark.parametrize("language", list_languages())
def test_sentences_about_one_person_are_singular(language: str, key: str) -> None:
    texts = list_texts(read_catalogue(language))[key]
    assert len(texts) == 2
    assert not PLURAL.search(texts[0].format_map(defaultdict(lambda: "1")))


@pytest.mark.parametrize("name", DataDir(ROOT / "data").situations())
@pytest.mark.parametrize("language", list_languages())
def test_a_bundled_situations_own_texts_of_one_person_are_singular(language: str, name: str) -> None:
    situation = read_situation(ROOT / "data" / name)
    words, wrong = read_words(language).of_situation(situation), []
    for key, texts in situation.wording.items():
        if key.endswith(".one") or TWO_NUMBERS.match(key):
            continue
        told = words.plural(key, 1, **dict.fromkeys(list_values(words.of(texts)) - {"count"}, "1"))
        if PLURAL.search(told):
            wrong.append((key, told))
    assert wrong == []


def test_a_situation_gives_its_own_singular_beside_its_own_text() -> None:
    own = {
        "story.title_dated": {"es": "{last} almas {when}"},
        "story.title_dated.one": {"es": "{last} alma {when}"},
        "today.number.one": {"es": "una"},  # no number asks for it
        "summary.one": {"es": "{last}, sola"},  # an id of its own
    }
    situation = msgspec.structs.replace(msgspec.toml.decode(SITUATION, type=Situation), wording=own)
    common = read_words("es")
    words = common.of_situation(situation)
    facts = {"organisation": "X", "when": "hoy"}
    assert words.plural("story.title_dated", 1, last="1", **facts) == "1 alma hoy"
    assert words.plural("story.title_dated", 2, last="2", **facts) == "2 almas hoy"
    assert common.find_misfits(situation) == ["today.number.one"]
    assert words("summary.one", organisation="X", measure="y", window="", last="3", last_day="z") == "3, sola"
