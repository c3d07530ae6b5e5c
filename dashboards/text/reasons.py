"""Why two figures may be set against each other, or not: the code that the build gives, as a sentence.

The codes are those of `pipelines.core.model.Comparability`; the sentence of each is `reason.<code>`.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from dashboards.i18n.translations import Words
from dashboards.queries.view import View
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import Comparability, Kind, Measure
from pipelines.core.situation import Texts


@dataclass(frozen=True)
class Side:
    """One of the two figures, as far as a reason speaks of it."""

    organisation: str
    measure: str
    population: str
    breakdown: str
    period_start: date | None
    as_of: date

    @classmethod
    def of(cls, row: dict[str, Any], side: str) -> "Side":
        """The `left` or `right` side of a row of `gaps`."""
        return cls(*(row[f"{side}_{field.name}"] for field in fields(cls)))


@dataclass(frozen=True)
class Reason:
    """Why two figures compare, or what forbids it; `declaration` are the words of a declared equivalence."""

    code: Comparability
    left: Side
    right: Side
    declaration: Texts

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Reason":
        """The reason of a row of `gaps`."""
        texts = {language: row[f"equivalence_{language}"] for language in ("es", "en", "pt")}
        declaration = {language: text for language, text in texts.items() if text}
        return cls(Comparability(row["reason"]), Side.of(row, "left"), Side.of(row, "right"), declaration)


def compose_reason(view: View, reason: Reason, words: Words) -> str:
    """The reason in the language of `words`, which need not be the view's."""
    if reason.code is Comparability.DECLARED_EQUIVALENT:
        return words.of(reason.declaration)
    left, right = reason.left, reason.right
    later, other = (right, left) if left.period_start is None else (left, right)  # who counts since a day
    windows = reason.code is Comparability.DIFFERENT_WINDOW and Measure(left.measure).kind is Kind.FLOW
    return words(
        "reason.different_days" if windows else f"reason.{reason.code}",
        **_name_side(view, "left", left, words),
        **_name_side(view, "right", right, words),
        **_name_side(view, "later", later, words),
        other=name_in_sentence(view, other.organisation, words),
    )


def _name_side(view: View, side: str, of: Side, words: Words) -> dict[str, str]:
    """What a sentence may name of one side; a day that nobody stated cannot be named."""
    populations, start = view.situation.populations, of.period_start
    days = {} if start is None else {"day": words.day(start), "days": _name_days(start, of.as_of, words)}
    return {
        side: name_in_sentence(view, of.organisation, words),
        f"{side}_counts": words(f"reason_measure.{of.measure}"),
        f"{side}_people": words.of(populations[of.population])
        if of.population in populations
        else of.population,
        f"{side}_part": of.breakdown,
        f"{side}_window": words("reason.no_start")
        if start is None
        else words("reason.since", day=words.day(start)),
        **{f"{side}_{name}": day for name, day in days.items()},
    }


def _name_days(start: date, end: date, words: Words) -> str:
    """The days of a window."""
    if start == end:
        return words("reason.one_day", day=words.day(end))
    return words("reason.days", start=words.day(start), end=words.day(end))
