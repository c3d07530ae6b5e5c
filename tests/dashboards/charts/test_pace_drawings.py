"""Drawings of the pace: weeks as columns, before and after as dots, two counts of one period."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards.charts.axes import Event
from dashboards.charts.difference_dots import Comparison, Comparisons, DotWords, Pace, draw_comparisons
from dashboards.charts.paired_columns import Pair, draw_pairs
from dashboards.charts.story_canvas import Told
from dashboards.charts.theme import PALETTE, PAPER
from dashboards.charts.week_blocks import Block
from dashboards.charts.week_columns import MARKS, PAGE, WEEK_SCHEMA, WeekWords, draw_weeks

FIRST = date(2026, 1, 5)
PHONE = (324.0, 240.0)
WORDS = WeekWords(
    tell=lambda row: Told(f"{row['mean']:.0f}", "cuatro semanas", "semanas", ""),
    tick=lambda day, _: f"{day:%m-%d}",
    separators=",.",
    events="Hechos",
    more_events=lambda count: (f"{count} más", f"+{count}"),
    silence=("", ""),
    not_to_scale="sin escala",
    key={name: name for name in MARKS},
    heading="Por semana",
    tell_people=str,
)


def week(place: int, people: float | None, *, mean: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "first": FIRST + timedelta(weeks=place), "people": people, "whole": True, "mean": mean,
        "said": False, "number": None if people is None else f"{people:.0f}", "hover": "texto", **more,
    }  # fmt: skip


def draw(*weeks: dict[str, Any], **more: Any) -> go.Figure:
    return draw_weeks(pl.DataFrame(list(weeks), schema=WEEK_SCHEMA), WORDS, 1, **more)


def texts_of(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_a_week_is_a_column_of_people_and_one_without_a_figure_a_stub_and_not_nothing() -> None:
    figure = draw(week(0, 126.0), week(1, None), week(2, 20.0, whole=False))
    whole, pale, stub = [trace for trace in figure.data if trace.type == "bar"]
    assert (list(whole.y), list(pale.y)) == ([126.0], [20.0])
    assert pale.marker.opacity < whole.marker.opacity
    assert [moment.date() for moment in stub.x] == [date(2026, 1, 15)]
    assert stub.marker.pattern.shape == "/"
    assert {"126", "20"} <= set(texts_of(figure))


def test_the_key_has_a_drawn_sign_for_each_mark_that_is_present_and_for_no_other() -> None:
    figure = draw(week(0, 126.0), week(1, 20.0, whole=False, mean=73.0))
    assert {"whole", "pale", "mean"} <= set(texts_of(figure))
    assert "none" not in texts_of(figure)
    signs = [shape for shape in figure.layout.shapes if shape.xsizemode == "pixel"]
    assert [shape.type for shape in signs] == ["rect", "rect", "line"]
    assert [shape.opacity for shape in signs[:2]] == [1, 0.38]
    phone = draw(week(0, 126.0), size=PHONE)
    assert "whole_short" in texts_of(phone)


def test_the_line_has_its_number_where_it_is_said_and_no_number_of_a_column_below_it() -> None:
    figure = draw(*(week(n, 14.0, mean=14.0, said=n == 5) for n in range(6)))
    said = [note for note in figure.layout.annotations if ">14<" in note.text]
    assert len(said) == 1
    assert "cuatro semanas" in said[0].text
    dots = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]
    assert [list(trace.y) for trace in dots] == [[14.0]]


def block(first: int, last: int, people: float, text: str, **more: Any) -> Block:
    """From a day to a day after the first."""
    days = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    return Block(*days, people, "texto", text, **more)


def test_one_count_that_spans_weeks_is_one_pale_block_over_its_days_that_says_so() -> None:
    weeks = [week(0, 60.0), week(1, 8.0, whole=False), *(week(n, None) for n in range(2, 7))]
    figure = draw(*weeks, blocks=[block(10, 45, 14.0, "70 en 36 días")])
    whole, pale, stubs, one = [trace for trace in figure.data if trace.type == "bar"]
    assert list(one.y) == [14.0]
    assert one.marker.opacity == pale.marker.opacity < whole.marker.opacity
    left, right = (
        one.x[0] - timedelta(milliseconds=one.width[0] / 2),
        pale.x[0] + timedelta(milliseconds=pale.width[0] / 2),
    )
    assert right < left  # of the week that it begins in only the days before it
    assert not list(stubs.y)
    assert "none" not in texts_of(figure)
    assert "70 en 36 días" in texts_of(figure)


def test_a_block_without_room_for_its_words_says_the_short_ones_and_below_all_of_them() -> None:
    weeks = [week(n, 40.0) for n in range(8)]
    words = {"short": "78 en 39 días", "foot": "78 en una cuenta, 114 por semanas."}
    told = block(56, 94, 14.0, "14 por semana: 78 en 39 días; sus cuentas suman 114", **words)
    wide = texts_of(draw(*weeks, blocks=[told]))
    assert any("suman 114" in text for text in wide)
    assert not any("por semanas" in text for text in wide)
    phone = texts_of(draw(*weeks, blocks=[told], size=PHONE))
    assert "78 en 39 días" in phone
    assert any("por semanas" in text for text in phone)


def test_a_part_of_a_week_is_as_wide_as_its_days_and_says_so() -> None:
    days = {"start": FIRST + timedelta(days=3), "end": FIRST + timedelta(days=6)}
    figure = draw(week(0, 17.0, whole=False, number="17 en 4 días", **days), *(week(n, 20.0) for n in (1, 2)))
    whole, pale, _ = (trace for trace in figure.data if trace.type == "bar")
    assert pale.width[0] < whole.width[0] * 4 / 7
    assert pale.x[0].date() == FIRST + timedelta(days=5)
    assert any(text.replace("<br>", " ") == "17 en 4 días" for text in texts_of(figure))


def test_counts_that_contradict_a_block_are_a_dashed_edge_over_it() -> None:
    figure = draw(*(week(n, 40.0) for n in range(8)), blocks=[block(56, 94, 14.0, "78", other=20.5)])
    assert sum(shape.line.dash == "4px,3px" for shape in figure.layout.shapes) == 3


def test_what_may_be_a_rise_or_a_fall_is_no_column_but_a_dashed_box_about_zero() -> None:
    weeks = [week(0, 60.0), week(1, 0.0, limit="open", number=None)]
    figure = draw(*weeks, blocks=[block(14, 60, 0.0, "", limit="open")])
    solid, *others = [trace for trace in figure.data if trace.type == "bar" and len(trace.y)]
    assert list(solid.y) == [60.0]
    for bar in others:  # only to be touched
        assert bar.marker.color == "rgba(0,0,0,0)"
        assert set(bar.hovertext) == {"texto"}
    assert figure.layout.yaxis.range[0] < 0
    dashed = [shape for shape in figure.layout.shapes if shape.line.dash == "4px,3px"]
    assert len(dashed) == 2 * 4 + 1  # and its sign in the key
    assert {"whole", "open"} <= set(texts_of(figure))
    assert not {"pale", "least", "none"} & set(texts_of(figure))


@pytest.mark.parametrize(("limit", "people"), [("up", 20.0), ("down", -20.0), ("down", 0.0)])
def test_the_least_has_a_dashed_line_beyond_its_end(limit: str, people: float) -> None:
    figure = draw(week(0, 60.0), week(1, people, limit=limit, number=None), week(2, -60.0))
    low, high = figure.layout.yaxis.range
    tip = figure.layout.yaxis.domain[0] + (people - low) / (high - low) * (
        figure.layout.yaxis.domain[1] - figure.layout.yaxis.domain[0]
    )
    (line,) = [s for s in figure.layout.shapes if s.line.dash == "4px,3px" and s.xsizemode != "pixel"]
    assert line.y0 == line.y1
    assert (line.y0 > tip) is (limit == "up")
    assert "least" in texts_of(figure)


def test_a_fall_goes_down_to_an_axis_of_words() -> None:
    figure = draw(week(0, 9.0), week(1, -57.0))
    low, high = figure.layout.yaxis.range
    assert low < -57 < 0 < 9 < high
    assert figure.layout.yaxis.zeroline
    assert {"9", "-57"} <= set(texts_of(figure))


def test_events_are_named_in_the_lane_and_below_where_only_their_day_fits() -> None:
    weeks = [week(n, 40.0) for n in range(12)]
    law = Event(date(2026, 2, 19), "", "ley de amnistía", "19 feb 2026: ley de amnistía")
    assert "02-19: ley de amnistía" in texts_of(draw(*weeks, events=[law], named=[law]))
    phone = texts_of(draw(*weeks, events=[law], named=[law], size=PHONE))
    assert "02-19" in phone
    assert "02-19: ley de amnistía." in phone


def test_a_silence_stands_in_its_tab_or_where_that_is_too_low_below() -> None:
    told = WeekWords(
        **{**vars(WORDS), "silence": ("Sin cifras desde el 21 abr (219 días)", "219 días sin cifras")}
    )
    weeks = pl.DataFrame([week(n, 40.0) for n in range(12)], schema=WEEK_SCHEMA)
    wide = draw_weeks(weeks, told, 1)
    assert "xaxis9" in wide.layout.to_plotly_json()
    assert any("219" in text for text in texts_of(wide))
    high = draw_weeks(weeks, told, 1, (324.0, 400.0))
    assert "219 días sin cifras" in texts_of(high)
    low = draw_weeks(weeks, told, 1, (324.0, 130.0))
    assert "xaxis9" not in low.layout.to_plotly_json()
    assert "Sin cifras desde el 21 abr (219 días)." in texts_of(low)


@pytest.mark.parametrize("width", [600.0, PAGE[0], 880.0])
def test_the_tab_of_silence_cuts_no_word(width: float) -> None:
    said = "Sin total acumulado desde el 24 jul 2024: 857 días al 28 nov 2026"
    told = WeekWords(**{**vars(WORDS), "silence": (said, "857 días")})
    weeks = pl.DataFrame([week(n, 40.0) for n in range(12)], schema=WEEK_SCHEMA)
    texts = " ".join(texts_of(draw_weeks(weeks, told, 1, (width, 440.0))))
    assert f"{said} sin escala" in texts


@pytest.mark.parametrize("size", [PAGE, PHONE])
def test_many_columns_have_no_numbers_on_a_phone(size: tuple[float, float]) -> None:
    weeks = [week(n, 40.0, number="7" if n == 7 else None) for n in range(40)]
    numbers = {text for text in texts_of(draw(*weeks, size=size)) if text.isdigit()}
    assert numbers == ({"7"} if size is PAGE else set())


BEFORE = Pace("antes: 74", 74.0, 30.0, 116.0)
AFTER = Pace("después: 64", 64.0, 0.0, 167.0)
LAW = Comparison("Ley", "19 feb", BEFORE, AFTER, "puede ser azar")


def compare(*rows: Comparison, width: float = 880, height: float = 0, **more: Any) -> go.Figure:
    words = DotWords(("subió", "bajó"), str, **more)
    return draw_comparisons([Comparisons("Salidas", 1, rows)], words, width, height)


def test_before_is_a_hollow_dot_and_after_a_filled_one_and_both_have_their_ranges() -> None:
    figure = compare(LAW)
    bars = [trace for trace in figure.data if trace.mode == "lines"]
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.marker.color for trace in dots] == [PAPER, PALETTE[1]]
    assert [bar.x[0] < dot.x[0] < bar.x[1] for bar, dot in zip(bars, dots, strict=True)] == [True, True]
    assert {"antes: 74", "después: 64", "puede ser azar"} <= set(texts_of(figure))
    assert not {"subió", "bajó"} & set(texts_of(figure))


@pytest.mark.parametrize(("height", "above"), [(0, True), (90, False)])
def test_a_pace_is_told_above_its_dot_or_where_that_is_too_low_beside_its_range(
    height: float, above: bool
) -> None:
    figure = compare(LAW, height=height)
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    (told,) = [note for note in figure.layout.annotations if note.text == "antes: 74"]
    left, right = told.x * 880, told.x * 880 + 60
    assert (left < dots[0].x[0] < right) is above


def test_left_and_right_of_zero_are_named_where_a_range_reaches_below_it() -> None:
    fall = Pace("antes: baja de 22", 22.0, -3.0, 48.0)
    figure = compare(Comparison("Ley", "19 feb", fall, AFTER, "puede ser azar"))
    assert {"subió", "bajó"} <= set(texts_of(figure))


@pytest.mark.parametrize("width", [880, 330])
def test_what_is_said_of_all_rows_stands_once_and_what_is_not_drawn_below(width: float) -> None:
    left_out = "8 ene: sin comparar"
    figure = compare(LAW, LAW, width=width, verdict="todo puede ser azar", notes=[left_out])
    texts = texts_of(figure)
    assert texts.count("todo puede ser azar") == 1
    assert "puede ser azar" not in texts
    assert left_out in texts
    assert texts_of(compare(LAW, LAW, width=width)).count("puede ser azar") == 2


PAIRS = (
    Pair("2 mar", "9 mar", (49, 2), ("a", "b"), ("c", "d")),
    Pair("9 mar", "16 mar"),
    Pair("16 mar", "23 mar", (55, 9), ("a", "b"), ("c", "d")),
)


def test_days_of_which_no_pair_is_stated_are_hatched_to_the_top_and_say_so() -> None:
    figure = draw_pairs(PAIRS, ("Salidas", "Detenciones"), "sin ambas cifras", ",.")
    left, detained, silent = figure.data
    assert (list(left.x), list(left.y)) == ([0, 2], [49, 55])
    assert (list(detained.x), list(detained.y)) == ([0, 2], [2, 9])
    assert (list(silent.x), silent.marker.pattern.shape) == ([1], "/")
    assert list(silent.y) == pytest.approx([figure.layout.yaxis.range[1]])
    assert "sin ambas cifras" in texts_of(figure)
    assert list(figure.layout.xaxis.ticktext)[1] == "9 mar<br>– 16 mar"


def test_a_phone_shows_every_period_and_names_every_second() -> None:
    pairs = [Pair(f"{n} mar", f"{n + 1} mar", (n, n)) for n in range(1, 13)]
    figure = draw_pairs(pairs, ("Salidas", "Detenciones"), "sin ambas cifras", ",.", 324, 240)
    assert len(figure.data[0].y) == 12
    assert [bool(label) for label in figure.layout.xaxis.ticktext] == [True, False] * 6


def test_few_periods_are_not_as_wide_as_the_page() -> None:
    alone = draw_pairs([Pair("1 feb", "21 feb", (47, 640))], ("Salidas", "Detenciones"), "", ",.")
    low, high = alone.layout.xaxis.range
    assert high - low == 5
