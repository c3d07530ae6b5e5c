"""A label stands beside its own mark, or a line leads to it."""

from datetime import date

import polars as pl
import pytest

from dashboards.charts.label_places import Box
from dashboards.charts.story_canvas import StoryPanel
from dashboards.charts.story_labels import Fit, LabelledCanvas
from dashboards.charts.theme import DOUBT_SCHEMA
from tests.dashboards.charts.test_charts import STORY_WORDS, frame, point

MARK = (100.0, 100.0)


def lead(box: Box, *others: tuple[float, float]) -> list[dict[str, float]]:
    points = frame(point("2026-01-10", 9, 9), point("2026-02-11", 5, 5))
    panel = StoryPanel("", points, pl.DataFrame(schema=DOUBT_SCHEMA))
    canvas = LabelledCanvas([panel], STORY_WORDS, (date(2026, 1, 1), date(2026, 3, 1)), (400.0, 200.0), Fit())
    canvas.marks = [[MARK, *others]]
    canvas._lead(0, box, MARK, "#000000")
    return canvas.shapes


@pytest.mark.parametrize(
    ("left", "others", "leads"),
    [
        (111, [(180.0, 100.0)], False),  # beside its own
        (122, [], False),
        (122, [(190.0, 100.0)], True),  # another one is nearer
        (140, [], True),  # far
    ],
)
def test_a_line_leads_to_a_mark_that_is_far_or_farther_than_another(
    left: float, others: list[tuple[float, float]], leads: bool
) -> None:
    shapes = lead(Box(left, 92, left + 60, 108), *others)
    assert bool(shapes) is leads
    for line in shapes:
        assert line["x0"] * 400 == pytest.approx(left - 2)
        assert line["x1"] * 400 == pytest.approx(MARK[0] + 7)
