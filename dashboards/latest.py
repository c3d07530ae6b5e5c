"""The figures that may head a page, the series that they are of, and whether they are late.

Which figure that is, is decided in one place: `pipelines/sql/44_headline_as_known_on.sql`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries
from dashboards.changes import Change, last_change
from dashboards.view import View
from pipelines.model import TOTAL, Kind, Measure, Provenance
from pipelines.published import Build
from pipelines.staleness import is_stale

LEAD_DAYS: Final = 90  # what is shown of the time before the baseline
Figure = Mapping[str, Any]  # a row of `queries.series`


@dataclass(frozen=True)
class PassedOver:
    """The newest statement that is no headline, and why: `in_doubt` or `not_confirmed`."""

    row: Figure
    reason: str


@dataclass(frozen=True, eq=False)
class Headline:
    """What heads a page under one measure of the primary organisation, and the series that it is of.

    `rows` is the figure: one row, more that contradict, or none where nothing may head the page. `line` is
    the whole series that it is of, or would be; it may go on after the headline, with figures that nobody
    has confirmed. `change` is the one up to the headline.
    """

    measure: Measure
    organisation: str
    line: pl.DataFrame  # without what is in doubt
    in_doubt: pl.DataFrame  # beside that line
    passed_over: PassedOver | None  # newer than the headline, or in its place
    rows: Sequence[Figure] = ()
    change: Change | None = None
    rhythm_days: float | None = None
    stale: bool = False

    @property
    def as_of(self) -> date:
        """The headline's moment. Raises IndexError where there is none."""
        day: date = self.rows[0]["as_of"]
        return day

    @property
    def newest(self) -> date:
        """The newest moment of the series, confirmed or not: what is stale is judged by it."""
        newest: date = max(self.line["as_of"].to_list())
        return newest


@dataclass(frozen=True, eq=False)
class Headlines:
    """Both headlines of a view: people in custody, and people released from prison since the baseline."""

    held: Headline
    left: Headline
    left_in_part: Mapping[
        str, Sequence[Figure]
    ]  # without a total of those who left: each way in which they left
    since: date  # the first day that is shown of both
    until: date

    @property
    def both(self) -> tuple[Headline, Headline]:
        """People held, then people who left prison."""
        return self.held, self.left

    @property
    def freshest(self) -> Headline | None:
        """That of both whose series goes on for longest; None where neither has a figure."""
        return max((each for each in self.both if each.rows), key=lambda each: each.newest, default=None)

    @property
    def stale(self) -> bool:
        """Whether there is a figure and every one is late for its organisation."""
        found = [each for each in self.both if each.rows]
        return bool(found) and all(each.stale for each in found)

    @property
    def shown(self) -> pl.DataFrame:
        """The figures of both lines that a chart of them shows."""
        days = pl.col("as_of").is_between(self.since, self.until)
        return pl.concat([each.line.filter(days) for each in self.both])


@lru_cache(maxsize=64)
def find_headlines(view: View) -> Headlines:
    """Both headlines of a view; every page, card and picture tells these."""
    held, left = _headline(view, Measure.IN_CUSTODY), _headline(view, Measure.RELEASED_TO_DATE)
    in_part = {} if left.rows else _left_in_part(view)
    return Headlines(
        held, left, in_part, _since(view, [*held.line["as_of"], *left.line["as_of"]]), view.today
    )


def _since(view: View, days: Sequence[date]) -> date:
    """Some time before the baseline; where all figures are older, or start later, the first of them."""
    lead = view.situation.baseline - timedelta(days=LEAD_DAYS)
    first = min(days, default=view.situation.baseline)
    return max(first, lead) if max(days, default=lead) >= lead else first


def _headline(view: View, measure: Measure) -> Headline:
    organisation, stated = view.situation.primary_organisation, _stated(view, measure)
    points, in_doubt = queries.series(*_primary(view, measure)), queries.in_doubt(*_primary(view, measure))
    if stated is None:
        return Headline(measure, organisation, points.clear(), in_doubt.clear(), None)
    line = queries.only(points, baseline=stated["baseline"])
    in_doubt = queries.only(in_doubt, baseline=stated["baseline"])
    passed = _passed_over(stated, pl.concat([line, in_doubt]))
    if stated["value"] is None:
        return Headline(measure, organisation, line, in_doubt, passed)
    rhythm = queries.rhythm(view.build, view.situation_id, organisation, measure, view.known_on)
    breaks = queries.unbridged_breaks(view.build, view.situation_id, view.known_on)
    broken = breaks.get((organisation, measure.value, stated["population"]), [])
    return Headline(
        measure,
        organisation,
        line,
        in_doubt,
        passed,
        _rows(stated, line),
        last_change(line.filter(pl.col("as_of") <= stated["as_of"]), broken),
        rhythm,
        is_stale(max(line["as_of"].to_list()), view.today, rhythm),
    )


def _rows(stated: queries.Headline, line: pl.DataFrame) -> list[dict[str, Any]]:
    """The headline's own row, and those that stand beside it."""
    rows = line.filter(pl.col("as_of") == stated["as_of"])
    if stated["origins"] == 1 and stated["provenance"] != Provenance.PRIMARY:
        rows = rows.filter(pl.col("checked").is_not_null())  # of one grade and origins, not of one reading
    return rows.sort(pl.col("claim_id") != stated["claim_id"], maintain_order=True).to_dicts()


def _passed_over(stated: queries.Headline, beside: pl.DataFrame) -> PassedOver | None:
    if stated["passed_claim"] is None:
        return None
    row = queries.only(beside, claim_id=stated["passed_claim"]).row(0, named=True)
    return PassedOver(row, stated["passed_reason"])


def _left_in_part(view: View) -> dict[str, list[dict[str, Any]]]:
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


def _stated(view: View, measure: Measure) -> queries.Headline | None:
    """The row of `headline` where it is of what the page speaks of: its population, and its baseline."""
    heads = queries.headlines(view.build, view.situation_id, view.known_on)
    stated = heads.get((view.situation.primary_organisation, measure.value))
    if stated is None or stated["population"] != view.population(measure):
        return None
    if measure.kind is Kind.CUMULATIVE and not _near(view, stated["baseline"]):
        return None
    return stated


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
