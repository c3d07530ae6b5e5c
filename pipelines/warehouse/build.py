"""Builds the DuckDB file from `data/` and publishes it by moving the pointer. The only writer.

A build happens in a private file. Only when it is whole and no check failed does it get its own name, and
only then does the pointer move, so a reader never meets half a build and a killed one leaves nothing served.
"""

import os
import shutil
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import duckdb
from polars.exceptions import PanicException

from pipelines.core.frames import read_frame
from pipelines.core.kept_results import KeptResults
from pipelines.core.paths import SQL, DataDir
from pipelines.core.privacy import DiscreetError, join_rules
from pipelines.core.settings_check import check_settings
from pipelines.core.situation import (
    SituationError,
    check_primary,
    make_personal_rules,
    read_organisations,
    read_publishers,
    read_situation,
)
from pipelines.intake.claim_batches import read_batches
from pipelines.warehouse import (
    annotations,
    build_pointer,
    corrections,
    law,
    lives,
    loss,
    personal_gate,
    published_build,
    releases,
    snapshots,
)
from pipelines.warehouse.disclosure import attack, masked_numbers, protection
from pipelines.warehouse.fingerprint import Input, fingerprint, hash_code, list_inputs
from pipelines.warehouse.lives import run_file, run_stage
from pipelines.warehouse.load import (
    RowLoader,
    Settings,
    check_questions,
    insert_tuples,
    load_archived_copies,
    load_closed_lists,
    load_decisions,
    load_events,
    load_own_corrections,
    load_questions,
    load_settings,
    load_track_record,
    load_verifications,
    read_pace_histories,
    score_outlooks,
)
from pipelines.warehouse.releases import DamagedError, TableContent

LEAST_MEMORY: Final = 700_000_000  # bytes that DuckDB may hold before it spills
MEMORY_OF_INPUT: Final = 5  # as many times the bytes of the sheets, where those are many
MOST_MEMORY: Final = 8_000_000_000
LITTLE_INPUT: Final = 5_000_000  # bytes up to which making a file small costs more than it saves
TWO_AT_ONCE: Final = 60_000_000  # bytes up to which two statements at once, a thread each, are sooner done
_IN_FILE: Final = "SET search_path = 'built,memory'"  # what is made goes into the file, or says `memory`
MOST_THREADS: Final = 4  # each holds rows of its own; more of them would need more memory

_P = ParamSpec("_P")
_T = TypeVar("_T")
ReportProgress = Callable[[str, float], None]  # what is being done, and the share of the work that is done


class BuildError(DiscreetError):
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


_DISK = (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException)  # what it refuses comes so


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
    accept_loss: bool = False,
) -> BuildOutcome:
    """Build from `data/` and publish, or do nothing where no input changed.

    Raises BuildError (CheckError for a failed check), SituationError or CorrectionError; the build
    published before then stays the current one. A build that would lose days or rows (`loss`) is refused
    unless `accept_loss`.
    """
    try:
        with build_pointer.hold_write_lock(data, waiting):
            return _build(data, today, report, accept_loss)
    except (BuildError, SituationError, corrections.CorrectionError):
        raise
    except (Exception, PanicException) as error:
        raise BuildError(_explain(error)) from error


def _build(data: DataDir, today: date, report: ReportProgress, accept_loss: bool) -> BuildOutcome:
    files = list_inputs(data)
    if not files:
        raise BuildError(f"{data.root}: no situation here (a folder with a situation.toml)")
    made_from = fingerprint(files)
    build_pointer.sweep(data)
    last = build_pointer.find_last_good(data)
    if last is not None:
        made_again = accept_loss and today < last.record.day  # so that the day of the last build is right
        if build_pointer.is_current(data, last, made_from, today) and not made_again:
            snapshots.write_snapshot(data, last.record.id, last.path)  # writes nothing where it is whole
            build_pointer.prune(data)
            return BuildOutcome(published_build.find_current(data), is_new=False)
        if not accept_loss:
            loss.refuse_earlier_day(last, today)
    private = data.build / f".building-{made_from}-{os.getpid()}.duckdb"
    try:
        with ThreadPoolExecutor(1) as beside:  # the build before is counted while the new one is made
            before = beside.submit(loss.count_published, last) if last and not accept_loss else None
            counts, judged, recheck, tables = _fill_safely(private, data, files, today, report)
        if before is not None:
            loss.refuse_collapse(before.result(), judged, private)
        build_pointer.publish(data, made_from, private, today, recheck, tables)
    finally:
        _remove_database(private)
    build_pointer.prune(data)
    report("published", 1.0)
    return BuildOutcome(published_build.find_current(data), is_new=True, counts=counts)


def _explain(error: BaseException) -> str:
    """What stopped a build, for a person: the disk's own words, or where in the code nobody foresaw it."""
    if isinstance(error, OSError):
        return f"{error.filename or 'the build'}: {error.strerror or error}"
    if isinstance(error, (*_DISK, loss.LossError, DamagedError)):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        *getattr(error, "__notes__", ()),
        *(f"{Path(f.filename).name}, line {f.lineno}" for f in frames[-1:]),
    ]
    where = f" ({places[0]})" if places else ""
    return f"the build stopped at {type(error).__name__}: {error}{where}"


# Rows by state, and of each situation; the day from which no date lies in the future; what each table holds.
Filled = tuple[dict[str, int], loss.Counts, date | None, dict[str, TableContent]]


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
    shutil.rmtree(_name_spill(path), ignore_errors=True)


def _name_spill(path: Path) -> Path:
    """Where DuckDB puts what does not fit into memory: beside the private file, with a name that is swept."""
    return path.with_suffix(".duckdb.tmp")


