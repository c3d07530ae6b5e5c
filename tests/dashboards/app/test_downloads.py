"""The files beside an exhibit: a chart and a table as pictures and tables, a list of findings as tables."""

import re
from collections.abc import Iterator

import pytest

from dashboards.app import components
from dashboards.exhibits import chart_registry
from dashboards.export.formats import FORMATS, TABLES
from dashboards.queries.view import View
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("downloads") / "data", figures()) as shown:
        yield shown


@pytest.mark.parametrize(
    ("chart", "endings"),
    [
        ("overview", set(FORMATS)),
        ("pace-windows", set(TABLES)),
        ("contradictions", set(TABLES)),
    ],
)
def test_what_is_drawn_or_listed_is_given_as_files(view: View, chart: str, endings: set[str]) -> None:
    exhibit = chart_registry.find_exhibit(view, chart)
    assert exhibit is not None
    assert set(re.findall(r'href="[^"?]*\.(\w+)[?"]', components.render_links(exhibit, view))) == endings
