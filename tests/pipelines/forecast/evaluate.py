"""Scores and coverage of the outlook on simulated processes.

`python -m tests.pipelines.forecast.evaluate 60 1000`

The table of docs/outlook.md comes from here. Forecasts are judged against the true value on their day.
"""

import sys
from datetime import timedelta

import polars as pl

from pipelines.core.model import Kind
from pipelines.forecast.backtest import FORECASTERS, check_coverage, forecast_simply, score_intervals
from pipelines.forecast.outlook import HORIZONS, Refused, look_ahead
from pipelines.pace.known_values import LEAST_OBSERVATIONS, read_values, select_known
from tests.pipelines.forecast.simulate import LAWS, origins, simulate


def evaluate(law: str, series: int, seed: int) -> pl.DataFrame:
    """One row for each answered forecast: law, target, horizon, three coverages, score of each forecaster."""
    rows = []
    for number in range(seed, seed + series):
        case = simulate(law, number)
        for day in origins(case, 1, number):
            seen = {
                str(kind): read_values(select_known(case.rows, day), kind, LEAST_OBSERVATIONS)
                for kind in (Kind.STOCK, Kind.CUMULATIVE)
            }
            for result in look_ahead(case.rows, day, HORIZONS):
                if isinstance(result, Refused):
                    continue
                truth = case.world.truth(result.target, day + timedelta(days=result.horizon))
                record = {"law": law, "target": result.target, "horizon": result.horizon}
                record |= dict(zip(("c50", "c80", "c95"), check_coverage(result.levels, truth), strict=True))
                record["outlook"] = float(score_intervals(result.levels, truth))
                past = seen[result.target]
                ahead = day.toordinal() + result.horizon - int(past.days[-1])
                for name in FORECASTERS:
                    simple = forecast_simply(name, past, ahead, falls=result.target == "stock")
                    record[name] = float(score_intervals(simple, truth))
                rows.append(record)
    return pl.DataFrame(rows)


def main() -> None:
    """Print the table, by law and by law and horizon."""
    series, seed = (int(text) for text in (*sys.argv[1:], "60", "1000")[:2])
    made = pl.concat([evaluate(law, series, seed) for law in (*LAWS, "irregular_late")])
    best = pl.min_horizontal(*FORECASTERS)
    for by in (["law"], ["law", "horizon"]):
        table = made.group_by(by).agg(pl.len(), pl.exclude("target", "law", "horizon").mean()).sort(by)
        with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, float_precision=2):
            print(table.with_columns((pl.col("outlook") / best).alias("against_best")))


if __name__ == "__main__":
    main()
