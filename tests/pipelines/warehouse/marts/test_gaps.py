"""A gap is computed only between figures of one thing and window; otherwise the row says why not."""

import pytest

from tests.pipelines.warehouse.marts.conftest import built, day, figure, with_break, write

AMNESTY = """
[[comparable]]
id = "left_prison"
since = 2026-03-01
text = { es = "Las dos cuentan a quienes salieron.", en = "Both count people who left." }
[[comparable.side]]
role = "government"
measure = "amnesty_granted_to_date"
population = "beneficiaries"
breakdown = "prior_status=detained"
[[comparable.side]]
role = "ngo"
measure = "released_to_date"
population = "detainees"
"""


def test_declared_equivalents_are_compared_and_the_mixed_total_is_refused(mart):
    found = mart(
        "gaps",
        [
            figure("primary", "released_to_date", 109, 4, since=0),
            figure(
                "state",
                "amnesty_granted_to_date",
                179,
                4,
                since=0,
                population="beneficiaries",
                breakdown="prior_status=detained",
            ),
            figure(
                "state",
                "amnesty_granted_to_date",
                3200,
                4,
                since=0,
                population="beneficiaries",
                qualifier="more_than",
            ),
        ],
        comparable=AMNESTY,
    )
    rows = {row["left_value"]: row for row in found.to_dicts()}
    assert rows[179]["comparable"] is True
    assert (rows[179]["difference_low"], rows[179]["difference_high"]) == (70, 70)
    assert rows[3200]["comparable"] is False
    assert rows[3200]["reason"] == "different_population"
    assert rows[3200]["difference_low"] is None
    assert rows[3200]["right_value"] == 109


def test_other_windows_are_refused_and_both_are_named(mart):
    found = mart(
        "gaps",
        [
            figure("primary", "released_to_date", 266, 26, since=8),
            figure("state", "released_to_date", 808, 26, since=-30),
        ],
    ).to_dicts()
    assert [(row["comparable"], row["reason"]) for row in found] == [(False, "different_window")]
    assert (found[0]["left_period_start"], found[0]["right_period_start"]) == (day(-30), day(8))


def test_a_figure_without_a_start_is_refused(mart):
    found = mart(
        "gaps",
        [
            figure("primary", "released_to_date", 266, 26, since=8),
            figure("state", "released_to_date", 808, 26),
        ],
    )
    assert found["reason"].to_list() == ["unknown_window"]


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [
        (0, 7, "same_thing"),
        (0, 8, "different_window"),
        (0, 6, "different_window"),
        (1, 7, "different_window"),
    ],
)
def test_flows_compare_over_the_same_days_alone(mart, since, until, reason):
    rows = [
        figure("primary", "released", 132, 7, since=0),
        figure("state", "released", 135, until, since=since),
    ]
    found = mart("gaps", rows).row(0, named=True)
    assert (found["reason"], found["comparable"]) == (reason, reason == "same_thing")
    assert found["difference_low"] == (3 if reason == "same_thing" else None)


def test_bounds_give_bounds(mart):
    found = mart(
        "gaps",
        [
            figure("primary", "in_custody", 500, 0),
            figure("state", "in_custody", 400, 0, qualifier="more_than"),
        ],
    ).row(0, named=True)
    assert (found["difference_low"], found["difference_high"]) == (-99, None)


def test_those_who_entered_a_stock_since_a_day_are_not_set_against_all_in_it(mart):
    found = mart(
        "gaps",
        [
            figure("primary", "under_measures", 448, 0, since=-50),
            figure("state", "under_measures", 11000, 0),
        ],
    ).row(0, named=True)
    assert (found["comparable"], found["reason"], found["difference_low"]) == (
        False,
        "different_cohort",
        None,
    )
    assert (found["left_period_start"], found["right_period_start"]) == (None, day(-50))


def test_two_stocks_counted_since_one_day_are_compared(mart):
    rows = [
        figure(who, "under_measures", value, 0, since=-50)
        for who, value in (("primary", 448), ("state", 470))
    ]
    assert mart("gaps", rows)["difference_low"].to_list() == [22]


def test_two_stocks_counted_since_two_days_are_refused_for_the_window(mart):
    rows = [
        figure("primary", "under_measures", 448, 0, since=-50),
        figure("state", "under_measures", 895, 0, since=-90),
    ]
    assert mart("gaps", rows)["reason"].to_list() == ["different_window"]


def test_a_joint_statement_is_no_other_side(mart):
    found = mart(
        "gaps",
        [figure("primary", "in_custody", 500, 0), figure("primary+other", "in_custody", 520, 0)],
    )
    assert found["reason"].to_list() == ["same_speaker"]


def test_a_break_inside_the_window_refuses_the_gap(tmp_path):
    rows = [
        figure("primary", "released_to_date", 100, 20, since=0),
        figure("state", "released_to_date", 150, 20, since=0),
    ]
    data = write(tmp_path, rows)
    assert built(data, "gaps")["comparable"].to_list() == [True]
    (tmp_path / "demo" / "organisations.toml").write_text(with_break(["released_to_date"], at=10))
    broken = built(data, "gaps")
    assert broken["comparable"].to_list() == [False]
    assert broken["reason"].to_list() == ["break"]


def test_a_pair_stands_once_for_each_change_of_either_side(mart):
    said = {"provenance": "primary"}
    rows = [
        *(
            figure("primary", "in_custody", value, at, **said)
            for at, value in ((0, 500), (7, 500), (14, 480), (21, 480))
        ),
        *(
            figure("state", "in_custody", value, at, qualifier=qualifier, **said)
            for at, value, qualifier in (
                (0, 400, "at_least"),
                (7, 400, "at_least"),
                (14, 400, "at_least"),
                (21, 400, "more_than"),
            )
        ),
    ]
    found = mart("gaps", rows).sort("as_of")
    assert found.select("as_of", "last_as_of", "left_value", "right_value").rows() == [
        (day(0), day(7), 400, 500),
        (day(14), day(14), 400, 480),
        (day(21), day(21), 400, 480),
    ]
    assert found["left_qualifier"].to_list() == ["at_least", "at_least", "more_than"]


def test_a_pair_that_comes_back_after_a_change_stands_again(mart):
    rows = [
        figure(who, "in_custody", value, at, provenance="primary")
        for at, held in ((0, 500), (7, 490), (14, 500))
        for who, value in (("primary", held), ("state", 450))
    ]
    assert mart("gaps", rows).sort("as_of")["right_value"].to_list() == [500, 490, 500]


def test_flows_of_two_windows_are_two_pairs(mart):
    rows = [
        figure(who, "released", value, at, since=at - 7)
        for at in (0, 7)
        for who, value in (("primary", 20), ("state", 30))
    ]
    assert mart("gaps", rows).height == 2


def test_a_break_of_what_a_side_counts_starts_the_pair_anew(tmp_path):
    rows = [
        figure(who, "in_custody", value, at, provenance="primary")
        for at in (0, 7)
        for who, value in (("primary", 500), ("state", 450))
    ]
    data = write(tmp_path, rows)
    assert built(data, "gaps")["last_as_of"].to_list() == [day(7)]
    (tmp_path / "demo" / "organisations.toml").write_text(with_break(["in_custody"], at=4))
    assert built(data, "gaps")["as_of"].to_list() == [day(0), day(7)]
