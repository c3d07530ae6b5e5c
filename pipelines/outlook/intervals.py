"""Reporting intervals: what two statements say about the people between them, with the statements' bounds."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.bounds import bounds
from pipelines.model import Kind
from pipelines.outlook.bank import Floats
from pipelines.outlook.observations import EXACT, baseline, known
from pipelines.outlook.refusals import LEAST_OBSERVATIONS

SCHEMA = {
    "start": pl.Date,
    "end": pl.Date,
    "days": pl.Int64,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
}


def intervals(rows: pl.DataFrame, as_known_on: date, kind: Kind) -> pl.DataFrame:
    """One row for each reporting interval, `SCHEMA`: people released (cumulative), newly detained (flow), or
    by whom the stock fell (negative where it rose). `high` is null where a statement sets no upper limit.
    """
    seen = known(rows, as_known_on).filter(pl.col("kind") == kind, pl.col("value").is_not_null())
    if kind is Kind.FLOW:
        return _windows(seen)
    if kind is Kind.CUMULATIVE:
        start = pl.lit(baseline(seen, LEAST_OBSERVATIONS), pl.Date)
        seen = seen.filter(pl.col("period_start").eq_missing(start))
    days, low, central, high = levels(seen, grows=kind is Kind.CUMULATIVE)
    sign = 1 if kind is Kind.CUMULATIVE else -1
    first, second = (
        (low[1:] - high[:-1], high[1:] - low[:-1])
        if sign == 1
        else (low[:-1] - high[1:], high[:-1] - low[1:])
    )
    least = np.maximum(first, 0) if sign == 1 else first
    made = pl.DataFrame(
        {
            "start": days[:-1],
            "end": days[1:],
            "days": [(after - before).days for before, after in pairwise(days)],
            "low": least,
            "central": np.minimum(np.maximum(sign * np.diff(central), least), second),
            "high": second,
        },
        schema=SCHEMA,
    )
    finite = [
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name)
        for name in ("low", "central", "high")
    ]
    return made.with_columns(finite)


def levels(seen: pl.DataFrame, *, grows: bool) -> tuple[list[date], Floats, Floats, Floats]:
    """Days, and the lowest, stated and highest true level at each; the newest statement on a day counts."""
    latest: dict[date, tuple[float, float, float]] = {}
    order = seen.with_columns((pl.col("qualifier") == EXACT).alias("exact")).sort(
        "as_of", "exact", "published", "value"
    )
    for row in order.iter_rows(named=True):
        least, most = bounds(row["qualifier"] or EXACT, row["value"], row["value_high"])
        latest[row["as_of"]] = (least or 0, row["value"], np.inf if most is None else most)
    days = sorted(latest)
    table = np.array([latest[day] for day in days], np.float64).reshape(-1, 3)
    low, central, high = table[:, 0], table[:, 1], table[:, 2]
    if grows:  # later statements bound the earlier ones: the count cannot have been higher then
        high = np.minimum.accumulate(high[::-1])[::-1]
        central = np.minimum(np.minimum.accumulate(central[::-1])[::-1], high)
        low = np.minimum(np.maximum.accumulate(np.minimum(low, high)), high)
    return days, low, central, high


def _windows(seen: pl.DataFrame) -> pl.DataFrame:
    """Flows with a known window; the newest statement about a window counts."""
    latest: dict[tuple[date, date], tuple[float, float, float | None]] = {}
    for row in (
        seen.filter(pl.col("period_start").is_not_null()).sort("published", "value").iter_rows(named=True)
    ):
        low, high = bounds(row["qualifier"] or EXACT, row["value"], row["value_high"])
        latest[row["period_start"] - timedelta(days=1), row["as_of"]] = (low or 0, float(row["value"]), high)
    made = [
        (start, end, (end - start).days, *latest[start, end]) for start, end in sorted(latest) if end > start
    ]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def without_overlaps(made: pl.DataFrame) -> pl.DataFrame:
    """As many intervals as fit beside each other, the first to end kept: nothing is counted twice."""
    kept: list[int] = []
    end = date.min
    for place, (opened, closed) in enumerate(made.sort("end", "days").select("start", "end").iter_rows()):
        if opened >= end:
            kept.append(place)
            end = closed
    return made.sort("end", "days")[kept]


def without_breaks(made: pl.DataFrame, breaks: Sequence[date]) -> pl.DataFrame:
    """Without the intervals in which something else began to be counted."""
    across = [
        any(opened < day <= closed for day in breaks)
        for opened, closed in made.select("start", "end").iter_rows()
    ]
    return made.filter(~pl.Series(across, dtype=pl.Boolean))
