"""Running totals of several speakers: what may be compared is said wherever it is drawn."""

from datetime import date

import plotly.graph_objects as go
import pytest

from dashboards.charts.claims_panel import draw_claims
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Total
from dashboards.charts.theme import choose_look

FIRST, OTHER = date(2025, 12, 1), date(2026, 1, 8)
TOLD = "626 and 269 compare: both from 1 Dec, on 23 Jan"
WORDS = PanelWords(
    lambda day, _: f"{day:%b}", ".,", "Announced", "Different starts: do not subtract",
    ("897 counts from 1 Dec.", "Off this scale: 9,000."), ((FIRST, "from 1 Dec"), (OTHER, "from 8 Jan")),
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
    points = [Point(date(2026, 1, 23), value, "", f"{value}") for value in (626, 269)]
    both = Compared(points[0], points[1], (choose_look(7), choose_look(1)), ("626", "269"), TOLD)
    return draw_claims(totals, (), both, WORDS, (FIRST, date(2026, 4, 21)), width, height)


def read_words(figure: go.Figure) -> str:
    notes = sorted(figure.layout.annotations, key=lambda note: (-note.y, note.x))
    return " ".join(note.text for note in notes).replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize("width", [324, 500, 880])
def test_which_totals_compare_is_said_in_every_size(width: float) -> None:
    figure = draw(width, 280 if width < 560 else 440)
    said = read_words(figure)
    assert "626 and 269 compare" in said
    assert WORDS.warning in said
    assert ("Off this scale" in said) == (width == 880)


def test_the_upright_of_a_start_goes_through_no_month() -> None:
    figure = draw(324, 280)
    uprights = {each.x0 for each in figure.layout.shapes if each.x0 == each.x1 and each.line.width == 2}
    months = [note for note in figure.layout.annotations if note.text in ("<b>Jan</b>", "Dec", "Feb")]
    assert months
    for note in months:
        assert not any(note.x < x < note.x + 20 / 324 for x in uprights)  # parts of the width
