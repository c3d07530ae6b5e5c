"""One count around the day of a figure, as a small drawing for beside its text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards.charts import mini_series
from dashboards.charts.mini_series import HEIGHT, WIDTH
from dashboards.queries import database
from dashboards.queries.view import View
from pipelines.core.model import Kind

__all__ = ["HEIGHT", "WIDTH", "draw_count"]

Row = Mapping[str, Any]
AROUND: Final = 5  # figures before and after
_TONES: Final = {"in_custody": "held", "released": "left", "released_to_date": "left"}


def draw_count(view: View, row: Row, claims: Sequence[str]) -> str | None:
    """The count that a figure belongs to, around its day, with these claims marked, as an SVG; None for few.

    `row` has the columns of `statements` or of `claims_by_id.sql`.
    """
    if row["kind"] not in (Kind.STOCK, Kind.CUMULATIVE) or row["as_of"] is None:
        return None
    keys = ("organisation", "measure", "population", "breakdown", "as_of")
    baseline = row["period_start"] if row["kind"] == Kind.CUMULATIVE else row.get("baseline")
    near = database.ask(
        view.build,
        "figures_around",
        situation=view.situation_id,
        baseline=baseline,
        claims=list(claims),
        limit=AROUND,
        **{key: row[key] for key in keys},
    )
    points = [
        mini_series.Point(each["as_of"], each["value"], each["fits"], each["claim_id"] in claims)
        for each in near.to_dicts()
    ]
    return mini_series.draw(
        points,
        tone=_TONES.get(row["measure"], "other"),
        number=view.words.number,
        tick=lambda day: view.words.tick(day, "yMMM" if _spans_years(points) else "MMMd"),
    )


def _spans_years(points: Sequence[mini_series.Point]) -> bool:
    return (max(each.day for each in points) - min(each.day for each in points)).days > 300
