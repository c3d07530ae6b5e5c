"""From claims to statements and series: revisions, echoes, contradictions, windows, and any past day."""

import itertools
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, Built, row, rows_of, write_sheet, write_situation


def said(value: int, day: str, **cells: object) -> dict[str, str]:
    """The list states `value` for 5 January, published on `day`."""
    return row(value=value, published=day, url=f"https://diario.example/{value}/{day}", **cells)


def point(con: duckdb.DuckDBPyConnection, **options: Any) -> list[tuple[int, str, int, bool]]:
    return [
        (r["value"], r["qualifier"], r["revision"], r["contradicted"])
        for r in rows_of(con, "series", **options)
    ]


def test_later_statement_about_the_same_moment_is_a_revision(built: Built) -> None:
    con = built([said(863, "2026-01-05"), said(806, "2026-01-08"), said(806, "2026-01-26")])
    assert point(con) == [(806, "exact", 1, False)]
    (kept,) = rows_of(con, "series")
    assert (kept["published"], kept["last_published"], kept["carriers"]) == (
        date(2026, 1, 8),
        date(2026, 1, 26),
        2,
    )


LEFT = {"measure": "released_to_date", "period_start": "2026-01-01"}


@pytest.mark.parametrize(
    ("told", "revision"),
    [
        ([(15, "2026-01-08"), (16, "2026-01-08")], 0),  # the day's end, told the same day
        ([(16, "2026-01-08"), (15, "2026-01-09")], 0),  # the lower came later: nothing replaced the higher
        ([(15, "2026-01-08"), (16, "2026-01-09")], 1),
        ([(14, "2026-01-08"), (15, "2026-01-09"), (16, "2026-01-09")], 1),  # of two on the ninth, one day
    ],
)
def test_only_what_replaces_a_figure_of_an_earlier_day_is_a_revision(
    built: Built, told: list[tuple[int, str]], revision: int
) -> None:
    con = built([said(value, day, **LEFT) for value, day in told])
    assert point(con) == [(16, "exact", revision, False)]
    assert len(rows_of(con, "revisions")) == min(revision, 1)


def test_what_was_revised_is_not_lost(built: Built) -> None:
    con = built([said(863, "2026-01-05"), said(806, "2026-01-08")])
    standing = {r["value"]: r["standing"] for r in rows_of(con, "statements")}
    assert standing == {863: "superseded", 806: "stands"}


def test_old_figure_repeated_after_a_revision_does_not_come_back(built: Built) -> None:
    con = built([said(863, "2026-01-05"), said(806, "2026-01-08"), said(863, "2026-01-09")])
    assert point(con) == [(806, "exact", 1, False)]


@pytest.mark.parametrize(
    ("qualifier", "value"),
    [("more_than", 800), ("at_least", 806), ("about", 800), ("at_most", 900), ("less_than", 807)],
)
def test_vaguer_repetition_is_an_echo_and_not_a_revision(built: Built, qualifier: str, value: int) -> None:
    con = built([said(806, "2026-01-05"), said(value, "2026-01-09", qualifier=qualifier)])
    assert point(con) == [(806, "exact", 0, False)]
    assert {r["standing"] for r in rows_of(con, "statements")} == {"stands", "echo"}


def test_sharper_statement_revises_a_bound(built: Built) -> None:
    con = built([said(800, "2026-01-05", qualifier="more_than"), said(806, "2026-01-09")])
    assert point(con) == [(806, "exact", 1, False)]


def test_bound_that_the_figure_denies_is_a_revision(built: Built) -> None:
    con = built([said(806, "2026-01-05"), said(900, "2026-01-09", qualifier="more_than")])
    assert point(con) == [(900, "more_than", 1, False)]


def test_two_values_of_one_day_both_stand_as_a_contradiction(built: Built) -> None:
    con = built([said(863, "2026-01-05"), said(806, "2026-01-05")])
    assert sorted(point(con)) == [(806, "exact", 0, True), (863, "exact", 0, True)]


def test_second_hand_statement_does_not_outrank_a_closer_one(built: Built) -> None:
    con = built([said(806, "2026-01-05"), said(860, "2026-01-20", provenance="secondhand")])
    assert [value for value, *_ in point(con)] == [806]
    assert {r["standing"] for r in rows_of(con, "statements")} == {"stands", "outranked"}


def test_second_hand_statement_stands_where_there_is_nothing_closer(built: Built) -> None:
    con = built([said(806, "2026-01-05", provenance="secondhand")])
    assert [(r["value"], r["provenance"]) for r in rows_of(con, "series")] == [(806, "secondhand")]


def test_two_baselines_are_two_series(built: Built) -> None:
    released = {"measure": "released_to_date", "as_of": "2026-02-01", "published": "2026-02-01"}
    con = built(
        [
            row(value=300, period_start="2026-01-08", **released),
            row(value=500, period_start="2025-12-01", **released),
            row(value=700, **released),
        ]
    )
    assert {(r["baseline"], r["value"]) for r in rows_of(con, "series")} == {
        (date(2026, 1, 8), 300),
        (date(2025, 12, 1), 500),
        (None, 700),
    }


def test_flow_without_a_start_begins_at_the_previous_bulletin(built: Built) -> None:
    flow = row(measure="released", value=9, as_of="2026-01-12", published="2026-01-12")
    con = built([row(as_of="2026-01-05"), flow])
    (released,) = (r for r in rows_of(con, "series") if r["measure"] == "released")
    assert (released["period_start"], released["window_basis"]) == (date(2026, 1, 5), "previous_bulletin")


