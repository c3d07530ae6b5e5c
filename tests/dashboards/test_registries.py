"""Each list of pages, charts and formats is complete: nothing is left out of it or stands in it twice."""

import re

from dashboards.app.page_registry import PAGES
from dashboards.exhibits.chart_registry import BUILDER, CHARTS, name_division_chart
from dashboards.export.formats import FORMATS, PICTURES, TABLES
from dashboards.i18n.translations import list_languages, read_words
from pipelines.core import shown_names
from pipelines.core.paths import ROOT


def test_every_page_has_one_entry_a_script_and_a_name() -> None:
    assert set(PAGES) == {path.stem for path in (ROOT / "dashboards" / "app" / "pages").glob("*.py")}
    words = [read_words(language) for language in list_languages()]
    assert [page for page in PAGES if not all(each.has(f"nav.{page}") for each in words)] == []


def test_every_chart_has_a_name_of_its_own_and_is_shown_on_a_page_that_there_is() -> None:
    assert {chart.page for chart in CHARTS} <= set(PAGES)
    assert len({chart.name for chart in CHARTS}) == len(CHARTS)


def test_readers_can_ask_about_every_page_and_chart_and_about_no_other() -> None:
    assert tuple(PAGES) == shown_names.PAGES
    assert (*(chart.name for chart in CHARTS), BUILDER) == shown_names.CHARTS
    division = name_division_chart("foro_penal in_custody age;prior_status", over_time=True)
    assert shown_names.is_chart(division, ["foro_penal"])
    assert not shown_names.is_chart(division, ["lista"])


def test_every_format_has_one_entry_a_file_that_writes_and_reads_it_and_where_needed_a_label() -> None:
    files = (ROOT / "dashboards" / "export").glob("*_file.py")
    assert set(FORMATS) == {path.stem.removesuffix("_file") for path in files}
    assert set(FORMATS) == {*PICTURES, *TABLES, "pdf"}
    assert len({form.media for form in FORMATS.values()}) == len(FORMATS)
    sized = [name for name, form in PICTURES.items() if form.in_pixels]
    assert all(
        read_words(language).has(f"download.{name}") for language in list_languages() for name in sized
    )


def test_every_format_is_in_the_documents_that_need_it() -> None:
    exports = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert [
        name for name in FORMATS if not re.search(rf"^\|.*\b{name.upper()}\b.*\|", exports, re.MULTILINE)
    ] == []
    nginx = (ROOT / "docs" / "site.nginx.conf").read_text(encoding="utf-8")
    for name, form in (PICTURES | TABLES).items():
        media = re.escape(form.media.partition(";")[0])
        assert re.search(rf"^ +{media} +{name};$", nginx, re.MULTILINE), name
