"""The pace between statements, and the bounds it keeps."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.model import Kind
from pipelines.pace.known_values import SCHEMA
from pipelines.pace.rates import SCHEMA as INTERVALS
from pipelines.pace.rates import (
    compare_around,
    drop_across_breaks,
    drop_overlaps,
    estimate_dispersion,
    find_intervals,
    find_margin,
    find_required_pace,
    sum_within,
)
from tests.pipelines.forecast.test_outlook import START, last_day, statements

TODAY = date(2026, 1, 1)


def said(*rows: tuple[int, str, int, str]) -> pl.DataFrame:
    """Statements as (day, kind, value, qualifier), published at once; flows begin the day after the last."""
    full, before = [], START
    for day, kind, value, qualifier in rows:
        as_of = START + timedelta(days=day)
        start = {"stock": None, "cumulative": START, "flow": before + timedelta(days=1)}[kind]
        full.append((as_of, as_of, kind, value, None, qualifier, start))
        before = as_of
    return pl.DataFrame(full, schema=dict(SCHEMA), orient="row")


def test_exact_statements_give_one_number() -> None:
    made = find_intervals(
        said((0, "cumulative", 10, "exact"), (10, "cumulative", 30, "exact")), TODAY, Kind.CUMULATIVE
    )
    assert made.rows() == [(START, START + timedelta(days=10), 10, 20.0, 20.0, 20.0)]


def test_a_later_exact_figure_bounds_an_open_one() -> None:
    rows = said(
        (0, "cumulative", 0, "exact"), (7, "cumulative", 10, "at_least"), (14, "cumulative", 25, "exact")
    )
    made = find_intervals(rows, TODAY, Kind.CUMULATIVE)
    assert made["low"].to_list() == [10, 0]
    assert made["high"].to_list() == [25, 15]


def test_an_open_newest_figure_leaves_no_upper_limit() -> None:
    rows = said((0, "cumulative", 0, "exact"), (7, "cumulative", 10, "more_than"))
    made = find_intervals(rows, TODAY, Kind.CUMULATIVE)
    assert made["low"].to_list() == [11]
    assert made["high"].to_list() == [None]


def test_a_rising_stock_is_a_negative_net_pace() -> None:
    made = find_intervals(said((0, "stock", 372, "exact"), (21, "stock", 379, "exact")), TODAY, Kind.STOCK)
    assert made["central"].to_list() == [-7]


def test_a_window_that_cuts_an_interval_takes_between_none_and_all() -> None:
    made = find_intervals(
        said((0, "cumulative", 0, "exact"), (20, "cumulative", 40, "exact")), TODAY, Kind.CUMULATIVE
    )
    amount = sum_within(made, START + timedelta(days=10), START + timedelta(days=20))
    assert (amount.low, amount.central, amount.high, amount.derived) == (0, 20, 40, True)


def test_a_window_without_statements_has_no_pace() -> None:
    made = find_intervals(said((0, "stock", 5, "exact"), (7, "stock", 4, "exact")), TODAY, Kind.STOCK)
    amount = sum_within(made, TODAY - timedelta(days=28), TODAY)
    assert (amount.covered, amount.central) == (0, None)
    assert amount.per_week() == (None, None, None)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=3, max_size=15), st.integers(1, 90))
def test_low_central_and_high_keep_their_order(steps: list[tuple[int, bool]], days: int) -> None:
    total, rows = 0, []
    for place, (more, exact) in enumerate(steps):
        total += more
        rows.append((7 * place, "cumulative", total, "exact" if exact else "at_least"))
    frame = said(*rows)
    made, last = find_intervals(frame, TODAY, Kind.CUMULATIVE), last_day(frame)
    amount = sum_within(made, last - timedelta(days=days), last)
    assert amount.low is not None
    assert amount.central is not None
    assert 0 <= amount.low <= amount.central
    assert amount.high is None or amount.central <= amount.high


def test_a_missing_flow_leaves_a_gap_not_a_zero() -> None:
    rows = said((7, "flow", 5, "exact"), (14, "flow", 3, "exact"), (21, "flow", 4, "exact"))
    made = find_intervals(rows.filter(pl.col("value") != 3), TODAY, Kind.FLOW)
    amount = sum_within(made, START, START + timedelta(days=21))
    assert (amount.covered, amount.central) == (14, 9)


def test_an_event_that_doubled_the_pace_shows_in_the_difference() -> None:
    released = [7 * min(place, 12) + 70 * max(place - 12, 0) for place in range(25)]
    made = find_intervals(statements(released, "cumulative"), TODAY, Kind.CUMULATIVE)
    change = compare_around(made, START + timedelta(days=84), 28)
    assert change.difference == pytest.approx(9)
    assert change.low80 is not None
    assert change.high80 is not None
    assert change.low80 < 9 < change.high80


def test_required_pace_divides_the_newest_stock_by_the_days() -> None:
    rows = statements([400, 391], "stock")
    assert find_required_pace(rows, date(2025, 1, 8), date(2025, 1, 18)) == pytest.approx((39.1, 39.1))
    assert find_required_pace(rows, date(2025, 1, 8), date(2025, 1, 8)) is None


def windows(*spans: tuple[int, int]) -> pl.DataFrame:
    """Intervals of ten people each, from and to a day."""
    made = [
        (START + timedelta(days=first), START + timedelta(days=end), end - first, 10.0, 10.0, 10.0)
        for first, end in spans
    ]
    return pl.DataFrame(made, schema=dict(INTERVALS), orient="row")


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair))), max_size=12
    )
)
def test_no_day_is_counted_twice_where_windows_overlap(spans: list[tuple[int, int]]) -> None:
    kept = drop_overlaps(windows(*spans))
    assert kept.height or not spans
    assert (kept["start"][1:] >= kept["end"][:-1]).all()


def test_an_interval_across_a_change_of_definition_is_no_pace() -> None:
    made = windows((0, 7), (7, 14), (14, 21))
    kept = drop_across_breaks(made, [START + timedelta(days=10)])
    assert kept["start"].to_list() == [START, START + timedelta(days=14)]
    assert drop_across_breaks(made, [START + timedelta(days=7)])["start"].to_list() == [
        START + timedelta(days=7),
        START + timedelta(days=14),
    ]


def test_the_central_number_lies_within_the_bounds_of_its_interval() -> None:
    rows = said((0, "cumulative", 100, "more_than"), (7, "cumulative", 130, "exact"))
    made = find_intervals(rows, TODAY, Kind.CUMULATIVE)
    assert (made["low"] <= made["central"]).all()
    assert (made["central"] <= made["high"]).all()


def test_the_margins_of_both_sides_are_those_of_their_difference() -> None:
    rows = said(
        (0, "cumulative", 100, "exact"), (14, "cumulative", 130, "exact"), (28, "cumulative", 200, "exact")
    )
    made = find_intervals(rows, TODAY, Kind.CUMULATIVE)
    change = compare_around(made, START + timedelta(days=14), 14)
    halves = []
    for side in (change.before, change.after):
        margin = find_margin(made, side)
        assert margin is not None
        assert side.central is not None
        low, high = margin
        assert low < side.central / side.covered < high
        halves.append((high - low) / 2)
    assert change.difference is not None
    assert change.high80 is not None
    assert (halves[0] ** 2 + halves[1] ** 2) ** 0.5 == pytest.approx(change.high80 - change.difference)


def test_a_pace_without_a_known_bound_has_no_margin() -> None:
    rows = said((0, "cumulative", 100, "exact"), (14, "cumulative", 130, "more_than"))
    made = find_intervals(rows, TODAY, Kind.CUMULATIVE)
    amount = sum_within(made, START, START + timedelta(days=14))
    assert amount.high is None
    assert find_margin(made, amount) is None


KINDS = ("stock", "cumulative", "flow")
FIGURE = st.tuples(
    st.integers(0, 60), st.sampled_from(["exact", "about", "at_least", "more_than", "at_most", "less_than"])
)


@given(st.sampled_from(KINDS), st.lists(FIGURE, min_size=1, max_size=12), st.integers(1, 90))
def test_a_pace_lies_within_its_bounds_whatever_the_words_of_its_figures(
    kind: str, figures: list[tuple[int, str]], days: int
) -> None:
    total, rows = 0, []
    for place, (people, qualifier) in enumerate(figures, start=1):
        total += people
        rows.append((7 * place, kind, 1 + (total if kind == "cumulative" else people), qualifier))
    made = find_intervals(said(*rows), TODAY, Kind(kind))
    for low, central, high in made.select("low", "central", "high").iter_rows():
        assert low is None or low <= central
        assert high is None or central <= high
    last = START + timedelta(days=7 * len(figures))
    low, central, high = sum_within(made, last - timedelta(days=days), last).per_week()
    if central is not None:
        slack = 1e-9
        assert low is None or low <= central + slack
        assert high is None or central <= high + slack


def test_more_than_nine_newly_detained_are_ten_at_least() -> None:
    made = find_intervals(said((7, "flow", 9, "more_than")), TODAY, Kind.FLOW)
    assert made.select("low", "central", "high").rows() == [(10.0, 10.0, None)]


def test_an_interval_is_not_compared_with_itself() -> None:
    made = windows((0, 200), (200, 207), (207, 214), (214, 221), (221, 228))
    inside = compare_around(made, START + timedelta(days=100), 28)
    assert (inside.shared, inside.difference, inside.low80) == (True, None, None)
    assert inside.before.central == inside.after.central
    assert not compare_around(made, START + timedelta(days=200), 28).shared
    assert not compare_around(made, START + timedelta(days=199), 28).shared  # one day of it is after


def test_a_number_that_rises_more_than_it_falls_scatters_too() -> None:
    steps = [10, 10, -300, 9, 40, -7]
    rows = [(7 * place, "stock", 1000 - sum(steps[:place]), "exact") for place in range(len(steps) + 1)]
    made = find_intervals(said(*rows), TODAY, Kind.STOCK)
    assert estimate_dispersion(made) > 100
    change = compare_around(made, START + timedelta(days=14), 14)
    assert change.low80 is not None
    assert change.low80 < change.difference < change.high80  # type: ignore[operator]


@given(st.lists(st.integers(1, 90), min_size=2, max_size=9))
def test_the_scatter_of_what_only_grows_is_pearsons(people: list[int]) -> None:
    rows = [(7 * place, "cumulative", sum(people[:place]), "exact") for place in range(len(people) + 1)]
    made = find_intervals(said(*rows), TODAY, Kind.CUMULATIVE)
    mean = sum(people) / len(people)
    pearson = sum((each - mean) ** 2 / mean for each in people) / (len(people) - 1)
    assert estimate_dispersion(made) == pytest.approx(max(pearson, 1.0))
