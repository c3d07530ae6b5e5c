"""The words of the design as types: measures, qualifiers, bases, the shape of a claim.

Everything else imports its vocabulary from here; nothing here reads a file.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl


class Kind(StrEnum):
    """How a measure behaves in time. The three never share a line or a subtraction."""

    STOCK = "stock"  # people at a moment
    FLOW = "flow"  # people during a window
    CUMULATIVE = "cumulative"  # people since a baseline
    PROMISE = "promise"  # people that somebody says will be released


class Measure(StrEnum):
    """What is counted: the closed list."""

    IN_CUSTODY = "in_custody"
    RELEASED = "released"
    RELEASED_TO_DATE = "released_to_date"
    DETAINED = "detained"
    DETAINED_TO_DATE = "detained_to_date"
    UNDER_MEASURES = "under_measures"
    FULL_FREEDOM_TO_DATE = "full_freedom_to_date"
    AMNESTY_APPLICATIONS_TO_DATE = "amnesty_applications_to_date"
    AMNESTY_GRANTED_TO_DATE = "amnesty_granted_to_date"
    DEATHS_IN_CUSTODY_TO_DATE = "deaths_in_custody_to_date"
    RELEASE_ANNOUNCED = "release_announced"

    @property
    def kind(self) -> Kind:
        """Stock, flow, cumulative or promise."""
        return MEASURES[self][0]

    @property
    def rung(self) -> "Rung | None":
        """Its place on the status ladder; None: it is outside."""
        return MEASURES[self][1]


class Rung(NamedTuple):
    """A place on the status ladder.

    Figures of one `topic` are those that a reader would set against each other; only those of one `rung`
    may be.
    """

    topic: str
    rung: str


MEASURES: Final[Mapping[Measure, tuple[Kind, Rung | None]]] = MappingProxyType(
    {
        Measure.IN_CUSTODY: (Kind.STOCK, Rung("held", "in_custody")),
        Measure.UNDER_MEASURES: (Kind.STOCK, Rung("out", "under_measures")),
        Measure.RELEASED_TO_DATE: (Kind.CUMULATIVE, Rung("out", "released")),
        Measure.FULL_FREEDOM_TO_DATE: (Kind.CUMULATIVE, Rung("out", "full_freedom")),
        Measure.AMNESTY_GRANTED_TO_DATE: (Kind.CUMULATIVE, Rung("out", "amnesty")),
        Measure.RELEASED: (Kind.FLOW, Rung("out_in_window", "released")),
        Measure.DETAINED: (Kind.FLOW, Rung("detained_in_window", "detained")),
        Measure.DETAINED_TO_DATE: (Kind.CUMULATIVE, Rung("detained", "detained")),
        Measure.DEATHS_IN_CUSTODY_TO_DATE: (Kind.CUMULATIVE, Rung("deaths", "deaths")),
        Measure.AMNESTY_APPLICATIONS_TO_DATE: (Kind.CUMULATIVE, Rung("applications", "applications")),
        # a promise is set against what was verified, in `announcements`
        Measure.RELEASE_ANNOUNCED: (Kind.PROMISE, None),
    }
)


class Qualifier(StrEnum):
    """How the organisation hedged its figure. Only RANGE carries a `value_high`."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ABOUT = "about"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    RANGE = "range"


class Basis(StrEnum):
    """How a claim's moment is known."""

    EXPLICIT = "explicit"  # the report names the day
    RELATIVE = "relative"  # "this Monday", resolved from the publication day
    INFERRED = "inferred"  # the report gives none; a person took the cut-off of the bulletin that it repeats
    PUBLICATION_DATE = "publication_date"  # the report gives none; its own day is taken


class PublishedBasis(StrEnum):
    """How a report's publication day is known."""

    STATED = "stated"
    INFERRED = "inferred"


class Precision(StrEnum):
    """How fine a claim's moment is."""

    DAY = "day"
    MONTH = "month"


class Provenance(StrEnum):
    """How far the report stands from who asserts the figure, best first."""

    PRIMARY = "primary"  # the organisation's own publication
    PRESS = "press"  # an outlet that quotes it
    SECONDHAND = "secondhand"  # an outlet that quotes an outlet, or recalls an old figure


class Role(StrEnum):
    """What kind of organisation asserts a figure."""

    NGO = "ngo"
    GOVERNMENT = "government"
    OPPOSITION = "opposition"
    INTERNATIONAL = "international"
    MEDIA = "media"


class Comparability(StrEnum):
    """Why two figures of one moment may be subtracted, or the first thing that forbids it, in this order."""

    SAME_SPEAKER = "same_speaker"  # one is a joint statement that includes who gave the other
    DIFFERENT_KIND = "different_kind"  # one is of a moment, the other of a period
    DIFFERENT_POPULATION = "different_population"
    DIFFERENT_LEGAL_STATUS = "different_legal_status"  # another rung of the status ladder
    DIFFERENT_PART = "different_part"  # another breakdown
    UNKNOWN_WINDOW = "unknown_window"  # a side does not say from when it counts
    DIFFERENT_COHORT = "different_cohort"  # one stock holds only those who entered it since a day
    DIFFERENT_WINDOW = "different_window"
    BREAK = "break"  # what a side counts changed within the period
    DECLARED_EQUIVALENT = "declared_equivalent"  # `comparable.toml` says so, in its own words
    SAME_THING = "same_thing"


class QuestionState(StrEnum):
    """What became of a reader's question."""

    OPEN = "open"
    CORRECTED = "corrected"
    STANDS = "stands"


class RowState(StrEnum):
    """Where a row that was read ends: read = accepted + pending + quarantined."""

    ACCEPTED = "accepted"
    PENDING = "pending"  # a person has to say yes
    QUARANTINED = "quarantined"  # it cannot be a claim as it stands


BREAKDOWN_KEYS: Final = (
    "affiliation",
    "age",
    "basis",
    "case",
    "channel",
    "cohort",
    "facility",
    "group",
    "health",
    "mechanism",
    "nationality",
    "occupation",
    "place",
    "prior_status",
    "reason",
    "region",
    "sentenced",
    "service",
    "sex",
    "status",
)
TOTAL: Final = "total"

# One row is one figure as read from one report, typed, with what was written beside it.
CLAIM_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "situation": pl.String(),
        "organisation": pl.String(),
        "measure": pl.String(),
        "population": pl.String(),
        "breakdown": pl.String(),
        "qualifier": pl.String(),
        "value": pl.Int64(),
        "value_high": pl.Int64(),
        "period_start": pl.Date(),
        "as_of": pl.Date(),
        "as_of_basis": pl.String(),
        "as_of_precision": pl.String(),
        "published": pl.Date(),
        "published_basis": pl.String(),
        "retrieved": pl.Date(),
        "publisher": pl.String(),
        "provenance": pl.String(),
        "url": pl.String(),
        "note": pl.String(),
        "raw": pl.String(),  # the figure as written: the cell's text, or the phrase in the prose
        "file": pl.String(),  # path below the situation's folder
        "place": pl.String(),  # "row 14", "page 2 row 5", "characters 120 to 134"
        "state": pl.String(),
        "reason": pl.String(),  # why it is pending or quarantined; null when accepted
    }
)
