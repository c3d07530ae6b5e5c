"""Generated histories: any past day can be rebuilt, order never matters, clean is not flagged."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.core.paths import SQL
from pipelines.warehouse import build, published_build, table_registry
from tests.pipelines.warehouse.marts.conftest import day, figure, side_by_side, write

MARTS = tuple(sorted(set(table_registry.AS_KNOWN_ON) - {"claims", "series", "statements"}))
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
# No part that may have to be withheld: one that is withheld today is in every view of an earlier day as well.
PARTS = ("total", "total", "sex=female", "sex=male", "service=military", "service=civilian")


@st.composite
def _claim(draw: st.DrawFn) -> dict[str, Any]:
    measure = draw(
        st.sampled_from(
            [
                "in_custody",
                "released",
                "released_to_date",
                "detained",
                "detained_to_date",
                "release_announced",
            ]
        )
    )
    as_of = draw(st.integers(0, 20))
    windowed = measure not in ("in_custody", "release_announced")
    cumulative = measure.endswith("_to_date")
    return figure(
        draw(st.sampled_from(["primary", "other", "state"])),
        measure,
        draw(st.integers(0, 60)),
        as_of,
        since=(draw(st.sampled_from([-30, -29])) if cumulative else as_of - 7) if windowed else None,
        published=as_of + draw(st.integers(0, 6)),
        qualifier=draw(st.sampled_from(["exact", "exact", "exact", "more_than", "at_least", "about"])),
        breakdown=draw(st.sampled_from(PARTS)),
        publisher=draw(st.sampled_from(["Demo Daily", "Other Daily"])),
    )


def _frames(rows: list[dict[str, Any]], known_on: date | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        data = write(Path(scratch), rows)
        build.build(data, today=date(2026, 12, 31))
        with published_build.open_current(data) as con:
            return {name: table_registry.read_table(con, name, as_known_on=known_on) for name in MARTS}


@given(st.lists(_claim(), min_size=20, max_size=60), st.integers(3, 20))
@FEW
def test_as_known_on_a_day_gives_what_was_published_that_day(rows: list[dict[str, Any]], cut: int) -> None:
    known = [row for row in rows if row["published"] <= day(cut).isoformat()]
    if known:
        then, now = _frames(known, None), _frames(rows, day(cut))
        for name in MARTS:
            assert_frame_equal(then[name], now[name])


@given(st.lists(_claim(), min_size=20, max_size=60), st.randoms())
@FEW
def test_the_order_of_ingestion_never_matters(rows: list[dict[str, Any]], chance: Any) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = _frames(rows, None), _frames(mixed, None)
    for name in MARTS:
        assert_frame_equal(one[name], other[name])


Weeks = list[tuple[int, int, int]]
Rows = list[dict[str, Any]]
Plant = Callable[[Rows, int, int], list[int]]
WEEKS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 4)), min_size=2, max_size=8)


def _clean(opening: int, weeks: Weeks, share: int) -> Rows:
    """A history that adds up: each week's released, detained, and days until it was published."""
    rows, held, gone, came = [figure("primary", "in_custody", opening, 0)], opening, 0, 0
    for number, (released, detained, lag) in enumerate(weeks, start=1):
        held, gone, came = held - released + detained, gone + released, came + detained
        at = {"as_of": 7 * number, "published": 7 * number + lag}
        women = held * share // 100
        rows += [
            figure("primary", "in_custody", held, **at),
            figure("primary", "in_custody", women, breakdown="sex=female", **at),
            figure("primary", "in_custody", held - women, breakdown="sex=male", **at),
            figure("primary", "released", released, since=7 * number - 7, **at),
            figure("primary", "released_to_date", gone, since=0, **at),
            figure("primary", "detained_to_date", came, since=0, **at),
            figure("state", "released_to_date", gone, qualifier="at_least", since=0, **at),
        ]
    return rows


HISTORY = st.tuples(st.integers(150, 900), WEEKS, st.integers(20, 80))


def _contradictions(cases: list[Rows]) -> list[pl.DataFrame]:
    """What a build finds in each history; all of them are situations of one build."""
    with tempfile.TemporaryDirectory() as scratch:
        return side_by_side(Path(scratch), "contradictions", cases)


@given(st.lists(HISTORY, min_size=6, max_size=6))
@settings(FEW, max_examples=2)
def test_a_clean_history_is_never_flagged(histories: list[tuple[int, Weeks, int]]) -> None:
    found = _contradictions([_clean(*each) for each in histories])
    assert [mine.to_dicts() for mine in found if mine.height] == []


def _week(rows: Rows, number: int, measure: str) -> dict[str, Any]:
    """The total that the primary organisation states of one measure at the end of one week."""
    return next(
        row
        for row in rows
        if (row["organisation"], row["measure"], row["breakdown"], row["as_of"])
        == ("primary", measure, "total", day(7 * number).isoformat())
    )


