"""Changes: a difference is computed only where it says no more than the two statements do."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.metrics.change import Refusal, last_change

BEFORE, AFTER = date(2026, 1, 1), date(2026, 1, 8)


def series(*rows: tuple[date, int | None, int | None, str]) -> pl.DataFrame:
    columns: dict[str, Any] = {"as_of": pl.Date, "low": pl.Int64, "high": pl.Int64, "qualifier": pl.String}
    return pl.DataFrame(list(rows), schema=columns, orient="row")


def test_two_exact_figures_have_one_difference() -> None:
    change = last_change(series((BEFORE, 382, 382, "exact"), (AFTER, 391, 391, "exact")), [])
    assert change is not None
    assert (change.least, change.most, change.refusal) == (9, 9, None)


def test_one_moment_has_no_change() -> None:
    assert last_change(series((BEFORE, 382, 382, "exact")), []) is None


@pytest.mark.parametrize(
    ("old", "new", "least", "most"),
    [
        ((100, 100, "exact"), (151, None, "more_than"), 51, None),
        ((200, 200, "exact"), (None, 99, "less_than"), None, -101),
        ((100, 110, "range"), (120, 125, "range"), 10, 25),
    ],
)
def test_bounds_give_a_bound_where_the_direction_is_certain(
    old: tuple[int, int, str], new: tuple[int, int, str], least: int | None, most: int | None
) -> None:
    change = last_change(series((BEFORE, *old), (AFTER, *new)), [])
    assert change is not None
    assert (change.least, change.most, change.refusal) == (least, most, None)


@pytest.mark.parametrize(
    ("rows", "breaks", "refusal"),
    [
        ([(BEFORE, 100, 100, "exact"), (AFTER, 90, None, "at_least")], [], Refusal.BOUNDS),
        ([(BEFORE, 95, 105, "about"), (AFTER, 200, 200, "exact")], [], Refusal.ABOUT),
        ([(BEFORE, 1, 1, "exact"), (AFTER, 2, 2, "exact"), (AFTER, 9, 9, "exact")], [], Refusal.CONTRADICTED),
        ([(BEFORE, 1, 1, "exact"), (AFTER, 2, 2, "exact")], [date(2026, 1, 5)], Refusal.BREAK),
    ],
)
def test_a_difference_that_would_say_too_much_is_refused(
    rows: list[tuple[date, int, int, str]], breaks: list[date], refusal: Refusal
) -> None:
    change = last_change(series(*rows), breaks)
    assert change is not None
    assert change.refusal is refusal


EARLIER = date(2025, 12, 1)


@pytest.mark.parametrize(
    ("rows", "outcome", "people", "since_exact"),
    [
        (
            [(EARLIER, 680, 680, "exact"), (BEFORE, 690, None, "at_least"), (AFTER, 746, 746, "exact")],
            "rose",
            66,
            1,
        ),
        (
            [(EARLIER, 680, 680, "exact"), (BEFORE, 665, 735, "about"), (AFTER, 601, 601, "exact")],
            "fell",
            79,
            1,
        ),
        (
            [
                (EARLIER, 680, 680, "exact"),
                (BEFORE, 1, 1, "exact"),
                (BEFORE, 9, 9, "exact"),
                (AFTER, 700, None, "at_least"),
            ],
            "rose_at_least",
            20,
            1,
        ),
        ([(EARLIER, 9, 9, "exact"), (BEFORE, 690, 690, "exact"), (AFTER, 700, 700, "exact")], "rose", 10, 0),
        (
            [(EARLIER, 680, 680, "exact"), (BEFORE, None, 799, "less_than"), (AFTER, 900, 900, "exact")],
            "rose_at_least",
            101,
            0,
        ),
    ],
)
def test_where_the_figure_before_is_only_a_bound_the_last_exact_one_tells_the_direction(
    rows: list[tuple[date, int, int, str]], outcome: str, people: int, since_exact: bool
) -> None:
    change = last_change(series(*rows), [])
    assert change is not None
    assert (change.refusal, change.outcome, change.people) == (None, outcome, people)
    assert change.since_exact == bool(since_exact)
    assert change.before[0]["as_of"] == (EARLIER if since_exact else BEFORE)


@pytest.mark.parametrize("breaks", [[], [date(2025, 12, 20)]])
def test_no_exact_figure_behind_a_break_stands_in(breaks: list[date]) -> None:
    rows = [(EARLIER, 680, 680, "exact"), (BEFORE, 690, None, "at_least"), (AFTER, 746, 746, "exact")]
    change = last_change(series(*rows), breaks)
    assert change is not None
    assert change.refusal is (Refusal.BOUNDS if breaks else None)


def test_a_total_said_more_vaguely_than_before_has_no_direction() -> None:
    rows = [(EARLIER, 746, 746, "exact"), (BEFORE, 690, None, "at_least"), (AFTER, 700, None, "at_least")]
    change = last_change(series(*rows), [])
    assert change is not None
    assert change.refusal is Refusal.BOUNDS


interval = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted)


@given(interval, interval, st.data())
def test_the_bounds_of_a_difference_hold_for_every_truth_that_the_statements_allow(
    old: list[int], new: list[int], data: st.DataObject
) -> None:
    change = last_change(series((BEFORE, *old, "range"), (AFTER, *new, "range")), [])
    assert change is not None
    truth = data.draw(st.integers(*new)) - data.draw(st.integers(*old))
    assert change.least is not None
    assert change.most is not None
    assert change.least <= truth <= change.most
    if change.refusal is None and change.least > 0:
        assert truth > 0
