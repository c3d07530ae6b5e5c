"""Breaks of what a series counts, its epoch at a day, and which of its speaker's series it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.queries import database, series
from dashboards.queries.view import View


def find_epoch(row: Mapping[str, Any], broken: Mapping[series.Counted, list[date]]) -> int:
    """How often what a figure counts has changed with no bridge across; no line joins two epochs."""
    days = broken.get((row["organisation"], row["measure"], row["population"]), [])
    return sum(day <= row["as_of"] for day in days)


def number_epochs(view: View, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `epoch`, as `find_epoch` has it of each row."""
    broken = series.read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    epochs = [find_epoch(row, broken) for row in frame.iter_rows(named=True)]
    return frame.with_columns(epoch=pl.Series(epochs, dtype=pl.Int64))


def find_breaks(view: View, frame: pl.DataFrame) -> pl.DataFrame:
    """Breaks of what the statements of a frame count; two baselines are two series to begin with."""
    changed = database.read_mart(
        view.build, view.situation_id, "breaks", "happened, organisation, measure", known_on=view.known_on
    ).filter(pl.col("kind") != "baseline")
    return changed.join(frame, on=["organisation", "measure", "population"], how="semi")


def number_variants(
    points: pl.DataFrame, slots: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str, date | None], int]:
    """Which of the series that share a slot each organisation, measure and baseline is, in their order."""
    counted: dict[int, int] = {}
    variants = {}
    series = points.select("organisation", "measure", "baseline").unique(maintain_order=True)
    for organisation, measure, baseline in series.iter_rows():
        slot = slots[organisation, measure]
        counted[slot] = counted.get(slot, -1) + 1
        variants[organisation, measure, baseline] = counted[slot]
    return variants
