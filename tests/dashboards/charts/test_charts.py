"""Charts: what a figure may draw and what it must not."""

import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import few_points, sparkline
from dashboards.charts.axes import Event, choose_ticks, end_axis
from dashboards.charts.line_gaps import find_line_points, stagger_rows
from dashboards.charts.story import draw_story
from dashboards.charts.story_canvas import Callout, StoryPanel, StoryWords, Told
from dashboards.charts.theme import (
    DOUBT_SCHEMA,
    IN_DOUBT,
    PALETTE,
    PAPER,
    POINT_SCHEMA,
    Mark,
    add_marks,
    choose_look,
    find_marks,
)
from dashboards.charts.timeseries import Lettering, MixedKindsError, Panel, draw_panels
from dashboards.i18n.translations import read_words

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
LETTERING = Lettering(lambda _day, step: f"<{step}>", ",.")
SMALL: Any = {
    "tone": "held", "title": "", "summary": "", "number": str, "tick": lambda day, step: f"{day}{step}",
    "newest": "700", "number_at": date(2026, 3, 10), "silent_from": SINCE,
}  # fmt: skip


def point(as_of: str, low: int | None, high: int | None, **more: Any) -> dict[str, Any]:
    return {
        "series": "La Lista",
        "slot": 0,
        "variant": 0,
        "kind": "stock",
        "as_of": date.fromisoformat(as_of),
        "period_start": None,
        "low": low,
        "high": high,
        "value": low if low is not None else high,
        "qualifier": "exact",
        "contradicted": False,
        "revision": 0,
        "provenance": "press",
        "hover": "texto",
        "claim_id": f"{as_of}-{low}-{high}",
        **more,
    }


def frame(*points: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(points), schema=POINT_SCHEMA)


def drawn(*points: dict[str, Any], silence: str = "", until: date = UNTIL) -> Any:
    return draw_panels([Panel("Título", frame(*points))], [], LETTERING, SINCE, until, silence)


def traces(figure: Any, mode: str) -> list[Any]:
    return [trace for trace in figure.data if trace.mode == mode]


def test_a_figure_that_is_made_unchecked_is_one_that_plotly_accepts() -> None:
    points = [
        point("2026-01-10", 500, 500, provenance="secondhand"),
        point("2026-01-17", 401, None),
        point("2026-01-24", None, 700),
        point("2026-02-01", 300, 400, contradicted=True),
        point("2026-02-08", 300, 300, revision=1),
    ]
    panel = Panel("Título", frame(*points), legend=True)
    events = [Event(date(2026, 2, 1), "1", "Una ley"), Event(date(2026, 2, 3), "2", "Una marcha")]
    figure = draw_panels([panel, panel], events, LETTERING, SINCE, UNTIL, "silencio")
    assert go.Figure(figure.to_dict()).to_dict() == figure.to_dict()


def test_an_open_bound_is_a_tick_with_an_open_stem_and_never_a_point() -> None:
    figure = drawn(point("2026-01-10", 500, 500), point("2026-01-17", 401, None))
    round_marks = [t for t in traces(figure, "markers") if "circle" in str(t.marker.symbol)]
    assert [day for t in round_marks for day in t.x] == [date(2026, 1, 10)]
    tick = next(t for t in traces(figure, "markers") if t.marker.symbol == "line-ew-open")
    assert list(tick.y) == [401]
    stem = next(t for t in traces(figure, "lines") if t.line.width == 1.5)
    assert stem.y[1] > stem.y[0] == 401


def test_an_upper_bound_points_down() -> None:
    figure = drawn(point("2026-01-10", 500, 500), point("2026-01-17", None, 399))
    stem = next(t for t in traces(figure, "lines") if t.line.width == 1.5)
    assert stem.y[1] < stem.y[0] == 399


