"""Where a line may run and must break; rows for numbered marks, so that none overlap."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, cast

import polars as pl

SILENCE_DAYS: Final = 60  # a longer time without any figure breaks the line
YEAR_DAYS: Final = 365  # nothing joins two figures that are farther apart


def is_silence(before: date, after: date) -> bool:
    """Whether nobody spoke for so long between two days that no line joins them."""
    return (after - before).days > SILENCE_DAYS


def is_apart(before: date, after: date) -> bool:
    """Whether two days lie so far apart that not even dots join them."""
    return (after - before).days > YEAR_DAYS


def has_dots(days: Sequence[date]) -> bool:
    """Whether dots join two neighbours of days in time order: far apart, and not too far."""
    return any(is_silence(*each) and not is_apart(*each) for each in pairwise(days))


def find_line_points(
    series: pl.DataFrame, silence_days: int = SILENCE_DAYS
) -> tuple[list[date | None], list[int | None]]:
    """x and y of the line of one series: its exact, uncontradicted figures in time order.

    A line joins two figures only where somebody spoke in between often enough: wherever more than
    `silence_days` pass without any statement of the series, bounds included, it breaks (None, None). So it
    does where what is counted became something else with no bridge across: two figures of two things.
    """
    spoken = series.select("as_of").unique().sort("as_of")
    silent_from = (
        spoken.with_columns(next=pl.col("as_of").shift(-1))
        .filter((pl.col("next") - pl.col("as_of")).dt.total_days() > silence_days)["as_of"]
        .to_list()
    )
    exact = (pl.col("low") == pl.col("high")) & ~pl.col("contradicted")
    x: list[date | None] = []
    y: list[int | None] = []
    last: date | None = None
    epoch: int | None = None
    drawn = series.filter(exact).sort("as_of", "claim_id").select("as_of", "low", "epoch")
    for moment, value, counted in drawn.iter_rows():
        silent = last is not None and any(last <= silence < moment for silence in silent_from)
        if silent or (last is not None and counted != epoch):
            x.append(None)
            y.append(None)
        x.append(moment)
        y.append(value)
        last, epoch = moment, counted
    return x, y


Stretch = tuple[tuple[date, int], tuple[date, int]]


def list_silent_stretches(series: pl.DataFrame, silence_days: int = SILENCE_DAYS) -> list[Stretch]:
    """Both ends of each break in the line of one series that counts the same thing before and after."""
    x, y = find_line_points(series, silence_days)
    epochs = dict(series.select("as_of", "epoch").iter_rows())
    stretches = []
    for at in (number for number, day in enumerate(x) if day is None):
        before, after = (x[at - 1], y[at - 1]), (x[at + 1], y[at + 1])
        if epochs[before[0]] == epochs[after[0]]:
            stretches.append((before, after))
    return cast(list[Stretch], stretches)


def is_long(stretch: Stretch) -> bool:
    """Whether the ends lie so far apart that not even dots join them."""
    return is_apart(stretch[0][0], stretch[1][0])


def lay_stretches(stretches: Sequence[Stretch]) -> tuple[list[date | None], list[int | None]]:
    """x and y of stretches: each is two points, then (None, None)."""
    x: list[date | None] = []
    y: list[int | None] = []
    for before, after in stretches:
        x += [before[0], after[0], None]
        y += [before[1], after[1], None]
    return x, y


def find_silent_stretches(series: pl.DataFrame) -> tuple[list[date | None], list[int | None]]:
    """x and y of what lies between two pieces of the line of one series, where dots may join them."""
    return lay_stretches([each for each in list_silent_stretches(series) if not is_long(each)])


def stagger_rows(days: list[date], since: date, until: date, rows: int = 4) -> list[int]:
    """A row for each numbered mark, so that neighbours closer than a fortieth of the axis do not overlap."""
    width = max((until - since).days, 1) / 40
    ends = [float("-inf")] * rows
    chosen = []
    for day in days:
        at = (day - since).days
        row = next((row for row in range(rows) if at - ends[row] >= width), ends.index(min(ends)))
        ends[row] = at
        chosen.append(row)
    return chosen
