"""The highest figure of people held up to a headline: one rule for every page that names it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.metrics.breaks import number_epochs
from dashboards.metrics.headline import Figure, Headline
from dashboards.queries.view import View
from pipelines.core.model import Qualifier


@dataclass(frozen=True)
class Peak:
    """The figure, and the first day that was looked at where that is not the whole series."""

    row: Figure
    since: date | None


def find_peak(view: View, held: Headline) -> Peak | None:
    """The highest figure since what is counted last changed, where it is above the headline: of exact ones
    and lower bounds that nothing contradicts. About so many is no bound. None where a figure newer than the
    headline, which nobody confirmed, is higher still.
    """
    if not held.rows:
        return None
    whole = number_epochs(view, held.line.sort("as_of"))
    line, newer = whole.filter(pl.col("as_of") <= held.as_of), whole.filter(pl.col("as_of") > held.as_of)
    counted = line.filter(pl.col("epoch") == line["epoch"][-1])
    stated = counted.filter(
        pl.col("low").is_not_null(), pl.col("qualifier") != Qualifier.ABOUT, ~pl.col("contradicted")
    )
    if stated.is_empty():
        return None
    top = stated.sort("low", "as_of", descending=[True, False]).row(0, named=True)
    if top["value"] <= max(row["value"] for row in held.rows) or (newer["low"] > top["low"]).any():
        return None
    return Peak(top, counted["as_of"][0] if counted.height < line.height else None)
