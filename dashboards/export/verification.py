"""Whether what a file holds still stands: its exhibit asked for again, row against row.

A row is known by what it is about (organisation, measure, moment …); its numbers and qualifiers are what may
have changed. The exhibit is drawn as of the file's own day, so a chart does not age by the calendar alone.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from dashboards.exhibits import chart_registry, custom_chart
from dashboards.export import table_data
from dashboards.export.provenance import FileContent, make_provenance, make_table_provenance
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages
from dashboards.queries import database
from dashboards.queries.view import UnknownSituationError, View, open_view
from pipelines.warehouse import snapshots

ABOUT: Final = (
    "situation", "rule", "target", "forecaster", "organisation", "verifier", "role", "measure", "kind",
    "population", "breakdown", "key", "counts", "event", "baseline", "period_start", "opening_as_of",
    "opening_basis", "start", "end", "until", "as_of", "window_days", "horizon", "day", "days", "cause",
    "old_published", "new_published", "detained_measure", "released_organisation", "released_measure",
    "released_period_start", "released_as_of", "first_publisher",
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("organisation", "measure", "population", "breakdown", "period_start", "as_of")
    ),
)  # fmt: skip
_SAID: Final = (
    "qualifier", "value", "value_high", "low", "central", "high", "announced", "opening", "closing", "change",
    "total", "unexplained", "people", "values", "score", "bias", "comparable", "stated", "suppressed",
    "refused",
)  # fmt: skip
_SAID_ENDS: Final = (
    "_low", "_high", "_value", "_value_high", "_qualifier", "_per_week", "_same_week", "coverage50",
    "coverage80", "coverage95", "covered_days",
)  # fmt: skip
_FRACTION: Final = re.compile(r"-?\d+\.\d+(e[+-]?\d+)?")
Row = Mapping[str, Any]
Key = tuple[tuple[str, Any], ...]


def group_by_subject(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[Key, list[Row]]:
    """Rows by what they are about; rows that contradict each other share a key."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        key = tuple((name, write_value(named[name])) for name in ABOUT if name in named)
        found[key].append(named)
    return found


def _is_said(name: str) -> bool:
    return name in _SAID or (name.endswith(_SAID_ENDS) and name not in ABOUT)


