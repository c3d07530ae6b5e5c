"""Every picture of the bundled data is read as an editor reads it, and left in the gallery that CI keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dashboards.i18n.translations import list_languages
from dashboards.queries import database
from dashboards.queries.view import View
from pipelines.core.paths import ROOT
from tests import gallery
from tests.dashboards.app.test_real_figures import TODAY, bundled
from tests.gallery import Picture
from tests.reading import list_faults, read_picture, show_picture

__all__ = ["bundled"]  # a fixture

LIGHT = [look for look in gallery.LOOKED_AT if not look[1]]
SITUATIONS = sorted(path.parent.name for path in ROOT.glob("data/*/situation.toml"))


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1300, "height": 1700})
    yield opened
    opened.close()


def view_in(bundled: Path, situation: str, language: str) -> View:
    assert bundled.exists()
    return View(database.find_current_build(), situation, language, TODAY)


def read(page: Page, shown: Picture) -> list[str]:
    """What is wrong with a picture, each fault with the chart and size that has it."""
    reading = read_picture(page, shown.drawn)
    width, height = float(shown.drawn.get("width")), float(shown.drawn.get("height"))
    faults = list_faults(
        reading, shown.size.name, (0.0, 0.0, width, height), shown.exhibit.title, shown.facts.language
    )
    if width != shown.size.width or (shown.size.name != "phone" and height > shown.size.height):
        faults.append(f"is {width:g} × {height:g} pixels")  # a phone scrolls, a page of a newspaper does not
    return [f"{shown.facts.chart} {shown.size.name}: {fault}" for fault in faults]


@pytest.mark.browser
@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_picture_can_be_printed_as_it_is(
    page: Page, bundled: Path, situation: str, language: str
) -> None:
    view = view_in(bundled, situation, language)
    kept, faults = gallery.choose(view), list[str]()

    def take(shown: Picture) -> bytes:
        if shown.dark:
            show_picture(page, shown.drawn)  # it measures as the light one
        else:
            faults.extend(read(page, shown))
        return page.locator("svg").first.screenshot()

    gallery.keep(view, kept, gallery.OUT, take)
    gallery.write_index(gallery.OUT)
    for chart, exhibit in gallery.list_drawn(view):
        if chart not in kept:
            for shown in gallery.draw(view, chart, exhibit, LIGHT):
                faults.extend(read(page, shown))
    assert not faults, "\n".join(faults)
