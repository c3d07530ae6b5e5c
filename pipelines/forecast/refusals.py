"""When the outlook says nothing, and why. Each rule has one name and one sentence."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pipelines.pace.known_values import LEAST_OBSERVATIONS, KnownValues, keep_since_break
from pipelines.pace.rates import find_patience


class RefusalReason(StrEnum):
    """Why there is no outlook."""

    NO_DATA = "no_data"
    TOO_FEW_OBSERVATIONS = "too_few_observations"
    TOO_OLD = "stale"  # the word under which it is published
    DEFINITION_BREAK = "definition_break"
    NOT_FALLING = "not_falling"
    TOO_WIDE = "too_wide"


WORDS: Final[Mapping[RefusalReason, str]] = MappingProxyType(
    {
        RefusalReason.NO_DATA: "No figure of this kind was known on that day.",
        RefusalReason.TOO_FEW_OBSERVATIONS: "Too few figures, or over too short a time, to look this far.",
        RefusalReason.TOO_OLD: "The newest figure exact enough to look ahead from is too old.",
        RefusalReason.DEFINITION_BREAK: (
            "What is counted changed lately, so past and future figures do not compare."
        ),
        RefusalReason.NOT_FALLING: (
            "The number has not fallen over both the last month and the last three, so no pace leads to zero."
        ),
        RefusalReason.TOO_WIDE: "What is possible spans so much that it would say nothing.",
    }
)

BREAK_DAYS = 90  # a change of definition this close to the newest figure, or later, forbids an outlook
FEW_PEOPLE = 20  # below this number of people, widths are compared with it
TELLING = 1.0  # the 80 % interval is at most this share of the people concerned


def find_refusal(
    seen: KnownValues, as_known_on: date, horizon: int, breaks: Sequence[date] = ()
) -> RefusalReason | None:
    """The first rule that forbids looking `horizon` days ahead of a day, from what was known on it."""
    if seen.size == 0:
        return RefusalReason.NO_DATA
    today, newest = as_known_on.toordinal(), int(seen.days[-1])
    if any(newest - BREAK_DAYS < day.toordinal() <= today + horizon for day in breaks):
        return RefusalReason.DEFINITION_BREAK
    comparable = keep_since_break(seen, breaks)
    if today - newest > find_patience(comparable, horizon):
        return RefusalReason.TOO_OLD
    ahead = today + horizon - newest
    if comparable.size < LEAST_OBSERVATIONS or newest - comparable.days[0] < ahead:
        return RefusalReason.TOO_FEW_OBSERVATIONS
    return None


def is_too_wide(low: float, high: float, concerned: float) -> bool:
    """Whether an 80 % interval of people says nothing about so many people."""
    return high - low > TELLING * max(concerned, FEW_PEOPLE)
