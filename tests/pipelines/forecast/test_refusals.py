"""Each rule that forbids an outlook, and the case next to it that does not."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.forecast.outlook import Outlook, Refused, estimate_by_when, look_ahead
from pipelines.forecast.refusals import BREAK_DAYS, WORDS, RefusalReason
from pipelines.pace.known_values import LEAST_OBSERVATIONS
from tests.pipelines.forecast.simulate import LAWS, simulate
from tests.pipelines.forecast.test_outlook import last_day, statements


def of_stock(rows: pl.DataFrame, day: date, horizon: int, breaks: tuple[date, ...] = ()) -> Outlook | Refused:
    (result,) = (r for r in look_ahead(rows, day, [horizon], breaks) if r.target == "stock")
    return result


def reason(
    rows: pl.DataFrame, day: date, horizon: int, breaks: tuple[date, ...] = ()
) -> RefusalReason | None:
    result = of_stock(rows, day, horizon, breaks)
    return result.refused if isinstance(result, Refused) else None


FALLING = statements([900 - 9 * place for place in range(30)], "stock")


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(RefusalReason)


def test_no_figure_of_the_kind_is_no_data() -> None:
    assert reason(statements([1, 2, 3], "cumulative"), date(2025, 1, 15), 7) is RefusalReason.NO_DATA


def test_a_figure_not_yet_published_is_no_data() -> None:
    assert reason(FALLING, date(2024, 12, 31), 7) is RefusalReason.NO_DATA


@pytest.mark.parametrize("number", range(1, LEAST_OBSERVATIONS))
def test_too_few_observations(number: int) -> None:
    rows = FALLING[:number]
    assert reason(rows, last_day(rows), 7) is RefusalReason.TOO_FEW_OBSERVATIONS


def test_enough_observations_are_answered() -> None:
    rows = FALLING[:LEAST_OBSERVATIONS]
    assert reason(rows, last_day(rows), 7) is None


def test_a_history_shorter_than_the_horizon_is_too_few() -> None:
    rows = FALLING[:10]
    assert reason(rows, last_day(rows), 63) is None
    assert reason(rows, last_day(rows), 64) is RefusalReason.TOO_FEW_OBSERVATIONS


def test_repeating_one_moment_is_no_more_than_one_observation() -> None:
    rows = pl.concat([FALLING[:4]] * 5)
    assert reason(rows, rows["as_of"].max(), 7) is RefusalReason.TOO_FEW_OBSERVATIONS  # type: ignore[arg-type]


@pytest.mark.parametrize("horizon", [7, 14, 28, 90])
def test_three_months_of_silence_are_too_old(horizon: int) -> None:
    assert reason(FALLING, last_day(FALLING) + timedelta(days=96), horizon) is RefusalReason.TOO_OLD


def test_three_missed_statements_are_too_old() -> None:
    assert reason(FALLING, last_day(FALLING) + timedelta(days=21), 14) is None
    assert reason(FALLING, last_day(FALLING) + timedelta(days=22), 14) is RefusalReason.TOO_OLD


def test_a_break_between_the_newest_figure_and_the_forecast_day() -> None:
    day = last_day(FALLING)
    assert reason(FALLING, day, 14, (day + timedelta(days=14),)) is RefusalReason.DEFINITION_BREAK
    assert reason(FALLING, day, 14, (day + timedelta(days=15),)) is None


def test_a_break_shortly_before_the_newest_figure() -> None:
    day = last_day(FALLING)
    assert reason(FALLING, day, 14, (day - timedelta(days=BREAK_DAYS - 1),)) is RefusalReason.DEFINITION_BREAK


def test_figures_from_before_an_old_break_are_not_used() -> None:
    doubled = FALLING.with_columns(
        pl.when(pl.col("as_of") < date(2025, 3, 1))
        .then(pl.col("value") * 2)
        .otherwise("value")
        .alias("value")
    )
    day, broken = last_day(FALLING), (date(2025, 3, 1),)
    result = of_stock(doubled, day, 14, broken)
    assert result == of_stock(FALLING.filter(pl.col("as_of") >= broken[0]), day, 14)
    assert isinstance(result, Outlook)


def test_figures_that_jump_about_are_too_wide() -> None:
    rng = np.random.default_rng(1)
    rows = statements(np.exp(rng.normal(5, 1.2, 25)).astype(int).tolist(), "stock")
    assert reason(rows, last_day(rows), 90) is RefusalReason.TOO_WIDE


@given(st.sampled_from(sorted(LAWS)), st.integers(0, 10_000), st.integers(46, 200), st.integers(1, 120))
@settings(max_examples=20, deadline=None)
def test_no_answer_from_old_figures_whatever_the_process(law: str, seed: int, age: int, horizon: int) -> None:
    rows = simulate(law, seed).rows
    day = rows["as_of"].max() + timedelta(days=age)  # type: ignore[operator]
    assert all(isinstance(result, Refused) for result in look_ahead(rows, day, [horizon]))


@pytest.mark.parametrize(
    "values",
    [
        [500 + 3 * place for place in range(30)],
        [500] * 30,
        [700 - 10 * place for place in range(20)] + [510 + place for place in range(10)],
    ],
    ids=["rising", "standing", "turned"],
)
def test_by_when_of_a_number_that_does_not_fall_is_refused(values: list[int]) -> None:
    rows = statements(values, "stock")
    result = estimate_by_when(rows, last_day(rows))
    assert isinstance(result, Refused)
    assert result.refused is RefusalReason.NOT_FALLING
