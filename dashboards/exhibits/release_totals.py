"""Which running totals of those who left stand beside each other, and what of them is read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import database
from dashboards.queries.series import read_roles, read_series
from dashboards.queries.view import View
from pipelines.core.model import Measure

TOTALS: Final = ("claimed", "verified")  # the stages whose running totals are drawn
SERIES_DRAWN: Final = 5  # those with most figures
DRAWN_FROM: Final = 3  # days with an exact figure: fewer are no line, and stand in the table
YEAR_DAYS: Final = 330  # so far apart days are told with their years
ORDER: Final = "as_of DESC, published DESC, organisation, measure, claim"


def lasts_long(days: Sequence[date]) -> bool:
    """Whether days lie so far apart that each must say its year."""
    return bool(days) and (max(days) - min(days)).days > YEAR_DAYS


def find_first_day(view: View) -> date:
    """Shortly before the baseline: nothing older is drawn."""
    return view.situation.baseline - timedelta(days=LEAD_DAYS)


def list_series(view: View) -> pl.DataFrame:
    """stage, measure, organisation, figures, recent: those with most figures to draw first."""
    asked = {"situation": view.situation_id, "since": find_first_day(view), "until": view.today}
    if view.known_on is None:
        return database.ask(view.build, "releases_by_role_series", **asked)
    return database.ask(view.build, "releases_by_role_series_as_known_on", known_on=view.known_on, **asked)


def read_newest_totals(view: View, limit: int, **equal: str) -> pl.DataFrame:
    """The newest totals, of one stage where it is given."""
    chosen = (("breakdown", "total"), *equal.items())
    of = (view.build, view.situation_id, "releases_by_role", ORDER)
    return database.read_mart(*of, limit, known_on=view.known_on, equal=chosen)


def read_totals(view: View, ranked: pl.DataFrame) -> pl.DataFrame:
    """Running totals of those who left: of officials,
    organisations and the opposition those with most figures.

    Each has its own start: a total from another day is another series, and totals whose start nobody stated
    are drawn of those alone who never state one. Of one speaker one is drawn.
    """
    roles = read_roles(view.build, view.situation_id)
    opposed = pl.col("organisation").replace_strict(roles, default="").is_in(("opposition",))
    left = ranked.filter(pl.col("stage").is_in(TOTALS) | opposed, measure=Measure.RELEASED_TO_DATE.value)
    speakers = tuple(left.group_by("stage").head(SERIES_DRAWN)["organisation"].unique().to_list())
    measure = Measure.RELEASED_TO_DATE
    points = read_series(
        view.build, view.situation_id, measure, speakers, view.population(measure), known_on=view.known_on
    ).filter(pl.col("as_of").is_between(find_first_day(view), view.today))
    many = (
        points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
        .group_by("organisation", "baseline")
        .agg(days=pl.col("as_of").n_unique())
        .filter(pl.col("baseline").is_not_null() | pl.col("baseline").is_null().all().over("organisation"))
        .filter(pl.col("days") >= pl.min_horizontal(DRAWN_FROM, pl.col("days").max()))
        .sort(["days", "organisation", "baseline"], descending=[True, False, False], nulls_last=True)
        .unique("organisation", keep="first", maintain_order=True)
        .head(SERIES_DRAWN)
    )
    primary = view.situation.primary_organisation
    official = pl.col("organisation").replace_strict(roles, default="") != "government"
    order = [
        pl.col("organisation") != primary,
        official,
        -pl.col("days").cast(pl.Int64),
        "organisation",
        "as_of",
    ]
    return points.join(many, on=["organisation", "baseline"], nulls_equal=True).sort(
        order, maintain_order=True
    )


def find_off_scale(view: View) -> dict[str, Any] | None:
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
