"""The gold texts measure the reader and the shipped vocabulary together, and the scorer is tested.

The reader has learnt from most of these texts, so a score here says that artefact, scan and vocabulary fit
together; how good it is, unseen texts say (`test_learned`, docs/extraction.md).
"""

from datetime import date
from pathlib import Path

import pytest

from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.encoder import DEFAULT_ENCODER
from pipelines.intake.prose.extraction import extract
from tests.pipelines.intake.prose.score import Page, read_gold, score

GOLD = Path(__file__).parent / "gold"
Shipped = tuple[Situation, list[Organisation]]


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return read_gold(GOLD)


@pytest.fixture(scope="module")
def found(pages: dict[str, Page], shipped: Shipped) -> list[Page]:
    """What is read in all gold texts."""
    return [
        {"id": name, **candidate.as_json()}
        for name, page in pages.items()
        for candidate in extract(_text(name), _day(page["published"]), *shipped)
    ]


def _text(name: str) -> str:
    return (GOLD / f"{name}.txt").read_text(encoding="utf-8")


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def test_figures_and_whole_claims_stay_above_a_floor(pages: dict[str, Page], found: list[Page]) -> None:
    scored = score(pages, found)
    assert scored["figure_f1"] >= 0.85
    assert scored["claim_f1"] >= 0.65


def test_fewer_than_one_distractor_in_twenty_is_taken(pages: dict[str, Page], found: list[Page]) -> None:
    scored = score(pages, found)
    assert scored["distractors_taken"] * 20 < scored["distractors"]


def test_a_figure_stands_where_it_says(found: list[Page]) -> None:
    """A number in figures alone is there as it stands; "3 mil" and words have a value of their own."""
    figures = 0
    for each in found:
        first, last = each["span"]
        written = _text(each["id"])[first:last]
        if each["value_high"] is None and not any(c.isalpha() for c in written):
            figures += 1
            assert "".join(c for c in written if c.isdigit()) == str(each["value"]), each["id"]
    assert figures > 100


def test_what_is_sure_clears_the_bar_and_both_readers_come_to_it(
    pages: dict[str, Page], found: list[Page]
) -> None:
    """The readers have learnt from most of these texts: precision here only says that nothing is broken."""
    bar = DEFAULT_ENCODER.card["sure"]
    sure = [each for each in found if each["auto"]]
    assert len(sure) >= 60
    assert all(each["probability"] >= bar and not each["answers"] for each in sure)
    assert score(pages, sure)["auto_precision"] >= 0.98


def test_scorer_counts_a_wrong_field_and_a_taken_distractor() -> None:
    claim = {
        "organisation": "a",
        "measure": "released",
        "breakdown": "total",
        "qualifier": "exact",
        "value": 5,
    }
    claim |= {"value_high": None, "as_of": "2026-01-09", "as_of_precision": "day"}
    gold = {"x": {"claims": [claim], "distractors": [{"number": "9:30 pm"}]}}
    wrong = {**claim, "id": "x", "organisation": "b", "auto": True}
    trap = {**claim, "id": "x", "value": 930}
    told = score(gold, [wrong, trap])
    assert (told["figure_f1"], told["claim_f1"], told["auto_precision"]) == (
        pytest.approx(2 / 3, abs=1e-4),
        0.0,
        0.0,
    )
    assert told["distractors_taken"] == 1


def test_scorer_refuses_a_page_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="unknown ids"):
        score({}, [{"id": "y"}])
