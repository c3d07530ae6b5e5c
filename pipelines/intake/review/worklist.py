"""The figures that wait, each with its sentence, what speaks against it and what it would change.

The terminal and the page both work through it. It reads the published build and writes decisions only.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.core.situation import list_known_names, read_organisations, read_situation
from pipelines.intake.decisions import AUTO, Decision, DecisionError, ReviewVerdict, append
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.prose_report import Sentence, find_sentence, make_printable
from pipelines.intake.review.plausibility import Against, Doubt, find_doubts, read_stated
from pipelines.intake.review.replay import SEPARATOR, normalise_reviewer, read_known, select_same_report
from pipelines.warehouse import published_build, table_registry
from pipelines.warehouse.published_build import connect, find_current, read_query

AROUND: Final = 3  # points of the series shown on either side
_DECIDED: Final = {  # `why_standing` of what loses its moment
    "stated_cut_off": "another figure says of which day it is",
    "more_origins": "more independent outlets carry another figure",
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
        params = {name: claim[name] for name in ("situation", "organisation")}
        self.con.execute(read_query("impact_claims"), params)
        if with_it:
            self.con.register("candidate", pl.DataFrame([claim]))
            self.con.execute(read_query("impact_candidate"))
            self.con.unregister("candidate")
        wanted = ("measure", "population", "breakdown")
        return self.con.sql(
            read_query("impact_statements"), params={name: claim[name] for name in wanted}
        ).pl()


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


SHOWN: Final = (
    "claim_id", "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "as_of_basis", "as_of_precision", "published", "publisher", "provenance", "url",
    "raw", "file", "place",
)  # fmt: skip


@dataclass(frozen=True)
class WaitingFigure:
    """One figure that waits, and all that a reviewer needs to decide. `said` are the decisions so far."""

    claim: dict[str, Any]
    reasons: list[str]  # why it waits, apart from the doubts
    doubts: list[Doubt]
    sentence: Sentence | None
    effect: Impact
    said: list[dict[str, Any]]

    @property
    def id(self) -> str:
        """The identity of the figure as it was read."""
        return str(self.claim["claim_id"])

    def as_json(self) -> dict[str, Any]:
        """Plain values for a program."""
        return {
            **{name: self.claim[name] for name in SHOWN},
            "reasons": self.reasons,
            "warnings": [{"kind": doubt.against.value, "says": doubt.says} for doubt in self.doubts],
            "sentence": str(self.sentence) if self.sentence else None,
            "changes": self.effect.changes,
            "decisions": [
                {name: each[name] for name in ("reviewer", "decision", "reason", "decided")}
                for each in self.said
            ],
        }


class Worklist:
    """The waiting figures of one situation as the published build has them."""

    def __init__(self, data: DataDir, situation: str, today: date) -> None:
        self.data, self.today = data, today
        self.folder = data.situation(situation)
        self.situation = read_situation(self.folder)
        self.organisations = read_organisations(self.folder)
        self.names = list_known_names(self.situation, self.organisations)

    def waiting(self) -> list[WaitingFigure]:
        """Figures that wait, those with the gravest doubts first. Raises NoBuildError."""
        with published_build.open_current(self.data) as con:
            rows = table_registry.read_table(con, "pending", situations=[self.situation.id])
            said = table_registry.read_table(con, "decisions", situations=[self.situation.id])
            known = read_known(con, self.situation.id, sorted(rows["organisation"].drop_nulls().unique()))
        rows = rows.unique("claim_id", keep="first", maintain_order=True)
        beside = {each.claim_id: each for each in read_stated(rows, waits=True)}
        found = []
        with closing(Impacts(self.data)) as effects:
            for row in rows.iter_rows(named=True):
                claim = beside.get(row["claim_id"])
                others = [*known, *select_same_report(claim, beside.values())] if claim else []
                doubts = find_doubts(claim, others, self.situation) if claim else []
                found.append(self._one(row, doubts, effects.of(row), said))
        return sorted(found, key=lambda each: (_weigh_gravity(each), str(each.claim["published"]), each.id))

    def _one(
        self, row: dict[str, Any], doubts: list[Doubt], effect: Impact, said: pl.DataFrame
    ) -> WaitingFigure:
        told = {doubt.says for doubt in doubts}
        return WaitingFigure(
            claim={
                name: make_printable(value) if isinstance(value, str) else value
                for name, value in row.items()
            },
            reasons=[part for part in row["reason"].split(SEPARATOR) if part not in told],
            doubts=doubts,
            sentence=find_sentence(self.folder, row["file"], row["place"], self.names),
            effect=effect,
            said=said.filter(pl.col("reading_id") == row["claim_id"]).sort("row_number").to_dicts(),
        )

    def decide(
        self,
        waiting: WaitingFigure,
        verdict: ReviewVerdict,
        reviewer: str,
        reason: str = "",
        corrected: Mapping[str, str] | None = None,
    ) -> None:
        """Write one decision; names in the reason are masked. Raises DecisionError with what to change."""
        if normalise_reviewer(reviewer) == AUTO:
            raise DecisionError(f"{AUTO!r} is how the reader of prose signs; give your own name or initials")
        if verdict is ReviewVerdict.ACCEPT and self.needs_another(waiting, reviewer):
            raise DecisionError("you said yes already; a jump needs a second, different reviewer")
        decision = Decision(
            waiting.claim,
            verdict,
            reviewer,
            self.today,
            mask(reason, self.names) if reason else "",
            corrected or {},
        )
        append(self.folder, decision, self.situation, self.organisations, self.today)

    def needs_another(self, waiting: WaitingFigure, reviewer: str) -> bool:
        """Whether this reviewer's yes is there and only a second person's is missing."""
        last = waiting.said[-1] if waiting.said else None
        return (
            last is not None
            and last["decision"] == ReviewVerdict.ACCEPT
            and any(doubt.against is Against.JUMP for doubt in waiting.doubts)
            and normalise_reviewer(last["reviewer"]) == normalise_reviewer(reviewer)
        )


def _weigh_gravity(waiting: WaitingFigure) -> int:
    order = list(Against)
    return min((order.index(doubt.against) for doubt in waiting.doubts), default=len(order))
