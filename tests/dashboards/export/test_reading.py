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
from dashboards.charts.fonts import BOLD, NAME, measure_width
from dashboards.charts.theme import IN_DOUBT, SIZES
from dashboards.exhibits import chart_registry, figures_over_time, stories
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import picture
from dashboards.export.provenance import make_provenance
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.site.pages import embeds
from pipelines.core.model import Measure
from tests.dashboards.app.test_real_figures import TODAY, bundled
from tests.reading import list_cut, list_faults, list_overlaps, read_picture

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
@pytest.mark.parametrize("chart", MAIN)
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
    assert drawn <= 1 < in_doubt
    for text in stories.tell_not_drawn(view.words, in_doubt - unsettled, unsettled):
        assert text in texts


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


@pytest.mark.parametrize("chart", MAIN)
@pytest.mark.parametrize("room", [(957.0, 400.0), (330.0, 400.0)])
def test_each_event_marked_has_its_name_and_the_silence_its_days(
    bundled: Path, chart: str, room: tuple[float, float]
) -> None:
    view = view_in(bundled, "es")
    exhibit = exhibit_of(view, chart)
    assert exhibit.fit is not None
    figure = exhibit.fit(*room)
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert view.words("export.events") in texts
    assert view.words("chart.not_to_scale") in texts
    assert view.words.short_day(TODAY) in texts
    named = {event.es for event in view.situation.main_events}
    told = [title for trace in figure.data if trace.yaxis == "y8" for title in trace.text or ()]
    assert 0 < len(told) <= 3
    assert sum(title in texts for title in named) == len(told)


@pytest.mark.parametrize("chart", ["overview", "held"])
def test_a_newest_figure_that_others_reported_is_said_to_be_so(bundled: Path, chart: str) -> None:
    exhibit = exhibit_of(view_in(bundled, "en"), chart)
    for told in (exhibit.subtitle, exhibit.brief):
        assert told.endswith(": second hand, not read in what Foro Penal publishes.")
    assert "others" not in exhibit_of(view_in(bundled, "en"), "left-prison").subtitle


def test_the_key_of_a_running_total_shows_a_square(bundled: Path) -> None:
    view = view_in(bundled, "en")
    asked = [("what", "released_to_date"), ("figures", "all")]
    exhibit, _ = chart_registry.answer_request(view, chart_registry.BUILDER, asked)
    assert exhibit is not None
    texts = [note.text for note in exhibit.figure.layout.annotations]
    assert texts[texts.index(view.words("key.short_exact")) - 1] == "■"


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("chart", MAIN)
def test_a_title_has_the_day_of_its_number(bundled: Path, chart: str, language: str) -> None:
    view = view_in(bundled, language)
    exhibit = exhibit_of(view, chart)
    day = date(2026, 4, 21) if chart == "left-prison" else date(2026, 8, 3)
    assert view.words.day(day) in exhibit.title
    assert ("768" if chart == "left-prison" else "382") in exhibit.title


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
@pytest.mark.parametrize(("chart", "size"), [("overview", "wide"), ("bridge", "wide"), ("bridge", "tall")])
def test_a_light_picture_holds_its_widths_in_another_font(
    page: Page, bundled: Path, chart: str, size: str
) -> None:
    view = view_in(bundled, "es")
    drawn = draw(view, chart, size)
    light = embeds.lighten(etree.tostring(drawn))
    assert b"@font-face" not in light
    assert len(light) < 100_000
    other = light.replace(NAME.encode(), b"No Such Font").replace(b"Source Sans", b"No Such Font")
    reading = read_picture(page, etree.fromstring(other))
    assert list_overlaps(reading.texts) == []
    assert list_cut(reading, (0.0, 0.0, float(drawn.get("width")), float(drawn.get("height")))) == []


def test_each_line_of_a_light_picture_has_the_width_of_its_own_letters_and_nothing_cuts_it() -> None:
    style = "font-size: 12px; white-space: pre;"
    light = etree.fromstring(
        embeds.lighten(
            f"""<svg xmlns="http://www.w3.org/2000/svg"><svg class="main-svg">
            <text style="{style}"><tspan style="font-weight:bold">En prisión</tspan> 5 ene</text>
            <text style="{style}"><tspan class="line"
                ><tspan style="font-size:24px">382</tspan></tspan
                ><tspan class="line">3 ago</tspan></text></svg></svg>""".encode()
        )
    )
    widths = [float(each.get("textLength")) for each in light.iter() if each.get("textLength")]
    said = measure_width("En prisión", 12, BOLD) + measure_width(" 5 ene", 12)
    assert widths == pytest.approx([said, measure_width("382", 24), measure_width("3 ago", 12)], abs=0.1)
    assert light[0].get("overflow") == "visible"


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
