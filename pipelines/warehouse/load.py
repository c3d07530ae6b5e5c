"""Rows, settings, readings and the outlook's track record into a new build's tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import duckdb
import msgspec
import polars as pl

from pipelines.core.frames import lend_frame, read_frame
from pipelines.core.kept_results import KeptResults, hash_rows
from pipelines.core.model import (
    BREAKDOWN_KEYS,
    Basis,
    Comparability,
    Measure,
    Precision,
    Provenance,
    PublishedBasis,
    Qualifier,
    RowState,
)
from pipelines.core.paths import SQL
from pipelines.core.situation import Organisation, Publisher, Situation
from pipelines.pace.known_values import LEAST_OBSERVATIONS
from pipelines.sheets import archived_copies, events, questions, verifications
from pipelines.sheets.strict_rows import RowError
from pipelines.sheets.transcription_sheet import PART
from pipelines.warehouse import corrections
from pipelines.warehouse.published_build import read_query

WORD_LISTS: Final[dict[str, type[StrEnum]]] = {
    "measure": Measure,
    "qualifier": Qualifier,
    "basis": Basis,
    "precision": Precision,
    "published_basis": PublishedBasis,
    "provenance": Provenance,
    "comparability": Comparability,
}
ORIGINS: Final = 20  # past publications for each target, spread evenly: under a second for a long series


def load_closed_lists(con: duckdb.DuckDBPyConnection) -> None:
    """The closed lists of the model, so that SQL and Python share one vocabulary."""
    insert_tuples(con, "words", [
        (name, word.value, at) for name, words in WORD_LISTS.items() for at, word in enumerate(words)
    ])  # fmt: skip
    insert_tuples(con, "measures", [(m.value, m.kind.value, *(m.rung or (None, None))) for m in Measure])
    insert_tuples(con, "breakdown_keys", [(key,) for key in BREAKDOWN_KEYS])


class RowLoader:
    """Loads rows together: each way into the tables has a price, whether one row takes it or ten thousand."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._waiting: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Rows as for `load_rows`; they are loaded by the next `load`, or before where they are many."""
        self._waiting += [rows] if rows.height else []
        if sum(each.height for each in self._waiting) > PART:
            self.load()

    def load(self) -> None:
        """Load what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:  # one is handed on as it is: to join it with nothing would copy it
            load_rows(self._con, pl.concat(waiting, how="diagonal") if len(waiting) > 1 else waiting[0])


def load_rows(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Insert rows in the shape of CLAIM_SCHEMA: what counts goes one way, what does not the other.

    Where one row tells of many, a column `stands_for` says of how many.
    """
    accepted = pl.col("state") == RowState.ACCEPTED
    con.begin()  # what of many parts fills a block goes to the disk at once, not with the last of the build
    for part in rows.iter_slices(PART):  # DuckDB is handed a copy
        whole = part.select(accepted.all()).item()
        counted = (part if whole else part.filter(accepted)).drop("stands_for", strict=False)
        _run_insert(con, "insert_rows", counted)
        if not whole:
            _run_insert(con, "insert_rows_aside", part.filter(~accepted))
    con.commit()


