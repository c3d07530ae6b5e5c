"""Every source of a situation, batch by batch: its sheets, its reports, its queue, and what was decided.

The one way by which rows reach a build: nothing beyond this module knows how a source is opened and read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines.core.kept_results import KeptResults
from pipelines.core.model import CLAIM_SCHEMA
from pipelines.core.paths import find_obstacle, name_below
from pipelines.core.privacy import mask_message
from pipelines.core.situation import Organisation, Situation, encode_settings, make_personal_rules
from pipelines.intake.decisions import read_decisions
from pipelines.intake.files.file_kind import read_tables
from pipelines.intake.inbox import CANDIDATES, QueueError, read_queue
from pipelines.intake.mappings.recognition import FOLDER
from pipelines.intake.review.replay import Replay
from pipelines.sheets import contracts
from pipelines.sheets.raw_table import FAILURES, ReadError, explain_failure
from pipelines.sheets.transcription_sheet import read_sheet, refuse_sheet

SHARE = 0.6  # of a build's work that the sheets are


@dataclass(frozen=True)
class Batch:
    """Rows of one source in the shape of CLAIM_SCHEMA or SHEET_SCHEMA, whatever their state.

    `rulings`: with the last batch, whose rows follow from them: the decisions that hold (`Decisions`).
    """

    rows: pl.DataFrame
    rulings: pl.DataFrame | None = None


def read_batches(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    sheets: Sequence[Path],
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    report: Callable[[str, float], None],
    kept: KeptResults,
    load: Callable[[], None] = lambda: None,
) -> Iterator[Batch]:
    """All rows of a situation's folder. `kept`: what an earlier build read.

    `con`: the build. Where decided figures are held against what counts already, `load` is called first, to
    put all batches before into it.

    A source that cannot be read is one quarantined row that says why.
    """
    replay = Replay(situation, read_decisions(folder, situation, organisations, today))
    for done, path in enumerate(sheets):
        report(f"{situation.id}: {path.name}", SHARE * done / len(sheets))
        yield Batch(replay.without_decided(open_sheet(path, folder, situation, organisations, today, kept)))
    if (folder / FOLDER).exists():  # its readers bring many libraries, and most situations have no reports
        from pipelines.intake.mappings.tabular_reports import read_reports

        for rows in read_reports(folder, situation, organisations, today, kept):
            yield Batch(replay.without_decided(rows))
    try:
        queue = read_queue(folder)
    except QueueError as error:
        yield Batch(refuse_sheet(CANDIDATES, situation, str(error).replace(f"{folder}/", "")))
        queue = pl.DataFrame(schema=pl.Schema(CLAIM_SCHEMA))
    if replay.looks_at_claims(queue):
        load()
    settled = replay.settle(con, queue)
    personal = make_personal_rules(situation, organisations)
    yield Batch(contracts.set_personal_aside(settled, personal), replay.decisions.rulings)


def open_sheet(
    path: Path,
    folder: Path,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    kept: KeptResults,
) -> pl.DataFrame:
    """One sheet, CSV, XLSX or ODS, in the shape of SHEET_SCHEMA; `file` is its place below `folder`.

    Whatever its reader raises makes it one quarantined row: one bad file never stops the others.
    """
    name = name_below(path, folder)
    rules = make_personal_rules(situation, organisations)

    def read() -> pl.DataFrame:
        if rules.describe(name):
            raise ReadError("it is refused for its name")
        return read_sheet(read_tables(path), name, situation, organisations, today)

    try:
        obstacle = find_obstacle(path, folder)
        if obstacle is None:
            settings = encode_settings(situation, organisations)
            return kept.frame("sheet", (name, *settings, today), read, [path])
        reason = f"{name}: {obstacle}"
    except FAILURES as error:
        reason = explain_failure(error, path, name)
    kinds = rules.describe(name)
    if kinds:  # nothing may carry the name, so nothing of the file counts under it
        return refuse_sheet(mask_message(name), situation, f"the file's name: {kinds}; rename it")
    return refuse_sheet(name, situation, reason)