def _measure_input(files: list[Input]) -> int:
    return sum(each.path.stat().st_size for each in files if each.path.is_file())


def _is_little(files: list[Input]) -> bool:
    return _measure_input(files) < LITTLE_INPUT


def _choose_block(files: list[Input]) -> int:
    """Bytes of a block of the file: each table has some of its own, so a small file has small ones."""
    return 16_384 if _is_little(files) else 262_144


def _configure(path: Path, files: list[Input]) -> dict[str, bool | int | float | str | list[str]]:
    """How much a build may take: its need grows with what it reads; what is beyond that is spilled.

    Up to `TWO_AT_ONCE` two statements are worked on at once, a thread each; beyond that one at a time
    has all threads, which needs less memory.
    """
    read = _measure_input(files)
    most = min(MOST_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)
    threads = 1 if read < TWO_AT_ONCE else min(MOST_THREADS, os.cpu_count() or 1)
    return {
        "autoinstall_known_extensions": "false",
        "memory_limit": f"{min(max(LEAST_MEMORY, MEMORY_OF_INPUT * read), most) // 10**6}MB",
        "temp_directory": str(_name_spill(path)),
        "threads": threads,
        "force_compression": "uncompressed" if _is_little(files) else "auto",
    }


def _fill(path: Path, data: DataDir, files: list[Input], today: date, report: ReportProgress) -> Filled:
    """Load everything, run the SQL and the checks, and write all of it out to the disk."""
    kept = KeptResults(data.kept, hash_code())
    with (
        duckdb.connect(config=_configure(path, files)) as con,
        con.cursor() as other,
        ThreadPoolExecutor(1) as beside,  # what runs there asks `other`
    ):
        # Without a log of writes: each statement would wait for the disk, and nobody recovers half a build.
        place = duckdb.ConstantExpression(str(path))
        con.execute(
            f"ATTACH {place} AS built (RECOVERY_MODE no_wal_writes, BLOCK_SIZE {_choose_block(files)})"
        )
        con.execute(_IN_FILE)
        other.execute(_IN_FILE)
        masked_numbers.register(con)
        run_stage(con, "0_vocabulary")
        load_closed_lists(con)
        run_stage(con, "1_load")
        folders = {name: data.situation(name) for name in data.situations()}
        settings = [_read_settings(folder) for folder in folders.values()]
        personal = [make_personal_rules(each.situation, each.organisations) for each in settings]
        before, clean = kept.digests("clean-settings"), set[bytes]()
        for each, rules in zip(settings, personal, strict=True):
            clean |= check_settings(each.folder, rules, before)
        load_settings(con, settings)
        annotations.load(con, folders)
        insert_tuples(con, "law", [fact for of in folders.items() for fact in law.list_facts(*of)])
        load_archived_copies(con, settings, today, kept)
        load_events(con, {each.situation.id: each.folder for each in settings}, today, kept)
        kept.keep_digests("clean-settings", clean)
        loader = RowLoader(con)
        for each in settings:
            sheets = [
                file.path for file in files if file.name.startswith(f"{each.folder.name}/transcriptions/")
            ]
            for batch in read_batches(
                con, each.folder, sheets, each.situation, each.organisations, today, report, kept, loader.load
            ):
                loader.add(batch.rows)
                if batch.rulings is not None:
                    load_decisions(con, batch.rulings)
        loader.load()
        report("claims into series", 0.6)
        run_file(con, "1_load/set_duplicates_aside.sql")
        for name, folder in folders.items():
            corrections.apply(con, name, corrections.read_corrections(folder), today)
        load_verifications(con, folders, today, kept)
        load_own_corrections(con, folders, today, kept)
        load_questions(con, folders, today, kept)
        run_stage(con, "2_disclosure")
        safe = protection.protect(con, kept.digests("withstood"))
        kept.keep_digests("withstood", safe.withstood)
        run_stage(con, "2_disclosure/masked")
        attack.check_reckoned(con, safe)
        lives.work_out(con)
        run_stage(con, "4_statements")
        scored = beside.submit(score_outlooks, read_pace_histories(con, today), today, kept)
        helper = beside if _measure_input(files) < TWO_AT_ONCE else None
        compared = _begin(helper, run_stage, other, "5_marts/beside")
        report("checks", 0.85)
        run_checks(con)
        run_stage(con, "5_marts")
        load_track_record(con, scored.result())
        compared()
        annotations.check(con)
        check_questions(con)
        before = kept.digests("clean-texts")
        looked = _begin(helper, personal_gate.check_tables, other, join_rules(personal), before)
        attack.check_shown(con)
        kept.keep_digests("clean-texts", looked())
        kept.forget_unasked()
        recheck = _find_first_future_day(con, today)
        filled = _count_rows(con), loss.count_judged(con), recheck, releases.measure(con)
        con.execute("CHECKPOINT")
        return filled


def _begin(
    helper: ThreadPoolExecutor | None, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs
) -> Callable[[], _T]:
    """Begin work in the other thread, or do it now where there is none; what is returned waits for it."""
    if helper is not None:
        return helper.submit(work, *args, **named).result
    done = work(*args, **named)
    return lambda: done


def _read_settings(folder: Path) -> Settings:
    situation, organisations = read_situation(folder), read_organisations(folder)
    check_primary(folder, situation, organisations)
    return Settings(folder, situation, organisations, read_publishers(folder))


def run_checks(con: duckdb.DuckDBPyConnection) -> None:
    """Run the failing checks; define the reviewing ones, for `contradictions` to apply. Raises CheckError."""
    failed = []
    for path in sorted((SQL / "checks" / "fail").glob("*.sql")):
        rows = read_frame(con.sql(path.read_text(encoding="utf-8")))
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