def _run_insert(con: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    lend_frame(con, "rows_arriving", rows)
    con.execute((SQL / "1_load" / f"{name}.sql").read_text(encoding="utf-8"))
    con.unregister("rows_arriving")


def load_decisions(con: duckdb.DuckDBPyConnection, rulings: pl.DataFrame) -> None:
    """The decisions of one situation that hold (`decisions.Decisions.rulings`)."""
    if rulings.height:
        _run_insert(con, "insert_decisions", rulings)


@dataclass(frozen=True)
class Settings:
    """What people wrote of one situation, and the folder in which it stands."""

    folder: Path
    situation: Situation
    organisations: list[Organisation]
    publishers: list[Publisher] = field(default_factory=list)


def load_settings(con: duckdb.DuckDBPyConnection, settings: Sequence[Settings]) -> None:
    """The situations, their organisations and what they count, and names of publishers."""
    insert_tuples(
        con,
        "situations",
        [
            (
                of.id,
                of.name["es"],
                of.name["en"],
                of.timezone,
                of.baseline,
                of.primary_organisation,
                of.default,
                msgspec.json.encode(of).decode(),
            )
            for of in (each.situation for each in settings)
        ],
    )
    known = [(each.situation.id, organisation) for each in settings for organisation in each.organisations]
    insert_tuples(
        con,
        "organisations",
        [
            (of, each.id, each.name, each.role, each.members, each.rhythm_days, each.website, each.unnamed)
            for of, each in known
        ],
    )
    insert_tuples(
        con,
        "definitions",
        [
            (
                of,
                each.id,
                counts.measure,
                counts.population,
                counts.unit,
                counts.since,
                counts.until,
                counts.text["es"],
                counts.text["en"],
                counts.text.get("pt"),
                (counts.break_reason or {}).get("es"),
                (counts.break_reason or {}).get("en"),
                (counts.break_reason or {}).get("pt"),
            )
            for of, each in known
            for counts in each.counts
        ],
    )
    insert_tuples(
        con,
        "publishers",
        [
            (of.situation.id, each.id, each.name.es, each.name.en, each.name.pt, each.website)
            for of in settings
            for each in of.publishers
        ],
    )


def insert_tuples(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert all rows at once: a statement for each row of a long list takes longer than reading its file."""
    if rows:  # `executemany` would do the same, and import pandas for it
        lend_frame(con, "rows_arriving", pl.DataFrame(rows, orient="row", infer_schema_length=None))
        con.execute(f"INSERT INTO {table} FROM rows_arriving")
        con.unregister("rows_arriving")


ReadFile = Callable[..., pl.DataFrame]  # a reader of one file of a folder, as known on a day
Folders = Mapping[str, Path]  # by situation


def _read_files(
    read: ReadFile,
    folders: Folders,
    name: str,
    today: date,
    kept: KeptResults,
    more: Mapping[str, Sequence[Any]] = MappingProxyType({}),
) -> pl.DataFrame:
    """The rows of a file that people write, of all situations, with a column `situation`.

    Strict, so what was accepted once is not looked at again. `more`: by situation, what `read` also takes.
    """
    return pl.concat(
        kept.frame(
            name,
            (situation, today, *more.get(situation, ())),
            partial(read, folder, today, *more.get(situation, ())),
            [folder / name],
        ).select(pl.lit(situation).alias("situation"), pl.all())
        for situation, folder in folders.items()
    )


def _insert_by_name(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    if rows.height:
        lend_frame(con, "rows_arriving", rows)
        con.execute(f"INSERT INTO {table} BY NAME FROM rows_arriving")
        con.unregister("rows_arriving")


def load_verifications(
    con: duckdb.DuckDBPyConnection, folders: Folders, today: date, kept: KeptResults
) -> None:
    """Put each reading beside the claims it names, while they still carry what the sheets say.

    Raises RowError where one names no claim, with the row that comes nearest.
    """
    rows = _read_files(verifications.read_verifications, folders, verifications.FILE, today, kept)
    if rows.is_empty():
        return
    lend_frame(con, "readings_arriving", rows)
    unmatched = read_frame(con.sql(read_query("verifications_unmatched"))).to_dicts()
    if unmatched:
        lines = [_say_unmatched(folders[each["situation"]] / verifications.FILE, each) for each in unmatched]
        more = unmatched[0]["unmatched"] - len(lines)
        raise RowError("\n".join(lines + ([f"and {more} more"] if more else [])))
    lend_frame(con, "readings_arriving", rows)
    con.execute((SQL / "1_load" / "insert_verifications.sql").read_text(encoding="utf-8"))
    con.unregister("readings_arriving")


def load_archived_copies(
    con: duckdb.DuckDBPyConnection, settings: Sequence[Settings], today: date, kept: KeptResults
) -> None:
    """What documents were when they were read, and their copies in public archives. Raises RowError."""
    folders = {each.situation.id: each.folder for each in settings}
    hosts = {each.situation.id: [each.situation.archive_hosts] for each in settings}
    read = archived_copies.read_archived_copies
    rows = _read_files(read, folders, archived_copies.FILE, today, kept, hosts)
    _insert_by_name(con, "archived_copies", rows.drop("row"))


def load_events(con: duckdb.DuckDBPyConnection, folders: Folders, today: date, kept: KeptResults) -> None:
    """What happened beside the figures. Raises RowError."""
    _insert_by_name(con, "events", _read_files(events.read_events, folders, events.FILE, today, kept))


def load_own_corrections(
    con: duckdb.DuckDBPyConnection, folders: Folders, today: date, kept: KeptResults
) -> None:
    """Our own mistakes, of each situation the newest first. Raises RowError."""
    rows = _read_files(corrections.read_own_corrections, folders, corrections.OWN_FILE, today, kept)
    if rows.height:
        lend_frame(con, "mistakes_arriving", rows)
        con.execute((SQL / "1_load" / "insert_own_corrections.sql").read_text(encoding="utf-8"))
        con.unregister("mistakes_arriving")


def load_questions(con: duckdb.DuckDBPyConnection, folders: Folders, today: date, kept: KeptResults) -> None:
    """Keep what readers asked beside the build until its figures are known. Raises RowError."""
    rows = _read_files(questions.read_questions, folders, questions.FILE, today, kept)
    _insert_by_name(con, "questions_arriving", rows)


def check_questions(con: duckdb.DuckDBPyConnection) -> None:
    """Whether every question is about a figure that is here, or names the build that showed it.

    Raises RowError. Needs the statements.
    """
    unknown = con.sql(read_query("questions_unmatched")).fetchall()
    if unknown:
        raise RowError(
            "\n".join(
                f"{situation}/{questions.FILE}: row {row}: no figure is {figure}; "
                "state in build_id the build that showed it"
                for situation, row, figure in unknown
            )
        )


def _say_unmatched(path: Path, found: Mapping[str, Any]) -> str:
    named = " ".join(format_cell(found[name]) for name in verifications.IDENTITY if name != "url")
    line = f"{path}: row {found['row']}: no claim is {named} {format_cell(found['url'])}"
    if found["nearest_place"] is None:
        return f"{line}; the situation has no figures"
    differs = "; ".join(
        f"{name} {format_cell(found[f'nearest_{name}'])}, not {format_cell(found[name])}"
        for name in verifications.IDENTITY
        if found[f"nearest_{name}"] != found[name]
    )
    return f"{line}; the nearest is {found['nearest_file']} {found['nearest_place']}, with {differs}"


def format_cell(cell: object) -> str:
    return "(empty)" if cell is None else str(cell)


def _score(rows: pl.DataFrame, today: date, breaks: list[date]) -> pl.DataFrame:
    from pipelines.forecast import backtest  # brings libraries, and most scores are kept

    return backtest.run_backtest(rows, today, breaks=breaks, most=ORIGINS)


@dataclass(frozen=True)
class PaceHistory:
    """What a primary organisation stated, in the columns of `pace_statements_now`, and its breaks."""

    situation: str
    organisation: str
    rows: pl.DataFrame
    breaks: list[date]


def read_pace_histories(con: duckdb.DuckDBPyConnection, today: date) -> list[PaceHistory]:
    """The histories that are long enough to score an outlook on. Needs the statements."""
    least = {"least": LEAST_OBSERVATIONS}
    candidates = con.execute(read_query("track_record_candidates"), least).fetchall()
    told = read_frame(con.sql(read_query("pace_statements_now")))
    of_all = {"situation": None, "organisation": None, "as_known_on": today}
    broken = con.execute(read_query("pace_breaks"), of_all).fetchall()
    return [
        PaceHistory(
            situation,
            organisation,
            told.filter(situation=situation, organisation=organisation).drop("situation", "organisation"),
            [day for *whose, day in broken if whose == [situation, organisation]],
        )
        for situation, organisation in dict.fromkeys(candidates)
    ]


def score_outlooks(histories: Sequence[PaceHistory], today: date, kept: KeptResults) -> list[pl.DataFrame]:
    """The outlook's track record of each history. Without a connection, so that it can happen beside SQL.

    The outlook itself is not stored, because it depends on the day on which it is asked for. `backtest` on
    the command line scores every past publication; a build scores `ORIGINS` of them, so that it stays fast.
    """
    return [
        kept.frame(
            "track-record",
            (hash_rows(of.rows), today, of.breaks),
            partial(_score, of.rows, today, of.breaks),
        ).with_columns(situation=pl.lit(of.situation), organisation=pl.lit(of.organisation))
        for of in histories
    ]


def load_track_record(con: duckdb.DuckDBPyConnection, scored: Sequence[pl.DataFrame]) -> None:
    """Store the track records. A situation with too few figures has no rows."""
    for rows in scored:
        _insert_by_name(con, "track_record", rows)
