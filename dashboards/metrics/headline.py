"""The figure that may head a page, found once a view: its series, what was passed over, how fresh it is.

Which figure that is, is decided in one place: `warehouse/sql/5_marts/23_headline.sql`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import floor
from typing import Any, Final

import polars as pl

from dashboards.metrics.change import Change, last_change
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.series import read_headlines
from dashboards.queries.view import View
from pipelines.core.model import TOTAL, Kind, Measure, Provenance
from pipelines.core.staleness import is_stale, stale_after
from pipelines.warehouse.published_build import Build

LEAD_DAYS: Final = 90  # what is shown of the time before the baseline
Figure = Mapping[str, Any]  # a row of `queries.series`


@dataclass(frozen=True)
class PassedOver:
    """A newer statement that is no headline, and why: `in_doubt` or `not_confirmed`."""

    row: Figure
    reason: str


@dataclass(frozen=True, eq=False)
class Headline:
    """What heads a page under one measure of the primary organisation, and the series that it is of.

    `rows` is the figure: one row, more that contradict, or none where nothing may head the page. `line` is
    the whole series that it is of, or would be; it may go on after the headline, with figures that nobody
    has confirmed. `change` is the one up to the headline, from the confirmed figure before it.
    """

    measure: Measure
    organisation: str
    line: pl.DataFrame  # without what is in doubt
    in_doubt: pl.DataFrame  # beside that line
    # newer than the headline, or in its place: the newest, and where that is in doubt the newest unconfirmed
    passed_over: tuple[PassedOver, ...]
    rows: Sequence[Figure] = ()
    change: Change | None = None
    rhythm_days: float | None = None
    stale: bool = False
    undated: Sequence[Figure] = ()  # without a headline: the newest totals that do not say since when

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
    parts_of_left: Mapping[str, Figure]  # of their headline's day and start: each way in which they left
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


@remember
def find_headlines(view: View) -> Headlines:
    """Both headlines of a view; every page, card and picture tells these."""
    held, left = _find_headline(view, Measure.IN_CUSTODY), _find_headline(view, Measure.RELEASED_TO_DATE)
    in_part = _find_left_in_part(view)
    of_total = {
        part: rows[0]
        for part, rows in in_part.items()
        if left.rows and len(rows) == 1 and _is_part_of(rows[0], left.rows[0])
    }
    return Headlines(
        held,
        left,
        {} if left.rows else in_part,
        of_total,
        min(_find_first_day(view, [*held.line["as_of"], *left.line["as_of"]]), view.today),
        view.today,
    )


def _is_part_of(part: Figure, whole: Figure) -> bool:
    """Whether both are of one day, start and people."""
    return all(part[name] == whole[name] for name in ("as_of", "baseline", "population"))


def _find_first_day(view: View, days: Sequence[date]) -> date:
    """Some time before the baseline; where all figures are older, or start later, the first of them."""
    lead = view.situation.baseline - timedelta(days=LEAD_DAYS)
    first = min(days, default=view.situation.baseline)
    return max(first, lead) if max(days, default=lead) >= lead else first


def _find_headline(view: View, measure: Measure) -> Headline:
    organisation, stated = view.situation.primary_organisation, _find_stated(view, measure)
    points, in_doubt = (
        series.read_series(*_choose_primary(view, measure)),
        series.read_doubts(*_choose_primary(view, measure)),
    )
    if stated is None:
        undated = _find_undated(points) if measure.kind is Kind.CUMULATIVE else []
        return Headline(measure, organisation, points.clear(), in_doubt.clear(), (), undated=undated)
    line = series.select_rows(points, baseline=stated["baseline"])
    in_doubt = series.select_rows(in_doubt, baseline=stated["baseline"])
    passed = _find_passed_over(stated, pl.concat([line, in_doubt]))
    if stated["value"] is None:
        return Headline(measure, organisation, line, in_doubt, passed)
    rhythm = series.read_rhythm(view.build, view.situation_id, organisation, measure, view.known_on)
    breaks = series.read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    broken = breaks.get((organisation, measure.value, stated["population"]), [])
    return Headline(
        measure,
        organisation,
        line,
        in_doubt,
        passed,
        _read_rows(stated, line),
        last_change(select_confirmed(line).filter(pl.col("as_of") <= stated["as_of"]), broken),
        rhythm,
        is_stale(max(line["as_of"].to_list()), view.today, rhythm),
    )


def _find_undated(points: pl.DataFrame) -> list[dict[str, Any]]:
    told = select_confirmed(points.filter(pl.col("baseline").is_null()))
    return told.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts()


def select_confirmed(line: pl.DataFrame) -> pl.DataFrame:
    """The figures of a series that may head a page: read again, of more than one origin, or first-hand."""
    confirmed = pl.col("checked").is_not_null() | (pl.col("origins") > 1)
    return line.filter(confirmed | (pl.col("provenance") == Provenance.PRIMARY))


def find_by(found: Headline, until: date) -> Headline:
    """The same by an earlier day: the last confirmed figures of its series up to then."""
    if not found.rows or found.as_of <= until:
        return found
    by = select_confirmed(found.line).filter(pl.col("as_of") <= until)
    return replace(found, rows=by.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts())


def _read_rows(stated: series.HeadlineRow, line: pl.DataFrame) -> list[dict[str, Any]]:
    """The headline's own row, and those that stand beside it."""
    rows = select_confirmed(line).filter(pl.col("as_of") == stated["as_of"])
    return rows.sort(pl.col("claim_id") != stated["claim_id"], maintain_order=True).to_dicts()


