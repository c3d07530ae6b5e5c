"""Which running totals of those who left stand beside each other, and what of them is read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from dashboards.metrics.comparison_matrix import MatrixCell
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import database
from dashboards.queries.series import read_doubts, read_roles, read_series
from dashboards.queries.view import View
from pipelines.core.model import Measure

TOTALS: Final = ("claimed", "verified")  # the stages whose running totals are read
SERIES_READ: Final = 5  # speakers of a stage: those with most figures
YEAR_DAYS: Final = 330  # so far apart days are told with their years
ORDER: Final = "as_of DESC, published DESC, organisation, measure, claim"
ORDER_OF_PARTS: Final = "as_of DESC, value DESC NULLS LAST, published DESC, organisation, measure, claim"


def lasts_long(days: Sequence[date]) -> bool:
    """Whether days lie so far apart that each must say its year."""
    return bool(days) and (max(days) - min(days)).days > YEAR_DAYS


def find_first_day(view: View) -> date:
    """Shortly before the baseline: nothing older is drawn."""
    return view.situation.baseline - timedelta(days=LEAD_DAYS)


def list_series(view: View) -> pl.DataFrame:
    """stage, measure, organisation, of_all, figures, recent: those with most figures to draw first. Of parts
    where nobody gives a total.
    """
    asked = {"situation": view.situation_id, "since": find_first_day(view), "until": view.today}
    return database.ask(view.build, "releases_by_role_series", known_on=view.known_on, **asked)


def gives_totals(ranked: pl.DataFrame) -> bool:
    """Whether somebody gives a total of those who left: else what `list_series` lists are parts."""
    return bool(ranked["of_all"].any())


def read_newest(view: View, ranked: pl.DataFrame, limit: int, **equal: str) -> pl.DataFrame:
    """The newest of the figures that `list_series` ranks, of one stage where it is given."""
    whole = gives_totals(ranked)
    of = (view.build, view.situation_id, "releases_by_role", ORDER if whole else ORDER_OF_PARTS)
    chosen = ((("breakdown", "total"),) if whole else ()) + tuple(equal.items())
    return database.read_mart(*of, limit, known_on=view.known_on, equal=chosen)


def read_told_totals(view: View, organisation: str) -> pl.DataFrame:
    """All running totals of those who left that one organisation states, the newest first."""
    of = (view.build, view.situation_id, "releases_by_role", ORDER)
    own = (
        ("breakdown", "total"), ("measure", Measure.RELEASED_TO_DATE.value), ("organisation", organisation),
    )  # fmt: skip
    return database.read_mart(*of, known_on=view.known_on, equal=own)


def read_totals(view: View, ranked: pl.DataFrame) -> pl.DataFrame:
    """Exact running totals of those who left, of officials and of organisations those with most figures.

    Each has its own start: a total from another day is another series, and totals whose start nobody stated
    are read of those alone who never state one. In time order, columns as in `series.read_series`.
    """
    left = ranked.filter(pl.col("stage").is_in(TOTALS), measure=Measure.RELEASED_TO_DATE.value)
    speakers = tuple(left.group_by("stage").head(SERIES_READ)["organisation"].unique().to_list())
    measure = Measure.RELEASED_TO_DATE
    return read_series(
        view.build, view.situation_id, measure, speakers, view.population(measure), known_on=view.known_on
    ).filter(
        pl.col("as_of").is_between(find_first_day(view), view.today),
        pl.col("low") == pl.col("high"),
        ~pl.col("contradicted"),
        pl.col("baseline").is_not_null() | pl.col("baseline").is_null().all().over("organisation"),
    )  # fmt: skip


def choose_totals(view: View, points: pl.DataFrame, pair: MatrixCell | None) -> list[pl.DataFrame]:
    """Of `read_totals` the two totals to draw: what officials say, then what was verified.

    The `pair` that compares, else of each side the total with most days, of organisations the primary one's.
    """
    series = points.partition_by("organisation", "baseline", maintain_order=True)
    if pair is not None:
        found = {(own["organisation"][0], own["baseline"][0]): own for own in series}
        both = [(side["organisation"], side["period_start"]) for side in (pair.left, pair.right)]
        return [found[side] for side in both if side in found]
    roles = read_roles(view.build, view.situation_id)
    primary = view.situation.primary_organisation
    series.sort(key=lambda own: (own["organisation"][0] != primary, -own["as_of"].n_unique()))
    official = [own for own in series if roles[own["organisation"][0]] == "government"]
    others = [own for own in series if roles[own["organisation"][0]] != "government"]
    return [*official[:1], *others[:1]]


def count_doubts(view: View, drawn: Sequence[pl.DataFrame]) -> tuple[int, int]:
    """Figures of the totals `drawn` in doubt, and those that contradict each other: they are on no line."""
    measure, doubted, contradicted = Measure.RELEASED_TO_DATE, 0, 0
    for own in drawn:
        speaker, start = own["organisation"][0], own["baseline"][0]
        asked = (view.build, view.situation_id, measure, (speaker,), view.population(measure))
        counted = (
            pl.col("as_of").is_between(find_first_day(view), view.today),
            pl.col("baseline").eq_missing(pl.lit(start, dtype=pl.Date)),
        )
        doubted += read_doubts(*asked, known_on=view.known_on).filter(*counted).height
        contradicted += read_series(*asked, known_on=view.known_on).filter("contradicted", *counted).height
    return doubted, contradicted


def find_other_total(view: View, points: pl.DataFrame, drawn: Sequence[pl.DataFrame]) -> pl.DataFrame | None:
    """The primary organisation's total with most days of `read_totals`, where it is not drawn."""
    own = points.filter(organisation=view.situation.primary_organisation)
    if own.is_empty():
        return None
    most = max(own.partition_by("baseline", maintain_order=True), key=lambda each: each["as_of"].n_unique())
    return None if any(most.equals(each) for each in drawn) else most


def find_amnesty_total(view: View) -> dict[str, Any] | None:
    """The newest official total of all whom an amnesty covers, in prison or not: another thing, of
    another scale.
    """
    roles = read_roles(view.build, view.situation_id)
    officials = tuple(sorted(each for each, role in roles.items() if role == "government"))
    measure = Measure.AMNESTY_GRANTED_TO_DATE
    told = read_series(
        view.build, view.situation_id, measure, officials, view.population(measure), known_on=view.known_on
    ).filter(pl.col("as_of") <= view.today)
    return None if told.is_empty() else told.sort("as_of", "claim_id").row(-1, named=True)
