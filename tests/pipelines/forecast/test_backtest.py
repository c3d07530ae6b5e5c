"""The score, the simple forecasters and the rolling backtest."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.forecast.backtest import (
    FORECASTERS,
    OUTLOOK,
    check_coverage,
    forecast_simply,
    run_backtest,
    score_intervals,
    summarise,
)
from pipelines.pace.known_values import KnownValues
from tests.pipelines.forecast.simulate import simulate
from tests.pipelines.forecast.test_outlook import last_day, statements


def test_score_computed_by_hand() -> None:
    # median off by 10: 5; 50 %: .25*10 + 5 = 7.5; 80 %: .1*20 = 2 + 0; 95 %: .025*40 = 1; over 3.5
    levels = [80, 90, 95, 100, 105, 110, 120]
    assert score_intervals(levels, 110) == pytest.approx((5 + 7.5 + 2 + 1) / 3.5)


def test_score_outside_every_interval_computed_by_hand() -> None:
    # |130-100|/2 = 15; 50 %: 2.5 + 25; 80 %: 2 + 20; 95 %: 1 + 10
    levels = [80, 90, 95, 100, 105, 110, 120]
    assert score_intervals(levels, 130) == pytest.approx((15 + 27.5 + 22 + 11) / 3.5)


def test_a_sure_and_right_forecast_scores_zero() -> None:
    assert score_intervals([5] * 7, 5) == 0


def test_ends_of_intervals_belong_to_them() -> None:
    assert check_coverage([80, 90, 95, 100, 105, 110, 120], 105) == (True, True, True)
    assert check_coverage([80, 90, 95, 100, 105, 110, 120], 110) == (False, True, True)
    assert check_coverage([80, 90, 95, 100, 105, 110, 120], 79) == (False, False, False)


def test_simple_forecasters_go_on_at_their_pace() -> None:
    values = np.array([100.0, 100, 100, 100, 100, 93, 86, 79, 72])
    seen = KnownValues(np.arange(9) * 7, values, np.zeros(9))
    medians = {name: forecast_simply(name, seen, 14, falls=True)[3] for name in FORECASTERS}
    assert medians["no_change"] == 72
    assert medians["last_28_days"] == pytest.approx(58)
    assert medians["since_baseline"] == pytest.approx(65)


def test_backtest_judges_only_what_a_later_statement_can() -> None:
    rows = statements([600 - 6 * place for place in range(20)], "stock")
    record = run_backtest(rows, last_day(rows), [7, 14])
    assert (record["day"] > record["as_known_on"]).all()
    assert record["day"].max() == last_day(rows)
    assert set(record["forecaster"]) == {OUTLOOK, *FORECASTERS}


def test_backtest_knows_nothing_of_what_came_later() -> None:
    rows = statements([900 - 9 * place - place % 3 for place in range(30)], "stock")
    early = last_day(rows[:20])
    whole = run_backtest(rows, last_day(rows), [7]).filter(pl.col("day") <= early)
    cut = run_backtest(rows, early, [7])
    same = ["as_known_on", "forecaster", "median", "lo80", "hi80"]
    assert whole.select(same).equals(cut.select(same))


def test_summary_compares_with_the_best_simple_forecaster() -> None:
    rows = simulate("waves", 3).rows
    summary = summarise(run_backtest(rows, last_day(rows), [7]))
    simple = summary.filter(pl.col("forecaster") != OUTLOOK)
    assert simple["against_best"].min() == 1
    assert (simple["against_best"] >= 1).all()
    assert summary.height == 4 * rows.filter(pl.col("kind") != "flow")["kind"].n_unique()


def test_backtest_counts_refusals() -> None:
    rows = statements([600, 590, 580, 570, 560], "stock")
    record = run_backtest(rows, last_day(rows) + timedelta(days=1), [7])
    assert set(record["refused"]) == {"too_few_observations"}
    assert record["as_known_on"].min() == date(2025, 1, 1)