def test_a_range_is_a_bar_from_its_lowest_to_its_highest_number() -> None:
    figure = drawn(point("2026-01-10", 500, 500), point("2026-01-17", 300, 350))
    bar = next(t for t in traces(figure, "lines+markers") if t.line.width == 6)
    assert list(bar.y) == [300, 350, None]


def test_bounds_ranges_and_contradicted_figures_do_not_bend_the_line() -> None:
    series = frame(
        point("2026-01-01", 500, 500),
        point("2026-01-08", 401, None),
        point("2026-01-15", 300, 350),
        point("2026-01-22", 900, 900, contradicted=True),
        point("2026-01-29", 480, 480),
    )
    assert find_line_points(series)[1] == [500, 480]


def test_a_long_silence_breaks_the_line() -> None:
    series = frame(point("2026-01-01", 500, 500), point("2026-04-01", 400, 400))
    assert find_line_points(series)[1] == [500, None, 400]


def test_a_bound_in_between_is_no_silence() -> None:
    series = frame(
        point("2026-01-01", 500, 500), point("2026-02-15", 401, None), point("2026-04-01", 400, 400)
    )
    assert find_line_points(series)[1] == [500, 400]


def test_a_line_is_cut_where_what_is_counted_became_something_else() -> None:
    series = frame(
        point("2026-01-01", 500, 500, epoch=0),
        point("2026-01-08", 490, 490, epoch=0),
        point("2026-01-15", 700, 700, epoch=1),
        point("2026-01-22", 690, 690, epoch=1),
    )
    assert find_line_points(series)[1] == [500, 490, None, 700, 690]


@given(st.lists(st.integers(0, 1500), min_size=2, max_size=25, unique=True), st.integers(1, 200))
def test_a_line_never_bridges_more_days_than_stated(offsets: list[int], limit: int) -> None:
    start = date(2020, 1, 1)
    series = frame(*(point((start + timedelta(days=n)).isoformat(), 5, 5) for n in sorted(offsets)))
    x, y = find_line_points(series, limit)
    assert [day for day in x if day] == series["as_of"].to_list()
    for before, after in pairwise(x):
        if before and after:
            assert (after - before).days <= limit
    assert [day is None for day in x] == [value is None for value in y]


def test_a_contradicted_figure_is_hollow_and_grey_and_a_revised_one_a_ring_with_a_dot() -> None:
    figure = drawn(point("2026-01-10", 5, 5, contradicted=True), point("2026-01-11", 5, 5, revision=1))
    marker = traces(figure, "markers")[0].marker
    assert marker.symbol == ("circle", "circle-dot")
    assert (marker.color, marker.line.color) == ((PAPER, PAPER), (IN_DOUBT, PALETTE[0]))
    assert min(marker.line.width) > 0


def test_second_hand_is_a_ring_in_the_colour_of_its_line_in_every_drawing() -> None:
    points = point("2026-01-10", 9, 9, provenance="press"), point("2026-01-11", 5, 5, provenance="secondhand")
    panel = StoryPanel("", frame(*points), pl.DataFrame(schema=DOUBT_SCHEMA))
    story = draw_story([panel], [], STORY_WORDS, (SINCE, date(2026, 1, 11)), (880.0, 400.0))
    few = few_points.draw_few(frame(*points), LETTERING, lambda _: "", str, 400.0)
    for figure in (drawn(*points), story):
        marker = next(each.marker for each in traces(figure, "markers") if list(each.y) == [9, 5])
        assert marker.color == (PALETTE[0], PAPER)
        assert (marker.line.color[1], marker.line.width) == (PALETTE[0], (0, 2))
    assert [each.marker.color for each in traces(few, "markers")] == [(PAPER,), (PALETTE[0],)]


def test_no_line_is_flat_over_days_when_nobody_spoke() -> None:
    made = drawn(point("2026-01-10", 5, 5, kind="cumulative"), point("2026-01-20", 60, 60, kind="cumulative"))
    line = traces(made, "lines")[0]
    assert line.line.shape in (None, "linear")
    assert list(line.y) == [5, 60]


