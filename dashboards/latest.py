"""The figure that may head a page, the series that it is of, and whether it is late for its organisation.

Which figure that is, is decided in one place: `pipelines/sql/44_headline_as_known_on.sql`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl

from dashboards import queries
from dashboards.changes import Change, last_change
from dashboards.view import View
from pipelines.model import TOTAL, Kind, Measure, Provenance
from pipelines.published import Build
from pipelines.staleness import is_stale


@dataclass(frozen=True)
class Latest:
    """One series of the primary organisation and its headline.

    `points` is the whole series without what is in doubt; it may go on after the headline, with figures that
    nobody has confirmed. `change` is the one up to the headline.
    """

    measure: Measure
    organisation: str
    points: pl.DataFrame
    rows: list[dict[str, Any]]  # the headline: one row, or more that contradict
    change: Change | None
    rhythm_days: float | None
    stale: bool

    @property
    def as_of(self) -> date:
        """The headline's moment."""
        day: date = self.rows[0]["as_of"]
        return day

    @property
    def newest(self) -> date:
        """The newest moment of the series, confirmed or not: what is stale is judged by it."""
        newest: date = max(self.points["as_of"].to_list())
        return newest


@dataclass(frozen=True)
class PassedOver:
    """The newest statement that is no headline, and why: `in_doubt` or `not_confirmed`."""

    row: dict[str, Any]
    reason: str


@lru_cache(maxsize=64)
def held(view: View) -> Latest | None:
    """People in custody according to the situation's primary organisation; None without a headline."""
    return _latest(view, Measure.IN_CUSTODY)


@lru_cache(maxsize=64)
def left_prison(view: View) -> Latest | None:
    """People released from prison since the situation's baseline, likewise."""
    return _latest(view, Measure.RELEASED_TO_DATE)


def line(view: View, measure: Measure) -> pl.DataFrame:
    """The series that the headline is of, or would be, without what is in doubt."""
    return _of_headline(view, measure, queries.series(*_primary(view, measure)))


def in_doubt(view: View, measure: Measure) -> pl.DataFrame:
    """What is in doubt beside that line."""
    return _of_headline(view, measure, queries.in_doubt(*_primary(view, measure)))


@lru_cache(maxsize=64)
def passed_over(view: View, measure: Measure) -> PassedOver | None:
    """What is newer than the headline, or stands where there is none; None where nothing was passed over."""
    stated = _headline(view, measure)
    if stated is None or stated["passed_claim"] is None:
        return None
    beside = pl.concat([line(view, measure), in_doubt(view, measure)])
    row = queries.only(beside, claim_id=stated["passed_claim"]).row(0, named=True)
    return PassedOver(row, stated["passed_reason"])


@lru_cache(maxsize=64)
def left_prison_in_part(view: View) -> dict[str, list[dict[str, Any]]]:
    """What stands for the newest moment of each way to leave (`mechanism=exchange`) since the baseline."""
    found = {}
    for value in view.situation.breakdown_values.get("mechanism", []):
        part = f"mechanism={value}"
        points = _since_baseline(view, queries.series(*_primary(view, Measure.RELEASED_TO_DATE, part)))
        if points.height:
            found[part] = points.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts()
    return found


def up_to_headline(view: View, series: pl.DataFrame) -> pl.DataFrame:
    """Statements of one series in time order without those newer than its headline, if some are left."""
    first = series.row(0, named=True)
    if first["breakdown"] != TOTAL:
        return series
    heads = queries.headlines(view.build, view.situation_id, view.known_on)
    stated = heads.get((first["organisation"], first["measure"]))
    if stated is None or stated["as_of"] is None:
        return series
    if any(stated[name] != first[name] for name in ("population", "baseline")):
        return series
    told = series.filter(pl.col("as_of") <= stated["as_of"])
    return told if told.height else series


def newest(view: View, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """What to quote of each series of a frame in time order: its headline, or what is newest in the frame."""
    series = frame.group_by("organisation", "measure", "baseline", maintain_order=True)
    return [up_to_headline(view, own).row(-1, named=True) for _, own in series]


def _primary(
    view: View, measure: Measure, breakdown: str = TOTAL
) -> tuple[Build, str, Measure, tuple[str, ...], str, str, date | None]:
    """What `queries.series` is asked for the primary organisation's statements."""
    primary, population = (view.situation.primary_organisation,), view.population(measure)
    return view.build, view.situation_id, measure, primary, population, breakdown, view.known_on


def _headline(view: View, measure: Measure) -> queries.Headline | None:
    """The row of `headline` where it is of what the page speaks of: its population, and its baseline."""
    heads = queries.headlines(view.build, view.situation_id, view.known_on)
    stated = heads.get((view.situation.primary_organisation, measure.value))
    if stated is None or stated["population"] != view.population(measure):
        return None
    if measure.kind is Kind.CUMULATIVE and not _near(view, stated["baseline"]):
        return None
    return stated


def _of_headline(view: View, measure: Measure, points: pl.DataFrame) -> pl.DataFrame:
    """Of what stands, the series that the headline is of."""
    stated = _headline(view, measure)
    return points.clear() if stated is None else queries.only(points, baseline=stated["baseline"])


def _near(view: View, baseline: date | None) -> bool:
    tolerance = timedelta(days=view.situation.baseline_tolerance_days)
    return baseline is not None and abs(baseline - view.situation.baseline) <= tolerance


def _since_baseline(view: View, points: pl.DataFrame) -> pl.DataFrame:
    """The series that counts from the situation's baseline: the nearest one within its tolerance."""
    near = [day for day in points["baseline"].drop_nulls().unique() if _near(view, day)]
    if not near:
        return points.clear()
    baseline = view.situation.baseline
    return queries.only(points, baseline=min(near, key=lambda day: (abs(day - baseline), day)))


def _latest(view: View, measure: Measure) -> Latest | None:
    stated = _headline(view, measure)
    if stated is None or stated["value"] is None:
        return None
    organisation, points = view.situation.primary_organisation, line(view, measure)
    rows = points.filter(pl.col("as_of") == stated["as_of"])
    if stated["origins"] == 1 and stated["provenance"] != Provenance.PRIMARY:
        rows = rows.filter(pl.col("checked").is_not_null())  # of one grade and origins, not of one reading
    rows = rows.sort(pl.col("claim_id") != stated["claim_id"], maintain_order=True)
    rhythm = queries.rhythm(view.build, view.situation_id, organisation, measure, view.known_on)
    late = is_stale(max(points["as_of"].to_list()), view.today, rhythm)
    breaks = queries.unbridged_breaks(view.build, view.situation_id, view.known_on)
    broken = breaks.get((organisation, measure.value, stated["population"]), [])
    change = last_change(points.filter(pl.col("as_of") <= stated["as_of"]), broken)
    return Latest(measure, organisation, points, rows.to_dicts(), change, rhythm, late)
