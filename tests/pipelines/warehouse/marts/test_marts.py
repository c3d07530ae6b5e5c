"""Each mart's named case and each of its refusals."""

import pytest

from tests.pipelines.warehouse.marts.conftest import (
    WEEK,
    built,
    day,
    figure,
    with_break,
    write,
)


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


def test_what_was_published_before_is_no_revision_of_what_was_published_after(mart):
    rows = [
        figure("primary", "released_to_date", 113, 4, since=0, published=5),  # the higher is the day's end
        figure("primary", "released_to_date", 109, 4, since=0, published=6, publisher="Other Daily"),
    ]
    assert mart("revisions", rows).is_empty()


def test_of_two_starts_told_of_one_day_first_that_which_was_published_last_is_the_change(mart):
    rows = [
        *(figure("primary", "released_to_date", 10 + at, at, since=3, published=at) for at in (4, 6)),
        *(figure("primary", "released_to_date", 90 + at, at, since=0, published=at + 20) for at in (4, 6)),
    ]
    (found,) = mart("breaks", rows).to_dicts()
    assert (found["baseline_before"], found["baseline"]) == (day(3), day(0))


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
        figure("third", "in_custody", 759, 1),
    ]
    (band,) = mart("bands", rows).to_dicts()
    assert (band["as_of"], band["low_as_of"], band["high_as_of"]) == (day(-1), day(-1), day(1))


@pytest.mark.parametrize(
    ("speakers", "banded"),
    [
        (("primary", "primary+other"), []),
        (("other", "primary+other"), []),
        (("primary", "other", "primary+other"), ["primary", "other"]),
        (("third", "primary+other"), ["third", "primary+other"]),
        (("other", "third", "primary+other"), ["other", "third"]),
    ],
)
def test_a_joint_statement_and_its_member_are_no_two_registries(mart, speakers, banded):
    rows = [figure(each, "in_custody", 500 + place, 1) for place, each in enumerate(speakers)]
    bands = mart("bands", rows).to_dicts()
    assert [each for band in bands for each in band["organisations"]] == banded


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


def test_a_running_total_without_a_start_heads_nothing_and_stays_in_the_lists(tmp_path):
    rows = [
        figure("primary", "released_to_date", 303, 0, since=-60, provenance="primary"),
        figure("primary", "released_to_date", 116, 5, provenance="primary"),
        figure("other", "detained_to_date", 1000, 5, provenance="primary"),
    ]
    data = write(tmp_path, rows)
    heads = built(data, "headline")
    assert heads.select("organisation", "value").rows() == [("primary", 303)]
    assert sorted(built(data, "series")["value"]) == [116, 303, 1000]


def test_a_headline_of_a_flow_says_since_when_it_counts(mart):
    (row,) = mart(
        "headline", [figure("primary", "detained", 696, 7, since=0, provenance="primary")]
    ).to_dicts()
    assert (row["value"], row["period_start"], row["baseline"]) == (696, day(0), None)
