"""Every file that is taken from the bundled build is current in it."""

from pathlib import Path

import pytest

from dashboards.exhibits import chart_registry
from dashboards.export import formats, table_data, verification
from dashboards.export.verification import FileState
from dashboards.queries import database
from dashboards.queries.view import View
from tests.dashboards.app.test_real_figures import TODAY, bundled, venezuela

__all__ = ["bundled", "venezuela"]  # fixtures

SITUATIONS = (
    "belarus", "cuba", "myanmar", "nicaragua", "palestine", "russia", "us_immigration_detention", "venezuela",
)  # fmt: skip
PICTURES = ("png", "svg")


def name_failed(view: View, chart: str, forms: tuple[str, ...]) -> list[str]:
    """The formats of a chart whose file is not current, each with the reason."""
    exhibit, origin = chart_registry.answer_request(view, chart)
    if exhibit is None or (exhibit.figure is None and forms == PICTURES):
        return []
    found = []
    for form in forms:
        data = formats.make_file(exhibit, view, form, "square", origin)
        verdict = verification.judge(formats.read(data))
        if verdict.state is not FileState.CURRENT:
            found.append(f"{chart}.{form}: {verdict.state}, {verdict.reason}")
    return found


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_chart_as_a_table_is_current(bundled: Path, situation: str) -> None:
    assert bundled.exists()
    view = View(database.find_current_build(), situation, "es", TODAY)
    charts = [*chart_registry.list_charts(view), chart_registry.BUILDER]
    assert [each for chart in charts for each in name_failed(view, chart, ("csv", "xlsx"))] == []


@pytest.mark.browser
@pytest.mark.parametrize("chart", ["overview", "held", "left-prison", chart_registry.BUILDER])
def test_a_picture_with_figures_in_doubt_is_current(venezuela: View, chart: str) -> None:
    exhibit, _ = chart_registry.answer_request(venezuela, chart)
    assert exhibit is not None
    assert table_data.collect_rows(exhibit)["doubt"].drop_nulls().len()
    assert name_failed(venezuela, chart, PICTURES) == []
