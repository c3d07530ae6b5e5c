"""The labelled texts that the reader learns from: labels point at words, and name what a situation lists."""

import pytest

from pipelines.core.model import BREAKDOWN_KEYS, Measure, Qualifier
from pipelines.core.personal_search import PersonalKind
from pipelines.core.privacy import PersonalRules
from pipelines.intake.prose.pointing import NOBODY_NAMED
from tests.pipelines.intake.prose.score import score
from training.labels import Labelled, read_texts, read_vocabulary

LOOK_ALIKE = {  # columns of figures, times before numbers
    "t8-005", "w2-070", "w4-019", "w7-012", "w8-085", "w9-188", "w10-037", "w10-086", "w13-025", "w13-118",
    "w14-101", "w15-042", "w47-032", "w48-062", "w48-105",
    "w48-111", "w48-135", "w49-117", "w50-075", "w50-143",
}  # fmt: skip
LABELLED_TWICE = {f"w{number}": 100 for number in (*range(1, 9), 14, 15)} | {"w27": 35, "w28": 35}  # at least


@pytest.fixture(scope="module")
def texts() -> list[Labelled]:
    return list(read_texts())


def test_there_are_as_many_texts_as_the_documentation_says(texts: list[Labelled]) -> None:
    assert len(texts) == 9586
    assert len({each.id for each in texts}) == len(texts)


def test_every_label_points_at_words_of_its_text(texts: list[Labelled]) -> None:
    spans = ("span", "speaker_span", "day_span")
    lost = [
        (each.id, name)
        for each in texts
        for claim in each.claims
        for name in spans
        if claim.get(name) and claim[name] not in each.text
    ]
    assert not lost


def test_every_label_uses_the_words_of_the_model(texts: list[Labelled]) -> None:
    for each in texts:
        for claim in (*each.claims, *(each.claims_again or ())):
            assert claim["measure"] in set(Measure), each.id
            assert claim["qualifier"] in set(Qualifier), each.id
            assert (claim["qualifier"] == "range") == ("value_high" in claim), each.id
            if claim["breakdown"] != "total":
                keys = [part.partition("=")[0] for part in claim["breakdown"].split(";")]
                assert set(keys) <= set(BREAKDOWN_KEYS), each.id


def test_every_speaker_is_listed_by_the_situation(texts: list[Labelled]) -> None:
    unlisted = [
        (each.id, claim["organisation"])
        for each in texts
        for claim in each.claims
        if not set(claim["organisation"].split("+")) <= _known(each.situation)
    ]
    assert not unlisted


def _known(situation: str) -> set[str]:
    return {*NOBODY_NAMED, *(organisation.id for organisation in read_vocabulary(situation)[1])}


def test_no_text_holds_a_number_of_a_person(texts: list[Labelled]) -> None:
    rules = PersonalRules(bare=False)
    kinds = {PersonalKind.IDENTITY, PersonalKind.PHONE}
    found = [
        (each.id, each.text[hit.start : hit.end])
        for each in texts
        for hit in rules.find(each.text)
        if hit.kind in kinds and each.id not in LOOK_ALIKE
    ]
    assert not found


@pytest.mark.parametrize(("hand", "least"), LABELLED_TWICE.items())
def test_two_hands_agree(hand: str, least: int) -> None:
    """The second had seen the text alone. Where they differ, a careful reader may."""
    pages = [each for each in read_texts([hand]) if each.claims_again is not None]
    gold = {each.id: {"claims": each.claims, "distractors": []} for each in pages}
    again = [{**claim, "id": each.id} for each in pages for claim in each.claims_again or ()]
    assert len(pages) >= least
    assert score(gold, again)["claim_f1"] > 0.95
