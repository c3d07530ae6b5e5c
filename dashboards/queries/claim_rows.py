"""Claims, statements, figure ids, readings, rows set aside and quality, as lists for pages and site."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import msgspec
import polars as pl

from dashboards.queries import database
from dashboards.queries.database import ask
from dashboards.queries.memory import remember, remember_asked
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.warehouse.published_build import Build

CLAIM_KEY: Final = 16  # letters and digits of the key of a claim


@remember
def read_statements(build: Build, situation: str) -> pl.DataFrame:
    """Every statement with `figure_id`; the columns of `statements` beside it."""
    return database.ask(build, "statements_with_figure_ids", situation=situation)


def find_untold(build: Build, situation: str, archived: pl.DataFrame) -> set[str]:
    """Figures of an earlier build that may give away a small cell: this build tells another number or none.

    `archived` has the columns of `statements` that a figure's identity and amount are made of, and its id.
    """
    cursor = database.open_connection(build).cursor()
    try:
        cursor.register("archived", archived)
        sql = (database.SQL / "archived_figures_untold.sql").read_text(encoding="utf-8")
        return {row[0] for row in cursor.execute(sql, {"situation": situation}).fetchall()}
    finally:
        cursor.close()


@remember
def read_figure_ids(build: Build, situation: str) -> Mapping[str, str]:
    """Claim → the figure that it is about."""
    frame = database.ask(build, "figure_ids_of_claims", situation=situation)
    return dict(zip(frame["claim_id"], frame["figure_id"], strict=True))


@remember
def list_figure_ids(build: Build, situation: str) -> frozenset[str]:
    """The ids of all figures of a situation."""
    return frozenset(read_figure_ids(build, situation).values())


def read_newest_first(view: View) -> pl.DataFrame:
    """All statements, the newest moment first."""
    order = ["as_of", "published", "claim_id"]
    return read_statements(view.build, view.situation_id).sort(
        order, descending=[True, True, False], nulls_last=True
    )


def find_figure_ids(view: View, claims: Sequence[str]) -> dict[str, str]:
    """Leading claim → the id of the figure that its statement is about."""
    frame = database.ask(
        view.build, "figure_ids_of_statements", situation=view.situation_id, claims=list(claims)
    )
    return dict(frame.iter_rows())


def find_statement(view: View, claim: str) -> dict[str, Any] | None:
    """The statement that a claim leads or carries, with `figure_id`; None where no claim has this id."""
    found = list_figures(view.build, view.situation_id, Filter(claim=claim), 1, 0)
    if found.is_empty():
        leading = ask(view.build, "leading_claim", situation=view.situation_id, claim=claim)
        if leading.is_empty():
            return None
        found = list_figures(view.build, view.situation_id, Filter(claim=leading.item()), 1, 0)
    row = found.row(0, named=True)
    return {**row, "figure_id": find_figure_ids(view, [row["claim_id"]])[row["claim_id"]]}


@remember
def read_rows_aside(build: Build, situation: str) -> pl.DataFrame:
    """Rows read that do not count: state, file, place, reason, raw."""
    return ask(build, "rows_not_counted", situation=situation)


@remember
def count_rows_by_state(build: Build, situation: str) -> dict[str, int]:
    """How many rows were read, accepted, pending and quarantined."""
    counts: dict[str, int] = ask(build, "row_counts", situation=situation).row(0, named=True)
    return counts


@remember
def read_quality(build: Build, situation: str, known_on: date | None = None) -> Mapping[str, int] | None:
    """figures, read_again, read_again_in_copy, withdrawn; None for a situation without figures (by a day)."""
    found = ask(build, "quality_of_figures", situation=situation, known_on=known_on)
    return None if found.is_empty() else MappingProxyType(found.row(0, named=True))


@remember_asked
def list_readings(
    build: Build, situation: str, claims: tuple[str, ...]
) -> Mapping[str, list[dict[str, Any]]]:
    """Claim → its readings (`readings_of_claims.sql`), the one that counts first; no other claims."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ask(build, "readings_of_claims", situation=situation, claims=list(claims)).to_dicts():
        found.setdefault(row["claim_id"], []).append(row)
    return MappingProxyType(found)


