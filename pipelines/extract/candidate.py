"""A candidate claim: what the rules read in a text, for a person to accept, correct or reject."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipelines.model import Basis, Measure, Precision, Qualifier


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure as read. `span` counts characters of the original text; `phrase` is masked.

    `as_of` is None where neither the text nor a publication day tells. `auto` says that independent strong
    signals agree; it accepts nothing by itself.
    """

    organisation: str
    measure: Measure
    breakdown: str
    population: str
    qualifier: Qualifier
    value: int
    value_high: int | None
    as_of: date | None
    as_of_basis: Basis | None
    as_of_precision: Precision
    period_start: date | None
    period_start_basis: str | None  # explicit, month, same_day, context
    span: tuple[int, int]
    rule: str
    auto: bool
    phrase: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON: dates as ISO text, enums as their words, the span as a list."""
        out: dict[str, Any] = asdict(self)
        for key, value in out.items():
            if isinstance(value, date):
                out[key] = value.isoformat()
            elif isinstance(value, (Measure, Qualifier, Basis, Precision)):
                out[key] = value.value
        out["span"] = list(self.span)
        return out
