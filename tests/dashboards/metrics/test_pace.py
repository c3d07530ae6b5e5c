"""Weeks of a pace: where they end, what is whole, and which count spans several."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.metrics.pace import Mean, PaceSide, count_weeks, find_opening, list_means
from dashboards.text.pace_sentences import choose_told
from pipelines.core.model import Kind
from pipelines.pace.known_values import SCHEMA as KNOWN_SCHEMA
from pipelines.pace.rates import SCHEMA

MONDAY = date(2026, 1, 5)


def intervals(*spans: tuple[int, int, float]) -> pl.DataFrame:
    """From day to day after a Monday, and the people."""
    rows = [
        (MONDAY + timedelta(days=start), MONDAY + timedelta(days=end), end - start, people, people, people)
        for start, end, people in spans
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_a_week_ends_on_the_weekday_of_most_bulletins() -> None:
    made = intervals((0, 7, 57.0), (7, 14, 43.0), (14, 19, 5.0))
    weeks, _ = count_weeks(made, MONDAY, MONDAY + timedelta(days=19))
    assert [week.last.isoweekday() for week in weeks] == [1] * 4
    assert [week.whole for week in weeks] == [False, True, True, False]
    assert [week.people.central for week in weeks] == [None, 57.0, 43.0, 5.0]


def test_a_part_of_a_week_has_the_days_that_figures_cover_and_is_exact_where_none_is_divided() -> None:
    made = intervals((3, 5, 14.0), (5, 7, 3.0), (7, 14, 43.0), (14, 28, 5.0))
    weeks, _ = count_weeks(made, MONDAY + timedelta(days=4), MONDAY + timedelta(days=28))
    assert weeks[0].days == (MONDAY + timedelta(days=4), MONDAY + timedelta(days=7))
    assert (weeks[0].people.central, weeks[0].people.covered) == (17.0, 4)
    assert [week.exact for week in weeks] == [True, True, False, False]


def test_a_running_total_opens_with_the_people_up_to_its_first_figure() -> None:
    totals = [(MONDAY + timedelta(days=day), total) for day, total in ((1, 14), (2, 16), (8, 40))]
    rows = pl.DataFrame(
        [(day, day, "cumulative", total, None, "exact", MONDAY) for day, total in totals],
        schema=dict(KNOWN_SCHEMA),
        orient="row",
    )
    opening = find_opening(rows)
    assert opening is not None
    assert opening.rows() == [(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1), 2, 14.0, 14.0, 14.0)]
    late = find_opening(rows.tail(1))  # a total is zero at its own start, however late its first figure is
    assert late is not None
    assert late.rows() == [(MONDAY - timedelta(days=1), MONDAY + timedelta(days=8), 9, 40.0, 40.0, 40.0)]
    more = find_opening(rows.head(1).with_columns(pl.lit("more_than").alias("qualifier")))
    assert more is not None
    assert more.row(0)[3:] == (15.0, 15.0, None)
    assert find_opening(rows.with_columns(pl.lit(None, pl.Date).alias("period_start"))) is None


def test_a_week_ends_on_sunday_where_bulletins_have_no_usual_day() -> None:
    made = intervals((0, 6, 6.0), (6, 14, 8.0), (14, 22, 8.0))
    weeks, _ = count_weeks(made, MONDAY, MONDAY + timedelta(days=22))
    assert {week.first.isoweekday() for week in weeks} == {1}
    assert weeks[0].first <= MONDAY
    assert weeks[-1].last >= MONDAY + timedelta(days=22)


def test_a_mean_is_of_four_weeks_of_which_figures_cover_every_day() -> None:
    made = intervals(*((7 * n, 7 * n + 7, 10.0 * n) for n in range(5)))
    weeks, _ = count_weeks(made, MONDAY + timedelta(days=1), MONDAY + timedelta(days=35))
    assert [week.mean for week in weeks] == [None, None, None, 15.0, 25.0]
    holed = made.filter(pl.col("central") != 20.0)
    assert {week.mean for week in count_weeks(holed, MONDAY + timedelta(days=1), made["end"][-1])[0]} == {
        None
    }


def test_a_mean_of_weeks_without_a_limit_is_not_told() -> None:
    made = intervals(*((7 * n, 7 * n + 7, 10.0) for n in range(5)))
    made = made.with_columns(pl.when(pl.col("start") == MONDAY).then(None).otherwise("high").alias("high"))
    weeks, long = count_weeks(made, MONDAY + timedelta(days=1), MONDAY + timedelta(days=35))
    assert [week.four is None or week.four.high is None for week in weeks] == [True] * 4 + [False]
    assert choose_told(list_means(weeks, long), Kind.CUMULATIVE) == []


@pytest.mark.parametrize(("days", "is_long"), [(14, False), (20, False), (21, True), (37, True)])
def test_a_count_of_three_weeks_or_more_is_one_count_and_the_people_of_no_week(
    days: int, is_long: bool
) -> None:
    made = intervals((-7, -1, 9.0), (-1, days - 1, 78.0))
    weeks, long = count_weeks(made, MONDAY - timedelta(days=6), MONDAY + timedelta(days=days - 1))
    told = [(each.first, each.days, each.people) for each in long]
    assert told == ([(MONDAY, days, 78.0)] if is_long else [])
    people = [week.people.central for week in weeks if week.people.central is not None]
    assert sum(people) == pytest.approx(9.0 if is_long else 87.0)


def test_a_mean_ends_where_a_count_of_several_weeks_begins_which_is_a_pace_of_its_own() -> None:
    made = intervals(*((7 * n, 7 * n + 7, 10.0) for n in range(4)), (28, 63, 35.0), (63, 70, 4.0))
    weeks, long = count_weeks(made, MONDAY + timedelta(days=1), MONDAY + timedelta(days=70))
    assert [week.mean for week in weeks] == [None, None, None, 10.0, *[None] * 6]
    first, last = MONDAY + timedelta(days=28), MONDAY + timedelta(days=63)
    assert list_means(weeks, long) == [Mean(first, 28, 10.0, 10.0, 10.0), Mean(last, 35, 7.0, 7.0, 7.0)]


def test_a_mean_has_the_bounds_of_its_four_weeks_and_not_of_each_week() -> None:
    made = intervals((-1, 6, 10.0), (6, 20, 20.0), (20, 25, 9.0), (25, 31, 9.0))
    weeks, _ = count_weeks(made, MONDAY, MONDAY + timedelta(days=31))
    (mean,) = list_means(weeks, [])
    assert (mean.last, mean.days) == (date(2026, 2, 1), 28)
    assert (mean.low, mean.rate, mean.high) == pytest.approx(
        (39 / 4, 42 / 4, 48 / 4)
    )  # the last count is cut


def test_the_last_pace_of_the_number_held_is_told_where_its_bounds_are_of_one_direction() -> None:
    sure, unsure = Mean(MONDAY, 28, -3.0, -5.0, -1.0), Mean(MONDAY, 28, -3.0, -5.0, 1.0)
    assert choose_told([unsure, sure], Kind.STOCK) == [sure]
    assert choose_told([sure, unsure], Kind.STOCK) == []


def test_a_pace_over_all_figures_is_bounded_by_the_first_and_the_last_alone() -> None:
    made = intervals((0, 10, 50.0), (10, 20, 30.0))
    loose = made.with_columns(pl.lit(0.0).alias("low"), pl.lit(None, pl.Float64).alias("high"))
    days = [MONDAY + timedelta(days=10 * n) for n in range(3)]
    levels = {days[0]: (20.0,) * 3, days[1]: (60.0, 70.0, float("inf")), days[2]: (100.0,) * 3}
    side = PaceSide(Kind.CUMULATIVE, loose, levels=levels)
    amount = side.since(days[0])
    assert (amount.days, amount.low, amount.central, amount.high) == (20, 80.0, 80.0, 80.0)
    assert side.since(days[1]).high == 40.0
    held_since = PaceSide(Kind.STOCK, loose, levels=levels).since(days[1])
    assert (held_since.low, held_since.high) == (-40.0, None)
    holed = PaceSide(Kind.CUMULATIVE, loose[1:], levels=levels)
    assert holed.since(days[0]).high is None  # days without figures: what each interval says
