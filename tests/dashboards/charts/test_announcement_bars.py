"""Announcements as bars: on one scale, none cut at what was announced."""

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboards.charts.announcement_bars import (
    SWATCH,
    Announcement,
    BarsKey,
    Verified,
    draw_announcements,
)

KEY = BarsKey("announced", "verified, at least", "possible")


def announcement(announced: int, *verified: tuple[int | None, int | None]) -> Announcement:
    told = tuple(Verified(low, high, f"{low} to {high}") for low, high in verified)
    return Announcement("20 Feb", "Assembly", announced, f"{announced} announced", told, "text", "a-claim")


def list_bars(figure: go.Figure) -> list[tuple[float, float, bool]]:
    """Where each bar below the key begins, how long it is, whether it is hatched."""
    bars: list[Any] = [trace for trace in figure.data if trace.type == "bar" and trace.width != SWATCH]
    return [(bar.base[0], bar.x[0], bar.marker.pattern.shape == "/") for bar in bars]


def test_more_verified_than_announced_is_drawn_whole_on_the_same_scale() -> None:
    (_, promised, _), (_, verified, _) = list_bars(draw_announcements([announcement(20, (410, 410))], KEY))
    assert verified / promised == pytest.approx(410 / 20)


@pytest.mark.parametrize("width", [880.0, 324.0])
def test_what_bars_count_stands_beside_a_number_and_makes_them_no_shorter(width: float) -> None:
    plain = announcement(20, (410, 410))
    told = replace(plain, note="below, all releases, announced or not")
    figure = draw_announcements([told], KEY, width)
    assert any(told.note in note.text for note in figure.layout.annotations)
    (_, _, _), (_, long, _) = list_bars(figure)
    assert long == list_bars(draw_announcements([plain], KEY, width))[1][1]


def test_a_range_is_filled_to_what_is_certain_and_hatched_to_what_is_possible() -> None:
    promised, possible, certain = list_bars(draw_announcements([announcement(379, (242, 320))], KEY))
    assert (promised[2], possible[2], certain[2]) == (False, True, False)
    assert certain[0] == promised[0]
    assert possible[0] == pytest.approx(certain[0] + certain[1])
    assert (certain[1] + possible[1]) / promised[1] == pytest.approx(320 / 379)


def test_what_only_a_lower_bound_is_known_of_has_no_hatching_and_the_unknown_no_bar() -> None:
    _, bound, unknown = list_bars(draw_announcements([announcement(300, (82, None), (None, None))], KEY))
    assert not bound[2]
    assert (unknown[1], unknown[2]) == (0, False)


def test_every_bar_has_its_words_and_where_room_is_short_the_newest_stay() -> None:
    several = [announcement(300 + number, (82, 90)) for number in range(4)]
    figure = draw_announcements(several, KEY, 324, 160)
    written = {note.text for note in figure.layout.annotations}
    assert {"<b>300 announced</b>", "82 to 90", "announced", "verified, at least", "possible"} <= written
    assert "<b>303 announced</b>" not in written
    assert next(trace.customdata[0][1] for trace in figure.data if trace.customdata) == "a-claim"


def test_the_key_names_only_bars_that_are_there() -> None:
    figure = draw_announcements([announcement(300, (None, None))], KEY)
    written = {note.text for note in figure.layout.annotations}
    assert "announced" in written
    assert not {"verified, at least", "possible"} & written


def list_lowest(figure: go.Figure) -> float:
    """Down to where words reach, in pixels from the top."""
    return max(-note.y + note.font.size * 0.65 for note in figure.layout.annotations)


def test_a_page_is_high_enough_for_long_names_and_for_a_phone_to_show_the_first_one() -> None:
    long = "Society of the Prisoners of a Country with a Long Name"
    only = replace(announcement(602, (None, None)), organisation=long)
    page = draw_announcements([only], KEY)
    assert list_lowest(page) <= page.layout.height
    phone = draw_announcements([only], KEY, 324, page.layout.height)
    assert list_lowest(phone) <= page.layout.height
