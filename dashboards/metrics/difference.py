"""Two figures set against each other: their difference where both are of one series, else why there is none.

The difference itself is that of `metrics/change`; what is asked here is only whether both are of one series.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from dashboards.metrics.change import Change, last_change
from dashboards.queries import series
from dashboards.queries.view import View
from pipelines.core.model import Kind

Row = Mapping[str, Any]


class Apart(StrEnum):
    """Why two figures are not of one series, or cannot be set against each other at all."""

    SITUATION = "situation"
    SPEAKER = "speaker"  # two organisations: what they say is set side by side, never subtracted
    KIND = "kind"  # people at a moment, those of a period, those since a day
    MEASURE = "measure"
    POPULATION = "population"
    PART = "part"
    PERIOD = "period"  # flows and promises: each is of a time or an announcement of its own
    START = "start"  # two days from which they count, or one that nobody stated
    MOMENT = "moment"  # both are of one day
    WITHHELD = "withheld"
    NOT_STANDING = "not_standing"  # nothing stands under one of the ids on the day that is asked of
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True)
class Side:
    """One of two figures: what it is about (a row of `figures`) and what the view knows of it."""

    about: Row
    standing: Sequence[Row]  # rows of `queries.series` that stand without a doubt
    doubted: Sequence[Row] = ()

    @property
    def fault(self) -> Apart | None:
        """Why nothing can be subtracted from this figure."""
        if self.about["withheld"]:
            return Apart.WITHHELD
        if self.standing:
            return None
        return Apart.IN_DOUBT if self.doubted else Apart.NOT_STANDING


_SERIES: Final = {
    "situation": Apart.SITUATION,
    "organisation": Apart.SPEAKER,
    "kind": Apart.KIND,
    "measure": Apart.MEASURE,
    "population": Apart.POPULATION,
    "breakdown": Apart.PART,
}


def subtract(view: View, one: Side, other: Side) -> Change | Apart:
    """The change from the earlier to the later figure, which may refuse itself, or why they stand apart."""
    apart = _find_apart(one, other)
    if apart is not None:
        return apart
    first = one.standing[0]
    line = series.read_series(
        view.build,
        view.situation_id,
        first["measure"],
        (first["organisation"],),
        first["population"],
        first["breakdown"],
        view.known_on,
    )
    days = [one.about["as_of"], other.about["as_of"]]
    both = series.select_rows(line, baseline=first["baseline"]).filter(pl.col("as_of").is_in(days))
    breaks = series.read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    counted = (first["organisation"], first["measure"], first["population"])
    return last_change(both, breaks.get(counted, [])) or Apart.MOMENT


def _find_apart(one: Side, other: Side) -> Apart | None:
    for name, apart in _SERIES.items():
        if one.about[name] != other.about[name]:
            return apart
    if one.about["kind"] not in (Kind.STOCK, Kind.CUMULATIVE):
        return Apart.PERIOD
    fault = one.fault or other.fault
    if fault is not None:
        return fault
    starts = {row["baseline"] for side in (one, other) for row in side.standing}
    if len(starts) > 1 or (one.about["kind"] == Kind.CUMULATIVE and None in starts):
        return Apart.START
    return Apart.MOMENT if one.about["as_of"] == other.about["as_of"] else None
