"""What accepting a figure would change, worked out by the warehouse's own SQL, with and without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pipelines.core.frames import lend_frame, read_frame
from pipelines.core.paths import DataDir
from pipelines.warehouse import lives
from pipelines.warehouse.published_build import connect, find_current, read_query

AROUND: Final = 3  # points of the series shown on either side
_DECIDED: Final = {  # `why_standing` of what loses its moment
    "stated_cut_off": "another figure says of which day it is",
    "more_origins": "more independent outlets carry another figure",
    "not_round": "it is a round number, and another figure is not",
    "in_doubt": "it does not fit, and another figure does",
}


@dataclass(frozen=True)
class Impact:
    """`changes` in sentences; `series`: the points around the figure's moment as (day, words, is_new)."""

    changes: list[str]
    series: list[tuple[str, str, bool]]


class Impacts:
    """Computes effects on one build; close it when done. Temporary `claims` stand before the build's own."""

    def __init__(self, data: DataDir) -> None:
        self.con = connect(find_current(data))

    def close(self) -> None:
        """Let go of the build."""
        self.con.close()

    def of(self, claim: dict[str, Any]) -> Impact:
        """What accepting a figure would change. `claim`: a row of `pending`, with its claim_id."""
        if any(
            claim[name] is None for name in ("organisation", "measure", "value", "qualifier", "published")
        ):
            return Impact(["it cannot count as it stands: something is missing"], [])
        before = self._statements(claim, with_it=False)
        after = self._statements(claim, with_it=True)
        return Impact(_describe_changes(claim, before, after), _list_points_around(claim, after))

    def _statements(self, claim: dict[str, Any], *, with_it: bool) -> pl.DataFrame:
        self.con.execute("DROP TABLE IF EXISTS temp.claims")  # or it is copied in place of the build's
        params = {name: claim[name] for name in ("situation", "organisation")}
        self.con.execute(read_query("impact_claims"), params)
        if with_it:
            lend_frame(self.con, "candidate", pl.DataFrame([claim]))
            self.con.execute(read_query("impact_candidate"))
            self.con.unregister("candidate")
        lives.work_out(self.con)
        wanted = ("measure", "population", "breakdown")
        return read_frame(
            self.con.sql(read_query("impact_statements"), params={name: claim[name] for name in wanted})
        )


def _describe_changes(claim: dict[str, Any], before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    found = []
    old = {row["claim_id"]: row for row in before.iter_rows(named=True)}
    for row in after.iter_rows(named=True):
        was = old.get(row["claim_id"])
        if was is None:
            found.append(_describe_arrival(row))
        elif was["standing"] != row["standing"]:
            found.append(
                f"{_describe_amount(row)} on {row['as_of']}: {was['standing']} now, "
                f"{row['standing']} with this figure"
            )
        elif row["doubt"] != was["doubt"]:
            found.append(
                f"{_describe_amount(row)} on {row['as_of']}: {_describe_doubt(was)} now, "
                f"{_describe_doubt(row)} with this figure"
            )
        elif row["contradicted"] and not was["contradicted"]:
            found.append(f"{_describe_amount(row)} on {row['as_of']} would be marked as contradicted")
    return found or [f"nothing: {_describe_amount(claim)} is said already of that moment"]


def _describe_arrival(row: dict[str, Any]) -> str:
    says = {
        "stands": "it would stand for its moment",
        "superseded": "it would be an earlier version: a later report says otherwise",
        "echo": "it would be an echo: something sharper is known",
        "outranked": "it would be set aside: a report closer to the source is known",
        "contradicted": f"it would be contradicted: {_DECIDED.get(row['why_standing'], row['why_standing'])}",
        "withdrawn": "it would be withdrawn: it was read again, and its source does not state it",
    }[row["standing"]]
    if row["standing"] == "stands" and row["revision"]:
        says = f"it would be revision {row['revision']} of its moment"
    if row["doubt"]:
        says += f", {_describe_doubt(row)}, on no line"
    return says + (", beside what contradicts it" if row["contradicted"] else "")


def _describe_doubt(row: dict[str, Any]) -> str:
    return f"in doubt ({row['doubt'].replace('_', ' ')})" if row["doubt"] else "not in doubt"


def _list_points_around(claim: dict[str, Any], after: pl.DataFrame) -> list[tuple[str, str, bool]]:
    points = [
        row
        for row in after.sort("as_of", "published").iter_rows(named=True)
        if row["standing"] == "stands" or row["claim_id"] == claim["claim_id"]
    ]
    day = claim["as_of"]
    place = next(
        (n for n, row in enumerate(points) if day and row["as_of"] and row["as_of"] >= day), len(points)
    )
    near: Sequence[dict[str, Any]] = points[max(0, place - AROUND) : place + AROUND + 1]
    return [(str(row["as_of"]), _describe_amount(row), row["claim_id"] == claim["claim_id"]) for row in near]


def _describe_amount(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "a withheld figure"
    high = f"-{row['value_high']}" if row["value_high"] is not None else ""
    hedge = "" if row["qualifier"] in ("exact", "range") else f"{row['qualifier'].replace('_', ' ')} "
    return f"{hedge}{row['value']}{high}"
