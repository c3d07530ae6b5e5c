"""The files beside an exhibit: a chart as pictures and tables, a table as tables with the reason why."""

import re
from collections.abc import Iterator

import pytest

from dashboards import catalog, downloads
from dashboards.view import View
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("downloads") / "data", figures()) as shown:
        yield shown


def row(view: View, chart: str) -> str:
    exhibit = catalog.exhibit(view, chart)
    assert exhibit is not None
    return downloads.links(exhibit, view)


def endings(html: str) -> set[str]:
    return set(re.findall(r'href="[^"?]*\.(\w+)[?"]', html))


@pytest.mark.browser
def test_a_chart_is_given_as_pictures_and_tables(view: View) -> None:
    assert endings(row(view, "overview")) == {"png", "svg", "csv", "xlsx", "json", "pdf"}


def test_a_table_is_given_as_tables_and_says_why_not_as_a_picture(view: View) -> None:
    html = row(view, "pace-windows")
    assert endings(html) == {"csv", "xlsx", "json"}
    assert view.words("download.table") in html
