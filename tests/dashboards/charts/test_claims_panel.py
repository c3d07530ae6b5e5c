"""Running totals of several speakers: what may be compared is said wherever it is drawn."""

import re
from datetime import date

import plotly.graph_objects as go
import pytest

from dashboards.charts.claims_panel import draw_claims
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Total
from dashboards.charts.theme import choose_look

FIRST, OTHER = date(2025, 12, 1), date(2026, 1, 8)
WORDS = PanelWords(
    lambda day, _: f"{day:%b}", ".,", "Different starts: do not subtract", ("897 counts from 1 Dec.",),
    ((FIRST, "from 1 Dec"), (OTHER, "from 8 Jan")),
)  # fmt: skip


def total(name: str, start: date, slot: int, *points: tuple[date, int]) -> Total:
    made = tuple(Point(day, value, name, f"{name}-{value}") for day, value in points)
    return Total(made, choose_look(slot), name, f"{made[-1].value}", f"{made[-1].day:%d %b}", start, "")


def draw(width: float, height: float) -> go.Figure:
    totals = [
        total(
            "Register", OTHER, 1, (date(2026, 1, 9), 9), (date(2026, 1, 24), 160), (date(2026, 4, 21), 768)
        ),
        total("Government", FIRST, 7, (date(2025, 12, 31), 190), (date(2026, 2, 9), 897)),
    ]
    both = [
        Compared(Point(date(2026, 1, 23), value, "", f"{value}"), choose_look(slot), f"{value}", said)
        for value, slot, said in ((626, 7, "says Government"), (269, 1, "verified by Register"))
    ]
    return draw_claims(totals, both, WORDS, (FIRST, date(2026, 4, 21)), width, height)


def read_words(figure: go.Figure) -> str:
    notes = sorted(figure.layout.annotations, key=lambda note: (-note.y, note.x))
    return " ".join(note.text for note in notes).replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize("width", [324, 500, 880])
def test_who_said_and_who_verified_how_many_is_told_in_every_size(
    width: float,
) -> None:
    figure = draw(width, 280 if width < 560 else 440)
    said = " ".join(re.sub("<.*?>", "", read_words(figure)).split())
    for told in ("626", "says", "269", "verified by", WORDS.warning, WORDS.notes[0]):
        assert told in said
    assert "897 Government, 09 Feb" in said or "897 09 Feb Government" in said  # at the end of its line


def test_the_upright_of_a_start_goes_through_no_month() -> None:
    figure = draw(324, 280)
    uprights = {each.x0 for each in figure.layout.shapes if each.x0 == each.x1 and each.line.width == 2}
    months = [note for note in figure.layout.annotations if note.text in ("<b>Jan</b>", "Dec", "Feb")]
    assert months
    for note in months:
        assert not any(note.x < x < note.x + 20 / 324 for x in uprights)  # parts of the width


def test_nothing_joins_figures_that_lie_more_than_a_year_apart() -> None:
    days = [(date(2023, 12, 31), 9), (date(2024, 6, 1), 12), (date(2025, 12, 31), 20)]
    figure = draw_claims([total("Register", FIRST, 1, *days)], (), WORDS, (days[0][0], days[-1][0]))
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [trace.line.dash for trace in lines] == ["2px,4px"]
    assert sum(len(trace.x) for trace in figure.data if trace.mode == "markers") == 3
