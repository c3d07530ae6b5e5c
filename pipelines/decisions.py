"""What reviewers decided: `data/<situation>/decisions.csv`, appended to and never rewritten.

Each row carries the whole figure as it was read, the decision, what was corrected, why, who and when, so
that the file alone gives the same claims again where nobody has the reports.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines import transcriptions
from pipelines.strict_rows import append_rows

FILE: Final = "decisions.csv"
READING: Final = (*transcriptions.COLUMNS, "as_of_precision", "raw", "file", "place")
COLUMNS: Final = (*READING, "decision", "corrected", "reason", "reviewer", "decided")
CORRECTABLE: Final = (
    "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "as_of_basis", "as_of_precision", "published", "published_basis", "provenance",
)  # fmt: skip
AUTO: Final = "auto"  # the reviewer's name under which the rules of extraction accept; no person's
JOINED: Final = " | "  # between corrected fields: breakdowns use `;` and `=` themselves


class DecisionError(ValueError):
    """A decision cannot be taken as it stands; the message says what to change."""


class Verdict(StrEnum):
    """What a reviewer says of a figure that was read."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True)
class Decision:
    """One reviewer's word on one figure. `claim` has the columns of READING, typed or as text."""

    claim: Mapping[str, Any]
    verdict: Verdict
    reviewer: str
    decided: date
    reason: str = ""
    corrected: Mapping[str, str] = field(default_factory=dict)

    def cells(self) -> dict[str, str]:
        """The row of the file: every column as one line of text."""
        claim = {column: _line(self.claim.get(column)) for column in READING}
        return {
            **claim,
            "decision": self.verdict.value,
            "corrected": JOINED.join(f"{name}={_line(value)}" for name, value in self.corrected.items()),
            "reason": _line(self.reason),
            "reviewer": _line(self.reviewer),
            "decided": self.decided.isoformat(),
        }


def write(folder: Path, decisions: Sequence[Decision]) -> None:
    """Add decisions at the end of the file in one piece, on the disk before this returns."""
    append_rows(folder / FILE, COLUMNS, [decision.cells() for decision in decisions])


def accept_sure(folder: Path, rows: pl.DataFrame) -> None:
    """Write down that the rules accepted these rows (CLAIM_SCHEMA), on the day they were obtained."""
    day = date.today()
    made = [
        Decision(row, Verdict.ACCEPT, AUTO, row["retrieved"] or day, row["reason"] or "")
        for row in rows.iter_rows(named=True)
    ]
    if made:
        write(folder, made)


def parse_corrections(text: str) -> dict[str, str]:
    """`value=450 | breakdown=sex=female` as a dictionary; an empty value empties the field.

    Raises DecisionError on a piece that is no field=value, or a field that cannot be corrected.
    """
    found: dict[str, str] = {}
    for piece in text.split("|"):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not name and not equals:
            continue
        if not equals or name not in CORRECTABLE:
            raise DecisionError(
                f"corrected {piece.strip()!r}: expected field=value with a field of {', '.join(CORRECTABLE)}"
            )
        found[name] = value
    return found


def _line(value: object) -> str:
    return "" if value is None else re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", str(value)).strip()
