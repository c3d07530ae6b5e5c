"""The disclosure gate before anything leaves: the count is loaded as if it had been ingested already.

In a build in memory it stands beside all that the situation tells, so what is withheld there (small cells,
what would give them away beside earlier bulletins) is withheld here. docs/disclosure.md tells the rule.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import duckdb
import polars as pl

from pipelines.core.kept_results import KeptResults
from pipelines.core.model import RowState
from pipelines.core.paths import SQL, DataDir
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.claim_batches import read_batches
from pipelines.sheets.transcription_sheet import judge_rows
from pipelines.stays.mapping import CountError
from pipelines.warehouse import corrections
from pipelines.warehouse.disclosure import attack, masked_numbers, protection
from pipelines.warehouse.fingerprint import list_inputs
from pipelines.warehouse.load import (
    Settings,
    load_closed_lists,
    load_decisions,
    load_rows,
    load_settings,
    load_verifications,
)

_SHEET: Final = "transcriptions/count.csv"  # what the count is called in that build
_SAID: Final = 5
_TOLD: Final = """
    SELECT value FROM claims_loaded SEMI JOIN counted USING (measure, population)
    WHERE situation = $situation AND organisation = $organisation AND measure = 'in_custody'
        AND breakdown = 'total' AND qualifier = 'exact' AND as_of = $day AND file <> $sheet
    ORDER BY published, value LIMIT 1
"""
_WITHHELD: Final = """
    SELECT DISTINCT measure::VARCHAR AS measure, breakdown, period_start, as_of
    FROM claims_guarded SEMI JOIN cells_withheld USING (claim_id)
        SEMI JOIN counted USING (measure, population)
    WHERE situation = $situation AND organisation = $organisation
"""


class Passed(NamedTuple):
    """Cells that may not leave (measure, breakdown, period_start, as_of), and how many were held on the
    day of the last bulletin, as it was first told; None where nobody told it.
    """

    withheld: pl.DataFrame
    told_then: int | None


def hold_against(
    data: DataDir,
    situation: Situation,
    organisations: Sequence[Organisation],
    sheet: pl.DataFrame,
    organisation: str,
    today: date,
    since: date | None = None,
) -> Passed:
    """What of a count passes. `sheet`: rows of a transcription sheet; `since`: the day of the last bulletin.

    Raises CountError where a row would not count, SituationError as a build does.
    """
    cells = sheet.with_row_index("row", offset=2).with_columns(pl.col("row").cast(pl.Int64))
    rows = judge_rows(cells, _SHEET, situation, organisations, today)
    faulty = rows.filter(pl.col("state") != RowState.ACCEPTED.value)
    if faulty.height:
        reasons = faulty["reason"].unique(maintain_order=True).to_list()[:_SAID]
        raise CountError("the count is no bulletin that would be accepted: " + "; ".join(reasons))
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        _load(con, data, situation, organisations, rows, today)
        _run(con, "2_disclosure")
        safe = protection.protect(con)
        counted = rows.select("measure", "population").unique()  # who is not, is another matter
        con.register("counted", counted)
        of = {"situation": situation.id, "organisation": organisation}
        withheld = con.sql(_WITHHELD, params=of).pl()
        told = con.execute(_TOLD, {**of, "day": since, "sheet": _SHEET}).fetchone()
        _run(con, "2_disclosure/masked")
        attack.check_reckoned(con, safe)
        return Passed(withheld, told[0] if told else None)


def _load(
    con: duckdb.DuckDBPyConnection,
    data: DataDir,
    situation: Situation,
    organisations: Sequence[Organisation],
    rows: pl.DataFrame,
    today: date,
) -> None:
    """What a build of this situation holds before it looks for small cells, and the count."""
    folder = data.situation(situation.id)
    masked_numbers.register(con)
    _run(con, "0_vocabulary")
    load_closed_lists(con)
    _run(con, "1_load")
    load_settings(con, [Settings(folder, situation, list(organisations))])
    inputs = list_inputs(data)
    sheets = [each.path for each in inputs if each.name.startswith(f"{situation.id}/transcriptions/")]
    nothing_kept = KeptResults(None)
    for batch in read_batches(
        con, folder, sheets, situation, organisations, today, lambda *_: None, nothing_kept
    ):
        load_rows(con, batch.rows)
        if batch.rulings is not None:
            load_decisions(con, batch.rulings)
    load_rows(con, rows)
    con.execute((SQL / "1_load" / "set_duplicates_aside.sql").read_text(encoding="utf-8"))
    corrections.apply(con, situation.id, corrections.read_corrections(folder), today)
    load_verifications(con, {situation.id: folder}, today, nothing_kept)


def _run(con: duckdb.DuckDBPyConnection, stage: str) -> None:
    for path in sorted((SQL / stage).glob("[0-9][0-9]_*.sql")):
        con.execute(path.read_text(encoding="utf-8"))