def list_said(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The numbers and qualifiers of rows, in an order of their own; as texts, for CSV has nothing else."""
    return sorted(tuple(write_value(row[name]) for name in row if _is_said(name)) for row in rows)


def write_value(value: Any) -> str:
    """A value as one text, whichever format it was kept in."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if _FRACTION.fullmatch(text):  # worked out: no finer than every machine agrees on
        number = float(text)
        return str(int(number)) if number.is_integer() else f"{number:.6g}"
    return text


def name_subject(key: Key) -> str:
    """What a row is about, in its ids."""
    return ", ".join(text for _, text in key if text)


def tell_rows(rows: Sequence[Row]) -> str:
    """What rows say, in words."""
    if not rows:
        return "nothing"
    told = []
    for row in rows:
        stated = {name: write_value(row[name]) for name in row if _is_said(name) and write_value(row[name])}
        if set(stated) <= {"qualifier", "value", "value_high"}:
            hedge = stated.get("qualifier", "exact")
            number = "–".join(stated[name] for name in ("value", "value_high") if name in stated)
            told.append(number if hedge == "exact" else f"{hedge.replace('_', ' ')} {number}")
        else:
            told.append(", ".join(f"{name} {text}" for name, text in stated.items()))
    return " or ".join(told)


_STATED: Final = ("claim_id", "qualifier", "value", "value_high")


class FileState(StrEnum):
    """What can be said of a file."""

    CURRENT = "current"
    INTACT = "intact"  # as a named key signed it, or accepted unsigned; nothing is compared with the build
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    UNPROVEN = "unproven"  # whole, and nobody who was named signed it
    REFUSED = "refused"  # not looked at: no file, or more than anything of ours


@dataclass(frozen=True)
class FigureChange:
    """One figure that the file holds and the build does not: what it is about, old, new, and why if known."""

    about: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class FileVerdict:
    """What became of a file, in sentences for a person."""

    state: FileState
    reason: str
    changes: tuple[FigureChange, ...] = ()
    added: int = 0  # rows of the same exhibit that the file does not hold
    newest: str | None = None  # the newest moment among them
    present: str | None = None  # the build compared with
    about: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()  # what is not as published in a site or bundle, one line each


def judge(held: FileContent) -> FileVerdict:
    """What became of a file. Raises published_build.NoBuildError where there is no build to compare with."""
    record = held.record
    if record is None:
        if held.ours:
            return FileVerdict(
                FileState.ALTERED, "it names Liberómetro, but its record was removed or is broken"
            )
        return FileVerdict(
            FileState.UNKNOWN, "it carries no record of Liberómetro; some services remove it on upload"
        )
    if not held.unbroken:
        return FileVerdict(
            FileState.ALTERED,
            "its content does not match the checksums that it was written with",
            about=record,
        )
    try:
        return _compare(held, record)
    except (
        UnknownSituationError,
        chart_registry.UnknownChartError,
        custom_chart.UnknownChoiceError,
    ) as error:
        return FileVerdict(FileState.UNKNOWN, f"unaltered, but it cannot be compared: {error}", about=record)
    except (chart_registry.UnknownOptionError, KeyError, TypeError, ValueError) as error:
        return FileVerdict(
            FileState.UNKNOWN, f"unaltered, but its record cannot be used: {error!r}", about=record
        )


def _compare(held: FileContent, record: Row) -> FileVerdict:
    language = record["language"] if record["language"] in list_languages() else FIRST_LANGUAGE
    known_on = date.fromisoformat(record["known_on"]) if record["known_on"] else None
    present = open_view(record["situation"], language, known_on)
    if record["chart"] is None:
        return FileVerdict(
            FileState.UNKNOWN, "unaltered, but it does not say which chart it is", about=record
        )
    options = [(key, str(value)) for key, value in record["options"]]
    then = replace(present, today=date.fromisoformat(record["day"]))
    columns, old = held.columns, held.rows
    foreign = () if known_on else _list_never_said(record, columns, old)
    if foreign:
        was = "was" if len(foreign) == 1 else "were"
        reason = f"{len(foreign)} of its figures {was} never in the build that it names"
        return FileVerdict(FileState.ALTERED, reason, foreign, about=record)
    changes = _list_changes(then, columns, old, _read_rows(then, record["chart"], options, columns))
    now = _read_rows(present, record["chart"], options, columns)
    added, newest = _count_added(columns, old, now)
    stands = f"is what was known on {known_on}" if known_on else "stands"
    beyond = "; what stands now was not compared" if known_on else " in the present build"
    state, reason = FileState.CURRENT, f"every figure in it {stands}{beyond}"
    if held.kind in DRAWN:
        reason += "; its figures were compared, not how they are drawn"
    if changes:
        state = FileState.SUPERSEDED
        are = "is" if len(changes) == 1 else "are"
        reason = f"{len(changes)} of its figures {are} no longer what the present build says"
    elif record["build"] == present.build.id and held.kind != "pdf":
        foreign_words = _list_foreign_words(then, record, options, held.kind)
        if foreign_words:
            state = FileState.UNPROVEN
            reason = (
                f"every figure in it {stands}, but this version says something else of the same build in its "
                f"{', '.join(foreign_words)}: whoever seals a file anew can write that"
            )
    return FileVerdict(state, reason, tuple(changes), added, newest, present.build.id, record)


DRAWN: Final = ("png", "svg", "pdf")  # whoever seals one anew can draw another number beside the true ones
_WORDS: Final = ("title", "summary", "key", "events", "source", "as_of", "licence")


def _list_foreign_words(then: View, record: Row, options: Sequence[tuple[str, str]], kind: str) -> list[str]:
    """Which lines of a file are not those that the same build, day and language give."""
    exhibit, origin = chart_registry.answer_request(then, record["chart"], options)
    if exhibit is None:
        return []
    if kind in DRAWN:
        own = make_provenance(exhibit, then, origin).record()
    else:
        own = make_table_provenance(exhibit, then, table_data.collect_rows(exhibit), origin).record()
    return [name for name in _WORDS if record.get(name) != own[name]]


def _list_never_said(
    record: Row, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[FigureChange, ...]:
    """Statements of a file that its build never showed; none where no snapshot says what it showed."""
    if not set(_STATED) <= set(columns) or not rows:
        return ()
    try:
        drawn = snapshots.read_drawn(database.find_data_dir(), str(record["build"]))
    except snapshots.UnknownBuildError:
        return ()
    has_doubts = "standing" in drawn.columns and not drawn["standing"].null_count()
    known: dict[str, list[Row]] = defaultdict(list)
    for stated in drawn.filter(situation=record["situation"]).select(_STATED).iter_rows(named=True):
        known[stated["claim_id"]].append(stated)
    found = []
    for key, told in group_by_subject(columns, rows).items():
        for row in told:
            if not has_doubts and write_value(row.get("doubt")):
                continue  # an earlier version: nothing is kept of what it showed in doubt
            said = known.get(write_value(row["claim_id"]), [])
            if _write_stated(row) not in map(_write_stated, said):
                shown = "something else" if said else "nothing"  # the number may have been withheld since
                found.append(
                    FigureChange(name_subject(key), tell_rows([row]), shown, "in the build it names")
                )
    return tuple(found)


def _write_stated(row: Row) -> tuple[str, ...]:
    return tuple(write_value(row[name]) for name in _STATED)


def _read_rows(
    view: View, chart: str, options: Sequence[tuple[str, str]], columns: Sequence[str]
) -> list[list[Any]]:
    exhibit, _ = chart_registry.answer_request(view, chart, options)
    if exhibit is None:
        return []
    frame = table_data.collect_rows(exhibit)
    missing = [column for column in columns if column not in frame.columns]
    if missing and frame.height:
        raise ValueError(f"the present build has no {', '.join(missing)} in {chart}")
    return table_data.list_rows(frame.select(columns)) if frame.height else []


def _list_changes(
    view: View, columns: Sequence[str], old: Sequence[Sequence[Any]], new: Sequence[Sequence[Any]]
) -> list[FigureChange]:
    before, after = group_by_subject(columns, old), group_by_subject(columns, new)
    found = []
    for key, rows in before.items():
        present = after.get(key, [])
        if list_said(rows) != list_said(present):
            found.append(
                FigureChange(
                    name_subject(key),
                    tell_rows(rows),
                    tell_rows(present),
                    _explain_change(view, rows, present),
                )
            )
    return found


def _count_added(
    columns: Sequence[str], old: Sequence[Sequence[Any]], new: Sequence[Sequence[Any]]
) -> tuple[int, str | None]:
    before = group_by_subject(columns, old)
    rows = [row for key, rows in group_by_subject(columns, new).items() if key not in before for row in rows]
    moments = [str(row.get("as_of") or row.get("end") or "") for row in rows]
    return len(rows), max(moments, default="") or None


def _explain_change(view: View, old: Sequence[Row], new: Sequence[Row]) -> str:
    """What the build says of the change, as far as it says anything."""
    if not new:
        return "the present build no longer shows it"
    claims = {row.get("claim_id") for row in new} - {row.get("claim_id") for row in old}
    if "claim_id" not in new[0]:
        return "worked out anew from figures that changed"
    causes = []
    stored = database.read_mart(view.build, view.situation_id, "revisions", "as_of", known_on=view.known_on)
    for stated in stored.to_dicts():
        if stated["new_claim"] in {each["claim_id"] for each in new}:
            reason = f": {stated['reason']}" if stated["reason"] else ""
            told = f"by {stated['new_publisher']}, published {stated['new_published']}"
            if stated["new_publisher"] is None:  # not said anew: a person corrected what was transcribed
                told = f"here on {stated['new_published']}"
            causes.append(f"{stated['cause']} {told}{reason}")
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
