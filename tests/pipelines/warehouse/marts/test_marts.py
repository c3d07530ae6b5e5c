"""Each mart's named case and each of its refusals."""

import polars as pl
import pytest

from pipelines.core.paths import SQL
from tests.pipelines.warehouse.marts.conftest import (
    ORGANISATIONS,
    built,
    day,
    figure,
    side_by_side,
    with_break,
    write,
)

WEEK = [
    figure("primary", "in_custody", 454, 0),
    figure("primary", "in_custody", 457, 7),
    figure("primary", "released", 1, 7, since=0),
    figure("primary", "detained", 0, 7, since=0),
]


def test_the_residual_is_what_reported_flows_leave_open(mart):
    row = mart("reconciliation", WEEK).row(0, named=True)
    assert (row["opening"], row["closing"], row["change"]) == (454, 457, 3)
    assert (row["residual_low"], row["residual_high"], row["residual"]) == (4, 4, 4)
    assert row["missing"] == ["reported_late", "deaths"]


def test_a_flow_nobody_stated_is_missing_and_not_zero(mart):
    row = mart("reconciliation", WEEK[:3]).row(0, named=True)
    assert row["detained_low"] is None
    assert row["residual"] is None
    assert "detained" in row["missing"]


def test_a_flow_that_reaches_out_of_the_way_is_not_used(mart):
    row = mart("reconciliation", [*WEEK[:3], figure("primary", "detained", 9, 7, since=-3)]).row(
        0, named=True
    )
    assert row["detained_low"] is None


def test_two_values_of_one_cumulative_give_a_derived_flow(mart):
    row = mart(
        "reconciliation",
        [
            *WEEK[:2],
            WEEK[3],
            figure("primary", "released_to_date", 10, 0, since=-30),
            figure("primary", "released_to_date", 12, 7, since=-30),
        ],
    ).row(0, named=True)
    assert (row["released_low"], row["released_basis"]) == (2, "derived")


def test_a_cumulative_that_fell_gives_no_flow_and_is_named(mart):
    row = mart(
        "reconciliation",
        [
            *WEEK[:2],
            WEEK[3],
            figure("primary", "released_to_date", 12, 0, since=-30),
            figure("primary", "released_to_date", 10, 7, since=-30),
        ],
    ).row(0, named=True)
    assert (row["released_low"], row["released_high"], row["released_basis"]) == (None, None, None)
    assert (row["fell"], row["refused"], row["residual"]) == (["released"], "fell", None)


def test_a_cumulative_that_fell_on_the_way_gives_no_flow_even_where_its_ends_rise(mart):
    totals = [
        figure("primary", "released_to_date", value, at, since=-30, provenance="primary")
        for value, at in ((10, 0), (15, 3), (12, 7))
    ]
    row = mart("reconciliation", [*WEEK[:2], WEEK[3], *totals]).row(0, named=True)
    assert (row["fell"], row["released_low"]) == (["released"], None)


def test_a_stated_flow_stands_in_for_a_total_that_fell(mart):
    totals = [figure("primary", "released_to_date", value, at, since=-30) for value, at in ((12, 0), (10, 7))]
    row = mart("reconciliation", [*WEEK, *totals]).row(0, named=True)
    assert (row["fell"], row["refused"], row["residual"]) == ([], None, 4)


def test_the_bounds_of_two_totals_never_give_a_flow_below_zero(mart):
    row = mart(
        "reconciliation",
        [
            *WEEK[:2],
            WEEK[3],
            figure("primary", "released_to_date", 100, 0, since=-30, qualifier="about"),
            figure("primary", "released_to_date", 102, 7, since=-30),
        ],
    ).row(0, named=True)
    assert (row["released_low"], row["released_high"]) == (0, 7)


def test_people_counted_since_a_day_are_no_opening_of_everyone_held(mart):
    rows = [WEEK[1], figure("primary", "in_custody", 40, 0, since=-30)]
    assert mart("reconciliation", rows).is_empty()


