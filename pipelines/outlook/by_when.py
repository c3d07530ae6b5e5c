"""When nobody may be held any more: a range, and the share of futures that never get there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.known_values import Known, KnownValues, known, since_break
from pipelines.model import Kind
from pipelines.outlook.forecast import PATHS, Refused, counts_of, levels_of
from pipelines.outlook.futures import STEP, futures
from pipelines.outlook.process import observe
from pipelines.outlook.refusals import Reason, refusal

REACH = 3 * 365  # days looked ahead
RECENT: Final = (28, 90)  # days over which the number must have fallen


@dataclass(frozen=True)
class ByWhen:
    """When the number of people held may reach zero. Never one date: a range, and the share that never do.

    `earliest` and `latest` hold the middle 80 % of all futures between them; `latest` is None when more than
    a tenth do not get there within `looked_ahead` days, and both when nine tenths do not.
    """

    earliest: date | None
    latest: date | None
    never: float
    looked_ahead: int


def by_when(rows: pl.DataFrame, as_known_on: date, breaks: Sequence[date] = ()) -> ByWhen | Refused:
    """When nobody may be held any more, as a range of dates; refused where the number is not falling."""
    everything = Known(known(rows, as_known_on), as_known_on, breaks)
    seen, target = everything.stock, str(Kind.STOCK)
    reason = refusal(seen, as_known_on, max(RECENT), breaks)
    if reason is None and not _falling(since_break(seen, breaks)):
        reason = Reason.NOT_FALLING
    if reason is not None:
        return Refused(REACH, target, reason)
    source = counts_of(everything, Kind.STOCK)
    rng = np.random.default_rng(source.seed)
    weeks = futures(observe(source), REACH // STEP, PATHS // 2, rng)
    levels = levels_of(np.full(PATHS // 2, seen.values[-1]), weeks, Kind.STOCK)
    arrived = (levels <= 0).any(axis=0)
    when = np.sort(np.where(arrived, (levels <= 0).argmax(axis=0) * STEP, np.iinfo(np.int64).max))
    day = {share: when[int(share * (when.size - 1))] for share in (0.1, 0.9)}
    dates = {s: date.fromordinal(int(seen.days[-1] + d)) if d <= REACH else None for s, d in day.items()}
    return ByWhen(dates[0.1], dates[0.9], float(1 - arrived.mean()), REACH)


def _falling(seen: KnownValues) -> bool:
    """Whether the number fell over each of the recent windows, as far as statements reach."""
    newest = int(seen.days[-1])
    starts = [max(int(np.searchsorted(seen.days, newest - days, side="right")) - 1, 0) for days in RECENT]
    return all(seen.values[start] > seen.values[-1] for start in starts)
