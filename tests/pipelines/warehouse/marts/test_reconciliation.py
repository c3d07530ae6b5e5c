"""What two stocks and the flows between them leave open, and what is not read from a total that fell."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.pipelines.warehouse.marts.conftest import CHANGE, WEEK, figure, side_by_side

UNRELEASED = [*WEEK[:2], WEEK[3]]


def left_prison(*stated: tuple[int, int], **more: Any) -> list[dict[str, Any]]:
    """One cumulative of `primary`: its values, each with its day."""
    return [figure("primary", "released_to_date", value, at, since=-30, **more) for value, at in stated]


CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "the residual is what reported flows leave open": (
        WEEK,
        {
            "opening": 454,
            "closing": 457,
            "change": 3,
            "residual_low": 4,
            "residual_high": 4,
            "residual": 4,
            "missing": ["reported_late", "deaths"],
        },
    ),
    "a flow nobody stated is missing and not zero": (
        WEEK[:3],
        {"detained_low": None, "residual": None, "missing": ["detained", "reported_late", "deaths"]},
    ),
    "a flow that reaches out of the way is not used": (
        [*WEEK[:3], figure("primary", "detained", 9, 7, since=-3)],
        {"detained_low": None},
    ),
    "two values of one cumulative give a derived flow": (
        [*UNRELEASED, *left_prison((10, 0), (12, 7))],
        {"released_low": 2, "released_basis": "derived"},
    ),
    "what was stated from the day after the opening on is not called a difference": (
        [*UNRELEASED, *left_prison((10, 0), (18, 7)), figure("primary", "released", 8, 7, since=1)],
        {"released_low": 8, "released_basis": "stated", "complete": True},
    ),
    "a cumulative that fell gives no flow and is named": (
        [*UNRELEASED, *left_prison((12, 0), (10, 7))],
        {
            "released_low": None,
            "released_high": None,
            "released_basis": None,
            "fell": ["released"],
            "refused": "fell",
            "residual": None,
        },
    ),
    "a cumulative that fell on the way gives no flow even where its ends rise": (
        [*UNRELEASED, *left_prison((10, 0), (15, 3), (12, 7), provenance="primary")],
        {"fell": ["released"], "released_low": None},
    ),
    "a stated flow stands in for a total that fell": (
        [*WEEK, *left_prison((12, 0), (10, 7))],
        {"fell": [], "refused": None, "residual": 4},
    ),
    "a difference above a stated flow of a window around it is refused and named": (
        [*UNRELEASED, *left_prison((10, 0), (178, 7)), figure("primary", "released", 134, 7, since=-20)],
        {
            "released_low": None,
            "released_basis": None,
            "exceeds": ["released"],
            "fell": [],
            "refused": "exceeds",
            "residual": None,
        },
    ),
    "so is one where that window ends later": (
        [*UNRELEASED, *left_prison((10, 0), (178, 7)), figure("primary", "released", 134, 20, since=1)],
        {"released_low": None, "exceeds": ["released"], "refused": "exceeds"},
    ),
    "a flow that was stated within stands in for it": (
        [*WEEK, *left_prison((10, 0), (178, 7)), figure("primary", "released", 134, 20, since=-20)],
        {"released_low": 1, "released_basis": "stated", "exceeds": [], "refused": None},
    ),
    "a difference no larger than a stated flow around it is used": (
        [*UNRELEASED, *left_prison((10, 0), (144, 7)), figure("primary", "released", 134, 20, since=-20)],
        {"released_low": 134, "released_basis": "derived", "exceeds": [], "refused": None},
    ),
    "a flow that begins after the first of two totals says nothing of their difference": (
        [*UNRELEASED, *left_prison((10, 0), (178, 7)), figure("primary", "released", 134, 20, since=2)],
        {"released_low": 168, "released_basis": "derived", "exceeds": []},
    ),
    "the bounds of two totals never give a flow below zero": (
        [*UNRELEASED, *left_prison((100, 0), qualifier="about"), *left_prison((102, 7))],
        {"released_low": 0, "released_high": 7},
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The mart of each case, all from one build."""
    cases = [rows for rows, _ in CASES.values()]
    made = side_by_side(tmp_path_factory.mktemp("cases"), "reconciliation", cases)
    return dict(zip(CASES, made, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_the_way_from_one_stock_to_the_next(found: dict[str, pl.DataFrame], case: str) -> None:
    row, expected = found[case].row(0, named=True), CASES[case][1]
    assert {name: row[name] for name in expected} == expected


def test_people_counted_since_a_day_are_no_opening_of_everyone_held(
    mart: Callable[..., pl.DataFrame],
) -> None:
    rows = [WEEK[1], figure("primary", "in_custody", 40, 0, since=-30)]
    assert mart("reconciliation", rows).is_empty()


def test_a_stated_change_stands_for_the_opening_that_nobody_stated(mart: Callable[..., pl.DataFrame]) -> None:
    row = mart("reconciliation", WEEK[1:], changes=CHANGE).row(0, named=True)
    assert (row["opening"], row["opening_basis"], row["change"]) == (454, "stated_change", 3)