def test_a_stated_change_stands_for_the_opening_that_nobody_stated(mart):
    change = """
[[change]]
organisation = "primary"
measure = "in_custody"
population = "detainees"
period_start = 2026-03-01
as_of = 2026-03-08
change = 3
published = 2026-03-08
publisher = "Demo Daily"
"""
    row = mart("reconciliation", WEEK[1:], changes=change).row(0, named=True)
    assert (row["opening"], row["opening_basis"], row["change"]) == (454, "stated_change", 3)


def test_an_announcement_ages_with_what_was_verified(mart):
    row = mart(
        "announcements",
        [
            figure("state", "release_announced", 300, 20),
            figure("primary", "released", 38, 20, since=17),
            figure("primary", "released", 44, 28, since=21),
        ],
    ).row(0, named=True)
    assert row["verified_same_week"] == 38
    assert (row["verified_7_low"], row["verified_7_high"]) == (38, 82)
    assert (row["verified_14_low"], row["verified_14_high"]) == (82, None)
    assert row["share_7_low"] == pytest.approx(38 / 300)


def test_an_announcement_without_any_verified_figure_is_unknown_and_not_zero(mart):
    row = mart("announcements", [figure("state", "release_announced", 300, 20)]).row(0, named=True)
    assert row["verified_30_low"] is None
    assert row["share_30_low"] is None


def test_what_was_verified_is_not_read_from_a_total_that_fell(mart):
    rows = [
        figure("state", "release_announced", 300, 20),
        *(
            figure("primary", "released_to_date", value, at, since=-30)
            for value, at in ((100, 19), (90, 21), (95, 30))
        ),
    ]
    row = mart("announcements", rows).row(0, named=True)
    assert (row["verified_14_low"], row["verified_14_high"]) == (None, None)


def test_a_revision_says_how_much_how_late_and_by_whom(mart):
    row = mart(
        "revisions",
        [
            figure("primary", "released_to_date", 91, 4, since=0),
            figure("primary", "released_to_date", 109, 4, since=0, published=6, publisher="Other Daily"),
        ],
    ).row(0, named=True)
    assert (row["old_value"], row["new_value"], row["change_low"], row["days_late"]) == (91, 109, 18, 2)
    assert (row["old_publisher"], row["new_publisher"]) == ("Demo Daily", "Other Daily")


PLANTED = [
    (
        "two_values_one_moment",
        [figure("primary", "in_custody", 507, 0), figure("primary", "in_custody", 526, 0)],
        [507, 526],
    ),
    (
        "cumulative_falls",
        [
            figure("primary", "detained_to_date", 17609, 0, since=-900),
            figure("primary", "detained_to_date", 17577, 10, since=-900),
        ],
        [17609, 17577],
    ),
    (
        "parts_do_not_add_up",
        [
            figure("primary", "in_custody", 372, 0),
            figure("primary", "in_custody", 214, 0, breakdown="service=civilian"),
            figure("primary", "in_custody", 159, 0, breakdown="service=military"),
        ],
        [372, 373],
    ),
    (
        "parts_do_not_add_up",
        [
            figure("primary", "detained_to_date", 453, 0, since=-700, breakdown="affiliation=party"),
            figure("primary", "released_to_date", 345, 0, since=-700, breakdown="affiliation=party"),
            figure("primary", "in_custody", 107, 0, breakdown="affiliation=party"),
        ],
        [453, 345, 107],
    ),
    (
        "value_equals_other_measure",
        [
            figure("primary", "in_custody", 610, 0),
            figure("primary", "in_custody", 448, 5),
            figure("primary", "in_custody", 602, 9),
            figure("primary", "released_to_date", 448, 5, since=-30),
        ],
        [448, 448],
    ),
    (
        "flow_exceeds_cumulative_change",
        [
            figure("primary", "released_to_date", 100, 0, since=-30),
            figure("primary", "released_to_date", 110, 7, since=-30),
            figure("primary", "released", 30, 7, since=0),
        ],
        [30, 100, 110],
    ),
    (
        "flow_exceeds_cumulative_change",
        [
            figure("primary", "released_to_date", 100, 0, since=-30),
            figure("primary", "released_to_date", 110, 14, since=-30),
            figure("primary", "released", 8, 7, since=0),
            figure("primary", "released", 6, 14, since=7),
        ],
        [8, 6, 100, 110],
    ),
    (
        "applications_told_as_releases",
        [
            figure("state", "amnesty_applications_to_date", 1557, 0, since=-2),
            figure("state", "released_to_date", 1557, 0, since=-2, published=1, publisher="Other Daily"),
        ],
        [1557, 1557],
    ),
    (
        "released_exceeds_ever_detained",
        [
            figure("primary", "released_to_date", 30, 5, since=0),
            figure("primary", "detained_to_date", 9, 5, since=0),
            figure("primary", "in_custody", 15, 0),
        ],
        [30, 9],
    ),
    (
        "bound_turned_into_point",
        [
            figure("state", "released_to_date", 407, 5, since=0, qualifier="more_than"),
            figure("state", "released_to_date", 407, 5, since=0, published=9),
        ],
        [407, 407],
    ),
    ("as_of_after_published", [figure("other", "in_custody", 25, 9, published=8)], [25]),
]