def test_a_long_silence_is_bridged_by_fine_dots_unless_something_else_is_counted() -> None:
    before, after = point("2026-01-10", 90, 90), point("2026-05-10", 40, 40)
    dots = [trace for trace in traces(drawn(before, after), "lines") if trace.line.dash == "2px,4px"]
    assert [list(trace.y) for trace in dots] == [[90, 40, None]]
    changed = drawn(before | {"epoch": 0}, after | {"epoch": 1})
    assert not [trace for trace in traces(changed, "lines") if trace.line.dash == "2px,4px"]


STORY_WORDS = StoryWords(
    tell=lambda row: Told(str(row["low"]), f"{row['as_of']:%d-%m-%Y}", f"{row['as_of']:%d-%m}", ""),
    tick=lambda day, _step: f"{day:%d-%m}",
    separators=",.",
    events="Hechos",
    more_events=lambda count: (f"y {count} más", f"+{count}"),
    silence=("", ""),
    not_to_scale="",
    key=defaultdict(lambda: "marca"),
    not_drawn=lambda *counts: [f"sin dibujar: {counts}"] if any(counts) else [],
)


@pytest.mark.parametrize("width", [880.0, 330.0])
@settings(deadline=None)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=20))
def test_a_number_at_the_end_of_a_line_is_that_of_its_last_mark(width: float, values: list[int]) -> None:
    days = [SINCE + timedelta(days=7 * n) for n in range(len(values))]
    points = frame(*(point(str(day), value, value) for day, value in zip(days, values, strict=True)))
    panel = StoryPanel("", points, pl.DataFrame(schema=DOUBT_SCHEMA))
    span = (SINCE - timedelta(days=3), days[-1])
    figure = draw_story([panel], [], STORY_WORDS, span, (width, 400.0))
    last = [note.text for note in figure.layout.annotations if (note.x, note.y) == (days[-1], values[-1])]
    assert any(f">{values[-1]}<" in text for text in last)


def test_a_figure_in_doubt_is_drawn_where_it_is_told_and_all_are_counted() -> None:
    points = frame(point("2026-01-10", 500, 500), point("2026-02-10", 400, 400))
    doubts = [
        {"as_of": date(2026, 1, 25), "value": value, "hover": "", "claim_id": str(value)}
        for value in (450, 150)
    ]
    panel = StoryPanel("", points, pl.DataFrame(doubts, schema=DOUBT_SCHEMA), Callout("150", "150 en duda"))
    figure = draw_story([panel], [], STORY_WORDS, (SINCE, date(2026, 2, 10)), (880.0, 400.0))
    rings = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert [list(trace.y) for trace in rings] == [[150]]
    assert "sin dibujar: (2, 0)" in [note.text for note in figure.layout.annotations]


def test_a_panel_refuses_two_kinds() -> None:
    both = frame(point("2026-01-10", 5, 5), point("2026-01-10", 9, 9, kind="cumulative"))
    with pytest.raises(MixedKindsError, match="one panel is one kind"):
        draw_panels([Panel("Título", both)], [], LETTERING, SINCE, UNTIL)


def test_an_axis_ends_at_the_last_figure_once_nobody_has_spoken_for_long() -> None:
    last = date(2026, 1, 10)
    assert end_axis(last, last + timedelta(days=200)) == last
    assert end_axis(last, last + timedelta(days=3)) == last + timedelta(days=3)


def test_what_stands_behind_the_last_figure_is_under_a_tenth_of_the_width() -> None:
    figure = drawn(point("2026-01-01", 9, 9), point("2026-12-31", 5, 5), silence="silencio")
    start, end = figure.layout.xaxis.range
    assert figure.layout.xaxis.domain[1] * (UNTIL - start).days / (end - start).days > 0.9
    assert "silencio" in [note.text for note in figure.layout.annotations]
    assert "silencio" not in [note.text for note in drawn(point("2026-01-10", 5, 5)).layout.annotations]


