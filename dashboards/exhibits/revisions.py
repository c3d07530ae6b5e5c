"""What changed later, and what is one statement told many times."""

from typing import Any, Final

import polars as pl

from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source

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


@remember
def make_revisions(view: View) -> Exhibit:
    """Figures that changed later: by how much, how late, by whom; the newest on the page, all in the CSV."""
    words = view.words

    def rows(limit: int | None = None) -> pl.DataFrame:
        return database.read_mart(
            view.build, view.situation_id, "revisions", REVISIONS_ORDER, limit, known_on=view.known_on
        )

    count = count_revisions(view)
    shown = rows(exhibit.SHOWN).to_dicts()
    claims = _read_both_claims(view, shown)
    columns = ("as_of", "who", "what", "before", "after", "change", "late", "cause")
    return Exhibit(
        name=f"{view.situation_id}-revisions",
        title=words("revisions.title"),
        summary=words.plural("revisions.summary", count) if count else words("revisions.none"),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        whole=rows,
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_make_revision_row(view, row, claims) for row in shown),
        numeric=(5,),
        columns=REVISION_COLUMNS,
    )


def count_revisions(view: View) -> int:
    """How many revisions there are."""
    return database.count_mart_rows(view.build, view.situation_id, "revisions", view.known_on)


def make_revision_rows(view: View) -> list[tuple[Cell, ...]]:
    """Every revision as a row of the table of `revisions`, the newest first."""
    rows = database.read_mart(
        view.build, view.situation_id, "revisions", REVISIONS_ORDER, known_on=view.known_on
    ).to_dicts()
    claims = _read_both_claims(view, rows)
    return [_make_revision_row(view, row, claims) for row in rows]


def _read_both_claims(view: View, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return claim_rows.find_claims(view, (row[f"{side}_claim"] for row in rows for side in ("old", "new")))


def _make_revision_row(
    view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]
) -> tuple[Cell, ...]:
    words = view.words
    both: list[Cell] = []
    for side in ("old", "new"):
        day, publisher = words.short_day(row[f"{side}_published"]), row[f"{side}_publisher"]
        if publisher is None:  # what a person corrected was not published anew
            said = words("revisions.corrected_on", day=day)
        else:
            said = words("revisions.published", day=day, publisher=view.publisher(publisher))
        high = claims[row[f"{side}_claim"]]["value_high"] if row[f"{side}_qualifier"] == "range" else None
        value = words.amount(row[f"{side}_qualifier"], row[f"{side}_value"], high)
        both.append([Link(value, make_claim_address(view, row[f"{side}_claim"]), outside=False), said])
    name = view.names[row["organisation"]]
    return (
        words.short_day(row["as_of"]),
        name,
        labels.name_counted(view, row["measure"], row["population"], row["breakdown"]),
        *both,
        amounts.tell_change(view, row["change_low"], row["change_high"]),
        words.days(row["days_late"]),
        words("revisions.corrected", reason=labels.tell_reason(row, words))
        if row["cause"] == "corrected"
        else words("revisions.restated", organisation=name),
    )


@remember
def make_origins(view: View) -> Exhibit:
    """Statements carried by most outlets, each with whether an independent organisation confirms it."""
    words = view.words

    def rows(limit: int | None = None) -> pl.DataFrame:
        return database.read_mart(
            view.build, view.situation_id, "origins", ORIGINS_ORDER, limit, known_on=view.known_on
        )

    of = (view.build, view.situation_id, "origins", view.known_on)
    count, backed = database.count_mart_rows(*of), database.count_mart_rows(*of, (("corroborated", True),))
    shown = rows(exhibit.SHOWN)
    claims = claim_rows.find_claims(view, shown["claim"])
    columns = ("as_of", "who", "what", "figure", "carriers", "first", "corroborated")
    return Exhibit(
        name=f"{view.situation_id}-origins",
        title=words("origins.title"),
        summary=words.plural("origins.summary", count, corroborated=words.number(backed))
        if count
        else words("summary.none"),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_make_origin_row(view, row) for row in shown.to_dicts()),
        columns=ORIGIN_COLUMNS,
        whole=rows,
    )


def _make_origin_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    others = [view.names[each] for each in row["corroborated_by"]]
    return (
        words.short_day(row["as_of"]),
        view.names[row["organisation"]],
        labels.name_counted(view, row["measure"], row["population"], row["breakdown"]),
        Link(
            words.amount(row["qualifier"], row["value"], row["value_high"]),
            make_claim_address(view, row["claim"]),
            outside=False,
        ),
        words.plural("hover.carriers", row["carriers"]),
        f"{view.publisher(row['first_publisher'])}, {words.short_day(row['first_day'])}",
        words("origins.yes", organisations=words.listed(others))
        if row["corroborated"]
        else words("origins.no"),
    )
