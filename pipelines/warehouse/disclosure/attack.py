"""The attack that withheld cells must withstand: it reads what anyone may read and tries to get them back.

Every published table, as it is and as known on earlier days, is searched for a number beside a withheld
claim; ids are tried out; and what adds up is solved (`interval_solver`). A build that it breaks into stops.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl

from pipelines.core.privacy import DiscreetError
from pipelines.warehouse.disclosure.interval_solver import CELL, Cell, solve
from pipelines.warehouse.published_build import read_query
from pipelines.warehouse.table_registry import AS_KNOWN_ON

Thing = tuple[str, str, str, str]  # situation, organisation, measure without `_to_date`, breakdown
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
        super().__init__(f"{len(leaks)} withheld cells could be had from what is published:\n{lines}")
        self.things = {leak.thing for leak in leaks if leak.thing is not None}
        self.by_reckoning = all(leak.thing is not None for leak in leaks)


@dataclass(frozen=True)
class Leak:
    """One withheld cell that can be had back, or narrowed: where from, and the interval left of it."""

    how: str
    cell: str
    low: float | None = None
    high: float | None = None
    thing: Thing | None = None  # what would have to be withheld too, where the leak is by reckoning

    def __str__(self) -> str:
        left = "" if self.low is None else f": {self.low:g} to {self.high:g}"
        return f"{self.how}: {self.cell}{left}"


def check_reckoned(con: duckdb.DuckDBPyConnection) -> None:
    """Stop a build whose statements let a withheld cell be reckoned, before its marts are made.

    Raises DisclosureError.
    """
    leaks = _reckon_cells(_read_cells(con, None))
    if leaks:
        raise DisclosureError(leaks)


def check_shown(con: duckdb.DuckDBPyConnection) -> None:
    """Stop a build that shows a withheld cell in a table, or an id that tells it. Raises DisclosureError."""
    cells = _read_cells(con, None)
    leaks = [*_find_shown(con, None), *_try_ids(con, cells)] if cells.height else []
    if leaks:
        raise DisclosureError(leaks)


def attack(con: duckdb.DuckDBPyConnection, days: Sequence[date] = ()) -> list[Leak]:
    """Everything withheld that a build gives away, now or in its views as known on `days`."""
    cells = pl.concat([_read_cells(con, day) for day in (None, *days)]).unique()
    if cells.is_empty():
        return []
    leaks = [leak for day in (None, *days) for leak in _find_shown(con, day)]
    return [*leaks, *_try_ids(con, cells), *_reckon_cells(cells)]


def _try_ids(con: duckdb.DuckDBPyConnection, cells: pl.DataFrame) -> list[Leak]:
    """Ids that an attacker finds by trying out small values."""
    tried = con.sql(read_query("attack_ids_tried"), params={"most": cells["small_cell"].max()}).fetchall()
    return [Leak("claims.claim_id", claim, value, value) for claim, value in tried]


def _reckon_cells(cells: pl.DataFrame) -> list[Leak]:
    """Cells that sums and differences narrow."""
    if cells.is_empty():
        return []
    return [
        Leak(how, _name_cell(cell), low, high, _identify_thing(cell)) for how, cell, low, high in solve(cells)
    ]


def _name_cell(cell: Cell) -> str:
    parts = (cell.organisation, cell.measure, cell.breakdown, cell.period_start, cell.as_of)
    return " ".join(str(part) for part in parts if part is not None)


def _identify_thing(cell: Cell) -> Thing:
    return cell.situation, cell.organisation, strip_to_date(cell.measure), cell.breakdown


def strip_to_date(measure: str) -> str:
    """What a flow and its cumulative have in common."""
    return measure.replace("_to_date", "")


def _open_table(con: duckdb.DuckDBPyConnection, name: str, day: date | None) -> duckdb.DuckDBPyRelation:
    return con.table(name) if day is None else con.table_function(f"{name}_as_known_on", [day])


def _read_cells(con: duckdb.DuckDBPyConnection, day: date | None) -> pl.DataFrame:
    """What is stated, under the columns of `attack_cells.sql`."""
    return _open_table(con, "statements", day).query("stated", read_query("attack_cells")).pl().cast(CELL)


def _find_shown(con: duckdb.DuckDBPyConnection, day: date | None) -> Iterator[Leak]:
    """Numbers, hedges and words that stand beside a withheld claim in some table."""
    for table, named in SHOWN.items():
        if day is not None and table not in AS_KNOWN_ON:
            continue
        whole = _open_table(con, table, day)
        if day is not None:  # computed once for all the columns that name claims
            whole = con.from_arrow(whole.to_arrow_table())
        for claim, told in named.items():
            column = duckdb.ColumnExpression(claim)
            if whole.select(claim).types[0].id == "list":
                column = duckdb.FunctionExpression("unnest", column)
            beside = (
                whole.select(column.alias("claim"), *told)
                .query("shown", read_query("attack_tables_shown"))
                .pl()
            )
            for name in told:
                values = beside.filter(pl.col(name).is_not_null())
                if isinstance(values.schema[name], pl.List):
                    values = values.filter(pl.col(name).list.drop_nulls().list.len() > 0)
                where = f"{table}.{name}" if day is None else f"{table}.{name} as known on {day}"
                yield from (Leak(where, str(claim_id)) for claim_id in values["claim"])