def test_each_planted_contradiction_is_found(tmp_path):
    found = side_by_side(tmp_path, "contradictions", [rows for _, rows, _ in PLANTED])
    missed = [
        (rule, values, mine.to_dicts())
        for (rule, _, values), mine in zip(PLANTED, found, strict=True)
        if values not in mine.filter(pl.col("rules").list.contains(rule))["values"].to_list()
    ]
    assert missed == []
    ranks = [rank for mine in found for rank in mine["rank"]]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    assert [mine["rank"].to_list() for mine in found] == [sorted(mine["rank"]) for mine in found]


def test_rules_that_set_the_same_claims_side_by_side_are_one_finding(mart):
    row = mart(
        "contradictions",
        [
            figure("primary", "in_custody", 407, 0, qualifier="more_than"),
            figure("primary", "in_custody", 407, 0, publisher="Other Daily"),
        ],
    ).row(0, named=True)
    assert row["rules"] == ["bound_turned_into_point", "two_values_one_moment"]
    assert row["values"] == [407, 407]


def test_a_contradiction_is_published_when_all_of_its_values_are(mart):
    rows = [
        figure("primary", "released_to_date", 100, 0, since=-30, published=1),
        figure("primary", "released_to_date", 90, 10, since=-30, published=14),
    ]
    assert mart("contradictions", rows)["published"].to_list() == [day(14)]


def test_all_flows_of_one_window_that_exceed_its_total_are_one_finding(mart):
    found = mart(
        "contradictions",
        [
            figure("primary", "released_to_date", 100, 0, since=-30),
            figure("primary", "released_to_date", 103, 7, since=-30),
            figure("primary", "released", 80, 7, since=0),
            figure("primary", "released", 110, 7, since=0, publisher="Other Daily"),
        ],
    ).filter(rule="flow_exceeds_cumulative_change")
    assert found["values"].to_list() == [[80, 110, 100, 103]]
    assert found["people"].to_list() == [107]


def test_windows_that_overlap_are_not_added_up(mart):
    rows = [
        figure("primary", "released_to_date", 100, 0, since=-30),
        figure("primary", "released_to_date", 110, 14, since=-30),
        figure("primary", "released", 8, 7, since=0),
        figure("primary", "released", 6, 13, since=6),
    ]
    assert mart("contradictions", rows).is_empty()


def test_a_finding_names_the_window_of_its_figures(mart):
    rows = [
        figure("state", "under_measures", value, 4, since=since)
        for value in (626, 808)
        for since in (-90, -30)
    ]
    assert sorted(mart("contradictions", rows)["period_start"].to_list()) == [day(-90), day(-30)]


