"""What a row is about and what it says: how the rows of a file and of a build are told apart and compared."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

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


def by_subject(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[Key, list[Row]]:
    """Rows by what they are about; rows that contradict each other share a key."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        key = tuple((name, as_text(named[name])) for name in ABOUT if name in named)
        found[key].append(named)
    return found


def _is_said(name: str) -> bool:
    return name in _SAID or (name.endswith(_SAID_ENDS) and name not in ABOUT)


def said(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The numbers and qualifiers of rows, in an order of their own; as texts, for CSV has nothing else."""
    return sorted(tuple(as_text(row[name]) for name in row if _is_said(name)) for row in rows)


def as_text(value: Any) -> str:
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


def about(key: Key) -> str:
    """What a row is about, in its ids."""
    return ", ".join(text for _, text in key if text)


def told(rows: Sequence[Row]) -> str:
    """What rows say, in words."""
    if not rows:
        return "nothing"
    told = []
    for row in rows:
        stated = {name: as_text(row[name]) for name in row if _is_said(name) and as_text(row[name])}
        if set(stated) <= {"qualifier", "value", "value_high"}:
            hedge = stated.get("qualifier", "exact")
            number = "–".join(stated[name] for name in ("value", "value_high") if name in stated)
            told.append(number if hedge == "exact" else f"{hedge.replace('_', ' ')} {number}")
        else:
            told.append(", ".join(f"{name} {text}" for name, text in stated.items()))
    return " or ".join(told)
