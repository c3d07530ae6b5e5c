"""The newest figure of a series and whether it is late for its organisation."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl

from dashboards import queries
from dashboards.changes import Change, last_change
from dashboards.view import View
from pipelines.model import TOTAL, Measure


@dataclass(frozen=True)
class Latest:
    """One series of the primary organisation and what it says last. `points` is the whole series."""

    measure: Measure
    organisation: str
    points: pl.DataFrame
    rows: list[dict[str, Any]]  # what stands for the newest moment: one row, or more that contradict
    change: Change | None
    rhythm_days: float | None
    stale: bool

    @property
    def as_of(self) -> date:
        """The newest moment."""
        day: date = self.rows[0]["as_of"]
        return day


@lru_cache(maxsize=64)
def held(view: View) -> Latest | None:
    """People in custody according to the situation's primary organisation; None where it has no figure."""
    return _latest(view, Measure.IN_CUSTODY, _of_primary(view, Measure.IN_CUSTODY))


@lru_cache(maxsize=64)
def left_prison(view: View) -> Latest | None:
    """People released from prison since the situation's baseline, likewise; None where there is no figure."""
    points = _since_baseline(view, _of_primary(view, Measure.RELEASED_TO_DATE))
    return _latest(view, Measure.RELEASED_TO_DATE, points)


@lru_cache(maxsize=64)
def left_prison_in_part(view: View) -> dict[str, list[dict[str, Any]]]:
    """What stands for the newest moment of each way to leave (`mechanism=exchange`) since the baseline."""
    found = {}
    for value in view.situation.breakdown_values.get("mechanism", []):
        part = f"mechanism={value}"
        points = _since_baseline(view, _of_primary(view, Measure.RELEASED_TO_DATE, part))
        if points.height:
            found[part] = points.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts()
    return found


def _since_baseline(view: View, points: pl.DataFrame) -> pl.DataFrame:
    """The series that counts from the situation's baseline: the nearest one within its tolerance."""
    tolerance = timedelta(days=view.situation.baseline_tolerance_days)
    baseline = view.situation.baseline
    near = [day for day in points["baseline"].drop_nulls().unique() if abs(day - baseline) <= tolerance]
    if not near:
        return points.clear()
    return queries.only(points, baseline=min(near, key=lambda day: (abs(day - baseline), day)))


def _of_primary(view: View, measure: Measure, breakdown: str = TOTAL) -> pl.DataFrame:
    primary = (view.situation.primary_organisation,)
    return queries.series(
        view.build,
        view.situation_id,
        measure,
        primary,
        view.population(measure),
        breakdown,
        known_on=view.known_on,
    )


def _latest(view: View, measure: Measure, points: pl.DataFrame) -> Latest | None:
    counted = points.filter(pl.col("doubt").is_null())
    if counted.is_empty():
        return None
    organisation = view.situation.primary_organisation
    rows = counted.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts()
    rhythm = queries.rhythm(view.build, view.situation_id, organisation, measure, view.known_on)
    late = (view.today - rows[0]["as_of"]).days > rhythm.stale_after_days
    breaks = queries.unbridged_breaks(view.build, view.situation_id, view.known_on)
    broken = breaks.get((organisation, measure.value, rows[0]["population"]), [])
    return Latest(measure, organisation, points, rows, last_change(counted, broken), rhythm.rhythm_days, late)
