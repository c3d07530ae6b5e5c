"""The learned reader: better than the rules on texts that neither has seen, pointing at what is there."""

from collections.abc import Callable
from datetime import date

import pytest

from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.encoder import FOLDER, STRIDE, WINDOW, Encoder, inner_windows, windows
from pipelines.intake.prose.extraction import Candidate, extract, extract_learned, look_at_text
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.pointing import NOBODY_NAMED
from pipelines.intake.prose.readings import read_numbers
from tests.pipelines.intake.prose.score import score
from training.labels import Labelled, read_texts, read_vocabulary

UNSEEN = "w6"
MEGABYTE = 1_000_000
Vocabulary = tuple[Situation, list[Organisation]]


@pytest.fixture(scope="module")
def unseen() -> list[Labelled]:
    return list(read_texts([UNSEEN]))[:40]


def test_the_artefact_is_small_and_names_what_it_has_not_seen() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 25 * MEGABYTE
    card = Encoder().card
    assert UNSEEN in card["unseen"]
    assert UNSEEN not in card["hands"]


def test_it_reads_unseen_texts_better_than_the_rules(unseen: list[Labelled]) -> None:
    rules, learned = (_score(unseen, reader) for reader in (extract, extract_learned))
    assert learned["figure_f1"] > max(0.65, rules["figure_f1"] + 0.1)
    assert learned["claim_f1"] > max(0.33, rules["claim_f1"] + 0.1)
    assert learned["auto_accepted"] == 0  # its probability is not yet one to rely on


def _score(pages: list[Labelled], reader: Callable[..., list[Candidate]]) -> dict[str, float]:
    gold = {page.id: {"claims": page.claims, "distractors": page.distractors} for page in pages}
    guesses = [
        {"id": page.id, **candidate.as_json()}
        for page in pages
        for candidate in reader(page.text, page.published, *read_vocabulary(page.situation))
    ]
    found: dict[str, float] = score(gold, guesses)
    return found


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


def test_a_plain_sentence_is_read(shipped: Vocabulary) -> None:
    text = "Foro Penal registra 477 presos políticos al 13 de abril de 2026, entre ellos 45 mujeres."
    whole, part = _read(text, shipped)
    assert (whole.value, whole.measure, whole.organisation, whole.as_of) == (
        477, "in_custody", "foro_penal", date(2026, 4, 13),
    )  # fmt: skip
    assert (part.value, part.breakdown, part.as_of) == (45, "sex=female", date(2026, 4, 13))
    assert text[slice(*whole.span)] == "477"


@pytest.mark.parametrize("text", ["", " \n", "El Helicoide", "¿?", "12", "\ud800 12 presos"])
def test_any_text_can_be_read(text: str, shipped: Vocabulary) -> None:
    assert all(candidate.value == 12 for candidate in _read(text, shipped))


def test_a_name_is_masked_in_its_phrase(shipped: Vocabulary) -> None:
    text = "Zutana Inventada y otros 14 presos políticos salieron de prisión este lunes, informó Foro Penal."
    assert all("Inventada" not in candidate.phrase for candidate in _read(text, shipped))


def _read(text: str, vocabulary: Vocabulary) -> list[Candidate]:
    return extract_learned(text, date(2026, 4, 14), *vocabulary)


@pytest.mark.parametrize("size", [1, WINDOW, WINDOW + 1, WINDOW + STRIDE, 5 * WINDOW + 7])
def test_windows_cover_a_text_and_each_piece_has_one(size: int) -> None:
    covering = windows(size)
    assert {piece for first, last in covering for piece in range(first, last)} == set(range(size))
    for piece, window in enumerate(inner_windows(size, covering).tolist()):
        first, last = covering[window]
        assert first <= piece < last
        if len(covering) > 1:
            assert piece - first >= 100 or first == 0 or piece >= size - 1 - (last - 1 - piece)
