"""What each field of a figure may be instead, as the reader sees it, and all that taking a choice changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pipelines.core.model import TOTAL, Basis, Kind, Measure, Precision, Qualifier, Role
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.kept_readings import KeptReading

KEYS: Final = {"measure": "m", "organisation": "o", "breakdown": "p", "as_of": "d", "qualifier": "q"}
MOST: Final = 4  # choices of a field: as many as there are keys for
CORRECTED: Final = "the report says otherwise"  # the reason of a correction where none is written


class Refusal(StrEnum):
    """Why a figure is refused, in one key; written down as the reason."""

    COUNTS_ELSE = "it counts something else"
    NOT_ASSERTED = "denied, withdrawn, planned or hypothetical"
    MISREAD = "the number stands there differently"
    REPEATS = "it is said already"


@dataclass(frozen=True)
class Choice:
    """One thing that a field may be. `sets` are the fields that change, as text; nothing where it was read
    so. `number` is the key that takes it."""

    number: int
    value: str
    probability: float
    taken: bool
    sets: dict[str, str]


def list_choices(
    claim: Mapping[str, Any],
    reading: KeptReading,
    situation: Situation,
    organisations: Sequence[Organisation],
) -> dict[str, list[Choice]]:
    """The choices of each field, the likeliest first; none where the reader said none."""
    found: dict[str, list[Choice]] = {}
    for name in KEYS:
        choices = [
            (value, probability)
            for value, probability in reading.choices.get(name, ())
            if value != Qualifier.RANGE or claim["value_high"] is not None
        ]
        found[name] = [
            Choice(number, value, probability, taken := _is_taken(name, value, claim),
                   {} if taken and name != "breakdown"
                   else _find_changes(name, value, claim, situation, organisations))
            for number, (value, probability) in enumerate(choices[:MOST], start=1)
        ]  # fmt: skip
    return found


def _is_taken(name: str, value: str, claim: Mapping[str, Any]) -> bool:
    if name == "breakdown":
        return value in _split(claim["breakdown"])
    return value == ("" if claim[name] is None else str(claim[name]))


def _find_changes(
    name: str,
    value: str,
    claim: Mapping[str, Any],
    situation: Situation,
    organisations: Sequence[Organisation],
) -> dict[str, str]:
    """The field with what hangs on it: a population on its measure, a window on its kind and its day."""
    if name == "measure":
        return _change_measure(value, claim, situation, organisations)
    if name == "as_of":
        day = date.fromisoformat(value)
        basis = Basis.PUBLICATION_DATE if day == claim["published"] else Basis.EXPLICIT
        start = {"period_start": ""} if claim["period_start"] and claim["period_start"] > day else {}
        return {"as_of": value, "as_of_basis": basis.value, "as_of_precision": Precision.DAY.value, **start}
    if name == "breakdown":
        return {"breakdown": _switch(value, claim["breakdown"])}
    if name == "qualifier" and value != Qualifier.RANGE and claim["value_high"] is not None:
        return {"qualifier": value, "value_high": ""}
    return {name: value}


def _change_measure(
    value: str, claim: Mapping[str, Any], situation: Situation, organisations: Sequence[Organisation]
) -> dict[str, str]:
    population = situation.measure_populations.get(value, situation.default_population)
    changed = {"measure": value, "population": population}
    if value not in list(Measure):
        return changed
    role = next((each.role for each in organisations if each.id == claim["organisation"]), None)
    if Measure(value).kind in (Kind.STOCK, Kind.PROMISE):
        return {**changed, "period_start": ""} if claim["period_start"] else changed
    if value == Measure.RELEASED_TO_DATE and not claim["period_start"] and role is not Role.GOVERNMENT:
        return {**changed, "period_start": situation.baseline.isoformat()}
    return changed


def _switch(part: str, breakdown: str) -> str:
    """The breakdown without a part that it has, or with one that it has not, in place of its key's other."""
    parts = _split(breakdown)
    key = part.partition("=")[0]
    rest = [each for each in parts if each.partition("=")[0] != key]
    return ";".join(sorted(rest if part in parts else [*rest, part])) or TOTAL


def _split(breakdown: str | None) -> list[str]:
    return [] if breakdown in (None, TOTAL) else str(breakdown).split(";")
