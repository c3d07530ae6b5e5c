"""Transcription sheets: one row a figure, filled in by hand from bulletins.

Input: the tables of a file under `data/<situation>/transcriptions/`, opened by whoever asks. Output: rows in
the shape of SHEET_SCHEMA, one for each row of the file, whatever its state.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from pipelines.core.file_limits import DEFAULT
from pipelines.core.model import CLAIM_SCHEMA, TOTAL, Measure, Precision, PublishedBasis, RowState
from pipelines.core.situation import Organisation, Situation, make_personal_rules
from pipelines.sheets import contracts
from pipelines.sheets.raw_table import Table, say_cut, say_more

COLUMNS: Final = (
    "organisation",
    "measure",
    "population",
    "breakdown",
    "qualifier",
    "value",
    "value_high",
    "period_start",
    "as_of",
    "as_of_basis",
    "published",
    "published_basis",
    "retrieved",
    "publisher",
    "provenance",
    "url",
    "note",
)

CORRECTABLE: Final = (  # what a person may say should be otherwise: reviewers before, readers after it counts
    "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "as_of_basis", "as_of_precision", "published", "published_basis", "provenance",
)  # fmt: skip

NO_SHEET: Final = f"none of the columns of a transcription sheet: {', '.join(contracts.REQUIRED)}"

# A sheet's rows are numbered in a column of their own, and plain digits are not written a second time as
# `raw`: in a million rows that is a fifth of the load.
SHEET_SCHEMA: Final = {**CLAIM_SCHEMA, "place_number": pl.Int64()}

# Rows that are judged at once. Each rule is a column as long as that: a million at once took two gigabytes.
PART: Final = 100_000


def read_sheet(
    tables: Sequence[Table],
    name: str,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    most: int = DEFAULT.faults,
) -> pl.DataFrame:
    """The rows of one sheet's tables × SHEET_SCHEMA; `file` is set to `name`.

    Where more rows are quarantined than `most`, the last of them stands for all the others, and a column
    `stands_for` says for how many.
    """
    parts = []
    personal = make_personal_rules(situation, organisations)
    for table in tables:
        where = f"sheet {personal.mask(table.name)} row" if table.name else "row"
        if not has_known_columns(table.cells.columns):
            parts.append(_refuse_table(table, name, situation, where))
            continue
        kinds = personal.describe(table.name)
        for cells in table.cells.iter_slices(PART) if table.cells.height else [table.cells]:
            rows = judge_rows(cells, name, situation, organisations, today, where=where)
            rows = _hold_hidden(rows, table)
            judged = contracts.set_aside(rows, f"sheet name: {kinds}; aggregates only") if kinds else rows
            parts.append(judged.with_columns(stands_for=pl.lit(None, pl.Int64)))
        if table.faults:
            parts.append(
                _quarantine_rows(
                    situation,
                    name,
                    [f"{where} {fault.row}" for fault in table.faults],
                    [say_cut(fault.stands_for) if fault.stands_for > 1 else None for fault in table.faults],
                    [fault.reason for fault in table.faults],
                ).with_columns(
                    stands_for=pl.Series([fault.stands_for for fault in table.faults], dtype=pl.Int64)
                )
            )
    return _keep_most(pl.concat(parts), situation, name, most)


def has_known_columns(columns: Sequence[str]) -> bool:
    """Whether a table is a sheet at all: any of the columns without which nothing is a figure."""
    return not set(columns).isdisjoint(contracts.REQUIRED)


def _refuse_table(table: Table, name: str, situation: Situation, where: str) -> pl.DataFrame:
    """One quarantined row for a table that is no sheet. It may be a list of people: no word of it is kept."""
    count = table.cells.height + sum(fault.stands_for for fault in table.faults)
    return _quarantine_rows(situation, name, [f"{where} 1"], [None], [NO_SHEET]).with_columns(
        stands_for=pl.lit(count if count > 1 else None, pl.Int64)
    )


def _hold_hidden(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The same rows; what the spreadsheet programme does not show waits for a person."""
    if not table.hidden and not table.hidden_rows:
        return rows
    unseen = pl.lit(table.hidden) | pl.col("place_number").is_in(table.hidden_rows)
    accepted = pl.col("state") == RowState.ACCEPTED.value
    says = pl.lit(f"its {'sheet' if table.hidden else 'row'} is hidden in the workbook")
    return rows.with_columns(
        state=pl.when(unseen & accepted).then(pl.lit(RowState.PENDING.value)).otherwise("state"),
        reason=pl.when(unseen)
        .then(pl.concat_str("reason", says, separator=" · ", ignore_nulls=True))
        .otherwise("reason"),
    )


