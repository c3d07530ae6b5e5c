"""The figures that wait, each with its sentence, what speaks against it and what it would change.

The terminal and the page both work through it. It reads the published build and writes decisions only.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.core.privacy import MASK
from pipelines.core.situation import list_known_names, read_organisations, read_situation
from pipelines.intake.decisions import (
    AUTO,
    Decision,
    DecisionError,
    ReviewVerdict,
    append,
    normalise_reviewer,
)
from pipelines.intake.inbox import read_queue_with_readings
from pipelines.intake.kept_readings import KeptReading, Span, read_kept
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.prose_report import find_in_report, make_printable
from pipelines.intake.review.impact import Impact, Impacts
from pipelines.intake.review.masked_places import MarkedSentence, mark_sentence, point_at
from pipelines.intake.review.plausibility import Against, Doubt, find_doubts, read_stated
from pipelines.intake.review.replay import SEPARATOR, read_known, select_same_report
from pipelines.sheets.contracts import compute_identities
from pipelines.warehouse import published_build, table_registry

WHO: Final = "who"
WHEN: Final = "when"
NUMBER: Final = "number"

SHOWN: Final = (
    "claim_id", "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "as_of_basis", "as_of_precision", "published", "publisher", "provenance", "url",
    "raw", "file", "place",
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """Where a figure stands in its report, masked. `beside`: the sentences that hold the words that say who
    or when, where those stand elsewhere in the text."""

    sentence: MarkedSentence
    beside: dict[str, MarkedSentence]

    def words(self, name: str) -> str | None:
        """The words that say who or when, as far as they are shown."""
        return self.beside.get(name, self.sentence).words(name) or None


@dataclass(frozen=True)
class WaitingFigure:
    """One figure that waits, and all that a reviewer needs to decide. `said` are the decisions so far.

    What costs time is worked out when it is first asked for.
    """

    claim: dict[str, Any]
    reasons: list[str]  # why it waits, apart from the doubts
    doubts: list[Doubt]
    said: list[dict[str, Any]]
    reading: KeptReading
    _desk: "Worklist" = field(repr=False, compare=False)

    @cached_property
    def sentence(self) -> str | None:
        """The sentence before and that of the number; None where the report is not on this machine."""
        found = find_in_report(self._desk.folder, self.claim["file"], self.claim["place"])
        return point_at(*found, self._desk.names) if found else None

    @cached_property
    def context(self) -> Context | None:
        """The same with the words marked that say who and when."""
        return self._desk.find_context(self)

    @cached_property
    def effect(self) -> Impact:
        """What accepting it would change."""
        return self._desk.find_effect(self)

    def work_out(self) -> None:
        """Work out ahead what costs time, so that the next figure is there when it is asked for."""
        _ = self.context, self.effect

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
            "sentence": self.sentence,
            "probability": self.reading.probability,
            "choices": self.reading.choices,
            "answers": self.reading.answers,
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
        readings = self._read_readings()
        found = []
        for row in rows.iter_rows(named=True):
            claim = beside.get(row["claim_id"])
            others = [*known, *select_same_report(claim, beside.values())] if claim else []
            doubts = find_doubts(claim, others, self.situation) if claim else []
            found.append(self._one(row, doubts, said, readings.get(row["claim_id"], KeptReading())))
        return sorted(found, key=lambda each: (_weigh_gravity(each), str(each.claim["published"]), each.id))

    def _read_readings(self) -> dict[str, KeptReading]:
        """What readers said of the queued figures, by the identity of each."""
        queued = read_queue_with_readings(self.folder)
        if queued.is_empty():
            return {}
        names = compute_identities(queued)
        return {
            claim_id: read_kept(row)
            for claim_id, row in zip(names, queued.iter_rows(named=True), strict=True)
        }

    def _one(
        self, row: dict[str, Any], doubts: list[Doubt], said: pl.DataFrame, reading: KeptReading
    ) -> WaitingFigure:
        told = {doubt.says for doubt in doubts}
        return WaitingFigure(
            claim={
                name: make_printable(value) if isinstance(value, str) else value
                for name, value in row.items()
            },
            reasons=[part for part in row["reason"].split(SEPARATOR) if part not in told],
            doubts=doubts,
            said=said.filter(pl.col("reading_id") == row["claim_id"]).sort("row_number").to_dicts(),
            reading=reading,
            _desk=self,
        )

    def find_effect(self, waiting: WaitingFigure) -> Impact:
        """What accepting a figure would change. Raises NoBuildError."""
        with closing(Impacts(self.data)) as effects:
            return effects.of(waiting.claim)

    def find_context(self, waiting: WaitingFigure) -> Context | None:
        """Where a figure stands, with its telling words; None where the report is not on this machine."""
        found = find_in_report(self.folder, waiting.claim["file"], waiting.claim["place"])
        if found is None:
            return None
        text, number = found
        spans: dict[str, Span | None] = {WHO: waiting.reading.speaker_span, WHEN: waiting.reading.day_span}
        sentence = mark_sentence(text, number, {NUMBER: number, **spans}, self.names)
        if not sentence.words(NUMBER) or MASK in sentence.words(NUMBER):
            return None
        beside = {
            name: mark_sentence(text, span, {name: span}, self.names)
            for name, span in spans.items()
            if span and span[1] <= len(text) and name not in sentence.shows
        }
        return Context(sentence, beside)

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

    def undo(self, waiting: WaitingFigure, reviewer: str) -> None:
        """Take back what this reviewer last said of a figure, in one more row. Raises DecisionError."""
        self.decide(waiting, ReviewVerdict.UNDO, reviewer)

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