@pytest.mark.parametrize("earlier", [[], [row(as_of="2025-11-01", published="2025-11-01")]])
def test_flow_without_a_known_bulletin_keeps_an_unknown_window(
    built: Built, earlier: list[dict[str, str]]
) -> None:
    flow = row(measure="released", value=9, as_of="2026-01-12", published="2026-01-12")
    (released,) = (r for r in rows_of(built([*earlier, flow]), "series") if r["measure"] == "released")
    assert (released["period_start"], released["window_basis"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("qualifier", "value", "high", "bounds"),
    [
        ("exact", 400, "", (400, 400)),
        ("more_than", 400, "", (401, None)),
        ("at_least", 400, "", (400, None)),
        ("at_most", 400, "", (None, 400)),
        ("less_than", 400, "", (None, 399)),
        ("about", 400, "", (380, 420)),
        ("range", 400, "450", (400, 450)),
    ],
)
def test_qualifier_decides_the_interval(
    built: Built, qualifier: str, value: int, high: str, bounds: tuple[int | None, int | None]
) -> None:
    (kept,) = rows_of(built([row(qualifier=qualifier, value=value, value_high=high)]), "series")
    assert (kept["low"], kept["high"]) == bounds


def test_silence_makes_no_row(built: Built) -> None:
    con = built([row(as_of="2026-01-05"), row(as_of="2026-03-05", published="2026-03-05")])
    assert len(rows_of(con, "series")) == 2


def test_secondhand_and_inferred_marks_reach_the_series(built: Built) -> None:
    (kept,) = rows_of(built([row(provenance="secondhand", published_basis="inferred")]), "series")
    assert (kept["provenance"], kept["published_basis"]) == ("secondhand", "inferred")


# --- properties ---------------------------------------------------------------------------------------------

START = date(2026, 1, 1)
histories = st.lists(
    st.builds(
        lambda measure, moment, delay, value, qualifier, outlet: row(
            measure=measure,
            value=value,
            qualifier=qualifier,
            period_start="2026-01-01" if measure == "released_to_date" else "",
            as_of=START + timedelta(days=moment),
            published=START + timedelta(days=moment + delay),
            url=f"https://diario.example/{outlet}",
            provenance="secondhand" if outlet == 3 else "press",
        ),
        st.sampled_from(["in_custody", "released_to_date", "released"]),
        st.integers(0, 9),
        st.integers(0, 20),
        st.integers(10, 14),
        st.sampled_from(["exact", "more_than", "about"]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=14,
)


def series_from(rows: list[dict[str, str]], as_known_on: date | None = None) -> list[dict[str, Any]]:
    """The series of a fresh data folder with these rows, in a fixed order."""
    with TemporaryDirectory() as scratch:
        folder = write_situation(Path(scratch))
        write_sheet(folder / "transcriptions" / "sheet.csv", rows)
        data = DataDir(Path(scratch))
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            return rows_of(con, "series", as_known_on=as_known_on)


slow = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(histories, st.randoms(use_true_random=False))
def test_order_of_ingestion_never_matters(rows: list[dict[str, str]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert series_from(rows) == series_from(shuffled)


@slow
@given(histories, st.integers(0, 30))
def test_any_day_is_rebuilt_as_it_was_known_then(rows: list[dict[str, str]], day: int) -> None:
    known_on = START + timedelta(days=day)
    then = [each for each in rows if each["published"] <= known_on.isoformat()]
    assert series_from(rows, as_known_on=known_on) == (series_from(then) if then else [])


@slow
@given(histories)
def test_every_claim_belongs_to_exactly_one_statement(rows: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as scratch:
        folder = write_situation(Path(scratch))
        write_sheet(folder / "transcriptions" / "sheet.csv", rows)
        build.build(DataDir(Path(scratch)), today=TODAY)
        with published_build.open_current(DataDir(Path(scratch))) as con:
            claims = [claim["claim_id"] for claim in rows_of(con, "claims")]
            placed = [claim["claim_id"] for claim in rows_of(con, "observations")]
            carriers = sum(statement["carriers"] for statement in rows_of(con, "statements"))
    assert sorted(claims) == sorted(placed)
    assert carriers == len(claims)
    assert all(a != b for a, b in itertools.pairwise(sorted(claims)))


LEFT = {"measure": "released_to_date", "period_start": "2026-01-01"}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([said(806, "2026-01-05")], {806: "alone"}),
        (
            [said(800, "2026-01-05", qualifier="more_than"), said(806, "2026-01-09")],
            {800: "sharper", 806: "sharper"},
        ),
        ([said(863, "2026-01-05"), said(806, "2026-01-05")], {863: "undecided", 806: "undecided"}),
        (
            [said(800, "2026-01-05", **LEFT), said(77, "2026-01-05", **LEFT, publisher="El Alba")],
            {800: "not_round", 77: "not_round"},
        ),
    ],
    ids=["alone", "sharper", "undecided", "not round"],
)
def test_what_stands_says_what_decided_and_not_that_nothing_else_was_said(
    built: Built, rows: list[dict[str, str]], why: dict[int, str]
) -> None:
    found = rows_of(built(rows), "statements")
    assert {each["value"]: each["why_standing"] for each in found} == why


def test_the_day_of_a_statement_is_its_own_publishers(built: Built) -> None:
    first = said(806, "2026-01-06", provenance="secondhand")
    (kept,) = rows_of(built([first, said(806, "2026-01-09", publisher="El Alba")]), "statements")
    assert (kept["publisher"], kept["published"]) == ("El Alba", date(2026, 1, 9))
