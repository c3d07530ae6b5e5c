"""What changed later, and what is one statement told many times."""

from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries, sides
from dashboards.exhibits import Exhibit
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View, claim_address

REVISIONS_ORDER: Final = "new_published DESC, organisation, as_of DESC, measure, breakdown, new_claim"
ORIGINS_ORDER: Final = "carriers DESC, first_day DESC, claim"
REVISION_COLUMNS: Final = (
    "organisation", "measure", "population", "breakdown", "period_start", "as_of", "cause", "revision",
    "old_qualifier", "old_value", "old_published", "old_publisher", "old_claim",
    "new_qualifier", "new_value", "new_published", "new_publisher", "new_claim",
    "change_low", "change_high", "days_late", "reason",
)  # fmt: skip
ORIGIN_COLUMNS: Final = (
    "organisation", "role", "measure", "population", "breakdown", "period_start", "as_of", "last_as_of",
    "qualifier", "value", "value_high", "carriers", "repetitions", "first_publisher", "first_day", "last_day",
    "corroborated", "corroborated_by", "publishers", "claims", "claim",
)  # fmt: skip


@lru_cache(maxsize=64)
def revisions(view: View) -> Exhibit:
    """Figures that changed later: by how much, how late, by whom; the newest on the page, all in the CSV."""
    words = view.words

    def rows(limit: int | None = None) -> pl.DataFrame:
        return queries.mart(
            view.build, view.situation_id, "revisions", REVISIONS_ORDER, limit, known_on=view.known_on
        )

    count = revisions_count(view)
    shown = rows(sides.SHOWN).to_dicts()
    claims = _both_claims(view, shown)
    columns = ("as_of", "who", "what", "before", "after", "change", "late", "cause")
    return Exhibit(
        name=f"{view.situation_id}-revisions",
        title=words("revisions.title"),
        summary=words.plural("revisions.summary", count) if count else words("revisions.none"),
        source=source_line(view, sides.frame_of(claims)),
        whole=rows,
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_revision(view, row, claims) for row in shown),
        numeric=(5,),
        columns=REVISION_COLUMNS,
    )


def revisions_count(view: View) -> int:
    """How many revisions there are."""
    return queries.mart_size(view.build, view.situation_id, "revisions", view.known_on)


def revised(view: View) -> list[tuple[Cell, ...]]:
    """Every revision as a row of the table of `revisions`, the newest first."""
    rows = queries.mart(
        view.build, view.situation_id, "revisions", REVISIONS_ORDER, known_on=view.known_on
    ).to_dicts()
    claims = _both_claims(view, rows)
    return [_revision(view, row, claims) for row in rows]


def _both_claims(view: View, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return sides.claims_of(view, (row[f"{side}_claim"] for row in rows for side in ("old", "new")))


def _revision(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words = view.words
    both: list[Cell] = []
    for side in ("old", "new"):
        said = words(
            "revisions.published",
            day=words.short_day(row[f"{side}_published"]),
            publisher=view.publisher(row[f"{side}_publisher"]),
        )
        high = claims[row[f"{side}_claim"]]["value_high"] if row[f"{side}_qualifier"] == "range" else None
        value = words.amount(row[f"{side}_qualifier"], row[f"{side}_value"], high)
        both.append([Link(value, claim_address(view, row[f"{side}_claim"]), outside=False), said])
    name = view.names[row["organisation"]]
    return (
        words.short_day(row["as_of"]),
        name,
        sides.thing(view, row["measure"], row["population"], row["breakdown"]),
        *both,
        sides.more_or_fewer(view, row["change_low"], row["change_high"]),
        words.days(row["days_late"]),
        words("revisions.corrected", reason=row["reason"])
        if row["cause"] == "corrected"
        else words("revisions.restated", organisation=name),
    )


@lru_cache(maxsize=64)
def origins(view: View) -> Exhibit:
    """Statements carried by most outlets, each with whether an independent organisation confirms it."""
    words = view.words

    def rows(limit: int | None = None) -> pl.DataFrame:
        return queries.mart(
            view.build, view.situation_id, "origins", ORIGINS_ORDER, limit, known_on=view.known_on
        )

    of = (view.build, view.situation_id, "origins", view.known_on)
    count, backed = queries.mart_size(*of), queries.mart_size(*of, (("corroborated", True),))
    shown = rows(sides.SHOWN)
    claims = sides.claims_of(view, shown["claim"])
    columns = ("as_of", "who", "what", "figure", "carriers", "first", "corroborated")
    return Exhibit(
        name=f"{view.situation_id}-origins",
        title=words("origins.title"),
        summary=words.plural("origins.summary", count, corroborated=words.number(backed))
        if count
        else words("summary.none"),
        source=source_line(view, sides.frame_of(claims)),
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_origin(view, row) for row in shown.to_dicts()),
        columns=ORIGIN_COLUMNS,
        whole=rows,
    )


def _origin(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    others = [view.names[each] for each in row["corroborated_by"]]
    return (
        words.short_day(row["as_of"]),
        view.names[row["organisation"]],
        sides.thing(view, row["measure"], row["population"], row["breakdown"]),
        Link(
            words.amount(row["qualifier"], row["value"], row["value_high"]),
            claim_address(view, row["claim"]),
            outside=False,
        ),
        words.plural("hover.carriers", row["carriers"]),
        f"{view.publisher(row['first_publisher'])}, {words.short_day(row['first_day'])}",
        words("origins.yes", organisations=words.listed(others))
        if row["corroborated"]
        else words("origins.no"),
    )
