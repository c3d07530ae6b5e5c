"""What a person reads off a picture, measured in Chromium: no text overlaps or is cut, numbers are there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from dashboards.charts.theme import IN_DOUBT, SIZES
from dashboards.exhibits import chart_registry, figures_over_time
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import picture
from dashboards.export.provenance import make_provenance
from dashboards.queries import database
from dashboards.queries.view import View, open_view
from dashboards.site.pages import embeds
from pipelines.core.model import Measure
from tests.dashboards.app.test_real_figures import TODAY, bundled
from tests.gallery import draw_all

__all__ = ["bundled"]  # a fixture

# Charts that are held to it; a chart that is made to be printed joins.
READ = ("overview", "held", "left-prison")
HEADLINES = {"overview": ("382", "875", "768"), "held": ("382",), "left-prison": ("768",)}
TEXTS = """() => [...document.querySelectorAll('text')].filter(each => each.textContent.trim()).map(each => {
    const box = each.getBoundingClientRect();
    return {text: each.textContent, left: box.left, top: box.top, right: box.right, bottom: box.bottom};
})"""
INK = 0.2  # of a box's height that is above and below its letters


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 2400, "height": 1700})
    yield opened
    opened.close()


def view_in(bundled: Path, language: str) -> View:
    assert bundled.exists()
    return View(database.find_current_build(), "venezuela", language, TODAY)


def exhibit_of(view: View, chart: str) -> Exhibit:
    found = chart_registry.find_exhibit(view, chart)
    assert found is not None
    assert found.figure is not None
    return found


def read_texts(page: Page, exhibit: Exhibit, view: View, chart: str, size: str) -> list[dict[str, Any]]:
    """Each text of the picture with its box in pixels, once the font is there."""
    drawn = picture.draw_chart(exhibit, make_provenance(exhibit, view, ChartRequest(chart)), SIZES[size])
    page.set_content(f"<style>body{{margin:0}}</style>{etree.tostring(drawn, encoding='unicode')}")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('12px \"Source Sans 3\"'))")
    found: list[dict[str, Any]] = page.evaluate(TEXTS)
    return found


def shrink(box: dict[str, Any]) -> tuple[float, float, float, float]:
    """The part of a box that letters fill: upright or turned."""
    wide, high = box["right"] - box["left"], box["bottom"] - box["top"]
    flat = wide >= high or len(box["text"]) < 4
    dx, dy = (1.0, INK * high) if flat else (INK * wide, 1.0)
    return box["left"] + dx, box["top"] + dy, box["right"] - dx, box["bottom"] - dy


def list_overlaps(texts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for at, one in enumerate(texts):
        left, top, right, bottom = shrink(one)
        for other in texts[at + 1 :]:
            start, above, end, below = shrink(other)
            if left < end and start < right and top < below and above < bottom:
                found.append((one["text"], other["text"]))
    return found


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chart", READ)
def test_no_text_overlaps_another_or_is_cut(
    page: Page, bundled: Path, chart: str, size: str, language: str
) -> None:
    view = view_in(bundled, language)
    texts = read_texts(page, exhibit_of(view, chart), view, chart, size)
    assert list_overlaps(texts) == []
    width, height = SIZES[size].width, page.locator("svg").first.bounding_box()["height"]
    outside = [
        each["text"]
        for each in texts
        if each["left"] < 0 or each["top"] < 0 or each["right"] > width or each["bottom"] > height
    ]
    assert outside == []
    said = " ".join(each["text"] for each in texts)
    for number in HEADLINES[chart]:
        assert number in said
    assert view.words("export.place", situation="VENEZUELA").upper() in said


def test_two_texts_that_overlap_are_found() -> None:
    box = {"left": 0, "top": 0, "right": 60, "bottom": 20}
    near = {"left": 50, "top": 8, "right": 90, "bottom": 28}
    assert list_overlaps([{**box, "text": "382"}, {**near, "text": "3 de agosto"}]) == [
        ("382", "3 de agosto")
    ]
    assert list_overlaps([{**box, "text": "382"}, {**near, "left": 61, "text": "3 de agosto"}]) == []


@pytest.mark.parametrize("chart", ["overview", "held"])
def test_no_line_goes_through_a_figure_in_doubt(bundled: Path, chart: str) -> None:
    figure = exhibit_of(view_in(bundled, "en"), chart).figure
    doubts = [trace for trace in figure.data if trace.marker.color == IN_DOUBT and trace.x]
    assert sum(len(trace.x) for trace in doubts) >= 5
    for trace in doubts:
        ends = {
            end
            for line in figure.data
            if line.mode == "lines" and line.yaxis == trace.yaxis and line.x
            for end in zip(line.x, line.y, strict=True)
        }
        assert not ends & set(zip(trace.x, trace.y, strict=True))


@pytest.mark.parametrize("room", [(957.0, 400.0), (880.0, 540.0)])
@pytest.mark.parametrize("chart", ["overview", "held"])
def test_little_of_the_width_is_behind_the_last_figure(
    bundled: Path, chart: str, room: tuple[float, float]
) -> None:
    exhibit = exhibit_of(view_in(bundled, "en"), chart)
    assert exhibit.fit is not None
    figure = exhibit.fit(*room)
    _, end = figure.layout.xaxis.range
    assert end == date(2026, 8, 3)
    assert 1 - figure.layout.xaxis.domain[1] < 0.1


@pytest.mark.parametrize("chart", READ)
def test_each_line_has_the_number_of_its_last_figure_at_its_last_mark(bundled: Path, chart: str) -> None:
    view = view_in(bundled, "es")
    figure = exhibit_of(view, chart).figure
    for trace in (each for each in figure.data if each.mode == "lines" and each.x and each.line.width == 2.4):
        day, value = next(
            (day, value) for day, value in zip(trace.x[::-1], trace.y[::-1], strict=True) if day is not None
        )
        beside = [note.text for note in figure.layout.annotations if (note.x, note.y) == (day, value)]
        assert any(f">{view.words.number(value)}<" in text for text in beside), (day, value)


def test_bounds_are_not_drawn_and_are_in_the_table(bundled: Path) -> None:
    held = exhibit_of(view_in(bundled, "en"), "held")
    drawn = {row[1] for trace in held.figure.data for row in trace.customdata or () if len(row) > 1}
    bounds = held.frame.filter(~held.frame["low"].eq_missing(held.frame["high"]))["claim_id"]
    assert len(bounds) > 20
    assert not drawn & set(bounds)
    assert len(held.rows) >= held.frame.height


@pytest.mark.browser
def test_the_gallery_shows_a_chart_in_every_size(bundled: Path, tmp_path: Path) -> None:
    assert bundled.exists()
    html = list(draw_all(open_view("venezuela", "en"), ["held", "contradictions"], tmp_path))
    files = sorted(path.name for path in tmp_path.glob("*.png"))
    assert len(files) == 5
    assert all(any(name in each for each in html) for name in files)


def test_a_silence_is_not_told_where_a_bound_is_newer_than_the_last_exact_figure(bundled: Path) -> None:
    assert bundled.exists()
    view = View(database.find_current_build(), "belarus", "en", TODAY)
    exhibit = exhibit_of(view, "held")
    assert exhibit.frame["as_of"].max() > date(2025, 12, 31)  # "more than 1,100"
    texts = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert "No figures" not in texts
    assert "No exact" in texts
    assert exhibit.title == "Viasna counted 1,131 people held on 31 December 2025"


def test_a_title_names_the_highest_figure_only_of_a_whole_series(bundled: Path) -> None:
    view = view_in(bundled, "en")
    of = (Measure.IN_CUSTODY, ("foro_penal",), ())
    part = figures_over_time.make_progress(view, *of, date(2026, 1, 1), TODAY, ())
    assert part.title == "Foro Penal counts 382 people still held, from 806 in January 2026"
    assert "1,976, in November 2024" in exhibit_of(view, "held").title


@pytest.mark.browser
def test_a_light_picture_holds_its_widths_in_another_font(page: Page, bundled: Path) -> None:
    view = view_in(bundled, "es")
    exhibit = exhibit_of(view, "overview")
    facts = make_provenance(exhibit, view, ChartRequest("overview"))
    whole = etree.tostring(picture.draw_chart(exhibit, facts, SIZES["wide"]))
    light = embeds.lighten(whole)
    assert b"@font-face" in whole
    assert b"@font-face" not in light
    assert len(light) < 100_000
    page.set_content(f"<style>body{{margin:0}}</style>{light.decode()}")
    assert list_overlaps(page.evaluate(TEXTS)) == []
