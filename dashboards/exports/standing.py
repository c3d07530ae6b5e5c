"""Whether what a file holds still stands: its exhibit drawn again from the present build, row against row.

A row is known by what it is about (organisation, measure, moment …); its numbers and qualifiers are what may
have changed. The exhibit is drawn as of the file's own day, so a chart does not age by the calendar alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from dashboards import builder, catalog, queries
from dashboards.exports import asking, content
from dashboards.exports.reading import Held
from dashboards.exports.subjects import Row, about, as_text, by_subject, said, told
from dashboards.view import UnknownSituationError, View, open_view
from dashboards.words import FIRST_LANGUAGE, languages
from pipelines import figures

_STATED: Final = ("claim_id", "qualifier", "value", "value_high")


class State(StrEnum):
    """What can be said of a file."""

    CURRENT = "current"
    INTACT = "intact"  # as published; nothing in it is compared with the present build
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Change:
    """One figure that the file holds and the build does not: what it is about, old, new, and why if known."""

    about: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """What became of a file, in sentences for a person."""

    state: State
    reason: str
    changes: tuple[Change, ...] = ()
    added: int = 0  # rows of the same exhibit that the file does not hold
    newest: str | None = None  # the newest moment among them
    present: str | None = None  # the build compared with
    about: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()  # what is not as published in a site or bundle, one line each


def verdict(held: Held) -> Verdict:
    """What became of a file. Raises published.NoBuildError where there is no build to compare with."""
    record = held.record
    if record is None:
        if held.ours:
            return Verdict(State.ALTERED, "it names Liberómetro, but its record was removed or is broken")
        return Verdict(
            State.UNKNOWN, "it carries no record of Liberómetro; some services remove it on upload"
        )
    if not held.unbroken:
        return Verdict(
            State.ALTERED, "its content does not match the checksums that it was written with", about=record
        )
    try:
        return _compared(held, record)
    except (UnknownSituationError, catalog.UnknownChartError, builder.UnknownChoiceError) as error:
        return Verdict(State.UNKNOWN, f"unaltered, but it cannot be compared: {error}", about=record)
    except (asking.UnknownOptionError, KeyError, TypeError, ValueError) as error:
        return Verdict(State.UNKNOWN, f"unaltered, but its record cannot be used: {error!r}", about=record)


def _compared(held: Held, record: Row) -> Verdict:
    language = record["language"] if record["language"] in languages() else FIRST_LANGUAGE
    known_on = date.fromisoformat(record["known_on"]) if record["known_on"] else None
    present = open_view(record["situation"], language, known_on)
    if record["chart"] is None:
        return Verdict(State.UNKNOWN, "unaltered, but it does not say which chart it is", about=record)
    options = [(key, str(value)) for key, value in record["options"]]
    then = View(present.build, present.situation_id, language, date.fromisoformat(record["day"]), known_on)
    columns, old = held.columns, held.rows
    foreign = 0 if known_on else _never_said(record, columns, old)
    if foreign:
        reason = f"{foreign} of its figures were never in the build that it names"
        return Verdict(State.ALTERED, reason, about=record)
    changes = _changes(then, columns, old, _rows_of(then, record["chart"], options, columns))
    now = _rows_of(present, record["chart"], options, columns)
    added, newest = _added(columns, old, now)
    state, reason = State.CURRENT, "every figure in it stands in the present build"
    if changes:
        state = State.SUPERSEDED
        reason = f"{len(changes)} of its figures are no longer what the present build says"
    return Verdict(state, reason, tuple(changes), added, newest, present.build.id, record)


def _never_said(record: Row, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """How many statements of a file the ledger of its build lacks; none where there is no such ledger."""
    if not set(_STATED) <= set(columns) or not rows:
        return 0
    try:
        ledger = figures.shown(queries.data_dir(), str(record["build"]))
    except figures.UnknownBuildError:
        return 0
    ledger = ledger.filter(situation=record["situation"])
    known = {tuple(map(as_text, row)) for row in ledger.select(_STATED).iter_rows()}
    places = [columns.index(name) for name in _STATED]
    return sum(tuple(as_text(row[place]) for place in places) not in known for row in rows)


def _rows_of(
    view: View, chart: str, options: Sequence[tuple[str, str]], columns: Sequence[str]
) -> list[list[Any]]:
    exhibit, _ = asking.asked(view, chart, options)
    if exhibit is None:
        return []
    frame = content.table(exhibit)
    missing = [column for column in columns if column not in frame.columns]
    if missing and frame.height:
        raise ValueError(f"the present build has no {', '.join(missing)} in {chart}")
    return content.rows(frame.select(columns)) if frame.height else []


def _changes(
    view: View, columns: Sequence[str], old: Sequence[Sequence[Any]], new: Sequence[Sequence[Any]]
) -> list[Change]:
    before, after = by_subject(columns, old), by_subject(columns, new)
    found = []
    for key, rows in before.items():
        present = after.get(key, [])
        if said(rows) != said(present):
            found.append(Change(about(key), told(rows), told(present), _why(view, rows, present)))
    return found


def _added(
    columns: Sequence[str], old: Sequence[Sequence[Any]], new: Sequence[Sequence[Any]]
) -> tuple[int, str | None]:
    before = by_subject(columns, old)
    rows = [row for key, rows in by_subject(columns, new).items() if key not in before for row in rows]
    moments = [str(row.get("as_of") or row.get("end") or "") for row in rows]
    return len(rows), max(moments, default="") or None


def _why(view: View, old: Sequence[Row], new: Sequence[Row]) -> str:
    """What the build says of the change, as far as it says anything."""
    if not new:
        return "the present build no longer shows it"
    claims = {row.get("claim_id") for row in new} - {row.get("claim_id") for row in old}
    if "claim_id" not in new[0]:
        return "worked out anew from figures that changed"
    causes = []
    stored = queries.mart(view.build, view.situation_id, "revisions", "as_of", known_on=view.known_on)
    for stated in stored.to_dicts():
        if stated["new_claim"] in {each["claim_id"] for each in new}:
            reason = f": {stated['reason']}" if stated["reason"] else ""
            causes.append(
                f"{stated['cause']} by {stated['new_publisher']}, published {stated['new_published']}{reason}"
            )
    if causes:
        return "; ".join(dict.fromkeys(causes))
    if any(row.get("contradicted") in (True, "true") for row in new) and len(new) > len(old):
        return "another figure for the same moment stands beside it"
    if any(row.get("corrected") in (True, "true") for row in new):
        return "corrected by a person"
    if claims:
        row = next(row for row in new if row.get("claim_id") in claims)
        return f"published by {row['publisher']} on {row['published']}"
    return ""