def test_events_are_numbered_and_neighbours_do_not_overlap() -> None:
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(3)]
    events = [Event(day, str(n), "Algo pasó") for n, day in enumerate(days, start=1)]
    figure = draw_panels([Panel("T", frame(point("2026-01-10", 5, 5)))], events, LETTERING, SINCE, UNTIL)
    numbers = [note for note in figure.layout.annotations if note.text in "123"]
    assert len({note.yshift for note in numbers}) == 3
    assert stagger_rows([SINCE, UNTIL], SINCE, UNTIL) == [0, 0]


def test_a_finger_on_the_chart_scrolls_the_page() -> None:
    figure = drawn(point("2026-01-10", 5, 5))
    assert figure.layout.dragmode is False
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.yaxis.fixedrange


def test_a_figure_holds_no_words_but_those_that_were_passed_in() -> None:
    points = [point("2026-01-10", 5, 5), point("2026-01-17", 4, None), point("2026-01-24", 3, 6)]
    panels = [Panel("Título", frame(*points), legend=True)]
    figure = draw_panels(panels, [Event(SINCE, "1", "Suceso")], LETTERING, SINCE, UNTIL, "silencio")
    spoken = [note.text for note in figure.layout.annotations]
    spoken += [note.hovertext for note in figure.layout.annotations if note.hovertext]
    spoken += [trace.name for trace in figure.data if trace.name] + list(figure.layout.xaxis.ticktext)
    allowed = {"<b>Título</b>", "Suceso", "1", "silencio", "La Lista"}
    assert {text for text in spoken if not text.startswith(("<MMM>", "<y>"))} <= allowed


def test_dates_and_numbers_of_the_axes_are_in_the_readers_language() -> None:
    words = read_words("es")
    lettering = Lettering(words.tick, words.separators)
    figure = draw_panels([Panel("T", frame(point("2026-01-10", 5, 5)))], [], lettering, SINCE, UNTIL)
    assert "ene<br>2026" in figure.layout.xaxis.ticktext
    assert figure.layout.separators == ",."


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 9000))
def test_an_axis_has_a_readable_number_of_labels_within_its_range(since: date, span: int) -> None:
    until = since + timedelta(days=span)
    days, labels = choose_ticks(since, until, lambda _day, step: step)
    assert len(days) == len(labels) <= 9
    assert all(since <= day <= until for day in days)


def test_every_series_is_told_apart_without_its_colour() -> None:
    shapes = {choose_look(slot).shape for slot in range(len(PALETTE))}
    assert len(shapes) == len(PALETTE)
    assert choose_look(0, 1).shape != choose_look(0).shape
    assert choose_look(0, 1).dash != choose_look(0).dash


