"""Fine dots across a silence are named in the key of every panel that draws them."""

from collections.abc import Callable
from datetime import date

import pytest

from dashboards.charts.line_gaps import has_dots
from dashboards.exhibits import gap_panels, registers, releases_by_role
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.dashboards.app.test_registers import REGISTRIES
from tests.dashboards.conftest import LEFT

Publish = Callable[[list[dict[str, str]]], View]


@pytest.mark.parametrize(
    ("days", "dotted"),
    [
        ([date(2026, 1, 10), date(2026, 3, 11)], False),  # 60 days: a line
        ([date(2026, 1, 10), date(2026, 3, 12)], True),
        ([date(2026, 1, 10), date(2027, 1, 10)], True),
        ([date(2026, 1, 10), date(2027, 1, 11)], False),  # above a year nothing joins them
        ([date(2026, 1, 10)], False),
    ],
)
def test_dots_lie_across_gaps_of_more_than_sixty_days_up_to_a_year(days: list[date], dotted: bool) -> None:
    assert has_dots(days) is dotted


@pytest.mark.parametrize("later", ["2026-02-20", "2026-06-20"])
def test_panels_of_claims_name_their_dots(publish: Publish, data: DataDir, later: str) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text() + REGISTRIES)
    view = publish(
        [
            row(organisation=who, value=value + more, as_of=day, published=day, **cells)
            for who, more in (("lista", 0), ("uno", 10))
            for day, value in (("2026-01-20", 500), (later, 400))
            for cells in ({}, LEFT)
        ]
    )
    told = view.words("key.dotted", days=view.words.days(60))
    for exhibit in (
        registers.make_bands(view),
        gap_panels.make_gaps(view),
        releases_by_role.make_releases_by_role(view),
    ):
        assert (told in exhibit.key) is (later == "2026-06-20"), exhibit.name
