"""Nothing is computed across a break, in any mart; a documented bridge allows it again."""

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.core.situation import SituationError
from pipelines.warehouse import build, published_build, table_registry
from tests.pipelines.warehouse.marts.conftest import built, day, figure, with_break, with_bridge, write

MEASURES = ("in_custody", "released", "released_to_date", "detained", "detained_to_date")
COMPUTED = (
    "announcements",
    "bands",
    "breakdowns",
    "contradictions",
    "gaps",
    "reconciliation",
    "revolving_door",
)
Frames = dict[str, pl.DataFrame]
Weeks = list[tuple[int, int]]


def history(weeks: Weeks) -> list[dict[str, Any]]:
    """Weeks of one registry with every kind of figure, a government beside it, a total that falls.

    All first hand, since what a single outlet says out of line would be in doubt, and no input of anything.
    """
    said = partial(figure, provenance="primary")
    rows, held, gone, came = [said("primary", "in_custody", 500, 0)], 500, 0, 0
    for number, (released, detained) in enumerate(weeks, start=1):
        held, gone, came = held - released + detained, gone + released, came + detained
        at = 7 * number
        rows += [
            said("primary", "in_custody", held, at),
            said("primary", "released", released, at, since=at - 7),
            said("primary", "detained", detained, at, since=at - 7),
            said("primary", "released_to_date", gone, at, since=0),
            said("primary", "released_to_date", gone // 2, at, since=0, breakdown="sex=female"),
            said("primary", "detained_to_date", came, at, since=0),
            said("state", "released_to_date", gone + 9, at, since=0),
            said("other", "released_to_date", gone + 5, at + 1, since=0),
            said("state", "release_announced", 40, at - 1),
        ]
    last = 7 * len(weeks) + 2
    return [*rows, said("primary", "released_to_date", gone - 1, last, since=0)]


def frames(rows: list[dict[str, Any]], **files: str) -> Frames:
    """The marts of one situation, and the days that pace and outlook heed."""
    with tempfile.TemporaryDirectory() as scratch:
        data = write(Path(scratch), rows)
        for stem, text in files.items():
            (data.situation("demo") / f"{stem}.toml").write_text(text)
        build.build(data, today=date(2026, 12, 31))
        with published_build.open_current(data) as con:
            found = {name: table_registry.read_table(con, name) for name in (*COMPUTED, "breaks", "claims")}
            days = published_build.read_pace_breaks(con, "demo", "primary", day(300))
    return {**found, "outlook": pl.DataFrame({"happened": days}, schema={"happened": pl.Date})}


def across(start: str, end: str, at: date) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The rows whose window starts before a day and reaches it."""
    return lambda frame: frame.filter(pl.col(start) < at, pl.col(end) >= at)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 8)), min_size=3, max_size=6),
    st.integers(1, 18),
)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_everything_across_a_break_is_refused_and_a_bridge_allows_it_again(weeks: Weeks, offset: int) -> None:
    rows, at = history(weeks), day(offset)
    whole = frames(rows)
    broken = frames(rows, organisations=with_break(MEASURES, at=offset))
    bridged = frames(
        rows, organisations=with_break(MEASURES, at=offset), bridges=with_bridge(MEASURES, at=offset)
    )
    assert set(broken["breaks"]["happened"]) == {at}
    assert broken["outlook"]["happened"].to_list() == [at]
    windowed = across("period_start", "as_of", at)

    gaps = across("right_period_start", "as_of", at)
    assert gaps(whole["gaps"])["comparable"].any()
    assert not gaps(broken["gaps"])["comparable"].any()
    assert gaps(broken["gaps"])["difference_low"].null_count() == gaps(broken["gaps"]).height

    ways = across("opening_as_of", "as_of", at)
    assert set(ways(broken["reconciliation"])["refused"]) <= {"break"}
    assert ways(whole["reconciliation"])["residual"].null_count() == 0
    assert ways(broken["reconciliation"]).select("change", "residual", "unexplained").null_count().row(0) == (
        (ways(broken["reconciliation"]).height,) * 3
    )

    doors = windowed(broken["revolving_door"])
    assert windowed(whole["revolving_door"])["comparable"].any()
    assert set(doors["reason"]) <= {"break"}
    assert doors["net_low"].null_count() == doors.height

    banded = across("baseline", "as_of", at)
    assert banded(whole["bands"]).height
    assert not any("primary" in each for each in banded(broken["bands"])["organisations"].to_list())

    falls = windowed(whole["contradictions"].filter(rule="cumulative_falls"))
    assert falls.height
    assert windowed(broken["contradictions"]).is_empty()

    assert windowed(whole["breakdowns"])["share_low"].null_count() == 0
    parts = windowed(broken["breakdowns"])
    assert parts["share_low"].null_count() == parts.height

    ends = dict(broken["claims"].select("claim_id", "as_of").iter_rows())
    for case in broken["announcements"].to_dicts():
        counted = [ends[claim] for claim in case["verified_claims"] or []]
        if case["as_of"] - timedelta(days=6) < at:
            assert all(end < at for end in counted)
            assert at > case["as_of"] + timedelta(days=30) or case["verified_30_high"] is None

    for mart in COMPUTED:
        assert_frame_equal(bridged[mart], whole[mart])
    assert bridged["breaks"]["bridged"].all()
    assert bridged["outlook"].is_empty()


def test_what_lies_on_one_side_of_a_break_is_still_computed() -> None:
    rows = history([(3, 1), (4, 2), (5, 0)])
    whole, broken = frames(rows), frames(rows, organisations=with_break(MEASURES, at=8))
    for mart, opens in (("reconciliation", "opening_as_of"), ("revolving_door", "period_start")):
        apart = (pl.col(opens) >= day(8)) | (pl.col("as_of") < day(8))
        flows = apart if mart == "reconciliation" else apart & (pl.col("detained_measure") == "detained")
        kept = whole[mart].filter(flows)
        assert kept.height
        assert_frame_equal(broken[mart].filter(flows), kept)


def test_a_registry_stands_in_no_band_of_the_other_side_of_its_break(tmp_path: Path) -> None:
    rows = [figure("primary", "in_custody", 526, 4), figure("other", "in_custody", 759, 1)]
    data = write(tmp_path, rows)
    assert built(data, "bands").height == 1
    (tmp_path / "demo" / "organisations.toml").write_text(with_break(["in_custody"], 3, "other"))
    assert built(data, "bands").is_empty()


def test_two_days_of_a_pair_on_two_sides_of_a_break_are_not_compared(tmp_path: Path) -> None:
    rows = [figure("primary", "in_custody", 500, 4), figure("state", "in_custody", 480, 5)]
    data = write(tmp_path, rows)
    assert built(data, "gaps")["comparable"].to_list() == [True]
    (tmp_path / "demo" / "organisations.toml").write_text(with_break(["in_custody"], 5))
    assert built(data, "gaps")["reason"].to_list() == ["break"]


def test_a_change_of_unit_is_a_break_of_its_own_kind(tmp_path: Path) -> None:
    text = "".join(
        '[[organisation.counts]]\nmeasure = "detained_to_date"\npopulation = "detainees"\n'
        f'unit = "{unit}"\nsince = {day(since)}\ntext = {{ es = "u", en = "u" }}\n'
        for unit, since in (("arrests", -30), ("people", 5))
    )
    data = write(tmp_path, [figure("primary", "detained_to_date", 9, 7, since=-30)])
    path = tmp_path / "demo" / "organisations.toml"
    path.write_text(path.read_text().replace('role = "ngo"\n', f'role = "ngo"\n{text}', 1))
    found = built(data, "breaks")
    assert found.select("kind", "happened").rows() == [("unit", day(5))]
    assert built(data, "definitions").select("unit", "since").rows() == [
        ("arrests", day(-30)),
        ("people", day(5)),
    ]


def test_a_definition_that_ends_breaks_on_the_next_day(tmp_path: Path) -> None:
    text = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "detainees"\n'
        f'until = {day(3)}\ntext = {{ es = "u", en = "u" }}\n'
    )
    rows = [figure("primary", "in_custody", 500, 0), figure("primary", "in_custody", 490, 7)]
    data = write(tmp_path, rows)
    path = tmp_path / "demo" / "organisations.toml"
    path.write_text(path.read_text().replace('role = "ngo"\n', f'role = "ngo"\n{text}', 1))
    assert built(data, "breaks")["happened"].to_list() == [day(4)]
    assert built(data, "reconciliation")["refused"].to_list() == ["break"]


def test_two_definitions_of_one_count_that_begin_alike_are_refused(tmp_path: Path) -> None:
    data = write(tmp_path, [figure("primary", "in_custody", 10, 0)])
    path = data.situation("demo") / "organisations.toml"
    counts = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\n'
        'text = { es = "u", en = "u" }\n'
    )
    path.write_text(path.read_text() + counts + counts)
    with pytest.raises(SituationError, match="defines in_custody of held twice without `since`"):
        build.build(data, today=date(2026, 12, 31))


def test_a_bridge_counts_from_the_day_on_which_it_was_decided(tmp_path: Path) -> None:
    rows = [
        figure("primary", "released_to_date", 10, 0, since=0),
        figure("primary", "released_to_date", 40, 20, since=0),
        figure("primary", "released_to_date", 20, 30, since=0),
    ]
    later = 61
    bridge = with_bridge(["released_to_date"], at=25).replace("2026-03-02", day(later).isoformat())
    data = write(tmp_path, rows)
    (data.situation("demo") / "organisations.toml").write_text(with_break(["released_to_date"], at=25))
    (data.situation("demo") / "bridges.toml").write_text(bridge)
    falls = {known_on: built(data, "contradictions", known_on).height for known_on in (30, later)}
    assert falls == {30: 0, later: 1}
    with published_build.open_current(data) as con:
        ahead = [
            published_build.read_pace_breaks(con, "demo", "primary", day(known)) for known in (30, later)
        ]
    assert ahead == [[day(25)], []]
    assert built(data, "breaks", 30)["bridged"].to_list() == [False]
    assert built(data, "breaks", later)["bridged"].to_list() == [True]
