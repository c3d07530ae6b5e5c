"""What reviewers decided: `data/<situation>/decisions.csv`, read row by row, appended to, never rewritten.

Each row carries the whole figure as it was read, the decision, what was corrected, why, who and when, so
that the file alone gives the same claims again where nobody has the reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypedDict

import polars as pl

from pipelines.core import privacy
from pipelines.core.model import Precision, RowState
from pipelines.core.situation import Organisation, Situation, make_personal_rules
from pipelines.sheets import transcription_sheet
from pipelines.sheets.contracts import compute_identities
from pipelines.sheets.csv_reader import read_csv
from pipelines.sheets.raw_table import FAILURES, explain_failure
from pipelines.sheets.strict_rows import append_rows, one_line
from pipelines.sheets.transcription_sheet import CORRECTABLE

FILE: Final = "decisions.csv"
READING: Final = (*transcription_sheet.COLUMNS, "as_of_precision", "raw", "file", "place")
COLUMNS: Final = (*READING, "decision", "corrected", "reason", "reviewer", "decided")
AUTO: Final = "auto"  # the reviewer's name under which the reader of prose accepts; no person's
_SAID_SCHEMA: Final = {
    "reading_id": pl.String(),
    "claim_id": pl.String(),
    "row": pl.Int64(),
    "decision": pl.String(),
    "corrected": pl.String(),
    "why": pl.String(),
    "reviewer": pl.String(),
    "decided": pl.Date(),
}
_DECISION_SCHEMA: Final = {**transcription_sheet.SHEET_SCHEMA, **_SAID_SCHEMA}
JOINED: Final = " | "  # between corrected fields: breakdowns use `;` and `=` themselves


class DecisionError(privacy.DiscreetError):
    """A decision cannot be taken as it stands; the message says what to change."""


class ReviewVerdict(StrEnum):
    """What a reviewer says of a figure that was read."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    UNDO = "undo"  # what this reviewer last said of the figure is taken back; both rows stay in the file


@dataclass(frozen=True)
class Decision:
    """One reviewer's word on one figure. `claim` has the columns of READING, typed or as text."""

    claim: Mapping[str, Any]
    verdict: ReviewVerdict
    reviewer: str
    decided: date
    reason: str = ""
    corrected: Mapping[str, str] = field(default_factory=dict)

    def cells(self) -> dict[str, str]:
        """The row of the file: every column as one line of text."""
        claim = {column: one_line(self.claim.get(column)) for column in READING}
        return {
            **claim,
            "decision": self.verdict.value,
            "corrected": JOINED.join(f"{name}={one_line(value)}" for name, value in self.corrected.items()),
            "reason": one_line(self.reason),
            "reviewer": one_line(self.reviewer),
            "decided": self.decided.isoformat(),
        }


def write(folder: Path, decisions: Sequence[Decision]) -> None:
    """Add decisions at the end of the file in one piece, on the disk before this returns."""
    append_rows(folder / FILE, COLUMNS, [decision.cells() for decision in decisions])


