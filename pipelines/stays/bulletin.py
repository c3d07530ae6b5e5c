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
from pipelines.sheets.transcription_sheet import COLUMNS, list_populations, read_sheet
from pipelines.stays.mapping import CountError, HeadCount, Mapping

CELL: Final = ("measure", "breakdown", "period_start", "as_of")  # what a number is of
_SAID: Final = 5  # days that a message names
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
    """What a transcription sheet says that the organisation told of whom the mapping counts: CELL, qualifier,
    value, value_high. Raises CountError.
    """
    try:
        tables = read_tables(path)
    except FAILURES as error:
        raise CountError(explain_failure(error, path, path.name)) from error
    rows = read_sheet(tables, path.name, situation, organisations, today)
    usual = list_populations(situation, organisations).filter(organisation=mapping.organisation)
    counted = usual.with_columns(
        population=pl.coalesce(pl.lit(mapping.population, pl.String), "usual_population")
    )
    told = rows.filter(state=RowState.ACCEPTED.value).join(
        counted, on=["organisation", "measure", "population"], how="semi", maintain_order="left"
    )
    if told.is_empty():
        of = mapping.population or situation.default_population
        raise CountError(f"{path.name}: no row of it is {mapping.organisation}'s, of {of}, and counts")
    return told.select(*CELL, "qualifier", "value", "value_high").unique(maintain_order=True)


def compare(ours: pl.DataFrame, told: pl.DataFrame, cut: date) -> pl.DataFrame:
    """Cell by cell at the cut: CELL, `qualifier`, `told` (null: not in the bulletin), `told_high`, `counted`
    (null: withheld or none), `outcome`: same, fits (a hedged number, as "at least 25"), hedged ("about": it
    cannot be held to anything), differs, withheld, not_counted, not_told.

    `ours`: CELL, value, withheld. A number that is withheld is in no row, nor whether it is the one told.
    Raises CountError where nothing was told of the cut.
    """
    at_cut = told.filter(as_of=cut)
    if at_cut.is_empty():
        days = [str(day) for day in told["as_of"].unique().sort()]
        more = f" and {len(days) - _SAID} more" if len(days) > _SAID else ""
        raise CountError(f"the sheet tells nothing of {cut}; it has {', '.join(days[:_SAID])}{more}")
    mine = ours.filter(pl.col("as_of") == cut).select(
        *CELL, "withheld", counted=pl.when(~pl.col("withheld")).then("value")
    )
    both = at_cut.rename({"value": "told", "value_high": "told_high"}).join(
        mine, on=list(CELL), how="full", coalesce=True, nulls_equal=True, maintain_order="right_left"
    )
    stated, counted, hedge = pl.col("told"), pl.col("counted"), pl.col("qualifier")
    fits = {
        Qualifier.AT_LEAST: counted >= stated,
        Qualifier.MORE_THAN: counted > stated,
        Qualifier.AT_MOST: counted <= stated,
        Qualifier.LESS_THAN: counted < stated,
        Qualifier.RANGE: counted.is_between(stated, pl.col("told_high")),
    }
    return both.select(
        *CELL,
        "qualifier",
        "told",
        "told_high",
        "counted",
        outcome=pl.when(pl.col("withheld"))
        .then(pl.lit("withheld"))
        .when(pl.col("withheld").is_null())
        .then(pl.lit("not_counted"))
        .when(stated.is_null())
        .then(pl.lit("not_told"))
        .when(hedge == Qualifier.ABOUT.value)
        .then(pl.lit("hedged"))
        .when((hedge == Qualifier.EXACT.value) & (stated == counted))
        .then(pl.lit("same"))
        .when(pl.any_horizontal((hedge == each.value) & holds for each, holds in fits.items()))
        .then(pl.lit("fits"))
        .otherwise(pl.lit("differs")),
    )