def _find_passed_over(stated: series.HeadlineRow, beside: pl.DataFrame) -> tuple[PassedOver, ...]:
    named = {
        stated["passed_claim"]: stated["passed_reason"],
        stated["unconfirmed_claim"]: "not_confirmed",
    }
    return tuple(
        PassedOver(series.select_rows(beside, claim_id=claim).row(0, named=True), reason)
        for claim, reason in named.items()
        if claim is not None
    )


def _find_left_in_part(view: View) -> dict[str, list[dict[str, Any]]]:
    """What stands for the newest moment of each way to leave (`mechanism=exchange`) since the baseline."""
    found = {}
    for value in view.situation.breakdown_values.get("mechanism", []):
        part = f"mechanism={value}"
        points = _select_since_baseline(
            view, series.read_series(*_choose_primary(view, Measure.RELEASED_TO_DATE, part))
        )
        if points.height:
            found[part] = points.filter(pl.col("as_of") == pl.col("as_of").max()).to_dicts()
    return found


def select_told(view: View, series: pl.DataFrame) -> pl.DataFrame:
    """Statements of one series in time order up to its headline: none where that is older than all of them,
    or where it has none. All of a series that no headline is of.
    """
    first = series.row(0, named=True)
    if first["breakdown"] != TOTAL:
        return series
    heads = read_headlines(view.build, view.situation_id, view.known_on)
    stated = heads.get((first["organisation"], first["measure"]))
    if stated is None or any(stated[name] != first[name] for name in ("population", "baseline")):
        return series
    return series.filter(pl.col("as_of") <= stated["as_of"]) if stated["as_of"] else series.clear()


def cut_at_headline(view: View, series: pl.DataFrame) -> pl.DataFrame:
    """The same, or the whole series where nothing of it is told."""
    told = select_told(view, series)
    return told if told.height else series


def list_newest(view: View, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """What to quote of each series of a frame in time order: its headline, or what is newest in the frame."""
    series = frame.group_by("organisation", "measure", "baseline", maintain_order=True)
    return [cut_at_headline(view, own).row(-1, named=True) for _, own in series]


def _choose_primary(
    view: View, measure: Measure, breakdown: str = TOTAL
) -> tuple[Build, str, Measure, tuple[str, ...], str, str, date | None]:
    """What `series.read_series` is asked for the primary organisation's statements."""
    primary, population = (view.situation.primary_organisation,), view.population(measure)
    return view.build, view.situation_id, measure, primary, population, breakdown, view.known_on


def _find_stated(view: View, measure: Measure) -> series.HeadlineRow | None:
    """The row of `headline` where it is of what the page speaks of: its population, and its baseline."""
    heads = series.read_headlines(view.build, view.situation_id, view.known_on)
    stated = heads.get((view.situation.primary_organisation, measure.value))
    if stated is None or stated["population"] != view.population(measure):
        return None
    if measure.kind is Kind.CUMULATIVE and not _is_near(view, stated["baseline"]):
        return None
    return stated


def _is_near(view: View, baseline: date | None) -> bool:
    tolerance = timedelta(days=view.situation.baseline_tolerance_days)
    return baseline is not None and abs(baseline - view.situation.baseline) <= tolerance


def _select_since_baseline(view: View, points: pl.DataFrame) -> pl.DataFrame:
    """The series that counts from the situation's baseline: the nearest one within its tolerance."""
    near = [day for day in points["baseline"].drop_nulls().unique() if _is_near(view, day)]
    if not near:
        return points.clear()
    baseline = view.situation.baseline
    return series.select_rows(points, baseline=min(near, key=lambda day: (abs(day - baseline), day)))


@dataclass(frozen=True)
class Freshness:
    """One organisation: the day of its newest figure, its rhythm in days if known, whether it is late.

    It is late where its newest figure under each measure is, on `late_from` first; the rhythm is that of the
    measure that it publishes most often.
    """

    organisation: str
    newest: date
    rhythm_days: float | None
    late: bool
    late_from: date


@remember
def list_freshness(view: View) -> tuple[Freshness, ...]:
    """Every organisation that has published, those silent longest last."""
    found = database.ask(view.build, "news_silences", situation=view.situation_id)
    standings = [
        _find_freshness(organisation, own.select("as_of", "rhythm_days").rows(), view.today)
        for (organisation,), own in found.group_by("organisation", maintain_order=True)
    ]
    return tuple(sorted(standings, key=lambda each: (-each.newest.toordinal(), each.organisation)))


def _find_freshness(organisation: str, newest: list[tuple[date, float | None]], today: date) -> Freshness:
    """From the newest day and the rhythm of each measure."""
    as_of, rhythm = max(newest, key=lambda each: (each[0] + timedelta(stale_after(each[1])), each[0]))
    late_from = as_of + timedelta(floor(stale_after(rhythm)) + 1)
    late, usual = is_stale(as_of, today, rhythm), min((days for _, days in newest if days), default=None)
    return Freshness(organisation, max(day for day, _ in newest), usual, late, late_from)
