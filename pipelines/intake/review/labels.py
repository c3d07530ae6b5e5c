"""What people decided about readings, as labelled texts: the form of training/texts (docs/training.md).

One line a report that lies in the inbox: its text, masked, with the figures that a person accepted or
corrected as claims, and the numbers that were refused with the reason. Where the words that a label points at
were hidden, it points at none. `partial` says that the other numbers of the text were not judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.core.model import Basis
from pipelines.core.privacy import MASK
from pipelines.core.situation import Organisation, Situation, list_known_names, make_personal_rules
from pipelines.intake.decisions import AUTO, Decisions, ReviewVerdict
from pipelines.intake.inbox import read_queue_with_readings
from pipelines.intake.kept_readings import KeptReading, Span, read_kept
from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.prose_report import find_in_report
from pipelines.intake.review.field_choices import Refusal
from pipelines.intake.review.masked_places import MaskedText, mask_with_places
from pipelines.sheets.contracts import compute_identities

_NO_DISTRACTOR: Final = (
    Refusal.MISREAD.value,
    Refusal.REPEATS.value,
)  # the number may be a claim all the same
_COPIED: Final = ("organisation", "measure", "breakdown", "qualifier", "value", "value_high")
_NEIGHBOURS: Final = 8  # words at most that make a number's words stand once in its text


@dataclass
class LabelExport:
    """`lines`: one labelled text each. `claims`, `distractors`: how many labels they hold. What was left out:
    `refused` texts by file with the kinds found, `without_report` decisions whose report is not here,
    `no_label` decisions that say nothing of a number, `hidden` labels whose number the masking hid."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    claims: int = 0
    distractors: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    without_report: int = 0
    no_label: int = 0
    hidden: int = 0


@dataclass(frozen=True)
class _Ruled:
    """The word that stands on one figure: what was read, what is meant, and where its number lies."""

    read: Mapping[str, Any]
    meant: Mapping[str, Any]
    reading: KeptReading
    number: Span


def export_labels(
    folder: Path, situation: Situation, organisations: Sequence[Organisation], decisions: Decisions
) -> LabelExport:
    """The labels that follow from the decisions of a situation's folder. Raises QueueError."""
    made = LabelExport()
    names = list_known_names(situation, organisations)
    personal = make_personal_rules(situation, organisations)
    for file, text, ruled in _group_by_report(folder, decisions, made):
        masked = mask_with_places(text, names)
        kinds = personal.describe(masked.text)
        if kinds or masked.kept is None:
            made.refused[file] = kinds or "its masked text cannot be laid beside it"
            continue
        claims = [claim for each in ruled if (claim := _make_claim(each, masked))]
        taken = {claim["span"] for claim in claims}
        distractors = [
            told for each in ruled if (told := _make_distractor(each, masked)) and told[0] not in taken
        ]
        made.hidden += sum(_point(masked, each.number) is None for each in ruled)
        if not claims and not distractors:
            continue
        published = ruled[0].read["published"]
        scene = look_at_text(text, published, situation, list(organisations))
        made.claims += len(claims)
        made.distractors += len(distractors)
        made.lines.append({
            "id": f"{situation.id}-{Path(file).stem[:12]}",
            "published": published.isoformat() if published else None,
            "language": scene.language.code,
            "situation": situation.id,
            "manner": "reviewed",
            "text": masked.text,
            "claims": claims,
            "distractors": distractors,
            "partial": True,
        })  # fmt: skip
    return made


def _group_by_report(
    folder: Path, decisions: Decisions, made: LabelExport
) -> Iterator[tuple[str, str, list[_Ruled]]]:
    """Each report that is here: its file, its text, and the word that stands on each figure of it."""
    queued = read_queue_with_readings(folder)
    readings = (
        dict(zip(compute_identities(queued), map(read_kept, queued.iter_rows(named=True)), strict=True))
        if queued.height
        else {}
    )
    last = {row["reading_id"]: row for row in decisions.rulings.sort("decided", "row").iter_rows(named=True)}
    reports: dict[str, tuple[str, list[_Ruled]]] = {}
    for reading_id, meant in last.items():
        read = decisions.readings[reading_id]
        if meant["reviewer"] == AUTO:
            continue
        found = find_in_report(folder, read["file"], read["place"])
        if found is None:
            made.without_report += 1
        elif meant["decision"] == ReviewVerdict.REJECT and str(meant["why"]).startswith(_NO_DISTRACTOR):
            made.no_label += 1
        else:
            text, number = found
            each = _Ruled(read, meant, readings.get(reading_id, KeptReading()), number)
            reports.setdefault(read["file"], (text, []))[1].append(each)
    for file, (text, ruled) in sorted(reports.items()):
        yield file, text, sorted(ruled, key=lambda one: one.number)


def _make_claim(each: _Ruled, masked: MaskedText) -> dict[str, Any] | None:
    """A claim as a label; None where it was refused, or its number cannot be pointed at."""
    span = _point(masked, each.number)
    if each.meant["decision"] == ReviewVerdict.REJECT or span is None:
        return None
    meant, read = each.meant, each.read
    claim = {name: meant[name] for name in _COPIED if meant[name] is not None}
    if meant["as_of"]:
        claim["as_of"] = meant["as_of"].isoformat()
        claim["as_of_basis"], claim["as_of_precision"] = meant["as_of_basis"], meant["as_of_precision"]
    if meant["period_start"]:
        claim["period_start"] = meant["period_start"].isoformat()
    claim["span"] = span
    told = each.reading.day_span if meant["as_of_basis"] != Basis.PUBLICATION_DATE else None
    pointed = {
        "speaker_span": each.reading.speaker_span if meant["organisation"] == read["organisation"] else None,
        "day_span": told if meant["as_of"] == read["as_of"] else None,
    }
    for name, place in pointed.items():
        words = _show(masked, place)
        if words:
            claim[name] = words
    return claim


def _make_distractor(each: _Ruled, masked: MaskedText) -> tuple[str, str] | None:
    """The words of a refused number with the reason; None for what was not refused, or is hidden."""
    span = _point(masked, each.number)
    return (span, each.meant["why"]) if each.meant["decision"] == ReviewVerdict.REJECT and span else None


def _show(masked: MaskedText, span: Span | None) -> str | None:
    """The words of a span as far as the masking left them whole."""
    place = masked.place(span) if span else None
    words = masked.text[slice(*place)] if place else ""
    return words if words and MASK not in words else None


def _point(masked: MaskedText, number: Span) -> str | None:
    """Words that hold a number, as many as make them stand once in the text; None where it is hidden."""
    if _show(masked, number) is None:
        return None
    first, last = masked.place(number) or (0, 0)
    text = masked.text
    for _ in range(_NEIGHBOURS):
        if text.count(text[first:last]) == 1:
            break
        last = _step(text, last, 1)
        if text.count(text[first:last]) > 1:
            first = _step(text, first, -1)
    return text[first:last]


def _step(text: str, at: int, way: int) -> int:
    """One word further, or back."""
    while 0 < at < len(text) and text[at if way > 0 else at - 1].isspace():
        at += way
    while 0 < at < len(text) and not text[at if way > 0 else at - 1].isspace():
        at += way
    return at
