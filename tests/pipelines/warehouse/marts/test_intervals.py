"""An interval is never upside down, and holds every truth that the statements allow."""

from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pipelines.warehouse.marts.conftest import day, figure, tables

PAIRS = {
    "announcements": [(f"verified_{days}_low", f"verified_{days}_high") for days in (7, 14, 30)],
    "breakdowns": [("share_low", "share_high")],
    "gaps": [("difference_low", "difference_high")],
    "reconciliation": [
        *((f"{flow}_low", f"{flow}_high") for flow in ("released", "detained", "reported_late", "deaths")),
        ("residual_low", "residual_high"),
    ],
    "revolving_door": [
        ("net_low", "net_high"),
        ("detained_per_100_released_low", "detained_per_100_released_high"),
    ],
}
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
HEDGES = st.sampled_from(["exact", "at_least", "more_than", "at_most", "less_than", "about", "range"])


def hedged(qualifier: str, truth: int, off: int) -> dict[str, Any]:
    """A statement that a truth allows, as little off as a hedge may be."""
    match qualifier:
        case "at_least":
            return {"qualifier": qualifier, "value": max(truth - off, 0)}
        case "more_than" if truth:
            return {"qualifier": qualifier, "value": max(truth - 1 - off, 0)}
        case "at_most":
            return {"qualifier": qualifier, "value": truth + off}
        case "less_than":
            return {"qualifier": qualifier, "value": truth + 1 + off}
        case "about":
            return {"qualifier": qualifier, "value": truth}
        case "range":
            return {"qualifier": qualifier, "value": max(truth - off, 0), "value_high": truth + off}
        case _:
            return {"qualifier": "exact", "value": truth}


@st.composite
def history(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """Statements about a true history of some weeks, each hedged in its own way, and its flows by week."""
    weeks = draw(st.integers(2, 5))
    flows = [draw(st.tuples(st.integers(0, 30), st.integers(0, 20))) for _ in range(weeks)]
    held, gone, came = [300], [40], [70]
    for released, detained in flows:
        held.append(held[-1] - released + detained)
        gone.append(gone[-1] + released)
        came.append(came[-1] + detained)
    rows = [figure("state", "release_announced", 60, 7)]
    for week in range(weeks + 1):
        at = 7 * week

        def stated(
            measure: str, truth: int, organisation: str = "primary", at: int = at, **more: Any
        ) -> None:
            words = hedged(draw(HEDGES), truth, draw(st.integers(0, 15)))
            rows.append(figure(organisation, measure, as_of=at, **{**words, **more}))

        rows.append(figure("primary", "in_custody", held[week], at))
        stated("in_custody", held[week], "state")
        stated("released_to_date", gone[week], since=-60)
        stated("released_to_date", gone[week] // 3, since=-60, breakdown="sex=female")
        stated("detained_to_date", came[week], since=-60)
        if week and draw(st.booleans()):
            stated("released", flows[week - 1][0], since=at - 7)
        if week and draw(st.booleans()):
            stated("detained", flows[week - 1][1], since=at - 7)
    return rows, {"released": [each for each, _ in flows], "detained": [each for _, each in flows]}


@given(history())
@FEW
def test_true_statements_give_intervals_that_hold_the_truth(
    made: tuple[list[dict[str, Any]], dict[str, list[int]]],
) -> None:
    rows, truth = made
    found = tables(rows, PAIRS)
    for table, pairs in PAIRS.items():
        for low, high in pairs:
            assert found[table].filter(pl.col(low) > pl.col(high)).is_empty(), (table, low)
    for way in found["reconciliation"].filter(organisation="primary").to_dicts():
        weeks = range((way["opening_as_of"] - day(0)).days // 7, (way["as_of"] - day(0)).days // 7)
        for flow in ("released", "detained"):
            low, high = way[f"{flow}_low"], way[f"{flow}_high"]
            true = sum(truth[flow][week] for week in weeks)
            assert low is None or low <= true
            covered = round((way[f"{flow}_days"] or 0) / 7)  # a flow over part of a way bounds that part
            least = sum(sorted(truth[flow][week] for week in weeks)[:covered])
            assert high is None or least <= high
            assert high is None or covered < len(weeks) or true <= high
        if way["refused"] is None:
            low, high = way["residual_low"], way["residual_high"]
            assert low is None or low <= 0
            assert high is None or high >= 0
    for case in found["announcements"].to_dicts():
        assert case["contradicted"] == []


ANY = st.tuples(HEDGES, st.integers(0, 40), st.integers(0, 15))


@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), min_size=2, max_size=5))
@FEW
def test_no_interval_is_upside_down_whatever_was_stated(weeks: list[tuple[Any, ...]]) -> None:
    rows = [figure("state", "release_announced", 60, 7)]
    for week, (held, gone, part, flow) in enumerate(weeks):
        at = 7 * week
        rows.append(figure("primary", "in_custody", 300 + week, at))
        for measure, words, more in (
            ("released_to_date", gone, {"since": -60}),
            ("released_to_date", part, {"since": -60, "breakdown": "sex=female"}),
            ("released", flow, {"since": at - 7}),
            ("detained", held, {"since": at - 7}),
            ("detained", part, {"since": at - 7, "breakdown": "status=reported_late"}),
            ("deaths_in_custody_to_date", flow, {"since": -60}),
        ):
            rows.append(figure("primary", measure, as_of=at, **hedged(*words), **more))
        rows.append(figure("state", "in_custody", as_of=at, **hedged(*held)))
    found = tables(rows, PAIRS)
    for table, pairs in PAIRS.items():
        for low, high in pairs:
            assert found[table].filter(pl.col(low) > pl.col(high)).is_empty(), (table, low)


def test_a_bound_at_an_end_of_the_way_bounds_the_flow_and_no_other_value_stands_in_for_it(mart: Any) -> None:
    rows = [
        figure("primary", "in_custody", 700, 0),
        figure("primary", "in_custody", 568, 7),
        figure("primary", "released_to_date", 400, 0, since=-60),
        figure("primary", "released_to_date", 417, 3, since=-60),
        figure("primary", "released_to_date", 485, 7, since=-60, qualifier="more_than"),
    ]
    way = mart("reconciliation", rows).row(0, named=True)
    assert (way["released_low"], way["released_high"]) == (86, None)


def test_windows_and_a_total_that_allow_no_number_together_are_said_to_contradict(mart: Any) -> None:
    rows = [
        figure("state", "release_announced", 300, 20),
        figure("primary", "released", 90, 25, since=21),
        figure("primary", "released_to_date", 100, 20, since=-60),
        figure("primary", "released_to_date", 130, 27, since=-60),
    ]
    case = mart("announcements", rows).row(0, named=True)
    assert (case["contradicted"][0], case["verified_7_low"], case["verified_7_high"]) == (7, None, None)


def test_what_is_more_than_its_total_has_no_share(mart: Any) -> None:
    rows = [
        figure("primary", "in_custody", 63, 0),
        figure("primary", "in_custody", 71, 0, breakdown="sex=female"),
        figure("primary", "in_custody", 60, 0, breakdown="sex=male"),
    ]
    shares = {row["breakdown"]: row["share_low"] for row in mart("breakdowns", rows).to_dicts()}
    assert shares == {"sex=female": None, "sex=male": 60 / 63}
