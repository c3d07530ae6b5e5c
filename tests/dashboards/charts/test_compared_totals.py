"""Pairs of totals as bars: in the order given, and where not all have room the ones that say most."""

import plotly.graph_objects as go
import pytest

from dashboards.charts.compared_totals import ComparedPair, ComparedSide, draw_compared
from dashboards.charts.theme import choose_look


def pair(day: str, official: int, verified: int, rank: int) -> ComparedPair:
    sides = [
        ComparedSide(people, f"{people}", name, choose_look(slot), f"{people}")
        for people, name, slot in ((official, "Government", 7), (verified, "Register", 1))
    ]
    return ComparedPair(day, "since 1 Dec", (sides[0], sides[1]), "apart", rank=rank)


PAIRS = [pair("31 Dec", 99, 61, 2), pair("23 Jan", 626, 269, 0), pair("25 Feb", 185, 126, 1)]


def list_officials(figure: go.Figure) -> list[str]:
    """The officials' numbers from the top down."""
    notes = [note for note in figure.layout.annotations if "Government" in note.text]
    return [note.text[3:].split("<")[0] for note in sorted(notes, key=lambda note: -note.y)]


@pytest.mark.parametrize("width", [880.0, 330.0])
def test_all_pairs_stand_in_the_order_given(width: float) -> None:
    assert list_officials(draw_compared(PAIRS, [], width, 0)) == ["99", "626", "185"]


def test_the_pair_that_says_least_gives_way_first() -> None:
    assert list_officials(draw_compared(PAIRS, [], 880.0, 100.0)) == ["626", "185"]
