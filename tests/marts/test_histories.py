"""Generated histories: any past day can be rebuilt, order never matters, clean is not flagged."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import published, warehouse
from tests.marts.conftest import day, figure, write

MARTS = tuple(sorted(set(published.AS_KNOWN_ON) - {"claims", "series", "statements"}))
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
PARTS = ("total", "total", "sex=female", "sex=male", "age=adolescent", "age=adult")


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
        warehouse.build(data, today=date(2026, 12, 31))
        with published.opened(data) as con:
            return {name: published.read_table(con, name, as_known_on=known_on) for name in MARTS}


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


@given(
    st.integers(100, 900),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 4)), min_size=2, max_size=8),
    st.integers(20, 80),
)
@FEW
def test_a_clean_history_is_never_flagged(
    opening: int, weeks: list[tuple[int, int, int]], share: int
) -> None:
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
    assert _frames(rows, None)["contradictions"].to_dicts() == []
