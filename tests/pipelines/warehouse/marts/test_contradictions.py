"""Rules that set figures side by side: each finds what it is for, and says it once."""

import polars as pl

from pipelines.core.paths import SQL
from tests.pipelines.warehouse.marts.conftest import day, figure, side_by_side

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
            figure("primary", "in_custody", 382, 0),
            figure("primary", "in_custody", 500, 0, breakdown="sex=female"),
        ],
        [382, 500],
    ),
    (
        "parts_do_not_add_up",
        [
            figure("primary", "in_custody", 40, 0, qualifier="less_than"),
            figure("primary", "in_custody", 40, 0, qualifier="at_least", breakdown="age=adult;sex=male"),
        ],
        [40, 40],
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
    assert [mine["rank"].to_list() for mine in found] == [list(range(1, mine.height + 1)) for mine in found]


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


def test_a_part_is_above_its_whole_only_where_no_number_fits_both_and_the_day_did_not_go_on(mart):
    fits = [
        figure("primary", "in_custody", 380, 0, qualifier="about"),
        figure("primary", "in_custody", 382, 0, breakdown="sex=female"),
        figure("primary", "released_to_date", 90, 0, since=-30, published=1),
        figure("primary", "released_to_date", 95, 0, since=-30, published=2, breakdown="sex=female"),
        figure("primary", "in_custody", 20, 9),
        figure("primary", "in_custody", 30, 10, breakdown="sex=female"),
        figure("other", "in_custody", 30, 9, breakdown="sex=female"),
        figure("primary", "released", 16, 9, since=0),
        figure("primary", "released", 201, 9, since=0, breakdown="prior_status=detained"),  # counted beside
    ]
    assert mart("contradictions", fits).filter(rule="parts_do_not_add_up").is_empty()


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


EXPLAINED = """
[[explanation]]
rule = "cumulative_falls"
organisation = "primary"
values = [100, 90]
reason = {{ es = "{es}", en = "{en}" }}
decided = 2026-03-20
"""
FALLEN = [
    figure("primary", "released_to_date", 100, 0, since=-30),
    figure("primary", "released_to_date", 90, 10, since=-30),
]


def test_an_explained_contradiction_stays_and_says_so(mart):
    explanation = EXPLAINED.format(es="Duplicados retirados.", en="Duplicates were removed.")
    found = mart("contradictions", FALLEN, explanations=explanation)
    assert found["explanation"].to_list() == ["Duplicates were removed."]


def test_of_two_explanations_one_is_told_in_all_its_languages(mart):
    removed = EXPLAINED.format(es="Duplicados retirados.", en="Z: duplicates were removed.")
    recounted = EXPLAINED.format(es="Se contó de nuevo.", en="A: counted anew.")
    found = mart("contradictions", FALLEN, explanations=removed + recounted)
    told = found.select("explanation_es", "explanation").rows()
    assert told == [("Duplicados retirados.", "Z: duplicates were removed.")]
