"""What leaves: the cells of a count as a transcription sheet, and how a bulletin told before differs."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.core.model import Provenance, PublishedBasis, Qualifier, RowState
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.files.file_kind import read_tables
from pipelines.sheets.raw_table import FAILURES, explain_failure
from pipelines.sheets.transcription_sheet import COLUMNS, read_sheet
from pipelines.stays.mapping import CountError, HeadCount, Mapping

CELL: Final = ("measure", "breakdown", "period_start", "as_of")  # what a number is of
_NOTES: Final = {
    HeadCount.MIDNIGHT: "counted from the organisation's list; head count at the end of the day",
    HeadCount.DAY: "counted from the organisation's list; everybody held at any time of the day",
}


def make_sheet(
    cells: pl.DataFrame,
    mapping: Mapping,
    organisation: Organisation,
    published: date,
    url: str | None = None,
) -> pl.DataFrame:
    """Cells as text in the columns of a transcription sheet, first hand.

    `cells`: measure, breakdown, period_start, as_of, value. `url`: where the bulletin can be read; None where
    who publishes adds it.
    """
    known = {
        "organisation": pl.lit(organisation.id),
        "population": pl.lit(mapping.population, pl.String),
        "qualifier": pl.lit(Qualifier.EXACT.value),
        "as_of_basis": pl.lit("stated"),
        "published": pl.lit(published),
        "published_basis": pl.lit(PublishedBasis.STATED.value),
        "publisher": pl.lit(organisation.name),
        "url": pl.lit(url, pl.String),
        "provenance": pl.lit(Provenance.PRIMARY.value),
        "note": pl.lit(_NOTES[mapping.head_count]),
    }
    return cells.select(
        (pl.col(name) if name in cells.columns else known.get(name, pl.lit(None))).cast(pl.String).alias(name)
        for name in COLUMNS
    )


def read_bulletin(
    path: Path, situation: Situation, organisations: Sequence[Organisation], mapping: Mapping, today: date
) -> pl.DataFrame:
    """The cells of a transcription sheet that the organisation told: CELL and value. Raises CountError."""
    try:
        tables = read_tables(path)
    except FAILURES as error:
        raise CountError(explain_failure(error, path, path.name)) from error
    rows = read_sheet(tables, path.name, situation, organisations, today)
    told = rows.filter(
        (pl.col("state") == RowState.ACCEPTED.value) & (pl.col("organisation") == mapping.organisation)
    )
    if told.is_empty():
        raise CountError(f"{path.name}: no row of it is {mapping.organisation}'s and counts")
    return told.select(*CELL, "value").unique(maintain_order=True)


def compare(ours: pl.DataFrame, told: pl.DataFrame, cut: date) -> pl.DataFrame:
    """Cell by cell at the cut: CELL, `told` (null: not in the bulletin), `counted` (null: withheld or none),
    `outcome`: same, differs, withheld, not_counted, not_told.

    `ours`: CELL, value, withheld. A number that is withheld is in no row, nor whether it is the one told.
    """
    at_cut = told.filter(pl.col("as_of") == cut)
    mine = ours.filter(pl.col("as_of") == cut).select(
        *CELL, "withheld", counted=pl.when(~pl.col("withheld")).then("value")
    )
    both = at_cut.rename({"value": "told"}).join(
        mine, on=list(CELL), how="full", coalesce=True, nulls_equal=True, maintain_order="right_left"
    )
    return both.select(
        *CELL,
        "told",
        "counted",
        outcome=pl.when(pl.col("withheld"))
        .then(pl.lit("withheld"))
        .when(pl.col("withheld").is_null())
        .then(pl.lit("not_counted"))
        .when(pl.col("told").is_null())
        .then(pl.lit("not_told"))
        .when(pl.col("told") == pl.col("counted"))
        .then(pl.lit("same"))
        .otherwise(pl.lit("differs")),
    )