@remember_asked
def list_archived_copies(
    build: Build, situation: str, documents: tuple[str, ...]
) -> Mapping[str, dict[str, Any]]:
    """Address of a document → its row of `archived_copies_of_documents.sql`, where one is known."""
    rows = ask(build, "archived_copies_of_documents", situation=situation, documents=list(documents))
    return MappingProxyType({row["document"]: row for row in rows.to_dicts()})


@remember
def count_figures(build: Build, situation: str) -> int:
    """How many figures there are: statements, each however often it was published."""
    return int(ask(build, "figures_counted", situation=situation).item())


@remember
def count_doubted(build: Build, situation: str) -> int:
    """How many figures something speaks against."""
    return int(ask(build, "figures_in_doubt", situation=situation).item())


@remember
def read_combinations(build: Build, situation: str) -> pl.DataFrame:
    """organisation, measure, breakdown, first, last: the combinations that have claims."""
    return ask(build, "claim_combinations", situation=situation)


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One word of a search: the number that it is, and the ids whose names hold it."""

    text: str
    number: int | None = None
    organisations: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which figures to list; None asks nothing of a column. `claim` names a statement by its leading claim.

    `words` must all be found. `sort` is newest, oldest, largest, smallest, published, or who, by `ranked`.
    """

    organisation: str | None = None
    measure: str | None = None
    breakdown: str | None = None
    provenance: str | None = None
    standing: str | None = None
    reading: str | None = None  # yes, copy or no
    since: date | None = None
    until: date | None = None
    claim: str | None = None
    words: tuple[Word, ...] = ()
    sort: str = "newest"
    ranked: tuple[str, ...] = ()


@remember_asked
def list_figures(build: Build, situation: str, chosen: Filter, limit: int, skip: int) -> pl.DataFrame:
    """`limit` statements after `skip` in the order asked for; `matching` repeats how many match."""
    asked = {**msgspec.structs.asdict(chosen), "ranked": list(chosen.ranked)}
    asked["words"] = msgspec.to_builtins(chosen.words)
    asked["number"] = next((word.number for word in chosen.words if _is_only_number(word)), None)
    return ask(build, "figures_listed", situation=situation, limit=limit, skip=skip, **asked)


def _is_only_number(word: Word) -> bool:
    """It is found as a number or not at all: in no name, and too short or too long for the key of a claim."""
    names = word.organisations or word.measures or word.breakdowns or word.publishers
    return word.number is not None and not names and len(word.text) != CLAIM_KEY


@remember_asked
def read_claims(build: Build, situation: str, chosen: Filter, limit: int, skip: int) -> pl.DataFrame:
    """Claims of `limit` statements after `skip`, in the order asked for, with what became of each statement.

    One row is one claim, exactly as one report states it; `statements` repeats how many statements match.
    """
    figures = list_figures(build, situation, chosen, limit, skip)
    claims = ask(build, "claims_listed", situation=situation, claims=figures["claim_id"].to_list())
    matching = figures["matching"][0] if figures.height else 0
    return claims.with_columns(pl.lit(matching).alias("statements"))


@remember_asked
def read_claims_by_id(build: Build, situation: str, claims: tuple[str, ...]) -> pl.DataFrame:
    """The claims of these ids, corrections applied; `withheld` where our own tables do not show the value."""
    return ask(build, "claims_by_id", situation=situation, claims=list(claims))


def find_claims(view: View, ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    """Claims by id (columns of `claims_by_id.sql`)."""
    wanted = tuple(sorted({each for each in ids if each}))
    if not wanted:
        return {}
    frame = read_claims_by_id(view.build, view.situation_id, wanted)
    return {row["claim_id"]: row for row in frame.to_dicts()}


def make_claim_frame(claims: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Claims as the frame that a source line is made of."""
    return pl.DataFrame(
        [
            {
                "organisation": claim["organisation"],
                "publisher": claim["publisher"],
                "as_of": _find_day_stated(claim),
            }
            for claim in claims.values()
        ]
    )


def _find_day_stated(claim: dict[str, Any]) -> date | None:
    """The moment that a claim is of; an announcement for a later day is of the day on which it was made."""
    moment: date | None = claim["as_of"]
    if moment is None or claim["measure"] != Measure.RELEASE_ANNOUNCED:
        return moment
    return min(moment, claim["published"] or moment)
