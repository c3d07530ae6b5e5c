"""What is proposed of the labelled texts: a true figure is not to be withdrawn, an altered one never sure."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.prose import known_names
from pipelines.recheck.claims import Claim
from pipelines.recheck.judge import propose
from pipelines.recheck.pages import Page
from pipelines.recheck.text import Settings
from pipelines.situation import Organisation, Situation
from pipelines.verifications import Verdict
from tests.extract.conftest import shipped
from tests.extract.score import read_gold

__all__ = ["shipped"]  # a fixture
Shipped = tuple[Situation, list[Organisation]]
GOLD = Path(__file__).parent.parent / "extract" / "gold"
DAY = date(2026, 11, 24)


def claims(page: dict[str, Any], off: int) -> list[Claim]:
    """The labelled figures of a text, each value moved by `off`."""
    return [
        Claim(
            claim_id=str(number),
            organisation=each["organisation"],
            measure=each["measure"],
            breakdown=each["breakdown"],
            qualifier=each["qualifier"],
            value=each["value"] + off,
            value_high=each["value_high"] + off if each["value_high"] is not None else None,
            as_of=date.fromisoformat(each["as_of"]) if each["as_of"] else None,
            published=date.fromisoformat(page["published"]),
            url="https://diario.example/a",
        )
        for number, each in enumerate(page["claims"])
    ]


def verdicts(shipped: Shipped, chance: random.Random | None = None) -> Iterator[tuple[Verdict, bool]]:
    """The verdict proposed of each figure, and whether something is left to look at."""
    known = known_names(*shipped)
    for name, page in read_gold(GOLD).items():
        if page["published"]:
            cited = Page("https://diario.example/a", GOLD / f"{name}.txt")
            off = chance.choice((7, 11, 23, 101)) if chance else 0
            for each in propose(claims(page, off), cited, Settings(*shipped), known, DAY):
                yield each.verdict, bool(each.look)


def test_no_true_figure_is_proposed_to_be_withdrawn(shipped: Shipped) -> None:
    found = Counter(verdicts(shipped))
    assert {verdict for verdict, _ in found} == {Verdict.STATES_IT}
    assert found[Verdict.STATES_IT, False] >= 0.8 * found.total()


def test_an_altered_figure_is_never_stated_without_something_to_look_at(shipped: Shipped) -> None:
    found = Counter(verdicts(shipped, random.Random(3)))
    assert found[Verdict.STATES_IT, False] == 0
    assert found[Verdict.STATES_IT, True] <= 0.02 * found.total()
