"""Each list of pages and charts is complete: nothing is left out of it, nothing stands in it twice."""

from dashboards.app.page_registry import PAGES
from dashboards.exhibits.chart_registry import CHARTS
from dashboards.i18n.translations import list_languages, read_words
from pipelines.core.paths import ROOT


def test_every_page_has_one_entry_a_script_and_a_name() -> None:
    assert set(PAGES) == {path.stem for path in (ROOT / "dashboards" / "app" / "pages").glob("*.py")}
    words = [read_words(language) for language in list_languages()]
    assert [page for page in PAGES if not all(each.has(f"nav.{page}") for each in words)] == []


def test_every_chart_has_a_name_of_its_own_and_is_shown_on_a_page_that_there_is() -> None:
    assert {chart.page for chart in CHARTS} <= set(PAGES)
    assert len({chart.name for chart in CHARTS}) == len(CHARTS)
