"""Pictures of the pace, of parts and of two counts, measured in Chromium: no text overlaps or is cut."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboards.charts.theme import SIZES
from dashboards.i18n.translations import list_languages
from tests.dashboards.app.test_real_figures import bundled
from tests.dashboards.export.test_reading import exhibit_of, list_overlaps, page, read_texts, view_in

__all__ = ["bundled", "page"]  # fixtures

HEADLINES = {
    "pace-left-prison": ("99", "14"),
    "pace-held": ("41",),
    "before-and-after": ("74", "64"),
    "revolving-door": ("55", "49"),
    "parts-over-time-foro-penal-in-custody-sex": ("369", "35"),
}


@pytest.mark.browser
@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("chart", HEADLINES)
def test_no_text_overlaps_another_or_is_cut_at_any_size(
    page: Page, bundled: Path, chart: str, language: str
) -> None:
    view = view_in(bundled, language)
    exhibit = exhibit_of(view, chart)
    for size in SIZES:
        texts = read_texts(page, exhibit, view, chart, size)
        assert list_overlaps(texts) == [], size
        box = page.locator("svg").first.bounding_box()
        assert box is not None
        outside = [
            each["text"]
            for each in texts
            if each["left"] < 0
            or each["top"] < 0
            or each["right"] > SIZES[size].width
            or each["bottom"] > box["height"]
        ]
        assert outside == [], size
        said = " ".join(each["text"] for each in texts)
        for number in HEADLINES[chart]:
            assert number in said, size
        assert view.words("export.place", situation="VENEZUELA").upper() in said