def test_every_reviewing_rule_is_applied_and_planted():
    names = {path.stem for path in (SQL / "checks" / "review").glob("*.sql")}
    text = (SQL / "5_marts/17_contradictions.sql").read_text()
    assert {name for name in names if f"FROM rule_{name}(" not in text} == set()
    assert {rule for rule, _, _ in PLANTED} == names


def test_an_explained_contradiction_stays_and_says_so(mart):
    explanation = """
[[explanation]]
rule = "cumulative_falls"
organisation = "primary"
values = [100, 90]
reason = { es = "Duplicados retirados.", en = "Duplicates were removed." }
decided = 2026-03-20
"""
    rows = [
        figure("primary", "released_to_date", 100, 0, since=-30),
        figure("primary", "released_to_date", 90, 10, since=-30),
    ]
    found = mart("contradictions", rows, explanations=explanation)
    assert found["explanation"].to_list() == ["Duplicates were removed."]


def test_outlets_that_repeat_a_statement_are_one_origin_and_no_corroboration(mart):
    row = mart(
        "origins",
        [figure("primary", "in_custody", 500, 0, publisher=f"Outlet {n}", published=n) for n in range(3)],
    ).row(0, named=True)
    assert (row["carriers"], row["first_publisher"], row["corroborated"]) == (3, "Outlet 0", False)


@pytest.mark.parametrize(("who", "corroborated"), [("other", True), ("primary+other", False)])
def test_only_an_independent_organisation_corroborates(mart, who, corroborated):
    found = mart("origins", [figure("primary", "in_custody", 500, 0), figure(who, "in_custody", 500, 0)])
    assert found.filter(organisation="primary")["corroborated"].to_list() == [corroborated]


@pytest.mark.parametrize(
    ("said", "beside", "corroborated"),
    [
        (("about", 100), ("exact", 103), True),
        (("exact", 103), ("about", 100), False),  # it says less than what it would have to confirm
        (("more_than", 100), ("exact", 900), False),  # any larger figure fits an open bound
        (("exact", 900), ("more_than", 100), False),
        (("more_than", 100), ("more_than", 100), True),
    ],
)
def test_only_the_same_or_something_more_exact_corroborates(mart, said, beside, corroborated):
    found = mart(
        "origins",
        [
            figure("primary", "in_custody", said[1], 0, qualifier=said[0]),
            figure("other", "in_custody", beside[1], 0, qualifier=beside[0]),
        ],
    )
    assert found.filter(organisation="primary")["corroborated"].to_list() == [corroborated]


def test_a_speaker_nobody_named_corroborates_nobody(mart):
    organisations = ORGANISATIONS.replace('name = "Other"\n', 'name = "Other"\nunnamed = true\n')
    rows = [figure("primary", "in_custody", 500, 0), figure("other", "in_custody", 500, 0)]
    assert mart("origins", rows, organisations=organisations)["corroborated"].to_list() == [False, False]


def test_two_offices_of_one_government_do_not_corroborate_each_other(mart):
    found = mart("origins", [figure("state", "in_custody", 5, 0), figure("ministry", "in_custody", 5, 0)])
    assert found["corroborated"].to_list() == [False, False]


def test_registries_are_a_band_with_each_edge_named(mart):
    row = mart("bands", [figure("primary", "in_custody", 526, 4), figure("other", "in_custody", 759, 1)]).row(
        0, named=True
    )
    assert (row["low_organisation"], row["low_value"]) == ("primary", 526)
    assert (row["high_organisation"], row["high_value"]) == ("other", 759)
    assert (row["low_as_of"], row["high_as_of"]) == (day(4), day(1))


