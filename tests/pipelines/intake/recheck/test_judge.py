"""What is proposed of the labelled texts: a true figure is not to be withdrawn, an altered one never sure."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.core.situation import Organisation, Situation, list_known_names
from pipelines.intake.recheck.cited_claims import CitedClaim
from pipelines.intake.recheck.cited_pages import CitedPage, Settings
from pipelines.intake.recheck.verdicts import propose
from pipelines.sheets.verifications import ReadingVerdict
from tests.pipelines.intake.prose.conftest import shipped
from tests.pipelines.intake.prose.score import read_gold

__all__ = ["shipped"]  # a fixture
Shipped = tuple[Situation, list[Organisation]]
GOLD = Path(__file__).parents[1] / "prose" / "gold"
DAY = date(2026, 11, 24)


def claims(page: dict[str, Any], off: int) -> list[CitedClaim]:
    """The labelled figures of a text, each value moved by `off`."""
    return [
        CitedClaim(
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


def verdicts(shipped: Shipped, chance: random.Random | None = None) -> Iterator[tuple[ReadingVerdict, bool]]:
    """The verdict proposed of each figure, and whether something is left to look at."""
    known = list_known_names(*shipped)
    for name, page in read_gold(GOLD).items():
        if page["published"]:
            cited = CitedPage("https://diario.example/a", GOLD / f"{name}.txt")
            off = chance.choice((7, 11, 23, 101)) if chance else 0
            for each in propose(claims(page, off), cited, Settings(*shipped), known, DAY):
                yield each.verdict, bool(each.look)


def test_no_true_figure_is_proposed_to_be_withdrawn(shipped: Shipped) -> None:
    found = Counter(verdicts(shipped))
    assert {verdict for verdict, _ in found} == {ReadingVerdict.STATES_IT}
    assert found[ReadingVerdict.STATES_IT, False] >= 0.65 * found.total()


def test_an_altered_figure_is_never_stated_without_something_to_look_at(shipped: Shipped) -> None:
    found = Counter(verdicts(shipped, random.Random(3)))
    assert found[ReadingVerdict.STATES_IT, False] == 0
    assert found[ReadingVerdict.STATES_IT, True] <= 0.02 * found.total()