def _keep_most(rows: pl.DataFrame, situation: Situation, name: str, most: int) -> pl.DataFrame:
    """All rows, but of the quarantined ones the first `most` and one for all the others."""
    quarantined = pl.col("state") == RowState.QUARANTINED.value
    if rows.select(quarantined.sum()).item() > most:
        beyond = quarantined & (quarantined.cum_sum() > most)
        left = rows.filter(beyond)
        count = left.select(pl.col("stands_for").fill_null(1).sum()).item()
        places = left.select(pl.concat_str("place", "place_number", separator=" ", ignore_nulls=True))
        reason = say_more(count, places[-1, 0], left["reason"][0])
        one = _quarantine_rows(situation, name, [places[0, 0]], [say_cut(count)], [reason])
        one = one.with_columns(stands_for=pl.lit(count, pl.Int64))
        rows = pl.concat([rows.filter(~beyond), one])
    if rows["stands_for"].fill_null(1).eq(1).all():
        return rows.drop("stands_for")
    return rows


def refuse_sheet(name: str, situation: Situation, reason: str) -> pl.DataFrame:
    """A sheet that cannot be read at all: one quarantined row that says why."""
    return _quarantine_rows(situation, name, ["file"], [""], [reason])


def judge_rows(
    cells: pl.DataFrame,
    name: str,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    *,
    where: str = "row",
    hide: bool = True,
) -> pl.DataFrame:
    """Rows of text become typed rows with their state: the rows of `cells` × SHEET_SCHEMA.

    `cells`: `row` (Int64) and a String column for each cell of a sheet, as a reader gives them. Not `hide`:
    no cell is left out, for rows that have to be known again by what was read; a person decided about them.
    """
    typed = _cast_cells(cells, list_populations(situation, organisations))
    rules = contracts.list_rules(situation, organisations, today)
    judged = contracts.judge(
        contracts.mark_breakdowns(typed, situation),
        rules if hide else [replace(rule, hides=None) for rule in rules if not rule.yes_suffices],
        make_personal_rules(situation, organisations),
    )
    return _finish(judged, situation, name, where)


