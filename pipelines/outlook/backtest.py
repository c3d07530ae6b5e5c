"""The track record: what the outlook would have said at each past publication, and how it turned out.

A forecast is scored against the statement nearest to its horizon, on that statement's own day: nothing is
interpolated. Beside it stand the three simple forecasters, on the same days.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.known_values import LEAST_OBSERVATIONS, KnownValues, known, read_values, since_break
from pipelines.model import Kind
from pipelines.outlook.forecast import HORIZONS, Refused, look_ahead
from pipelines.outlook.scores import covered, weighted_interval_score
from pipelines.outlook.simple import FORECASTERS, simple_forecast, tolerance

OUTLOOK = "outlook"
SCHEMA = {
    "as_known_on": pl.Date,
    "target": pl.String,
    "horizon": pl.Int64,
    "forecaster": pl.String,
    "day": pl.Date,
    "truth": pl.Float64,
    "median": pl.Float64,
    "lo80": pl.Float64,
    "hi80": pl.Float64,
    "score": pl.Float64,
    "in50": pl.Boolean,
    "in80": pl.Boolean,
    "in95": pl.Boolean,
    "refused": pl.String,
}


def run(
    rows: pl.DataFrame,
    as_known_on: date,
    horizons: Sequence[int] = HORIZONS,
    breaks: Sequence[date] = (),
    since: date | None = None,
    most: int | None = None,
) -> pl.DataFrame:
    """One row for each past publication day, target, horizon and forecaster that a later statement can judge.

    `rows` as for `look_ahead`; `as_known_on` is the day whose knowledge counts as the truth; `since` leaves
    out earlier origins, and `most` limits them for each target, spread evenly over all and the newest always
    among them. A refused outlook has its reason and no score, and then the others have none either.
    """
    records: list[dict[str, Any]] = []
    for target in (Kind.STOCK, Kind.CUMULATIVE):
        truth = read_values(known(rows, as_known_on), target, LEAST_OBSERVATIONS)
        days = rows.filter(pl.col("kind") == target, pl.col("published") <= as_known_on)["published"]
        origins = [day for day in days.unique().sort().to_list() if since is None or day >= since]
        for origin in _spread(origins, most):
            records += _origin(rows, origin, target, truth, horizons, breaks)
    return pl.DataFrame(records, schema=SCHEMA)


def _spread(origins: list[date], most: int | None) -> list[date]:
    """At most so many of the days, counted back from the newest in even steps."""
    if most is None or len(origins) <= most:
        return origins
    last = len(origins) - 1
    return [origins[last - place * len(origins) // most] for place in reversed(range(most))]


def _origin(
    rows: pl.DataFrame,
    origin: date,
    target: Kind,
    truth: KnownValues,
    horizons: Sequence[int],
    breaks: Sequence[date],
) -> list[dict[str, Any]]:
    seen = since_break(read_values(known(rows, origin), target, LEAST_OBSERVATIONS), breaks)
    judged = {h: place for h in horizons if (place := _judge(truth, seen, origin, h)) is not None}
    ahead = {h: int(truth.days[place]) - origin.toordinal() for h, place in judged.items()}
    said = {
        result.horizon: result
        for result in look_ahead(rows, origin, sorted(set(ahead.values())), breaks, targets=(target,))
    }
    records: list[dict[str, Any]] = []
    for horizon, place in judged.items():
        result, y = said[ahead[horizon]], float(truth.values[place])
        common = {
            "as_known_on": origin,
            "target": str(target),
            "horizon": horizon,
            "day": date.fromordinal(int(truth.days[place])),
            "truth": y,
        }
        if isinstance(result, Refused):
            records.append(common | {"forecaster": OUTLOOK, "refused": str(result.refused)})
            continue
        outlook = (
            result.lo95,
            result.lo80,
            result.lo50,
            result.median,
            result.hi50,
            result.hi80,
            result.hi95,
        )
        records.append(common | _scored(OUTLOOK, outlook, y))
        distance = int(truth.days[place] - seen.days[-1])
        for name in FORECASTERS:
            levels = simple_forecast(name, seen, distance, falls=target is Kind.STOCK)
            records.append(common | _scored(name, levels.tolist(), y))
    return records


def _judge(truth: KnownValues, seen: KnownValues, origin: date, horizon: int) -> int | None:
    """The place of the exact statement nearest to a horizon, among those after all that was seen."""
    if seen.size == 0:
        return None
    today = origin.toordinal()
    distance = np.abs(truth.days - today - horizon)
    usable = (truth.errors == 0) & (truth.days > max(today, int(seen.days[-1])))
    usable &= distance <= tolerance(horizon)
    return int(np.argmin(np.where(usable, distance, np.inf))) if usable.any() else None


def _scored(forecaster: str, levels: Sequence[float], truth: float) -> dict[str, Any]:
    in50, in80, in95 = covered(levels, truth)
    return {
        "forecaster": forecaster,
        "median": float(levels[3]),
        "lo80": float(levels[1]),
        "hi80": float(levels[5]),
        "score": float(weighted_interval_score(levels, truth)),
        "in50": in50,
        "in80": in80,
        "in95": in95,
    }


def summarise(record: pl.DataFrame, by: Sequence[str] = ("target", "horizon")) -> pl.DataFrame:
    """For each group and forecaster: forecasts, mean score, coverage, bias (people, median minus truth).

    `against_best` is the mean score divided by that of the best simple forecaster: below 1 is
    better, null where that one is never wrong.
    """
    table = (
        record.filter(pl.col("refused").is_null())
        .group_by(*by, "forecaster")
        .agg(
            pl.len().alias("forecasts"),
            pl.col("score").mean(),
            pl.col("in50").mean().alias("coverage50"),
            pl.col("in80").mean().alias("coverage80"),
            pl.col("in95").mean().alias("coverage95"),
            (pl.col("median") - pl.col("truth")).mean().alias("bias"),
        )
    )
    best = table.filter(pl.col("forecaster") != OUTLOOK).group_by(by).agg(pl.col("score").min().alias("best"))
    return (
        table.join(best, on=list(by), how="left")
        .with_columns(
            pl.when(pl.col("best") > 0).then(pl.col("score") / pl.col("best")).alias("against_best")
        )
        .drop("best")
        .sort(*by, "forecaster")
    )
