"""The outlook's track record: each past publication forecast again, scored against simple forecasters.

A forecast is scored against the statement nearest to its horizon, on that statement's own day: nothing is
interpolated. Beside it stand the three simple forecasters, on the same days.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from pipelines.core.model import Kind
from pipelines.forecast.outlook import HORIZONS, LEVELS, Refused, forecast_target
from pipelines.pace.known_values import (
    LEAST_OBSERVATIONS,
    Floats,
    Known,
    KnownValues,
    keep_since_break,
    read_values,
    select_known,
)

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


def run_backtest(
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
        truth = read_values(select_known(rows, as_known_on), target, LEAST_OBSERVATIONS)
        days = rows.filter(pl.col("kind") == target, pl.col("published") <= as_known_on)["published"]
        origins = [day for day in days.unique().sort().to_list() if since is None or day >= since]
        for origin in _thin_days(origins, most):
            records += _score_day(rows, origin, target, truth, horizons, breaks)
    return pl.DataFrame(records, schema=SCHEMA)


def _thin_days(origins: list[date], most: int | None) -> list[date]:
    """At most so many of the days, counted back from the newest in even steps."""
    if most is None or len(origins) <= most:
        return origins
    last = len(origins) - 1
    return [origins[last - place * len(origins) // most] for place in reversed(range(most))]


def _score_day(
    rows: pl.DataFrame,
    origin: date,
    target: Kind,
    truth: KnownValues,
    horizons: Sequence[int],
    breaks: Sequence[date],
) -> list[dict[str, Any]]:
    everything = Known(select_known(rows, origin), origin, breaks)
    seen = keep_since_break(everything.of(target), breaks)
    judged = {h: place for h in horizons if (place := _find_truth(truth, seen, origin, h)) is not None}
    ahead = {h: int(truth.days[place]) - origin.toordinal() for h, place in judged.items()}
    said = {
        result.horizon: result for result in forecast_target(everything, target, sorted(set(ahead.values())))
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
        records.append(common | _score_forecast(OUTLOOK, result.levels, y))
        distance = int(truth.days[place] - seen.days[-1])
        for name in FORECASTERS:
            levels = forecast_simply(name, seen, distance, falls=target is Kind.STOCK)
            records.append(common | _score_forecast(name, levels.tolist(), y))
    return records


def _find_truth(truth: KnownValues, seen: KnownValues, origin: date, horizon: int) -> int | None:
    """The place of the exact statement nearest to a horizon, among those after all that was seen."""
    if seen.size == 0:
        return None
    today = origin.toordinal()
    distance = np.abs(truth.days - today - horizon)
    usable = (truth.errors == 0) & (truth.days > max(today, int(seen.days[-1])))
    usable &= distance <= find_tolerance(horizon)
    return int(np.argmin(np.where(usable, distance, np.inf))) if usable.any() else None


def _score_forecast(forecaster: str, levels: Sequence[float], truth: float) -> dict[str, Any]:
    in50, in80, in95 = check_coverage(levels, truth)
    return {
        "forecaster": forecaster,
        "median": float(levels[3]),
        "lo80": float(levels[1]),
        "hi80": float(levels[5]),
        "score": float(score_intervals(levels, truth)),
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


# --- the three simple forecasters that the outlook has to beat, with intervals from their own past errors


FEW_ERRORS = 5  # below this, errors at other horizons are scaled to this one
RECENT = 28  # days


def find_tolerance(ahead: float) -> float:
    """Days by which a statement may miss a horizon and still count as being at it."""
    return max(3.0, ahead / 4)


def _forecast_no_change(_seen: KnownValues, _at: int) -> float:
    return 0.0


def _forecast_last_28_days(seen: KnownValues, at: int) -> float:
    start = max(int(np.searchsorted(seen.days[: at + 1], seen.days[at] - RECENT, side="right")) - 1, 0)
    return _forecast_between(seen, start, at)


def _forecast_since_baseline(seen: KnownValues, at: int) -> float:
    return _forecast_between(seen, 0, at)


def _forecast_between(seen: KnownValues, start: int, end: int) -> float:
    if start == end:
        return 0.0
    return float(seen.values[end] - seen.values[start]) / float(seen.days[end] - seen.days[start])


FORECASTERS: Final[Mapping[str, Callable[[KnownValues, int], float]]] = MappingProxyType(
    {
        "no_change": _forecast_no_change,
        "last_28_days": _forecast_last_28_days,
        "since_baseline": _forecast_since_baseline,
    }
)


def forecast_simply(name: str, seen: KnownValues, ahead: int, *, falls: bool) -> Floats:
    """The seven levels, `ahead` days after the newest of at least two values.

    The median goes on at the named pace; the others stand where the errors of the same rule at earlier
    statements, taken with both signs, put them. `falls` is whether values may fall (a stock).
    """
    pace, newest = FORECASTERS[name], seen.size - 1
    at_horizon, scaled = [], []
    for at in range(1, newest):
        gaps = seen.days[at + 1 :] - seen.days[at]
        nearest = int(np.argmin(np.abs(gaps - ahead)))
        gap = float(gaps[nearest])
        error = float(seen.values[at + 1 + nearest] - seen.values[at]) - pace(seen, at) * gap
        scaled.append(error * (ahead / gap) ** 0.5)
        if abs(gap - ahead) <= find_tolerance(ahead):
            at_horizon.append(error)
    errors = np.array(at_horizon if len(at_horizon) >= FEW_ERRORS else scaled or [0.0])
    point = float(seen.values[-1]) + pace(seen, newest) * ahead
    levels = point + np.quantile(np.concatenate([errors, -errors]), LEVELS)
    kept: Floats = np.maximum(levels, 0.0 if falls else float(seen.values[-1]))
    return kept


# --- how good a forecast was ----------------------------------------------------------------------------


ALPHAS = (0.05, 0.2, 0.5)  # of the 95, 80 and 50 % interval, outermost first as in the levels


def score_intervals(levels: ArrayLike, truth: ArrayLike) -> NDArray[np.float64]:
    """Score in people, lower is better; 0 is a sure and right forecast.

    `levels` has the quantiles 2.5, 10, 25, 50, 75, 90 and 97.5 % on its last axis, `truth` the shape of the
    others. (|y − m| / 2 + Σ α/2 · IS_α) / (K + 1/2), with IS_α the width plus 2/α times the miss (Bracher,
    Ray, Gneiting and Reich 2021, PLOS Computational Biology 17(2), e1008618, equations 1 to 3).
    """
    quantiles, y = np.asarray(levels, np.float64), np.asarray(truth, np.float64)
    score = np.abs(y - quantiles[..., 3]) / 2
    for place, alpha in enumerate(ALPHAS):
        low, high = quantiles[..., place], quantiles[..., 6 - place]
        miss = np.maximum(low - y, 0) + np.maximum(y - high, 0)
        score = score + alpha / 2 * (high - low) + miss
    return np.asarray(score / (len(ALPHAS) + 0.5))


def check_coverage(levels: Sequence[float], truth: float) -> tuple[bool, bool, bool]:
    """Whether the 50, 80 and 95 % interval held the truth; their ends belong to them."""
    inner, middle, outer = (bool(levels[place] <= truth <= levels[6 - place]) for place in (2, 1, 0))
    return inner, middle, outer
