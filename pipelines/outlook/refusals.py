"""When the outlook says nothing, and why. Each rule has one name and one sentence."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from pipelines.outlook.observations import Snapshots


class Reason(StrEnum):
    """Why there is no outlook."""

    NO_DATA = "no_data"
    TOO_FEW_OBSERVATIONS = "too_few_observations"
    STALE = "stale"
    DEFINITION_BREAK = "definition_break"
    NOT_FALLING = "not_falling"
    TOO_WIDE = "too_wide"


WORDS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.NO_DATA: "No figure of this kind was known on that day.",
        Reason.TOO_FEW_OBSERVATIONS: "Too few figures, or over too short a time, to look this far.",
        Reason.STALE: "The newest figure is too old to look ahead from.",
        Reason.DEFINITION_BREAK: "What is counted changed lately, so past and future figures do not compare.",
        Reason.NOT_FALLING: "The number is not falling, so there is no pace that leads to zero.",
        Reason.TOO_WIDE: "What is possible spans so much that it would say nothing.",
    }
)

LEAST_OBSERVATIONS = 8
BREAK_DAYS = 90  # a change of definition this close to the newest figure, or later, forbids an outlook
PATIENCE = 3  # usual gaps between figures after which the newest one is stale
FRESH, OLD = 14, 45  # days: never stale before, always stale after
NEAR = 21  # days: the newest figure is never older than the horizon and this
FEW_PEOPLE = 20  # below this number of people, widths are compared with it
TELLING = 1.0  # the 80 % interval is at most this share of the people concerned


def since_break(snapshots: Snapshots, breaks: Sequence[date]) -> Snapshots:
    """Only what was counted the same way as today: nothing from before the last break that is past."""
    past = [day.toordinal() for day in breaks if snapshots.size and day.toordinal() <= snapshots.days[-1]]
    return snapshots.since(max(past)) if past else snapshots


def refusal(
    snapshots: Snapshots, as_known_on: date, horizon: int, breaks: Sequence[date] = ()
) -> Reason | None:
    """The first rule that forbids looking `horizon` days ahead of a day, from what was known on it."""
    if snapshots.size == 0:
        return Reason.NO_DATA
    today, newest = as_known_on.toordinal(), int(snapshots.days[-1])
    if any(newest - BREAK_DAYS < day.toordinal() <= today + horizon for day in breaks):
        return Reason.DEFINITION_BREAK
    comparable = since_break(snapshots, breaks)
    if today - newest > patience(comparable, horizon):
        return Reason.STALE
    ahead = today + horizon - newest
    if comparable.size < LEAST_OBSERVATIONS or newest - comparable.days[0] < ahead:
        return Reason.TOO_FEW_OBSERVATIONS
    return None


def patience(snapshots: Snapshots, horizon: int) -> float:
    """Days after which the newest figure is stale: some usual gaps, within limits."""
    gaps = np.diff(snapshots.days[-10:])
    usual = float(np.median(gaps)) if gaps.size else FRESH
    return min(max(PATIENCE * usual, FRESH), OLD, NEAR + horizon)


def too_wide(low: float, high: float, concerned: float) -> bool:
    """Whether an 80 % interval of people says nothing about so many people."""
    return high - low > TELLING * max(concerned, FEW_PEOPLE)
