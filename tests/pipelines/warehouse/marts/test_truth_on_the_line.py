"""The bars: in invented histories, how much of what stands on the line is true, and how much is missing."""

import pytest

from tests.histories.judge import Verdict, judged, share
from tests.histories.mistakes import history
from tests.histories.world import TURNS

CARRIED = [history(seed) for seed in range(2026, 2046) if TURNS[seed % len(TURNS)] != "thin"]


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """All that was judged in a fixed set of histories whose bulletins several outlets carry."""
    return judged(CARRIED)


def test_of_the_points_on_the_line_99_in_100_are_the_truth(verdicts: list[Verdict]) -> None:
    assert share(verdicts, "line") >= 0.99


def test_of_the_planted_misprints_95_in_100_are_off_the_line(verdicts: list[Verdict]) -> None:
    assert share(verdicts, "misprint") >= 0.95


def test_of_the_true_figures_98_in_100_are_on_the_line(verdicts: list[Verdict]) -> None:
    assert share(verdicts, "figure") >= 0.98


def test_of_the_true_hedged_figures_98_in_100_are_not_in_doubt(verdicts: list[Verdict]) -> None:
    assert share(verdicts, "bound") >= 0.98
