"""From the last figure of people held before the baseline to the newest that meets a total of those who left.

All of it is of one organisation, of figures that may head a page; what nobody reported is the rest, as sharp
as reported figures allow.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import polars as pl

from dashboards.metrics.headline import find_headlines, select_confirmed
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from pipelines.core.model import Measure, Qualifier

NEAR_DAYS: Final = 3  # that the figure held and the total of those who left may lie apart
Row = dict[str, Any]


@dataclass(frozen=True)
class WholeWay:
    """Two figures held, the total of those who left between them, and new detentions that were stated.

    `detained` are people of exact counts in windows that do not overlap, within the way: at least so many.
    """

    opening: Row
    closing: Row
    left: Row
    detained: tuple[Row, ...]  # rows of `revolving_door`

    @property
    def newly_detained(self) -> int:
        """People, at least."""
        return sum(row["detained_low"] for row in self.detained)

    @property
    def fell(self) -> int:
        """By how many people fewer are held; below zero more."""
        return int(self.opening["value"] - self.closing["value"])

    @property
    def added(self) -> int:
        """How many more are held than if nobody had been added: what came onto the list on balance."""
        return int(self.left["value"]) - self.fell

    @property
    def unexplained(self) -> int:
        """Of those added, how many no count of the organisation explains: at most, where more were
        detained.
        """
        return self.added - self.newly_detained


@remember
def find_whole_way(view: View) -> WholeWay | None:
    """The way; None without both figures and the total, or where what is counted changed on it."""
    found, baseline = find_headlines(view), view.situation.baseline
    held, totals = (_select_exact(each.line) for each in (found.held, found.left))
    before = held.filter(pl.col("as_of") <= baseline)
    total = totals.filter(pl.col("baseline").is_not_null())
    if before.is_empty() or total.is_empty():
        return None
    opening = before.row(-1, named=True)
    met = _find_met(held.filter(pl.col("as_of") > opening["as_of"]), total)
    if met is None or _is_broken(view, opening, met[0]):
        return None
    closing, left = met
    return WholeWay(opening, closing, left, _list_detained(view, opening, closing))


def _find_met(held: pl.DataFrame, total: pl.DataFrame) -> tuple[Row, Row] | None:
    """A figure held and a total of those who left, of the same day or of the nearest days: of the newest
    total and those shortly before it, the newest pair; None where all lie further apart.
    """
    since = total["as_of"].max() - timedelta(days=NEAR_DAYS)  # type: ignore[operator]
    near = total.filter(pl.col("as_of") >= since).to_dicts()
    pairs = [
        (one, other)
        for one in held.to_dicts()
        for other in near
        if abs((one["as_of"] - other["as_of"]).days) <= NEAR_DAYS
    ]
    return min(
        pairs,
        key=lambda pair: (abs((pair[0]["as_of"] - pair[1]["as_of"]).days), -pair[0]["as_of"].toordinal()),
        default=None,
    )


def _select_exact(line: pl.DataFrame) -> pl.DataFrame:
    exact = (pl.col("qualifier") == Qualifier.EXACT) & ~pl.col("contradicted")
    return select_confirmed(line).filter(exact).sort("as_of", "claim_id")


def _is_broken(view: View, opening: Row, closing: Row) -> bool:
    broken = series.read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    days = broken.get((opening["organisation"], opening["measure"], opening["population"]), [])
    return any(opening["as_of"] < day <= closing["as_of"] for day in days)


def _list_detained(view: View, opening: Row, closing: Row) -> tuple[Row, ...]:
    """Exact counts of new detentions of the same organisation within the way, without overlap, in time
    order.
    """
    rows = database.read_mart(
        view.build,
        view.situation_id,
        "revolving_door",
        "as_of, period_start, detained_claim",
        known_on=view.known_on,
        equal=(("organisation", opening["organisation"]), ("detained_measure", str(Measure.DETAINED))),
    ).filter(
        pl.col("period_start") >= opening["as_of"] - timedelta(days=1),
        pl.col("as_of") <= closing["as_of"],
        pl.col("population") == opening["population"],
        pl.col("detained_low") == pl.col("detained_high"),
    )
    chosen: list[Row] = []
    for row in rows.to_dicts():
        if not chosen or row["period_start"] >= chosen[-1]["as_of"]:
            chosen.append(row)
    return tuple(chosen)
