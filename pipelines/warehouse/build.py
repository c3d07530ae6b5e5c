"""Builds the DuckDB file from `data/` and publishes it by moving the pointer. The only writer.

A build happens in a private file. Only when it is whole and no check failed does it get its own name, and
only then does the pointer move, so a reader never meets half a build and a killed one leaves nothing served.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.core.paths import SQL, DataDir
from pipelines.core.situation import read_organisations, read_publishers, read_situation
from pipelines.intake.claim_batches import read_batches
from pipelines.warehouse import annotations, build_pointer, corrections, law, published_build
from pipelines.warehouse.disclosure import attack, protection
from pipelines.warehouse.fingerprint import Input, fingerprint, list_inputs
from pipelines.warehouse.load import (
    insert_tuples,
    load_closed_lists,
    load_decisions,
    load_publishers,
    load_rows,
    load_settings,
    load_track_record,
    load_verifications,
)

ReportProgress = Callable[[str, float], None]  # what is being done, and the share of the work that is done


class BuildError(RuntimeError):
    """A build stopped; what was published before is still served. The message says why."""


@dataclass(frozen=True)
class CheckFinding:
    """Rows that a failing check selected."""

    check: str
    rows: list[dict[str, Any]]


class CheckError(BuildError):
    """A check found rows that must not be; it carries them."""

    def __init__(self, findings: list[CheckFinding]) -> None:
        lines = [
            f"{finding.check}: {row['file']} {row['place']}: {row['found']}"
            for finding in findings
            for row in finding.rows[:5]
        ]
        super().__init__("the build stopped at its checks:\n" + "\n".join(lines))
        self.findings = findings


@dataclass(frozen=True)
class BuildOutcome:
    """What `build` did: the build now published, and whether it is a new one."""

    build: published_build.Build
    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)


def _ignore_progress(_doing: str, _share: float) -> None:
    return None


def build(
    data: DataDir,
    *,
    today: date,
    report: ReportProgress = _ignore_progress,
    waiting: Callable[[], None] = lambda: None,
) -> BuildOutcome:
    """Build from `data/` and publish, or do nothing where no input changed.

    Raises BuildError (CheckError for a failed check), SituationError or CorrectionError; the build
    published before then stays the current one.
    """
    with build_pointer.hold_write_lock(data, waiting):
        files = list_inputs(data)
        if not files:
            raise BuildError(f"{data.root}: no situation here (a folder with a situation.toml)")
        made_from = fingerprint(files)
        standing = build_pointer.find_unchanged_build(data, made_from, today)
        if standing is not None:
            return BuildOutcome(standing, is_new=False)
        build_pointer.sweep(data)
        private = data.build / f".building-{made_from}-{os.getpid()}.duckdb"
        try:
            counts, recheck = _fill_safely(private, data, files, today, report)
            build_pointer.publish(data, made_from, private, today, recheck)
        finally:
            _remove_database(private)
        report("published", 1.0)
        return BuildOutcome(published_build.find_current(data), is_new=True, counts=counts)


Filled = tuple[dict[str, int], date | None]  # row counts, and the day from which no date lies in the future


def _fill_safely(
    path: Path, data: DataDir, files: list[Input], today: date, report: ReportProgress
) -> Filled:
    """Fill a new file. Raises BuildError where a withheld cell could be had from it all the same."""
    try:
        return _fill(path, data, files, today, report)
    except attack.DisclosureError as error:
        raise BuildError(str(error)) from error


def _remove_database(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".duckdb.wal").unlink(missing_ok=True)


def _fill(path: Path, data: DataDir, files: list[Input], today: date, report: ReportProgress) -> Filled:
    """Load everything, run the SQL and the checks."""
    con = duckdb.connect(str(path), config={"autoinstall_known_extensions": "false"})
    try:
        _run(con, "0_vocabulary")
        load_closed_lists(con)
        _run(con, "1_load")
        for name in data.situations():
            folder = data.situation(name)
            situation, organisations = read_situation(folder), read_organisations(folder)
            load_settings(con, folder, situation, organisations)
            load_publishers(con, name, read_publishers(folder))
            annotations.load(con, name, folder)
            insert_tuples(con, "law", law.list_facts(name, folder))
            sheets = [each.path for each in files if each.name.startswith(f"{name}/transcriptions/")]
            for batch in read_batches(con, folder, sheets, situation, organisations, today, report):
                load_rows(con, batch.rows)
                if batch.rulings is not None:
                    load_decisions(con, batch.rulings)
        report("claims into series", 0.6)
        _execute(con, "1_load/set_duplicates_aside.sql")
        for name in data.situations():
            corrections.apply(con, name, corrections.read_corrections(data.situation(name)))
            load_verifications(con, data.situation(name), name, today)
            corrections.load_own_corrections(con, data.situation(name), name, today)
        _run(con, "2_disclosure")
        safe = protection.protect(con)
        _run(con, "2_disclosure/masked")
        attack.check_reckoned(con, safe)
        _run(con, "3_as_known_on", "4_statements")
        report("checks", 0.85)
        run_checks(con)
        _run(con, "5_marts")
        annotations.check(con)
        attack.check_shown(con)
        load_track_record(con, today)
        return _count_rows(con), _find_first_future_day(con, today)
    finally:
        con.close()


def _run(con: duckdb.DuckDBPyConnection, *stages: str) -> None:
    """Run the SQL files of these stages, each in the order of its numbers."""
    for stage in stages:
        for path in sorted((SQL / stage).glob("[0-9][0-9]_*.sql")):
            _execute(con, f"{stage}/{path.name}")


def _execute(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute((SQL / name).read_text(encoding="utf-8"))


def run_checks(con: duckdb.DuckDBPyConnection) -> None:
    """Run the failing checks; define the reviewing ones, for `contradictions` to apply. Raises CheckError."""
    failed = []
    for path in sorted((SQL / "checks" / "fail").glob("*.sql")):
        rows = con.sql(path.read_text(encoding="utf-8")).pl()
        if rows.height:
            failed.append(CheckFinding(path.stem, rows.to_dicts()))
    if failed:
        raise CheckError(failed)
    for path in sorted((SQL / "checks" / "review").glob("*.sql")):
        con.execute(path.read_text(encoding="utf-8"))


def _count_rows(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("SELECT state, count(*) FROM rows_read GROUP BY state").fetchall())


def _find_first_future_day(con: duckdb.DuckDBPyConnection, today: date) -> date | None:
    row = con.execute(
        "SELECT min(greatest(as_of, published, period_start)) FROM rows_aside "
        "WHERE greatest(as_of, published, period_start) > $1",
        [today],
    ).fetchone()
    return row[0] if row else None
