"""Builds the DuckDB file from `data/` and publishes it by moving the pointer. The only writer.

A build happens in a private file. Only when it is whole and no check failed does it get its own name, and
only then does the pointer move, so a reader never meets half a build and a killed one leaves nothing served.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec
import polars as pl

from pipelines import (
    corrections,
    disclosure,
    judgements,
    law,
    own_corrections,
    published,
    releases,
    track_record,
    verifications,
)
from pipelines.inputs import Input, fingerprint, inputs
from pipelines.model import (
    BREAKDOWN_KEYS,
    Basis,
    Comparability,
    Measure,
    Precision,
    Provenance,
    PublishedBasis,
    Qualifier,
    State,
)
from pipelines.paths import SQL, DataDir
from pipelines.queue import read_queue
from pipelines.reports import read_reports
from pipelines.review.replay import Replay
from pipelines.review.rulings import Decisions, read_decisions
from pipelines.situation import (
    Organisation,
    Publisher,
    Situation,
    SituationError,
    read_organisations,
    read_publishers,
    read_situation,
)
from pipelines.transcriptions import read_sheet

WORD_LISTS: Final[dict[str, type[StrEnum]]] = {
    "measure": Measure,
    "qualifier": Qualifier,
    "basis": Basis,
    "precision": Precision,
    "published_basis": PublishedBasis,
    "provenance": Provenance,
    "comparability": Comparability,
}
Report = Callable[[str, float], None]  # what is being done, and the share of the work that is done


class BuildError(RuntimeError):
    """A build stopped; what was published before is still served. The message says why."""


@dataclass(frozen=True)
class Finding:
    """Rows that a failing check selected."""

    check: str
    rows: list[dict[str, Any]]


class CheckError(BuildError):
    """A check found rows that must not be; it carries them."""

    def __init__(self, findings: list[Finding]) -> None:
        lines = [
            f"{finding.check}: {row['file']} {row['place']}: {row['found']}"
            for finding in findings
            for row in finding.rows[:5]
        ]
        super().__init__("the build stopped at its checks:\n" + "\n".join(lines))
        self.findings = findings


MOST_TRIES = 4  # at a build from which no withheld cell can be reckoned


@dataclass(frozen=True)
class Outcome:
    """What `build` did: the build now published, and whether it is a new one."""

    build: published.Build
    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)


def _silent(_doing: str, _share: float) -> None:
    return None


def build(
    data: DataDir,
    *,
    today: date,
    report: Report = _silent,
    waiting: Callable[[], None] = lambda: None,
) -> Outcome:
    """Build from `data/` and publish, or do nothing where no input changed.

    Raises BuildError (CheckError for a failed check), SituationError or CorrectionError; the build
    published before then stays the current one.
    """
    with releases.only_writer(data, waiting):
        files = inputs(data)
        if not files:
            raise BuildError(f"{data.root}: no situation here (a folder with a situation.toml)")
        made_from = fingerprint(files)
        standing = releases.standing(data, made_from, today)
        if standing is not None:
            return Outcome(standing, is_new=False)
        releases.sweep(data)
        private = data.build / f".building-{made_from}-{os.getpid()}.duckdb"
        try:
            counts, recheck = _fill_safely(private, data, files, today, report)
            releases.publish(data, made_from, private, today, recheck)
        finally:
            _remove(private)
        report("published", 1.0)
        return Outcome(published.current(data), is_new=True, counts=counts)


Filled = tuple[dict[str, int], date | None]  # row counts, and the day from which no date lies in the future


def _fill_safely(path: Path, data: DataDir, files: list[Input], today: date, report: Report) -> Filled:
    """Fill a new file; where a withheld cell could be reckoned from it, once more with more withheld.

    Raises BuildError where a cell is given away all the same.
    """
    exposed: set[disclosure.Thing] = set()
    for _ in range(MOST_TRIES):
        try:
            return _fill(path, data, files, today, report, exposed)
        except disclosure.DisclosureError as error:
            if not error.by_reckoning or error.things <= exposed:
                raise BuildError(str(error)) from error
            exposed |= error.things
            _remove(path)
    raise BuildError(f"withheld cells are still given away after {MOST_TRIES} tries, with {exposed} withheld")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".duckdb.wal").unlink(missing_ok=True)


def _fill(
    path: Path,
    data: DataDir,
    files: list[Input],
    today: date,
    report: Report,
    exposed: set[disclosure.Thing],
) -> Filled:
    """Load everything, run the SQL and the checks; `exposed` is withheld whatever its size."""
    con = duckdb.connect(str(path), config={"autoinstall_known_extensions": "false"})
    try:
        _run(con, "0")
        _load_words(con)
        _run(con, "1")
        sheets = [entry for entry in files if "/transcriptions/" in entry.name]
        for name in data.situations():
            folder = data.situation(name)
            situation, organisations = read_situation(folder), read_organisations(folder)
            _load_settings(con, folder, situation, organisations)
            _load_publishers(con, name, read_publishers(folder))
            judgements.load(con, name, folder)
            _insert_rows(con, "law", law.rows(name, folder))
            replay = Replay(situation, read_decisions(folder, situation, organisations, today))
            own = [sheet for sheet in sheets if sheet.name.startswith(f"{name}/")]
            for done, sheet in enumerate(own):
                report(f"{name}: {sheet.path.name}", 0.6 * done / len(own))
                below = sheet.path.relative_to(folder).as_posix()
                read = read_sheet(sheet.path, below, situation, organisations, today)
                _load(con, replay.without_decided(read))
            for read in read_reports(folder, situation, organisations, today):
                _load(con, replay.without_decided(read))
            _load(con, replay.settle(con, read_queue(folder)))
            _load_decisions(con, replay.decisions)
        report("claims into series", 0.6)
        _run(con, "20")
        _insert_rows(con, "cells_exposed", sorted(exposed))
        for name in data.situations():
            corrections.apply(con, name, corrections.read_corrections(data.situation(name)))
            verifications.load(con, data.situation(name), name, today)
            own_corrections.load(con, data.situation(name), name, today)
        _run(con, *(f"2{n}" for n in range(1, 10)), "3", "4", "5")
        disclosure.check_reckoned(con)
        report("checks", 0.85)
        _check(con)
        _run(con, "6", "7", "8", "9")
        judgements.check(con)
        disclosure.check_shown(con)
        track_record.fill(con, today)
        return _counts(con), _first_future_day(con, today)
    finally:
        con.close()


def _run(con: duckdb.DuckDBPyConnection, *decades: str) -> None:
    """Run the numbered SQL files whose number starts with one of the digits, in order."""
    for path in sorted(SQL.glob("[0-9][0-9]_*.sql")):
        if path.name.startswith(decades):
            con.execute(path.read_text(encoding="utf-8"))


def _load_words(con: duckdb.DuckDBPyConnection) -> None:
    """The closed lists of the model, so that SQL and Python share one vocabulary."""
    for name, words in WORD_LISTS.items():
        con.executemany(
            "INSERT INTO words VALUES ($1, $2, $3)",
            [(name, word.value, position) for position, word in enumerate(words)],
        )
    con.executemany(
        "INSERT INTO measures VALUES ($1, $2, $3, $4)",
        [(m.value, m.kind.value, *(m.rung or (None, None))) for m in Measure],
    )
    con.executemany("INSERT INTO breakdown_keys VALUES ($1)", [(key,) for key in BREAKDOWN_KEYS])


def _load(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Insert rows in the shape of CLAIM_SCHEMA: what counts goes one way, what does not the other."""
    accepted = pl.col("state") == State.ACCEPTED
    whole = rows.select(accepted.all()).item()
    _insert(con, "load_rows", rows if whole else rows.filter(accepted))
    if not whole:
        _insert(con, "load_rows_aside", rows.filter(~accepted))


