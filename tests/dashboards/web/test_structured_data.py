"""What machines are told of a figure's time: a day with the length of its window, or a month."""

import pytest

from dashboards.queries.view import View
from dashboards.web.structured_data import describe_figure
from tests.dashboards.text.sample_statements import MARKED

PARTS = {"figure_id": "abcdefabcdefabcd", "doubt": None, "why_standing": "not_disputed", "fewer_than": None}


@pytest.mark.parametrize(
    ("mark", "date", "period"),
    [
        ("a month", "2026-02", None),
        ("a window until a month", "2026-02", None),
        ("a month of its own", "2026-02", "P1M"),
        ("one day", "2026-02-15", "P1D"),
        ("a window that we infer", "2026-02-15", "P39D"),
    ],
)
def test_a_flow_of_one_month_lasts_a_month_and_no_length_is_made_up_where_no_day_is_known(
    plain_view: View, mark: str, date: str, period: str | None
) -> None:
    (told,) = describe_figure(plain_view, "abcdefabcdefabcd", [{**PARTS, **MARKED[mark]}], "")
    assert (told["observationDate"], told.get("observationPeriod")) == (date, period)