def _cast_cells(cells: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Every cell as `<column>_text`, and beside it what it means; what cannot be typed is null."""
    present = [column for column in COLUMNS if column in cells.columns]
    extra = [column for column in cells.columns if column not in COLUMNS and column != "row"]
    texts = cells.select(
        "row",
        *(pl.col(column).str.strip_chars().replace("", None).alias(f"{column}_text") for column in present),
        *(pl.lit(None, pl.String).alias(f"{column}_text") for column in COLUMNS if column not in present),
        unknown_cells=pl.concat_str(
            [pl.when(pl.col(c).is_not_null()).then(pl.format(f"{c}={{}}", pl.col(c))) for c in extra],
            separator=", ",
            ignore_nulls=True,
        ).replace("", None)
        if extra
        else pl.lit(None, pl.String),
        unknown_columns=pl.concat_str(
            [pl.when(pl.col(c).is_not_null()).then(pl.lit(c)) for c in extra],
            separator=", ",
            ignore_nulls=True,
        ).replace("", None)
        if extra
        else pl.lit(None, pl.String),
    )
    number = r"^[0-9]{1,9}$"
    return texts.with_columns(
        *(
            pl.when(pl.col(f"{column}_text").str.contains(number))
            .then(pl.col(f"{column}_text"))
            .cast(pl.Int64, strict=False)
            .alias(column)
            for column in ("value", "value_high")
        ),
        *(
            pl.col(f"{column}_text").str.to_date("%Y-%m-%d", strict=False).alias(column)
            for column in (*contracts.DATES, "retrieved")
        ),
    ).join(
        populations,
        left_on=["organisation_text", "measure_text"],
        right_on=["organisation", "measure"],
        how="left",
        maintain_order="left",
    )


def list_populations(situation: Situation, organisations: Sequence[Organisation]) -> pl.DataFrame:
    """Whose figures they are where a sheet does not say: organisation, measure, usual_population."""
    rows = []
    for organisation in organisations:
        counted = {counts.measure: counts.population for counts in organisation.counts}
        for measure in Measure:
            usual = situation.measure_populations.get(measure, situation.default_population)
            rows.append((organisation.id, measure.value, counted.get(measure, usual)))
    return pl.DataFrame(rows, schema=["organisation", "measure", "usual_population"], orient="row")


def _finish(rows: pl.DataFrame, situation: Situation, name: str, where: str) -> pl.DataFrame:
    """The columns of SHEET_SCHEMA. A row that does not count keeps its cells as written, in `raw`.

    One with a cell that a rule hides keeps no word, and no number either, since nobody knows what of.
    """
    whole_row = pl.concat_str(
        [
            pl.when(pl.col(f"{column}_text").is_not_null()).then(
                pl.format(f"{column}={{}}", pl.col(f"{column}_text"))
            )
            for column in COLUMNS
            if column != "retrieved"
        ]
        + [pl.format("retrieved={}", pl.col("retrieved"))],
        separator=" | ",
        ignore_nulls=True,
    )
    accepted, shown = pl.col("state") == RowState.ACCEPTED, ~pl.col("is_hidden")
    aside = rows.filter(~accepted & shown).select("row", raw=whole_row)
    kept = (
        rows.join(aside, on="row", how="left", maintain_order="left")
        if aside.height
        else rows.with_columns(raw=pl.lit(None, pl.String))
    )
    return kept.select(
        situation=pl.lit(situation.id),
        organisation=pl.col("organisation_text"),
        measure=pl.col("measure_text"),
        population=pl.coalesce("population_text", "usual_population"),
        breakdown=_sort_parts(),
        qualifier=pl.col("qualifier_text"),
        value=pl.when(shown).then("value"),
        value_high=pl.when(shown).then("value_high"),
        period_start="period_start",
        as_of="as_of",
        as_of_basis=pl.col("as_of_basis_text").replace(contracts.AS_OF_BASES),
        as_of_precision=pl.lit(Precision.DAY.value),
        published="published",
        published_basis=pl.col("published_basis_text").fill_null(PublishedBasis.STATED.value),
        retrieved="retrieved",
        publisher=pl.col("publisher_text"),
        provenance=pl.col("provenance_text"),
        url=pl.col("url_text"),
        note=pl.when(accepted).then(pl.col("note_text")),
        raw="raw",
        file=pl.lit(name),
        place=pl.lit(where),
        place_number="row",
        state="state",
        reason="reason",
    ).select(pl.col(column).cast(kind) for column, kind in SHEET_SCHEMA.items())


def _sort_parts() -> pl.Expr:
    """`sex=male;age=adult` and `age=adult;sex=male` are one breakdown."""
    text = pl.col("breakdown_text")
    joined = text.str.split(";").list.sort().list.join(";")
    return pl.when((text == TOTAL) | ~text.str.contains(";", literal=True)).then(text).otherwise(joined)


def _quarantine_rows(
    situation: Situation, name: str, places: list[str], raws: Sequence[str | None], reasons: list[str]
) -> pl.DataFrame:
    rows = pl.DataFrame(
        {"place": places, "raw": raws, "reason": reasons},
        schema={"place": pl.String, "raw": pl.String, "reason": pl.String},
    )
    known = {
        "situation": pl.lit(situation.id),
        "file": pl.lit(name),
        "place": pl.col("place"),
        "raw": pl.col("raw"),
        "state": pl.lit(RowState.QUARANTINED.value),
        "reason": pl.col("reason"),
    }
    made = rows.select(
        known.get(column, pl.lit(None)).cast(kind).alias(column) for column, kind in SHEET_SCHEMA.items()
    )
    return contracts.set_personal_aside(made, make_personal_rules(situation))
