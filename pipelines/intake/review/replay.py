"""Decisions are replayed on every build: the same file gives the same rows, with or without the reports.

The last decision about a figure stands, by its day and then by its row. A yes to a jump counts once a second,
different reviewer says the same; until then it waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import duckdb
import polars as pl

from pipelines.core.frames import read_frame
from pipelines.core.model import RowState
from pipelines.core.situation import Situation
from pipelines.intake.decisions import AUTO, Decisions, ReviewVerdict, Ruling, normalise_reviewer
from pipelines.intake.review.plausibility import Against, Doubt, StatedFigure, find_doubts, read_stated
from pipelines.sheets.contracts import compute_identities
from pipelines.sheets.transcription_sheet import SHEET_SCHEMA

SEPARATOR = " · "  # between the sentences of a reason


@dataclass
class Replay:
    """One situation's decisions, and which of the figures they are about were met among the rows read."""

    situation: Situation
    decisions: Decisions
    _met: set[str] = field(default_factory=set)

    def without_decided(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows read, less the waiting ones that somebody decided about: their decision stands for them.

        A second row of the same figure is quarantined, so that every row read ends somewhere.
        """
        waiting = rows["state"] == RowState.PENDING.value
        if self.decisions.rulings.is_empty() or not waiting.any():
            return rows
        decided = set(self.decisions.rulings["reading_id"].to_list())
        keep, again = [], []
        for claim_id, waits in zip(compute_identities(rows), waiting, strict=True):
            is_decided = waits and claim_id in decided
            again.append(is_decided and claim_id in self._met)
            keep.append(not is_decided or claim_id in self._met)
            if is_decided:
                self._met.add(claim_id)
        twice = pl.Series(again, dtype=pl.Boolean)
        return rows.with_columns(
            state=pl.when(twice).then(pl.lit(RowState.QUARANTINED.value)).otherwise("state"),
            reason=pl.when(twice)
            .then(pl.lit("the same figure was read twice and is decided already"))
            .otherwise("reason"),
        ).filter(pl.Series(keep, dtype=pl.Boolean))

    def looks_at_claims(self, queued: pl.DataFrame) -> bool:
        """Whether there is a figure to settle, for which every other claim has to be loaded."""
        return not (queued.is_empty() and self.decisions.rulings.is_empty())

    def settle(self, con: duckdb.DuckDBPyConnection, queued: pl.DataFrame) -> pl.DataFrame:
        """What becomes of every decided figure, of refused decisions, and of what still waits in the queue.

        `con`: the build, with every other claim loaded. Shape: SHEET_SCHEMA.
        """
        if not self.looks_at_claims(queued):
            return self.decisions.faults
        waiting = self.without_decided(
            queued.with_columns(state=pl.lit(RowState.PENDING.value), place_number=pl.lit(None, pl.Int64))
        )
        involved = {
            *waiting["organisation"].drop_nulls(),
            *self.decisions.rulings["organisation"].drop_nulls(),
        }
        known = read_known(con, self.situation.id, sorted(involved))
        settled = [self._outcome(rulings, known) for rulings in _group_by_figure(self.decisions.rulings)]
        rows = pl.DataFrame(settled, schema=SHEET_SCHEMA)
        parts = [rows, self.decisions.faults, self._explained(waiting, known)]
        return pl.concat([part.select(pl.col(c).cast(k) for c, k in SHEET_SCHEMA.items()) for part in parts])

    def _outcome(self, rulings: Sequence[Ruling], known: list[StatedFigure]) -> dict[str, Any]:
        """The row that the decisions about one figure give; one that counts joins `known`.

        Until it counts the row says what was read, so that the next reviewer decides about the same figure.
        """
        last = rulings[-1]
        row = self.decisions.readings[last["reading_id"]]
        if last["decision"] == ReviewVerdict.REJECT:
            return row | {
                "state": RowState.QUARANTINED.value,
                "reason": f"rejected by {last['reviewer']}: {last['why']}",
            }
        if last["state"] != RowState.ACCEPTED:
            return row | {"state": last["state"], "reason": last["reason"]}
        (claim,) = read_stated(pl.DataFrame([last], schema_overrides=SHEET_SCHEMA))
        reason = self._missing(claim, rulings, known)
        if reason is not None:
            return row | {"state": RowState.PENDING.value, "reason": reason}
        known.append(claim)
        meant = {column: cell for column, cell in last.items() if column in SHEET_SCHEMA}
        return meant | {"state": RowState.ACCEPTED.value, "reason": None}

    def _missing(
        self, claim: StatedFigure, rulings: Sequence[Ruling], known: Sequence[StatedFigure]
    ) -> str | None:
        """What a yes still lacks before it counts; None where nothing."""
        doubts = [d for d in find_doubts(claim, known, self.situation) if d.against is not Against.REPEATS]
        agreeing = find_agreeing(rulings)
        if not agreeing and not self.situation.accept_auto:
            return "the reader is sure, but this situation wants a person's yes"
        if not agreeing and doubts:
            return tell_doubts(doubts)
        jumps = [doubt for doubt in doubts if doubt.against is Against.JUMP]
        if jumps and len(agreeing) < 2:
            return tell_doubts(jumps) + f"{SEPARATOR}{_say_agreement(rulings[-1], agreeing)}"
        return None

    def _explained(self, waiting: pl.DataFrame, known: Sequence[StatedFigure]) -> pl.DataFrame:
        """The waiting rows with what speaks against each in its reason."""
        if waiting.is_empty():
            return waiting
        rows = waiting.with_columns(claim_id=compute_identities(waiting))
        beside = {each.claim_id: each for each in read_stated(rows, waits=True)}
        reasons = []
        for row in rows.iter_rows(named=True):
            claim = beside.get(row["claim_id"])
            doubts = (
                find_doubts(claim, [*known, *select_same_report(claim, beside.values())], self.situation)
                if claim
                else []
            )
            reasons.append(SEPARATOR.join(part for part in (row["reason"], tell_doubts(doubts)) if part))
        return rows.drop("claim_id").with_columns(reason=pl.Series(reasons, dtype=pl.String))


def _say_agreement(ruling: Ruling, agreeing: dict[str, str]) -> str:
    corrected = f", corrected to {ruling['corrected']}" if ruling["corrected"] else ""
    return f"said yes: {', '.join(agreeing.values())}{corrected}"


def find_agreeing(rulings: Sequence[Ruling]) -> dict[str, str]:
    """Who says the same as the last decision, without another word between; the reader is nobody."""
    found: dict[str, str] = {}
    last = rulings[-1]
    for ruling in reversed(rulings):
        rejects = (ruling["decision"] == ReviewVerdict.REJECT) != (last["decision"] == ReviewVerdict.REJECT)
        if rejects or ruling["claim_id"] != last["claim_id"]:
            break
        if ruling["reviewer"] != AUTO:
            found[normalise_reviewer(ruling["reviewer"])] = ruling["reviewer"]
    return dict(reversed(found.items()))


def select_same_report(claim: StatedFigure, waiting: Any) -> list[StatedFigure]:
    """The figures of the same report that wait as well."""
    return [
        each
        for each in waiting
        if (each.publisher, each.url, each.published) == (claim.publisher, claim.url, claim.published)
    ]


def tell_doubts(doubts: Sequence[Doubt]) -> str:
    """Doubts as one text."""
    return SEPARATOR.join(doubt.says for doubt in doubts)


def read_known(
    con: duckdb.DuckDBPyConnection, situation: str, organisations: Sequence[str]
) -> list[StatedFigure]:
    """The accepted claims of some organisations of a situation."""
    rows = read_frame(
        con.sql(
            "FROM claims WHERE situation = $situation AND list_contains($organisations, organisation)",
            params={"situation": situation, "organisations": list(organisations)},
        )
    )
    return read_stated(rows)


def _group_by_figure(rulings: pl.DataFrame) -> list[list[Ruling]]:
    """The rulings about each figure, oldest first; figures by moment, so that each meets those before it."""
    groups: dict[str, list[Ruling]] = {}
    for row in rulings.sort("decided", "row").iter_rows(named=True):
        groups.setdefault(row["reading_id"], []).append(cast(Ruling, row))
    never = date.max
    return sorted(
        groups.values(),
        key=lambda each: (each[-1]["as_of"] or never, each[-1]["published"] or never, each[-1]["reading_id"]),
    )
