"""What officials said beside what the primary organisation verified, of one start and one day: small bars.

All of it is from the published pairs that compare (mart `gaps`); nothing is chosen by hand.
"""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dashboards.exhibits.comparisons import ORDER
from dashboards.i18n.rich_text import Link
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import labels
from pipelines.core.model import Qualifier, Role

MOST: Final = 3  # pairs
OF_ONE_MEASURE: Final = 2


@dataclass(frozen=True)
class PairBar:
    """One side: who, the figure with its claim, its share of the larger side, and its colour's name."""

    who: str
    figure: Link
    share: float
    colour: str


@dataclass(frozen=True)
class FigurePair:
    """Two exact figures of one thing, one start and one day."""

    what: str
    bars: tuple[PairBar, PairBar]


@remember
def list_pairs(view: View) -> tuple[FigurePair, ...]:
    """The largest of them, those counted over the longest time first; each official figure once."""
    found = database.read_mart(
        view.build,
        view.situation_id,
        "gaps",
        ORDER,
        known_on=view.known_on,
        equal=(
            ("comparable", True),
            ("left_role", str(Role.GOVERNMENT)),
            ("right_organisation", view.situation.primary_organisation),
            ("left_qualifier", str(Qualifier.EXACT)),
            ("right_qualifier", str(Qualifier.EXACT)),
        ),
    )
    same = (
        (pl.col("left_as_of") == pl.col("right_as_of"))
        & pl.col("left_period_start").eq_missing(pl.col("right_period_start"))
        & (pl.col("left_measure") == pl.col("right_measure"))
        & (pl.col("left_breakdown") == pl.col("right_breakdown"))
    )
    ranked = (
        found.filter(same)
        .sort("left_period_start", nulls_last=True, maintain_order=True)
        .unique(
            ["left_measure", "left_breakdown", "left_value", "left_as_of"], keep="first", maintain_order=True
        )
        .sort("left_value", "left_as_of", "left_claim", descending=[True, True, False])
        .filter(pl.int_range(pl.len()).over("left_measure") < OF_ONE_MEASURE)
        .head(MOST)
    )
    return tuple(_make_pair(view, row) for row in ranked.to_dicts())


def find_reason_for_none(view: View) -> str:
    """Why there are none, by the name of its sentence: the primary organisation is an authority itself, no
    authority has a figure, or none of theirs compares.
    """
    roles, primary = series.read_roles(view.build, view.situation_id), view.situation.primary_organisation
    if roles[primary] == Role.GOVERNMENT:
        return "pairs_official"
    equal = (("role", str(Role.GOVERNMENT)),)
    said = database.count_mart_rows(view.build, view.situation_id, "origins", view.known_on, equal)
    return "pairs_none" if said else "pairs_unsaid"


def _make_pair(view: View, row: dict[str, Any]) -> FigurePair:
    words = view.words
    what = labels.name_counted(view, row["left_measure"], row["left_population"], row["left_breakdown"])
    start = row["left_period_start"]
    if start is not None and start != row["left_as_of"]:
        what = f"{what}, {words('window.since', day=words.short_day(start))}"
    highest = max(row["left_value"], row["right_value"], 1)
    left, right = (
        PairBar(
            view.names[row[f"{side}_organisation"]],
            Link(
                words.number(row[f"{side}_value"]),
                make_claim_address(view, row[f"{side}_claim"]),
                outside=False,
            ),
            row[f"{side}_value"] / highest,
            colour,
        )
        for side, colour in (("left", "government"), ("right", "primary"))
    )
    key = "today.pair_within" if start is not None and start == row["left_as_of"] else "today.pair_on"
    return FigurePair(f"{what}, {words(key, day=words.short_day(row['left_as_of']))}", (left, right))
