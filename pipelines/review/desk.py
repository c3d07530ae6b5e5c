"""A reviewer's desk: the figures that wait, each with its sentence, its doubts and what it would change.

The terminal and the page both work through it. It reads the published build and writes decisions only.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from pipelines import published
from pipelines.decisions import AUTO, Decision, DecisionError, Verdict, append
from pipelines.extract.masking import mask
from pipelines.paths import DataDir
from pipelines.prose import known_names
from pipelines.review.doubts import Against, Doubt, find_doubts, stated
from pipelines.review.effect import Effect, Effects
from pipelines.review.replay import SEPARATOR, of_report, read_known, same_person
from pipelines.review.sentence import Sentence, find_sentence, printable
from pipelines.situation import read_organisations, read_situation

SHOWN: Final = (
    "claim_id", "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "as_of_basis", "as_of_precision", "published", "publisher", "provenance", "url",
    "raw", "file", "place",
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """One figure that waits, and all that a reviewer needs to decide. `said` are the decisions so far."""

    claim: dict[str, Any]
    reasons: list[str]  # why it waits, apart from the doubts
    doubts: list[Doubt]
    sentence: Sentence | None
    effect: Effect
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


class Desk:
    """The waiting figures of one situation as the published build has them."""

    def __init__(self, data: DataDir, situation: str, today: date) -> None:
        self.data, self.today = data, today
        self.folder = data.situation(situation)
        self.situation = read_situation(self.folder)
        self.organisations = read_organisations(self.folder)
        self.names = known_names(self.situation, self.organisations)

    def waiting(self) -> list[Waiting]:
        """Figures that wait, those with the gravest doubts first. Raises NoBuildError."""
        with published.opened(self.data) as con:
            rows = published.read_table(con, "pending", situations=[self.situation.id])
            said = published.read_table(con, "decisions", situations=[self.situation.id])
            known = read_known(con, self.situation.id, sorted(rows["organisation"].drop_nulls().unique()))
        rows = rows.unique("claim_id", keep="first", maintain_order=True)
        beside = {each.claim_id: each for each in stated(rows, waits=True)}
        found = []
        with closing(Effects(self.data)) as effects:
            for row in rows.iter_rows(named=True):
                claim = beside.get(row["claim_id"])
                others = [*known, *of_report(claim, beside.values())] if claim else []
                doubts = find_doubts(claim, others, self.situation) if claim else []
                found.append(self._one(row, doubts, effects.of(row), said))
        return sorted(found, key=lambda each: (_gravity(each), str(each.claim["published"]), each.id))

    def _one(self, row: dict[str, Any], doubts: list[Doubt], effect: Effect, said: pl.DataFrame) -> Waiting:
        told = {doubt.says for doubt in doubts}
        return Waiting(
            claim={
                name: printable(value) if isinstance(value, str) else value for name, value in row.items()
            },
            reasons=[part for part in row["reason"].split(SEPARATOR) if part not in told],
            doubts=doubts,
            sentence=find_sentence(self.folder, row["file"], row["place"], self.names),
            effect=effect,
            said=said.filter(pl.col("reading_id") == row["claim_id"]).sort("row_number").to_dicts(),
        )

    def decide(
        self,
        waiting: Waiting,
        verdict: Verdict,
        reviewer: str,
        reason: str = "",
        corrected: Mapping[str, str] | None = None,
    ) -> None:
        """Write one decision; names in the reason are masked. Raises DecisionError with what to change."""
        if same_person(reviewer) == AUTO:
            raise DecisionError(f"{AUTO!r} is how the rules sign; give your own name or initials")
        if verdict is Verdict.ACCEPT and self.needs_another(waiting, reviewer):
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

    def needs_another(self, waiting: Waiting, reviewer: str) -> bool:
        """Whether this reviewer's yes is there and only a second person's is missing."""
        last = waiting.said[-1] if waiting.said else None
        return (
            last is not None
            and last["decision"] == Verdict.ACCEPT
            and any(doubt.against is Against.JUMP for doubt in waiting.doubts)
            and same_person(last["reviewer"]) == same_person(reviewer)
        )


def _gravity(waiting: Waiting) -> int:
    order = list(Against)
    return min((order.index(doubt.against) for doubt in waiting.doubts), default=len(order))