def accept_sure(folder: Path, rows: pl.DataFrame) -> None:
    """Write down that these rows (CLAIM_SCHEMA) were sure and accepted, on the day they were obtained."""
    day = date.today()
    made = [
        Decision(row, ReviewVerdict.ACCEPT, AUTO, row["retrieved"] or day, row["reason"] or "")
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


class Ruling(TypedDict):
    """What replay asks of a row of `Decisions.rulings`, which has all columns of SHEET_SCHEMA as well."""

    reading_id: str
    claim_id: str
    decision: str
    corrected: str | None
    why: str | None
    reviewer: str
    state: str
    reason: str | None
    as_of: date | None
    published: date | None


@dataclass(frozen=True)
class Decisions:
    """What a file of decisions says.

    `rulings`: one row a decision that holds, in the order of the file: the claim that follows from it, with
    the state that the contracts give it; `reading_id` is the figure as read, `claim_id` as it would count.
    `readings`: the figure as it was read, by its `reading_id`, in the columns of SHEET_SCHEMA.
    `faults`: one quarantined row for each decision that is refused, in the shape of SHEET_SCHEMA.
    """

    rulings: pl.DataFrame
    readings: dict[str, dict[str, Any]]
    faults: pl.DataFrame


def read_decisions(
    folder: Path, situation: Situation, organisations: Sequence[Organisation], today: date
) -> Decisions:
    """Read the decisions of a situation's folder; no file is no decision. Nothing is raised."""
    path = folder / FILE
    nothing = Decisions(
        pl.DataFrame(schema=_DECISION_SCHEMA), {}, pl.DataFrame(schema=transcription_sheet.SHEET_SCHEMA)
    )
    if not path.exists():
        return nothing
    try:
        table = read_csv(path)
        decided = judge(table.cells, situation, organisations, today)
    except FAILURES as error:
        message = explain_failure(error, path, FILE)
        return Decisions(nothing.rulings, {}, _quarantine_faults(situation, [("file", "", message)]))
    unread = [(f"row {fault.row}", fault.raw, fault.reason) for fault in table.faults]
    return replace(decided, faults=pl.concat([decided.faults, _quarantine_faults(situation, unread)]))


def append(
    folder: Path,
    decision: Decision,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
) -> None:
    """Add one decision at the end of the file. Raises DecisionError where it would be refused on replay."""
    check(decision, situation, organisations, today)
    write(folder, [decision])


def check(
    decision: Decision, situation: Situation, organisations: Sequence[Organisation], today: date
) -> None:
    """Raises DecisionError where the decision would be refused on replay, with every reason."""
    cells = pl.DataFrame([{"row": 0, **decision.cells()}]).with_columns(_null_empty())
    faults = judge(cells, situation, organisations, today).faults
    if faults.height:
        raise DecisionError(faults["reason"][0].removeprefix("row 0: "))


def judge(
    cells: pl.DataFrame, situation: Situation, organisations: Sequence[Organisation], today: date
) -> Decisions:
    """Decisions as text (`row` and the COLUMNS) become rulings, readings and faults."""
    extra = [column for column in cells.columns if column not in (*COLUMNS, "row")]
    missing = [column for column in COLUMNS if column not in cells.columns]
    cells = cells.with_columns(pl.lit(None, pl.String).alias(column) for column in missing)
    rows = cells.select("row", *COLUMNS).to_dicts()
    personal = make_personal_rules(situation, organisations)
    wrong = {row["row"]: _find_faults(row, today, extra, personal) for row in rows}
    results = [{**row, **_read_corrections(row)} for row in rows]
    as_read, as_meant = (_judge_claims(group, situation, organisations, today) for group in (rows, results))
    said = pl.DataFrame(
        {
            "reading_id": compute_identities(as_read),
            "claim_id": compute_identities(as_meant),
            "row": [row["row"] for row in rows],
            "decision": [row["decision"] for row in rows],
            "corrected": [row["corrected"] for row in rows],
            "why": [row["reason"] for row in rows],
            "reviewer": [row["reviewer"] for row in rows],
            "decided": [_parse_day(row["decided"]) for row in rows],
        },
        schema=_SAID_SCHEMA,
    )
    rulings = as_meant.hstack(said)
    for number, verdict, state, reason in rulings.select("row", "decision", "state", "reason").iter_rows():
        counts = verdict not in (ReviewVerdict.REJECT, ReviewVerdict.UNDO)
        if state != RowState.ACCEPTED and not wrong[number] and counts:
            wrong[number].append(f"the figure cannot count: {reason}")
    refused = [
        (f"row {row['row']}", _write_out(row), "; ".join(wrong[row["row"]]))
        for row in rows
        if wrong[row["row"]]
    ]
    holds = rulings.filter(pl.col("row").is_in([number for number, faults in wrong.items() if not faults]))
    readings = dict(zip(said["reading_id"], as_read.iter_rows(named=True), strict=True))
    return Decisions(_drop_undone(holds), readings, _quarantine_faults(situation, refused))


def _drop_undone(rulings: pl.DataFrame) -> pl.DataFrame:
    """The rulings without those that their reviewer took back, and without the taking back itself."""
    said: dict[tuple[str, str], list[int]] = {}
    gone = set()
    columns = ("row", "reading_id", "reviewer", "decision")
    for number, figure, reviewer, decision in rulings.sort("decided", "row").select(columns).iter_rows():
        own = said.setdefault((figure, normalise_reviewer(reviewer)), [])
        if decision != ReviewVerdict.UNDO:
            own.append(number)
            continue
        gone.add(number)
        if own:
            gone.add(own.pop())
    return rulings.filter(~pl.col("row").is_in(list(gone))) if gone else rulings


def normalise_reviewer(reviewer: str) -> str:
    """One reviewer however the name is written: "AB", "a.b." and " ab " are one."""
    return "".join(c for c in reviewer.casefold() if c.isalnum()) or reviewer.strip()


def _judge_claims(
    rows: Sequence[Mapping[str, Any]],
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
) -> pl.DataFrame:
    """Rows of the file as claims under the rules of every sheet, each with its own place in its report."""
    text = {"row": pl.Int64, **dict.fromkeys(transcription_sheet.COLUMNS, pl.String)}
    cells = pl.DataFrame([{name: row[name] for name in text} for row in rows], schema=text)
    judged = transcription_sheet.judge_rows(cells, FILE, situation, organisations, today, hide=False)
    return judged.with_columns(
        pl.Series("as_of_precision", [row["as_of_precision"] or Precision.DAY for row in rows], pl.String),
        pl.Series("raw", [row["raw"] for row in rows], pl.String),
        pl.Series("file", [row["file"] or FILE for row in rows], pl.String),
        pl.Series("place", [row["place"] or f"row {row['row']}" for row in rows], pl.String),
        pl.Series("note", [row["note"] for row in rows], pl.String),
        place_number=pl.lit(None, pl.Int64),
    )


def _find_faults(
    row: Mapping[str, Any], today: date, extra: Sequence[str], personal: privacy.PersonalRules
) -> list[str]:
    """What is wrong with the decision itself; the figure's own rules are the contracts'."""
    found = [f"no such column: {column}" for column in extra]
    verdict, decided = row["decision"], _parse_day(row["decided"])
    if verdict not in list(ReviewVerdict):
        found.append(f"decision {verdict or ''!r}: expected {', '.join(ReviewVerdict)}")
    if not row["reviewer"]:
        found.append("reviewer is empty: a name or initials")
    if decided is None:
        found.append(f"decided {row['decided'] or ''!r}: expected a day as YYYY-MM-DD")
    elif decided > today:
        found.append(f"decided {decided} lies in the future (today is {today})")
    if verdict in (ReviewVerdict.CORRECT, ReviewVerdict.REJECT) and not row["reason"]:
        found.append(f"reason is empty: say why, to {verdict}")
    if row["as_of_precision"] not in (None, *Precision):
        found.append(f"as_of_precision {row['as_of_precision']!r}: expected {', '.join(Precision)}")
    if verdict == ReviewVerdict.CORRECT or row["corrected"]:
        found += _find_bad_corrections(row)
    return found + [
        f"{column}: {kinds}; aggregates only"
        for column, cell in row.items()
        if isinstance(cell, str) and not cell.isdigit() and (kinds := personal.describe(cell))
    ]


def _find_bad_corrections(row: Mapping[str, Any]) -> list[str]:
    if row["decision"] != ReviewVerdict.CORRECT:
        return ["corrected is given, but the decision is not `correct`"]
    try:
        fields = parse_corrections(row["corrected"] or "")
    except DecisionError as error:
        return [str(error)]
    changed = {name for name, value in fields.items() if value != (row[name] or "")}
    return [] if changed else ["nothing is corrected: give field=value with another value"]


def _read_corrections(row: Mapping[str, Any]) -> dict[str, str | None]:
    if row["decision"] != ReviewVerdict.CORRECT:
        return {}
    try:
        return {name: value or None for name, value in parse_corrections(row["corrected"] or "").items()}
    except DecisionError:
        return {}


def _quarantine_faults(situation: Situation, faults: Sequence[tuple[str, str, str]]) -> pl.DataFrame:
    rows = [
        {
            "situation": situation.id,
            "file": FILE,
            "place": place,
            "raw": privacy.mask_message(raw),
            "state": RowState.QUARANTINED.value,
            "reason": privacy.mask_message(f"{place}: {reason}"),
        }
        for place, raw, reason in faults
    ]
    return pl.DataFrame(rows, schema=transcription_sheet.SHEET_SCHEMA)


def _write_out(row: Mapping[str, Any]) -> str:
    return JOINED.join(f"{column}={row[column]}" for column in COLUMNS if row[column])


def _null_empty() -> pl.Expr:
    return pl.col(pl.String).replace("", None)


def _parse_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