def _insert(con: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    con.register("rows_arriving", rows)
    con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))
    con.unregister("rows_arriving")


def _load_decisions(con: duckdb.DuckDBPyConnection, decisions: Decisions) -> None:
    con.register("rulings", decisions.rulings)
    con.execute((SQL / "load_decisions.sql").read_text(encoding="utf-8"))
    con.unregister("rulings")


def _load_settings(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    situation: Situation,
    organisations: list[Organisation],
) -> None:
    con.execute(
        "INSERT INTO situations VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            situation.id,
            situation.name["es"],
            situation.name["en"],
            situation.timezone,
            situation.baseline,
            situation.primary_organisation,
            situation.default,
            msgspec.json.encode(situation).decode(),
        ],
    )
    _insert_rows(
        con,
        "organisations",
        [
            (
                situation.id,
                each.id,
                each.name,
                each.role,
                each.members,
                each.rhythm_days,
                each.website,
                each.unnamed,
            )
            for each in organisations
        ],
    )
    _insert_rows(
        con,
        "definitions",
        [
            (
                situation.id,
                each.id,
                counts.measure,
                counts.population,
                counts.unit,
                counts.since,
                counts.until,
                counts.text["es"],
                counts.text["en"],
                (counts.break_reason or {}).get("es"),
                (counts.break_reason or {}).get("en"),
            )
            for each in organisations
            for counts in each.counts
        ],
    )
    events = folder / "events.csv"
    if events.exists():
        try:
            con.execute(
                "INSERT INTO events BY NAME SELECT $1 AS situation, * RENAME (date AS happened) "
                "FROM read_csv($2, header = true, types = {'date': 'DATE', 'published': 'DATE'})",
                [situation.id, str(events)],
            )
        except duckdb.Error as error:
            raise SituationError(f"{events}: {error}") from error


def _load_publishers(con: duckdb.DuckDBPyConnection, situation: str, publishers: list[Publisher]) -> None:
    _insert_rows(
        con,
        "publishers",
        [(situation, each.id, each.name.es, each.name.en, each.name.pt, each.website) for each in publishers],
    )


def _insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert all rows at once: a statement for each row of a long list takes longer than reading its file."""
    if rows:
        con.register("rows_arriving", pl.DataFrame(rows, orient="row", infer_schema_length=None))
        con.table("rows_arriving").insert_into(table)
        con.unregister("rows_arriving")


def _check(con: duckdb.DuckDBPyConnection) -> None:
    """Run the failing checks; define the reviewing ones, for `contradictions` to apply. Raises CheckError."""
    failed = []
    for path in sorted((SQL / "checks" / "fail").glob("*.sql")):
        rows = con.sql(path.read_text(encoding="utf-8")).pl()
        if rows.height:
            failed.append(Finding(path.stem, rows.to_dicts()))
    if failed:
        raise CheckError(failed)
    for path in sorted((SQL / "checks" / "review").glob("*.sql")):
        con.execute(path.read_text(encoding="utf-8"))


def _counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("SELECT state, count(*) FROM rows_read GROUP BY state").fetchall())


def _first_future_day(con: duckdb.DuckDBPyConnection, today: date) -> date | None:
    row = con.execute(
        "SELECT min(greatest(as_of, published, period_start)) FROM rows_aside "
        "WHERE greatest(as_of, published, period_start) > $1",
        [today],
    ).fetchone()
    return row[0] if row else None
