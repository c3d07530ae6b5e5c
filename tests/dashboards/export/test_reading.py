"""What a person reads off a picture, measured in Chromium: no text overlaps or is cut, numbers are there."""

import math
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from dashboards.charts import story_marks
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


def in_pixels(figure: Any, trace: Any) -> list[tuple[float, float] | None]:
    """Where the points of a trace are, from the left and from the top; None where a line breaks."""
    layout = figure.layout
    x, y = layout[f"xaxis{trace.xaxis[1:]}"], layout[f"yaxis{trace.yaxis[1:]}"]
    since, until = x.range
    wide, high = (x.domain[1] - x.domain[0]) * ROOM[0], (y.domain[1] - y.domain[0]) * layout.height
    return [
        None
        if value is None
        else (
            x.domain[0] * ROOM[0] + (day - since).days / (until - since).days * wide,
            (1 - y.domain[0]) * layout.height - value / y.range[1] * high,
        )
        for day, value in zip(trace.x, trace.y, strict=True)
    ]


ROOM = (957.0, 400.0)
RING, LINE, LARGEST = 3.5 + 0.75, 1.2, 4.75 + 1  # half of what is drawn, in pixels


def measure_gaps(figure: Any) -> tuple[int, float, float]:
    """How many figures in doubt are drawn, and what is free between them and the lines and the marks."""
    rings = [trace for trace in figure.data if trace.marker.color == IN_DOUBT and trace.x]
    free = [9.0]
    apart = [9.0]
    for trace in rings:
        for at in in_pixels(figure, trace):
            assert at is not None
            for other in (each for each in figure.data if each.x and each.yaxis == trace.yaxis):
                ends = in_pixels(figure, other)
                if other.mode == "lines":
                    free += [
                        story_marks.find_distance(at, (*one, *two)) - RING - LINE
                        for one, two in pairwise(ends)
                        if one is not None and two is not None
                    ]
                elif other is not trace:
                    apart += [math.dist(at, end) - RING - LARGEST for end in ends if end is not None]
    return sum(len(trace.x) for trace in rings), min(free), min(apart)


@pytest.mark.parametrize("room", [ROOM, (957.0, 540.0)])
@pytest.mark.parametrize("chart", READ)
def test_no_line_and_no_mark_touches_a_figure_in_doubt(
    bundled: Path, chart: str, room: tuple[float, float]
) -> None:
    view = view_in(bundled, "en")
    exhibit = exhibit_of(view, chart)
    assert exhibit.fit is not None
    assert exhibit.whole is not None
    figure = exhibit.fit(*room)
    drawn, free, apart = measure_gaps(figure)
    assert free > 0
    assert apart > 0
    unsettled = exhibit.frame.filter(pl.col("qualifier") == "exact", pl.col("contradicted")).height
    in_doubt = exhibit.whole().height - exhibit.frame.height + unsettled
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert 0 < drawn < in_doubt
    assert view.words.plural("story.not_drawn", in_doubt - drawn) in texts


def test_all_figures_are_drawn_where_a_reader_asks_for_them(bundled: Path) -> None:
    view = view_in(bundled, "en")
    asked = [("what", "in_custody"), ("figures", "all")]
    exhibit, request = chart_registry.answer_request(view, chart_registry.BUILDER, asked)
    assert exhibit is not None
    assert exhibit.whole is not None
    assert ("figures", "all") in request.options
    drawn = {row[1] for trace in exhibit.figure.data for row in trace.customdata or () if len(row) > 1}
    assert drawn == set(exhibit.whole()["claim_id"])
    texts = [note.text for note in exhibit.figure.layout.annotations]
    assert view.words("key.short_lower_bound") in texts
    plain, _ = chart_registry.answer_request(view, chart_registry.BUILDER, asked[:1])
    assert plain is not None
    assert measure_gaps(exhibit.figure)[0] > measure_gaps(plain.figure)[0]