@pytest.mark.parametrize("page", ["#FDFCFA", "#14171B"])
@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_stands_out_from_both_pages(colour: str, page: str) -> None:
    lighter, darker = sorted((luminance(colour), luminance(page)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_key_names_only_marks_that_are_there() -> None:
    assert find_marks(frame(point("2026-01-10", 5, 5))) == [Mark.POINT]
    assert find_marks(frame()) == []
    assert add_marks(frame(point("2026-01-10", 5, None)))["mark"].to_list() == ["lower_bound"]


def test_every_point_carries_the_claim_behind_it() -> None:
    shown = [point("2026-01-10", 5, 5), point("2026-01-17", 4, None), point("2026-01-24", 3, 6)]
    figure = json.loads(drawn(*shown).to_json())
    carried = {data[1] for trace in figure["data"] for data in trace.get("customdata", []) if data}
    assert carried == {each["claim_id"] for each in shown}


def test_the_small_drawing_breaks_its_line_where_every_chart_does() -> None:
    spoken = frame(
        point("2026-01-10", 900, 900), point("2026-02-10", 880, 880), point("2026-03-10", 700, 700, epoch=1)
    )
    stated = spoken.with_columns(value_high=pl.lit(None, pl.Int64))
    small = sparkline.draw(stated, SINCE, date(2026, 4, 1), **SMALL)
    assert small is not None
    assert small.track.count("M") == 1
    assert small.track.count("L") == 1  # between the first two; the third counts something else
    assert find_line_points(spoken)[0].count(None) == 1


def test_a_small_axis_of_several_years_names_them() -> None:
    words = {name: read_words(name).tick for name in ("es", "en", "pt")}
    points = frame(point("2021-03-01", 700, 700)).with_columns(value_high=None)
    told = {
        (months, name): [
            text
            for _, text in sparkline.draw(  # type: ignore[union-attr]
                points,
                date(2021, 3, 1),
                date(2021, 3, 1) + timedelta(days=30 * months),
                **{**SMALL, "tick": tick},
            ).days
        ]
        for months in (9, 20, 69)
        for name, tick in words.items()
    }
    assert told[9, "en"] == ["Mar", "May", "Jul", "Sept", "Nov"]
    assert told[20, "es"] == ["jul 2021", "ene 2022", "jul 2022"]
    assert told[69, "pt"] == ["2022", "2024", "2026"]


def test_the_silence_of_a_small_drawing_starts_after_the_newest_figure_drawn_or_not() -> None:
    two = frame(point("2026-01-05", 806, 806), point("2026-02-15", 700, None))
    points = two.with_columns(value_high=None)
    exact, until = points.filter(pl.col("high").is_not_null()), date(2026, 3, 1)
    whole = {**SMALL, "silent_from": date(2026, 2, 15)}
    assert sparkline.draw(points, SINCE, until, **SMALL).silent is None  # type: ignore[union-attr]
    assert sparkline.draw(exact, SINCE, until, **whole).silent is None  # type: ignore[union-attr]
    assert sparkline.draw(exact, SINCE, until, **SMALL).silent is not None  # type: ignore[union-attr]


def test_a_number_stands_below_its_mark_where_only_above_it_is_another() -> None:
    for before, place in ((500, 23), (750, 49)):
        two = frame(point("2026-03-08", before, before), point("2026-03-10", 700, 700))
        made = sparkline.draw(two.with_columns(value_high=None), SINCE, date(2026, 4, 1), **SMALL)
        assert made.last[1] == place  # type: ignore[union-attr, index]


def test_an_axis_of_few_people_is_marked_at_whole_numbers_only() -> None:
    two = point("2026-01-05", 2, 2)
    rows = few_points.draw_few(frame(two), LETTERING, lambda row: str(row["value"]), str, 760)
    assert drawn(two, point("2026-02-05", 1, 1)).layout.yaxis.dtick == 1
    assert rows.layout.xaxis.dtick == 1
    assert drawn(point("2026-01-05", 806, 806)).layout.yaxis.dtick is None


def test_a_few_figures_are_a_row_of_marks_whose_labels_do_not_touch() -> None:
    points = frame(
        point("2026-01-14", 1345, 1345), point("2026-01-10", 1340, 1340), point("2026-01-09", 900, 1100),
    )  # fmt: skip
    assert few_points.is_few(points)
    assert not few_points.is_few(pl.concat([points, frame(point("2026-03-27", 701, None))]))
    figure = few_points.draw_few(points, LETTERING, lambda row: str(row["value"]), str, 760)
    assert go.Figure(figure.to_dict()).to_dict() == figure.to_dict()
    assert [trace.x for trace in figure.data if trace.mode == "markers" and trace.marker.size == 13] == [
        (1340,),
        (1345,),
    ]
    assert [trace.x for trace in figure.data if trace.mode == "lines" and trace.opacity] == [(900, 1100)]
    heights = {note.text[3:7]: note.yshift for note in figure.layout.annotations}
    assert heights["1340"] != heights["1345"]
