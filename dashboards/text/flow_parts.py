"""Parts of a flow on the way from one stock to the next, where no total of that flow was stated.

A way is a row of `reconciliation`; a part is never taken as the flow.
"""

from typing import Any, Final

import polars as pl

from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from pipelines.core.model import Measure

MEASURES: Final = {
    "released": (Measure.RELEASED, Measure.RELEASED_TO_DATE),
    "detained": (Measure.DETAINED, Measure.DETAINED_TO_DATE),
    "deaths": (Measure.DEATHS_IN_CUSTODY_TO_DATE,),
}
LATE: Final = ("status=previously_unknown", "status=reported_late")  # parts that are a flow of their own
MOST: Final = 3  # parts that are told
Row = dict[str, Any]


def list_parts(view: View, way: Row, flow: str) -> list[Row]:
    """Rows of `breakdowns` within the days of a way, those of the longest windows first, MOST at most; none
    where the flow was stated.
    """
    if flow not in MEASURES or flow not in way["missing"] or flow in (*way["fell"], *way["exceeds"]):
        return []
    own = (("organisation", way["organisation"]), ("population", way["population"]))
    found = [
        part
        for measure in MEASURES[flow]
        for part in database.read_mart(
            view.build,
            view.situation_id,
            "breakdowns",
            "as_of DESC, value DESC, claim",
            known_on=view.known_on,
            equal=(*own, ("measure", measure.value)),
        )
        .filter(
            "stated",
            pl.col("period_start") >= way["opening_as_of"],
            pl.col("as_of").is_between(way["opening_as_of"], way["as_of"], closed="right"),
            ~pl.col("breakdown").is_in(LATE),
        )
        .to_dicts()
    ]
    return sorted(found, key=lambda part: part["period_start"] - part["as_of"])[:MOST]


def tell_parts(view: View, way: Row, flow: str) -> list[str]:
    """Each part: how many, which, in which days."""
    words = view.words
    return [
        words(
            "bridge.part_days",
            amount=amounts.tell_amount(part, words),
            part=labels.name_part(view, part["breakdown"]),
            start=words.short_day(part["period_start"]),
            end=words.short_day(part["as_of"]),
        )
        for part in list_parts(view, way, flow)
    ]


def is_known_in_part(view: View, way: Row) -> bool:
    """Whether of releases and of new detentions a part was stated wherever no total was."""
    missing = [flow for flow in ("released", "detained") if flow in way["missing"]]
    return all(list_parts(view, way, flow) for flow in missing)
