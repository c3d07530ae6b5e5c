"""The learned reader: as good on unseen texts as its card says, and pointing at what is there."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose import extraction
from pipelines.intake.prose.encoder import FOLDER, SHARED, WINDOW, Encoder, inner_windows, windows
from pipelines.intake.prose.extraction import Candidate, extract, look_at_text
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.pointing import NOBODY_NAMED
from pipelines.intake.prose.readings import read_numbers
from tests.pipelines.intake.prose.score import score
from training.labels import Labelled, read_texts, read_vocabulary

UNSEEN = "w14"
MEGABYTE = 1_000_000
HERE = Path(__file__).parent
PLAIN = tomllib.loads((HERE / "plain.toml").read_text(encoding="utf-8"))["sentence"]
NOISE = tomllib.loads((HERE / "noise.toml").read_text(encoding="utf-8"))["sentence"]
Vocabulary = tuple[Situation, list[Organisation]]


@pytest.fixture(scope="module")
def unseen() -> list[Labelled]:
    return list(read_texts([UNSEEN]))[:40]


def test_the_artefact_is_small_and_names_what_it_has_not_seen() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 25 * MEGABYTE
    card = Encoder().card
    assert UNSEEN in card["unseen"]
    assert UNSEEN not in card["hands"]


def test_its_scores_on_unseen_texts_stay_above_a_floor(unseen: list[Labelled]) -> None:
    gold = {page.id: {"claims": page.claims, "distractors": page.distractors} for page in unseen}
    guesses = [
        {"id": page.id, **candidate.as_json()}
        for page in unseen
        for candidate in extract(page.text, page.published, *read_vocabulary(page.situation))
    ]
    found = score(gold, guesses)
    assert found["figure_f1"] > 0.75
    assert found["claim_f1"] > 0.45
    assert found["distractors_taken"] * 10 < found["distractors"]


def test_a_reading_only_points_at_what_stands_in_the_text(unseen: list[Labelled]) -> None:
    for page in unseen[:15]:
        scene = look_at_text(page.text, page.published, *read_vocabulary(page.situation))
        mentions = list_mentions(scene)
        days = {each.day for each in mentions.days} | {page.published}
        named = {each.organisation for each in mentions.speakers} | set(NOBODY_NAMED)
        for reading in read_numbers(mentions, Encoder()):
            assert set(reading.organisations) <= named
            assert set(reading.days) <= days
            assert sum(reading.measures.values()) == pytest.approx(1, abs=1e-4)
            assert sum(reading.organisations.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("sentence", PLAIN, ids=[each["text"][:40] for each in PLAIN])
def test_a_plain_sentence_is_read(sentence: dict[str, list[str]], shipped: Vocabulary) -> None:
    found = _read(str(sentence["text"]), shipped)
    assert [_tell(each) for each in found] == sentence["claims"]


def _tell(found: Candidate) -> str:
    what = f"{found.organisation} {found.measure} {found.breakdown}"
    return f"{what} {found.qualifier} {found.value} {found.as_of}"


def test_numbers_that_count_nobody_held_are_seldom_taken(shipped: Vocabulary) -> None:
    taken = [sentence for sentence in NOISE if _read(sentence, shipped)]
    assert len(taken) * 5 < len(NOISE), taken


def test_a_flood_of_figures_is_read_in_halves_and_each_stands_where_it_says(
    shipped: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each number is held against each name and day: a page made for it must not cost a day."""
    monkeypatch.setattr(extraction, "_PAIRS", 40)
    text = " ".join(f"Foro Penal registra {n} presos políticos al 13 de abril." for n in range(300, 340))
    found = _read(text, shipped)
    assert [each.value for each in found] == list(range(300, 340))
    assert [text[slice(*each.span)] for each in found] == [str(each.value) for each in found]


@pytest.mark.parametrize("text", ["", " \n", "El Helicoide", "¿?", "12", "\ud800 12 presos"])
def test_any_text_can_be_read(text: str, shipped: Vocabulary) -> None:
    assert all(candidate.value == 12 for candidate in _read(text, shipped))


def test_a_name_is_masked_in_its_phrase(shipped: Vocabulary) -> None:
    text = "Zutana Inventada y otros 14 presos políticos salieron de prisión este lunes, informó Foro Penal."
    assert all("Inventada" not in candidate.phrase for candidate in _read(text, shipped))


def _read(text: str, vocabulary: Vocabulary) -> list[Candidate]:
    return extract(text, date(2026, 4, 14), *vocabulary)


@pytest.mark.parametrize("size", [1, WINDOW, WINDOW + 1, 2 * WINDOW - SHARED, 2 * WINDOW, 5 * WINDOW + 7])
def test_windows_cover_a_text_and_each_piece_has_one(size: int) -> None:
    covering = windows(size)
    assert {piece for first, last in covering for piece in range(first, last)} == set(range(size))
    assert len({last - first for first, last in covering}) == 1
    assert all(last - first <= WINDOW for first, last in covering)
    assert all(one[1] - other[0] >= SHARED for one, other in pairwise(covering))
    for piece, window in enumerate(inner_windows(size, covering).tolist()):
        first, last = covering[window]
        assert first <= piece < last
        deep = piece - first >= SHARED // 2 - 1
        if len(covering) > 1:
            assert deep or first == 0 or piece >= size - 1 - (last - 1 - piece)
