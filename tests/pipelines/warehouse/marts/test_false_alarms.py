"""What is no contradiction is not counted as one, and the worst are those with most people in question."""

from itertools import product
from typing import Any

import pytest

from tests.pipelines.warehouse.marts.conftest import ORGANISATIONS, figure, side_by_side

OUTLETS = ("Demo Daily", "Other Daily", "Third Daily")
UNNAMED = ORGANISATIONS + '[[organisation]]\nid = "someone"\nname = "Someone"\nrole = "ngo"\nunnamed = true\n'
FIRM = {"provenance": "primary"}


def rules(mart: Any, rows: list[dict[str, Any]], **files: str) -> list[tuple[str, list[int]]]:
    return mart("contradictions", rows, **files).select("rule", "values").rows()


def told(values: tuple[tuple[int, int], ...], measure: str = "released_to_date", **more: Any) -> list[dict]:
    """Values of one moment, each by an outlet of its own: value and days until it was published."""
    return [
        figure("primary", measure, value, 0, published=late, publisher=outlet, **{"since": -9, **more})
        for (value, late), outlet in zip(values, OUTLETS, strict=False)
    ]


def test_a_running_count_that_is_higher_later_that_day_is_no_contradiction(tmp_path):
    cases = list(product(["released_to_date", "released"], ["explicit", "publication_date"]))
    rows = [told(((9, 0), (11, 0), (16, 1)), measure) for measure, _ in cases]
    for mine, (_, basis) in zip(rows, cases, strict=True):
        mine[0]["as_of_basis"] = basis
    found = side_by_side(tmp_path, "contradictions", rows)
    assert [(case, mine.to_dicts()) for case, mine in zip(cases, found, strict=True) if mine.height] == []


@pytest.mark.parametrize("values", [((16, 0), (9, 1)), ((9, 0), (16, 9))])
def test_one_that_is_lower_later_or_higher_much_later_is(mart, values):
    rows = told(values)
    rows[0 if values[0][0] == 16 else 1]["provenance"] = "secondhand"
    assert rules(mart, rows) == [("two_values_one_moment", [9, 16])]


def test_a_stock_does_not_run(mart):
    rows = told(((90, 0), (160, 0)), "in_custody", since=None)
    assert rules(mart, rows) == [("two_values_one_moment", [90, 160])]


def test_a_bound_beside_its_own_round_number_is_no_contradiction(tmp_path):
    cases = list(product([300, 307], ["more_than", "less_than", "about"], [0, 3]))
    rows = [told(((value, late), (value, 0)), "in_custody", since=None) for value, _, late in cases]
    for mine, (_, bound, _) in zip(rows, cases, strict=True):
        mine[1]["qualifier"] = bound
    found = side_by_side(tmp_path, "contradictions", rows)
    alarms = [case for case, mine in zip(cases, found, strict=True) if mine.height]
    assert alarms == [
        (value, bound, late) for value, bound, late in cases if value == 307 and bound != "about"
    ]


def test_a_bound_far_from_a_round_number_still_is(mart):
    rows = told(((300, 0), (400, 0)), "in_custody", since=None)
    rows[1]["qualifier"] = "more_than"
    assert rules(mart, rows) == [("two_values_one_moment", [300, 400])]


@pytest.mark.parametrize("organisation", ["other", "someone"])
def test_two_speakers_whom_nobody_named_contradict_nobody(mart, organisation):
    rows = [
        figure(organisation, "in_custody", 80, 0),
        figure(organisation, "in_custody", 90, 0, publisher="Other Daily"),
        figure(organisation, "released_to_date", 60, 0, since=-9),
        figure(organisation, "released_to_date", 40, 5, since=-9),
    ]
    found = {rule for rule, _ in rules(mart, rows, organisations=UNNAMED)}
    named = {"two_values_one_moment", "cumulative_falls"}
    assert found == (named if organisation == "other" else set())


def test_a_misprint_above_all_others_makes_one_contradiction_and_not_one_of_each(mart):
    rows = [
        figure("primary", "released_to_date", 100 + at, at, since=-9, **FIRM) for at in (0, 5, 15, 20, 25)
    ]
    rows.append(figure("primary", "released_to_date", 999, 10, since=-9))
    assert rules(mart, rows) == [("cumulative_falls", [999, 115])]


def test_worst_is_what_puts_most_people_in_question_and_not_the_largest_share(mart):
    rows = [
        *told(((9, 0), (2, 0)), "in_custody", since=None),
        figure("other", "in_custody", 800, 0),
        figure("other", "in_custody", 880, 0, publisher="Other Daily"),
    ]
    found = mart("contradictions", rows).sort("rank")
    assert found["people"].to_list() == [80, 7]
    assert found["severity"].to_list() == [9, 78]


def test_people_in_question_are_those_that_no_reading_of_both_explains(mart):
    rows = told(((650, 0), (700, 0)), "in_custody", since=None)
    rows[0]["qualifier"] = "about"
    assert mart("contradictions", rows)["people"].to_list() == [700 - 683]