@pytest.mark.parametrize("chart", READ)
@pytest.mark.parametrize("room", [(957.0, 400.0), (330.0, 400.0)])
def test_events_without_a_name_are_counted_and_the_silence_is_not_to_scale(
    bundled: Path, chart: str, room: tuple[float, float]
) -> None:
    view = view_in(bundled, "es")
    exhibit = exhibit_of(view, chart)
    assert exhibit.fit is not None
    figure = exhibit.fit(*room)
    texts = [note.text for note in figure.layout.annotations]
    assert view.words("export.events") in texts
    assert view.words("chart.not_to_scale") in " ".join(texts)
    lane = [trace for trace in figure.data if trace.yaxis == "y8"]
    told = len(lane[0].text)
    assert told > 10
    assert any(text in texts for text in (view.words.plural("export.more_events", told), f"+{told}"))
    assert 0 in lane[0].marker.opacity or told < 20  # ticks do not pile up


def test_the_key_of_a_running_total_shows_a_square(bundled: Path) -> None:
    view = view_in(bundled, "en")
    asked = [("what", "released_to_date"), ("figures", "all")]
    exhibit, _ = chart_registry.answer_request(view, chart_registry.BUILDER, asked)
    assert exhibit is not None
    texts = [note.text for note in exhibit.figure.layout.annotations]
    assert texts[texts.index(view.words("key.short_exact")) - 1] == "■"


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("chart", READ)
def test_a_title_has_the_day_of_its_number(bundled: Path, chart: str, language: str) -> None:
    view = view_in(bundled, language)
    exhibit = exhibit_of(view, chart)
    day = date(2026, 4, 21) if chart == "left-prison" else date(2026, 8, 3)
    assert view.words.day(day) in exhibit.title
    assert HEADLINES[chart][0] in exhibit.title


def test_on_a_phone_the_newest_number_stands_over_the_plot(bundled: Path) -> None:
    exhibit = exhibit_of(view_in(bundled, "en"), "held")
    assert exhibit.fit is not None
    figure = exhibit.fit(330.0, 260.0)
    (number,) = [note for note in figure.layout.annotations if ">382<" in note.text]
    assert "3 Aug 2026" in number.text
    assert number.xanchor == "right"
    assert figure.layout.xaxis.domain[1] > 0.85  # the plot has the width


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


def test_a_bound_that_is_newer_than_the_last_exact_figure_is_drawn_and_heads_the_chart(bundled: Path) -> None:
    assert bundled.exists()
    view = View(database.find_current_build(), "belarus", "en", TODAY)
    exhibit = exhibit_of(view, "held")
    assert exhibit.frame["as_of"].max() > date(2025, 12, 31)
    texts = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert "5 Mar 2026" in texts
    assert exhibit.title == "Viasna counted at least 1,140 people held on 5 March 2026"
    assert "at least 1,140" in texts
    assert view.words("key.short_lower_bound") in texts


def test_a_title_names_the_highest_figure_only_of_a_whole_series(bundled: Path) -> None:
    view = view_in(bundled, "en")
    of = (Measure.IN_CUSTODY, ("foro_penal",), ())
    part = figures_over_time.make_progress(view, *of, date(2026, 1, 1), TODAY, ())
    assert part.title == "Foro Penal counted 382 people held on 3 August 2026, down from 806 in January 2026"
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


@pytest.mark.parametrize("chart", ["overview", "held"])
def test_a_series_of_bounds_is_drawn_without_a_line_and_with_its_key(bundled: Path, chart: str) -> None:
    assert bundled.exists()
    view = View(database.find_current_build(), "palestine", "en", TODAY)
    exhibit = exhibit_of(view, chart)
    assert exhibit.fit is not None
    assert exhibit.title.endswith("counted more than 9,500 people held on 1 March 2026")
    drawn = {row[1] for trace in exhibit.figure.data for row in trace.customdata or () if len(row) > 1}
    assert set(exhibit.frame["claim_id"]) <= drawn
    assert not [trace for trace in exhibit.figure.data if trace.mode == "lines" and trace.line.width == 2.4]
    texts = [note.text for note in exhibit.figure.layout.annotations]
    for key in ("exact", "lower_bound", "span"):
        assert view.words(f"key.short_{key}") in texts
