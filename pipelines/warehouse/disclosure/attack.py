"""The attack that withheld cells must withstand: it reads what anyone may read and tries to get them back.

Every published table, as it is and as known on earlier days, is searched for a number beside a withheld
claim; ids are tried out; and what adds up is solved (`audit`). A build that it breaks into stops.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from pipelines.core.counted import count_of
from pipelines.core.frames import read_frame
from pipelines.core.paths import SQL
from pipelines.core.privacy import DiscreetError
from pipelines.warehouse.disclosure.audit import Audit, read_told
from pipelines.warehouse.published_build import read_query
from pipelines.warehouse.table_registry import AS_KNOWN_ON

HEDGED: Final = ("value", "value_high", "low", "high", "qualifier")
SHOWN: Final[
    dict[str, dict[str, tuple[str, ...]]]
] = {  # table → the columns that name claims, and those that tell their numbers
    "claims": {"claim_id": ("value", "value_high", "raw", "note", "qualifier")},
    "statements": {"claim_id": HEDGED},
    "series": {"claim_id": HEDGED},
    "observations": {"claim_id": (*HEDGED, "raw", "note")},
    "breakdowns": {"claim": (*HEDGED, "share_low", "share_high")},
    "gaps": {
        "left_claim": ("left_value", "left_value_high", "left_low", "left_high", "difference_low"),
        "right_claim": ("right_value", "right_value_high", "right_low", "right_high", "difference_low"),
    },
    "bands": {"low_claim": ("low_value",), "high_claim": ("high_value",), "claims": ("values",)},
    "contradictions": {"claims": ("values",)},
    "findings": {"claims": ("amounts",)},
    "revisions": dict.fromkeys(
        ("old_claim", "new_claim"), ("old_value", "new_value", "change_low", "change_high")
    ),
    "headline": {
        "claim_id": ("value", "value_high", "qualifier"),
        "passed_claim": ("passed_value", "passed_value_high", "passed_qualifier"),
    },
    "figures": {"claim_id": ("value", "value_high", "qualifier")},
    "origins": {"claim": ("value", "value_high", "qualifier")},
    "reconciliation": {
        "opening_claim": ("opening", "opening_low", "opening_high"),
        "closing_claim": ("closing", "closing_low", "closing_high"),
        "flow_claims": ("released_low", "detained_low", "reported_late_low", "deaths_low"),
    },
    "revolving_door": {
        "detained_claim": ("detained_low", "detained_high"),
        "released_claim": ("released_low", "released_high"),
    },
    "announcements": {
        "claim": ("announced", "announced_low", "announced_high"),
        "same_week_claim": ("verified_same_week",),
        "verified_claims": ("verified_7_low", "verified_14_low", "verified_30_low"),
    },
    "releases_by_role": {"claim": ("value", "low", "high")},
    "decisions": {"claim_id": ("corrected", "reason")},
    "verifications": {"claim_id": ("field", "should_be")},
    "pending": {"claim_id": ("value", "value_high", "raw", "note")},
}


class DisclosureError(DiscreetError):
    """What is about to be published gives away withheld cells; the message names them and how."""

    def __init__(self, leaks: Sequence["Leak"]) -> None:
        lines = "\n".join(str(leak) for leak in leaks[:5])
        super().__init__(
            f"{count_of(len(leaks), 'withheld cell')} could be had from what is published:\n{lines}"
        )


@dataclass(frozen=True)
class Leak:
    """One withheld cell that can be had back, or narrowed: where from, and the interval left of it."""

    how: str
    cell: str
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        left = "" if self.low is None else f": {self.low:g} to {self.high:g}"
        return f"{self.how}: {self.cell}{left}"


def check_reckoned(con: duckdb.DuckDBPyConnection, safe: Audit) -> None:
    """Stop a build whose claims, as masked, let a withheld cell be reckoned. Raises DisclosureError.

    `safe` is what was found to give nothing away: where just that is told it is not solved once more.
    """
    if safe.has_just(read_told(con)):
        return
    leaks = list(_reckon_cells(Audit(con)))
    if leaks:
        raise DisclosureError(leaks)


def check_shown(con: duckdb.DuckDBPyConnection) -> None:
    """Stop a build that shows a withheld cell in a table, or an id that tells it. Raises DisclosureError."""
    if con.table("withheld_claims").count("*").fetchall()[0][0]:
        leaks = [*_find_shown(con, None), *_try_ids(con)]
        if leaks:
            raise DisclosureError(leaks)


def attack(con: duckdb.DuckDBPyConnection, days: Sequence[date] = ()) -> list[Leak]:
    """Everything withheld that a published build gives away, now or in its views as known on `days`.

    What is reckoned is reckoned from every form in which a claim ever stood, so from every day at once.
    """
    con.execute("CREATE OR REPLACE TEMP VIEW claims_loaded AS FROM claims_stored")
    con.execute("CREATE OR REPLACE TEMP TABLE cells_withheld (claim_id VARCHAR, fewer_than INTEGER)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE speakers_beyond_audit "
        "(situation VARCHAR, organisation VARCHAR, population VARCHAR)"
    )
    con.execute((SQL / "2_disclosure" / "01_cells_as_ever_stated.sql").read_text(encoding="utf-8"))
    leaks = [leak for day in (None, *days) for leak in _find_shown(con, day)]
    return [*leaks, *_try_ids(con), *_reckon_cells(Audit(con))]


def _try_ids(con: duckdb.DuckDBPyConnection) -> list[Leak]:
    """Ids that an attacker finds by trying out small values."""
    tried = con.sql(read_query("attack_ids_tried")).fetchall()
    return [Leak("claims.claim_id", claim, value, value) for claim, value in tried]


def _reckon_cells(audit: Audit) -> Iterator[Leak]:
    """Cells that everything that adds up narrows."""
    for attacker in audit.list_attackers():
        for found in audit.attack(attacker):
            yield Leak("sums and differences", str(found), found.low, found.high)


def _find_shown(con: duckdb.DuckDBPyConnection, day: date | None) -> Iterator[Leak]:
    """Numbers, hedges and words that stand beside a withheld claim in some table."""
    for table, named in SHOWN.items():
        if day is not None and table not in AS_KNOWN_ON:
            continue
        whole = con.table(table)
        if day is not None:  # computed once for all the columns that name claims
            con.execute(f"CREATE OR REPLACE TEMP TABLE shown_then AS FROM {table}_as_known_on($1)", [day])
            whole = con.table("shown_then")
        lists = {name for name, kind in zip(whole.columns, whole.types, strict=True) if kind.id == "list"}
        for claim, told in named.items():
            column = duckdb.ColumnExpression(claim)
            if claim in lists:
                column = duckdb.FunctionExpression("unnest", column)
            told_here = (_tells(name, name in lists).alias(name) for name in told)
            shown = whole.select(column.alias("claim"), *told_here)
            beside = read_frame(shown.query("shown", read_query("attack_tables_shown")))
            for name in told:
                where = f"{table}.{name}" if day is None else f"{table}.{name} as known on {day}"
                yield from (Leak(where, str(claim_id)) for claim_id in beside.filter(name)["claim"])


def _tells(name: str, is_list: bool) -> duckdb.Expression:
    """Whether something stands in a column, of a list in any of its places; where there is no list, null."""
    column = duckdb.ColumnExpression(name)
    if not is_list:
        return column.isnotnull()
    return duckdb.FunctionExpression("list_count", column) > duckdb.ConstantExpression(0)
