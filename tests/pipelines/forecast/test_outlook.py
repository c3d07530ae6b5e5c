"""What the outlook says, and that it does not depend on what it must not depend on."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.forecast.outlook import ByWhen, Outlook, Refused, estimate_by_when, look_ahead
from pipelines.pace.known_values import SCHEMA
from tests.pipelines.forecast.simulate import LAWS, simulate

START = date(2025, 1, 1)


def statements(values: list[int], kind: str, every: int = 7) -> pl.DataFrame:
    """Exact statements at a steady rhythm, published at once."""
    days = [START + timedelta(days=every * place) for place in range(len(values))]
    start = None if kind == "stock" else START
    rows = [(day, day, kind, value, None, "exact", start) for day, value in zip(days, values, strict=True)]
    return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


def last_day(rows: pl.DataFrame) -> date:
    return rows["as_of"].to_list()[-1]


counts = st.lists(st.integers(0, 60), min_size=8, max_size=30)


@given(counts, st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_levels_are_ordered_and_within_what_can_be(out: list[int], rest: int) -> None:
    released = [sum(out[: place + 1]) for place in range(len(out))]
    held = [sum(out) + rest - value for value in released]
    rows = pl.concat([statements(held, "stock"), statements(released, "cumulative")])
    for result in look_ahead(rows, last_day(rows), [1, 7, 30]):
        if isinstance(result, Refused):
            continue
        assert list(result.levels) == sorted(result.levels)
        assert result.levels[0] >= (0 if result.target == "stock" else released[-1])


def test_releases_to_come_never_fall_with_the_horizon() -> None:
    case = simulate("waves", 3)
    day = case.rows["published"].max()
    horizons = list(range(1, 40))
    results = [r for r in look_ahead(case.rows, day, horizons) if r.target == "cumulative"]  # type: ignore[arg-type]
    told = [result.levels for result in results if isinstance(result, Outlook)]
    assert len(told) == len(horizons)
    for values in zip(*told, strict=True):
        assert list(values) == sorted(values)


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_order_of_rows_does_not_matter(random: object) -> None:
    rows = simulate("irregular_late", 4).rows
    order = list(range(rows.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    day = date(2026, 1, 1)
    assert look_ahead(rows[order], day) == look_ahead(rows, day)


def test_what_was_published_later_changes_nothing() -> None:
    rows = simulate("constant", 5).rows
    day = rows["published"].sort().to_list()[rows.height // 2]
    assert look_ahead(rows, day) == look_ahead(rows.filter(pl.col("published") <= day), day)


def test_other_horizons_asked_for_change_nothing() -> None:
    rows = simulate("waves", 6).rows
    day = rows["published"].max()
    alone = look_ahead(rows, day, [14])  # type: ignore[arg-type]
    assert alone == [r for r in look_ahead(rows, day, [7, 14, 60]) if r.horizon == 14]  # type: ignore[arg-type]


def test_a_steady_pace_goes_on() -> None:
    rows = statements([1000 - 14 * place for place in range(30)], "stock")
    (result,) = (r for r in look_ahead(rows, last_day(rows), [28]) if r.target == "stock")
    assert isinstance(result, Outlook)
    assert abs(result.median - (1000 - 14 * 29 - 56)) <= 8


def test_nobody_leaves_an_empty_prison() -> None:
    released = [30 * place for place in range(21)]
    held = [600 - value for value in released]
    rows = pl.concat([statements(held, "stock"), statements(released, "cumulative")])
    for result in look_ahead(rows, last_day(rows), [14, 28]):
        if isinstance(result, Outlook) and result.target == "cumulative":
            assert result.hi95 <= 600


def test_a_late_statement_widens_the_outlook() -> None:
    rows = statements([1000 - 10 * place for place in range(30)], "stock")
    widths = []
    for age in (0, 12):
        (result,) = (
            r for r in look_ahead(rows, last_day(rows) + timedelta(days=age), [14]) if r.target == "stock"
        )
        assert isinstance(result, Outlook)
        widths.append(result.hi80 - result.lo80)
    assert widths[1] > widths[0]


def test_by_when_is_a_range_with_the_share_that_never_gets_there() -> None:
    rows = statements([400 - 12 * place for place in range(25)], "stock")
    result = estimate_by_when(rows, last_day(rows))
    assert isinstance(result, ByWhen)
    assert result.earliest is not None
    assert result.latest is None or result.latest > result.earliest
    assert 0 <= result.never <= 1


@pytest.mark.parametrize("law", sorted(LAWS))
def test_intervals_cover_about_what_they_promise(law: str) -> None:
    inside80, inside95, total = 0, 0, 0
    for seed in range(24):
        case = simulate(law, 900 + seed)
        day = case.rows["published"].sort().to_list()[-1]
        for result in look_ahead(case.rows, day, (7, 28)):
            if isinstance(result, Outlook):
                truth = case.world.truth(result.target, day + timedelta(days=result.horizon))
                inside80 += result.lo80 <= truth <= result.hi80
                inside95 += result.lo95 <= truth <= result.hi95
                total += 1
    assert total > 40
    assert 0.65 <= inside80 / total <= 0.97
    assert inside95 / total >= 0.85