def test_two_edges_are_one_band_at_the_moment_nearest_to_both(mart):
    rows = [
        *(figure("primary", "in_custody", 600 + at, at, provenance="primary") for at in (-6, -4, -1, 2)),
        figure("other", "in_custody", 494, -1),
        figure("primary+other", "in_custody", 759, 1),
    ]
    (band,) = mart("bands", rows).to_dicts()
    assert (band["as_of"], band["low_as_of"], band["high_as_of"]) == (day(-1), day(-1), day(1))


def test_new_detentions_stand_for_each_hundred_releases_of_the_same_window(mart):
    row = mart(
        "revolving_door",
        [figure("primary", "detained", 5, 7, since=0), figure("primary", "released", 20, 7, since=0)],
    ).row(0, named=True)
    assert (row["detained_per_100_released_low"], row["net_low"]) == (25.0, 15)


@pytest.mark.parametrize(
    ("organisation", "since", "reason"),
    [("other", 0, "different_speaker"), ("primary", -5, "different_window")],
)
def test_other_speakers_and_windows_are_refused_at_the_revolving_door(mart, organisation, since, reason):
    row = mart(
        "revolving_door",
        [figure(organisation, "detained", 5, 7, since=since), figure("primary", "released", 20, 7, since=0)],
    ).row(0, named=True)
    assert (row["reason"], row["comparable"], row["net_low"]) == (reason, False, None)


def test_a_break_refuses_everything_across_it(tmp_path):
    rows = [
        *WEEK,
        figure("primary", "released_to_date", 100, 0, since=-30),
        figure("primary", "released_to_date", 90, 7, since=-30),
        figure("state", "release_announced", 50, 0),
    ]
    data = write(tmp_path, rows)
    assert built(data, "reconciliation")["residual"].to_list() == [4]
    assert built(data, "revolving_door")["comparable"].to_list() == [True]
    assert "cumulative_falls" in built(data, "contradictions")["rule"].to_list()
    (tmp_path / "demo" / "organisations.toml").write_text(
        with_break(["in_custody", "released", "released_to_date", "detained"], at=3)
    )
    assert built(data, "breaks").height >= 4
    assert built(data, "reconciliation")["refused"].to_list() == ["break"]
    assert built(data, "reconciliation")["residual"].to_list() == [None]
    assert built(data, "revolving_door")["reason"].to_list() == ["break"]
    assert "cumulative_falls" not in built(data, "contradictions")["rule"].to_list()
    assert built(data, "announcements")["verified_30_low"].to_list() == [None]


def test_small_cells_of_children_cannot_be_had_by_subtraction(tmp_path):
    data = write(
        tmp_path,
        [
            figure("primary", "in_custody", 457, 0),
            figure("primary", "in_custody", 1, 0, breakdown="age=adolescent"),
            figure("primary", "in_custody", 456, 0, breakdown="age=adult"),
            figure("primary", "in_custody", 43, 0, breakdown="sex=female"),
        ],
    )
    found = {row["breakdown"]: row for row in built(data, "breakdowns").to_dicts()}
    assert (found["age=adolescent"]["value"], found["age=adolescent"]["fewer_than"]) == (None, 5)
    assert (found["age=adult"]["value"], found["age=adult"]["suppression"]) == (None, "complementary")
    assert found["sex=female"]["value"] == 43


def test_a_total_and_the_adults_do_not_give_away_the_children_nobody_stated(mart):
    found = mart(
        "breakdowns",
        [
            figure("primary", "in_custody", 457, 0),
            figure("primary", "in_custody", 456, 0, breakdown="age=adult"),
        ],
    )
    assert found["value"].to_list() == [None]


def test_a_bulletin_that_did_not_say_is_a_gap(mart):
    rows = [figure("primary", "in_custody", 400, n) for n in (0, 7, 14)]
    rows += [figure("primary", "in_custody", 40, n, breakdown="sex=female") for n in (0, 14)]
    found = mart("breakdowns", rows)
    assert found["stated"].to_list() == [True, False, True]
    assert found["value"].to_list() == [40, None, 40]