def _two_values(rows: Rows, week: int, off: int) -> list[int]:
    stated = _week(rows, week, "in_custody")
    other = stated["value"] + 60 + off  # further apart than a rounding
    rows.append({**stated, "value": other, "publisher": "Other Daily"})
    return [stated["value"], other]


def _falls(rows: Rows, week: int, off: int) -> list[int]:
    top = _week(rows, week, "detained_to_date")["value"] + off
    rows.append(figure("other", "detained_to_date", top, 7 * week, since=0))
    rows.append(figure("other", "detained_to_date", top - off, 7 * week + 3, since=0))
    return [top, top - off]


def _parts_miss(rows: Rows, week: int, off: int) -> list[int]:
    total = _week(rows, week, "in_custody")
    parts = [row for row in rows if row["as_of"] == total["as_of"] and row["breakdown"] == "sex=male"]
    parts[0]["value"] += off
    return [total["value"], total["value"] + off]


def _group_misses(rows: Rows, week: int, off: int) -> list[int]:
    ever, gone = 1000 * off, 400
    for measure, value, since in (
        ("detained_to_date", ever, -700),
        ("released_to_date", gone, -700),
        ("in_custody", ever - gone - off, None),
    ):
        rows.append(figure("other", measure, value, 7 * week, since=since, breakdown="affiliation=party"))
    return [ever, gone, ever - gone - off]


def _more_gone_than_ever_held(rows: Rows, week: int, off: int) -> list[int]:
    rows.append(figure("other", "released_to_date", 40 + off, 7 * week, since=0))
    rows.append(figure("other", "detained_to_date", 40, 7 * week, since=0))
    return [40 + off, 40]


def _bound_as_point(rows: Rows, week: int, off: int) -> list[int]:
    bound = figure("ministry", "released_to_date", 400 + off, 7 * week, since=0, qualifier="more_than")
    rows += [bound, {**bound, "qualifier": "exact", "published": day(7 * week + 2).isoformat()}]
    return [400 + off, 400 + off]


def _not_yet(rows: Rows, week: int, off: int) -> list[int]:
    rows.append(figure("other", "in_custody", 300 + off, 7 * week, published=7 * week - 1))
    return [300 + off]


def _other_measure(rows: Rows, week: int, off: int) -> list[int]:
    told = int(_week(rows, week, "in_custody")["value"]) // 2 - off
    rows.append(figure("primary", "in_custody", told, 7 * week - 3))
    rows.append(figure("primary", "full_freedom_to_date", told, 7 * week - 3, since=0))
    return [told, told]


def _flow_too_large(rows: Rows, week: int, off: int) -> list[int]:
    flow = _week(rows, week, "released")
    flow["value"] += off
    totals = [_week(rows, number, "released_to_date")["value"] for number in (week - 1, week) if number]
    return [flow["value"], *totals]


def _applications(rows: Rows, week: int, off: int) -> list[int]:
    said = figure("state", "amnesty_applications_to_date", 1500 + off, 7 * week, since=-2)
    told = {"measure": "released_to_date", "publisher": "Other Daily"}
    rows += [said, {**said, **told}]
    return [1500 + off, 1500 + off]


PLANTS = {
    _two_values: "two_values_one_moment",
    _falls: "cumulative_falls",
    _parts_miss: "parts_do_not_add_up",
    _group_misses: "parts_do_not_add_up",
    _more_gone_than_ever_held: "released_exceeds_ever_detained",
    _bound_as_point: "bound_turned_into_point",
    _not_yet: "as_of_after_published",
    _other_measure: "value_equals_other_measure",
    _flow_too_large: "flow_exceeds_cumulative_change",
    _applications: "applications_told_as_releases",
}


def test_every_rule_is_planted() -> None:
    assert set(PLANTS.values()) == {path.stem for path in (SQL / "checks" / "review").glob("*.sql")}


@given(HISTORY, st.integers(1, 9), st.randoms())
@settings(FEW, max_examples=2)
def test_a_contradiction_planted_in_a_clean_history_is_found(
    history: tuple[int, Weeks, int], off: int, chance: Any
) -> None:
    planted = [_clean(*history) for _ in PLANTS]
    values = [
        plant(rows, chance.randint(1, len(history[1])), off)
        for plant, rows in zip(PLANTS, planted, strict=True)
    ]
    missed = [
        (rule, wanted, mine.to_dicts())
        for rule, wanted, mine in zip(PLANTS.values(), values, _contradictions(planted), strict=True)
        if wanted not in mine.filter(pl.col("rules").list.contains(rule))["values"].to_list()
    ]
    assert missed == []
