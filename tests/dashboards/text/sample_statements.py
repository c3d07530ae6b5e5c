"""Statements of every measure and qualifier, and of every mark, as rows: what sentences are tried on."""

from datetime import date
from typing import Any, Final

from pipelines.core.model import Kind, Measure, Qualifier

WINDOWED: Final = (Kind.FLOW, Kind.CUMULATIVE)


def statement(measure: Measure = Measure.IN_CUSTODY, **changed: Any) -> dict[str, Any]:
    """A row as `claims.sql` gives it, 400 exactly, with some columns changed."""
    start = date(2026, 1, 8) if measure.kind in WINDOWED else None
    row = {
        "organisation": "lista",
        "measure": measure.value,
        "kind": measure.kind.value,
        "population": "pardoned" if measure is Measure.AMNESTY_GRANTED_TO_DATE else "held",
        "breakdown": "total",
        "baseline": start if measure.kind is Kind.CUMULATIVE else None,
        "period_start": start,
        "window_basis": "stated" if start else None,
        "as_of": date(2026, 2, 15),
        "as_of_basis": "explicit",
        "as_of_precision": "day",
        "qualifier": Qualifier.EXACT.value,
        "value": 400,
        "value_high": None,
        "published": date(2026, 2, 16),
        "published_basis": "stated",
        "publisher": "El Diario",
        "provenance": "press",
        "url": "https://diario.example/1",
        "standing": "stands",
        "revision": 0,
        "contradicted": False,
        "corrected": False,
        "carriers": 1,
        "claim_id": "0123456789abcdef",
    }
    return {**row, **changed}


def qualified(measure: Measure, qualifier: Qualifier) -> dict[str, Any]:
    """A row of one measure with one qualifier."""
    return statement(
        measure, qualifier=qualifier.value, value_high=450 if qualifier is Qualifier.RANGE else None
    )


_RELEASED: Final = Measure.RELEASED
MARKED: Final[dict[str, dict[str, Any]]] = {
    "one person": statement(value=1),
    "at least one person": statement(_RELEASED, value=1, qualifier="at_least"),
    "nobody": statement(Measure.DETAINED, value=0),
    "thousands": statement(Measure.DETAINED_TO_DATE, value=17609),
    "a part": statement(breakdown="sex=female"),
    "one person of a part": statement(value=1, breakdown="sex=female"),
    "deaths of a part": statement(Measure.DEATHS_IN_CUSTODY_TO_DATE, value=8, breakdown="service=military"),
    "a month": statement(as_of_precision="month"),
    "a window until a month": statement(Measure.RELEASED_TO_DATE, as_of_precision="month"),
    "a month of its own": statement(_RELEASED, period_start=date(2026, 2, 1), as_of_precision="month"),
    "one day": statement(_RELEASED, period_start=date(2026, 2, 15)),
    "a window that we infer": statement(_RELEASED, window_basis="previous_bulletin"),
    "a window nobody stated": statement(_RELEASED, window_basis="unknown", period_start=None),
    "a cumulative without its start": statement(
        Measure.RELEASED_TO_DATE, window_basis="unknown", period_start=None, baseline=None
    ),
    "a stock counted since a day": statement(
        Measure.UNDER_MEASURES,
        period_start=date(2026, 1, 8),
        window_basis="stated",
        baseline=date(2026, 1, 8),
    ),
    "second hand": statement(provenance="secondhand"),
    "the day of publication": statement(as_of_basis="publication_date"),
    "a day taken over": statement(as_of_basis="inferred"),
    "a day worked out": statement(as_of_basis="relative"),
    "a publication day inferred": statement(published_basis="inferred"),
    "revised": statement(revision=2),
    "corrected": statement(corrected=True),
    "contradicted": statement(contradicted=True),
    "superseded": statement(standing="superseded"),
    "an echo": statement(standing="echo", qualifier="more_than"),
    "outranked": statement(standing="outranked", provenance="secondhand"),
    "read again": statement(checked="read_again", checked_on=date(2026, 3, 1)),
    "never read again": statement(checked=None, checked_on=None),
    "in doubt": statement(doubt="out_of_line", checked="read_again"),
    "contradicted by a better one": statement(standing="contradicted", why_standing="more_origins"),
    "withdrawn": statement(standing="withdrawn", why_standing="withdrawn", checked=None),
    "only a repeat": statement(as_of_basis="publication_date", is_repeat=True),
    "computed": statement(_RELEASED, derived=True),
    "by nobody named": statement(organisation="unattributed"),
    "by its publisher": statement(publisher="La Lista"),
    "withheld": statement(value=None, qualifier=None, breakdown="age=adolescent", withheld=True),
    "a small group": statement(
        value=None, qualifier=None, breakdown="age=adolescent", withheld=True, fewer_than=5
    ),
}
