"""What a person reads off a picture, measured in Chromium: no text overlaps or is cut, numbers are there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from dashboards.charts.theme import IN_DOUBT, SIZES
from dashboards.exhibits import chart_registry, figures_over_time
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import picture
from dashboards.export.provenance import make_provenance
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.site.pages import embeds
from pipelines.core.model import Measure
from tests.dashboards.app.test_real_figures import TODAY, bundled
from tests.reading import list_faults, list_overlaps, read_picture

__all__ = ["bundled"]  # a fixture

MAIN = ("overview", "held", "left-prison")


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


def draw(view: View, chart: str, size: str) -> etree._Element:
    exhibit = exhibit_of(view, chart)
    return picture.draw_chart(exhibit, make_provenance(exhibit, view, ChartRequest(chart)), SIZES[size])


@pytest.mark.browser
@pytest.mark.parametrize("size", ["tall", "print"])
@pytest.mark.parametrize("chart", MAIN)
def test_the_sizes_that_the_gallery_leaves_out_can_be_printed_too(
    page: Page, bundled: Path, chart: str, size: str
) -> None:
    view = view_in(bundled, "es")
    drawn = draw(view, chart, size)
    whole = (0.0, 0.0, float(drawn.get("width")), float(drawn.get("height")))
    assert list_faults(read_picture(page, drawn), size, whole, exhibit_of(view, chart).title, "es") == []


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


@pytest.mark.parametrize("chart", MAIN)
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
    whole = etree.tostring(draw(view, "overview", "wide"))
    light = embeds.lighten(whole)
    assert b"@font-face" in whole
    assert b"@font-face" not in light
    assert len(light) < 100_000
    reading = read_picture(page, etree.fromstring(light))
    assert list_overlaps(reading.texts) == []
