"""Builds the DuckDB file from `data/` and publishes it by moving the pointer. The only writer.

A build happens in a private file. Only when it is whole and no check failed does it get its own name, and
only then does the pointer move, so a reader never meets half a build and a killed one leaves nothing served.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TextIO

import duckdb
import msgspec
import polars as pl

from pipelines import corrections, published
from pipelines.inputs import Input, fingerprint, inputs
from pipelines.model import BREAKDOWN_KEYS, Measure
from pipelines.paths import SQL, DataDir
from pipelines.situation import Organisation, Situation, read_organisations, read_situation
from pipelines.transcriptions import SUFFIXES, read_sheet

KEPT_BUILDS: Final = 8
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


@dataclass(frozen=True)
class Outcome:
    """What `build` did: the build now published, and whether it is a new one."""

    build: published.Build
    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)


def _silent(_doing: str, _share: float) -> None:
    return None


@contextmanager
def only_writer(data: DataDir, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of the data folder; a second writer waits, and `waiting` is called once if it must.

    The operating system drops the lock when its holder dies, so a killed build blocks nobody.
    """
    data.build.mkdir(parents=True, exist_ok=True)
    with (data.build / ".lock").open("w") as handle:
        _lock(handle, waiting)
        yield


def _lock(handle: TextIO, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)


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
    with only_writer(data, waiting):
        files = inputs(data)
        if not files:
            raise BuildError(f"{data.root}: no situation here (a folder with a situation.toml)")
        identity = fingerprint(files)
        standing = _standing(data, identity, today)
        if standing is not None:
            return Outcome(standing, is_new=False)
        _sweep(data)
        private = data.build / f".building-{identity}-{os.getpid()}.duckdb"
        try:
            counts, recheck = _fill(private, data, files, today, report)
            target = data.build / f"liberometro-{identity}.duckdb"
            _sync(private)
            private.replace(target)
        finally:
            private.unlink(missing_ok=True)
            private.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        _point(data, identity, target, recheck)
        _prune(data)
        report("published", 1.0)
        return Outcome(published.current(data), is_new=True, counts=counts)


def _standing(data: DataDir, identity: str, today: date) -> published.Build | None:
    """The current build where it is already the one wanted."""
    try:
        standing = published.current(data)
        pointer = json.loads(data.pointer.read_text(encoding="utf-8"))
    except published.NoBuildError:
        return None
    recheck = pointer.get("recheck_from")
    expired = recheck is not None and today.isoformat() >= recheck
    return standing if standing.id == identity and not expired else None


def _fill(
    path: Path, data: DataDir, files: list[Input], today: date, report: Report
) -> tuple[dict[str, int], date | None]:
    """Load everything, run the SQL and the checks. Returns the counts and the day from which dates lie no
    longer in the future."""
    con = duckdb.connect(str(path), config={"autoinstall_known_extensions": "false"})
    try:
        con.execute("SET preserve_insertion_order = false")
        _run(con, "1")
        con.executemany("INSERT INTO measures VALUES ($1, $2)", [(m.value, m.kind.value) for m in Measure])
        con.executemany("INSERT INTO breakdown_keys VALUES ($1)", [(key,) for key in BREAKDOWN_KEYS])
        sheets = [f for f in files if "/transcriptions/" in f.name and f.path.suffix.lower() in SUFFIXES]
        for name in data.situations():
            folder = data.situation(name)
            situation, organisations = read_situation(folder), read_organisations(folder)
            _load_settings(con, folder, situation, organisations)
            own = [f for f in sheets if f.name.startswith(f"{name}/")]
            for done, sheet in enumerate(own):
                report(f"{name}: {sheet.path.name}", 0.6 * done / len(own))
                below = sheet.path.relative_to(folder).as_posix()
                _load(con, read_sheet(sheet.path, below, situation, organisations, today))
        report("claims into series", 0.6)
        _run(con, "2")
        for name in data.situations():
            corrections.apply(con, name, corrections.read_corrections(data.situation(name)))
        _run(con, "3", "4", "5")
        report("checks", 0.85)
        _check(con)
        _run(con, "6", "7", "8", "9")
        return _counts(con), _first_future_day(con, today)
    finally:
        con.close()


def _run(con: duckdb.DuckDBPyConnection, *decades: str) -> None:
    """Run the numbered SQL files whose number starts with one of the digits, in order."""
    for path in sorted(SQL.glob("[0-9][0-9]_*.sql")):
        if path.name.startswith(decades):
            con.execute(path.read_text(encoding="utf-8"))


def _load(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Insert rows in the shape of CLAIM_SCHEMA. A claim's identity is everything that was stated."""
    con.register("rows_arriving", rows)
    con.execute((SQL / "load_rows.sql").read_text(encoding="utf-8"))
    con.unregister("rows_arriving")


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
    for each in organisations:
        con.execute(
            "INSERT INTO organisations VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [situation.id, each.id, each.name, each.role, each.members, each.rhythm_days, each.website],
        )
        for counts in each.counts:
            reason = counts.break_reason or {}
            con.execute(
                "INSERT INTO definitions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                [
                    situation.id,
                    each.id,
                    counts.measure,
                    counts.population,
                    counts.since,
                    counts.until,
                    counts.text["es"],
                    counts.text["en"],
                    reason.get("es"),
                    reason.get("en"),
                ],
            )
    events = folder / "events.csv"
    if events.exists():
        con.execute(
            "INSERT INTO events SELECT $1, date, kind, title_es, title_en, url, published "
            "FROM read_csv($2, header = true, types = {'date': 'DATE', 'published': 'DATE'})",
            [situation.id, str(events)],
        )


def _check(con: duckdb.DuckDBPyConnection) -> None:
    """Run every check. Raises CheckError on a failing one; what the others find goes to `findings`."""
    failed = []
    for path in sorted((SQL / "checks" / "fail").glob("*.sql")):
        rows = con.sql(path.read_text(encoding="utf-8")).pl()
        if rows.height:
            failed.append(Finding(path.stem, rows.to_dicts()))
    if failed:
        raise CheckError(failed)
    for path in sorted((SQL / "checks" / "review").glob("*.sql")):
        con.register("found", con.sql(path.read_text(encoding="utf-8")).pl())
        con.execute((SQL / "load_findings.sql").read_text(encoding="utf-8"), {"rule": path.stem})
        con.unregister("found")


def _counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("SELECT state, count(*) FROM rows_read GROUP BY state").fetchall())


def _first_future_day(con: duckdb.DuckDBPyConnection, today: date) -> date | None:
    row = con.execute(
        "SELECT min(greatest(as_of, published, period_start)) FROM rows_read "
        "WHERE greatest(as_of, published, period_start) > $1",
        [today],
    ).fetchone()
    return row[0] if row else None


def _point(data: DataDir, identity: str, target: Path, recheck: date | None) -> None:
    """Move the pointer: written beside, synced, renamed over."""
    beside = data.pointer.with_suffix(".json.new")
    content = {
        "id": identity,
        "file": target.name,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "recheck_from": recheck.isoformat() if recheck else None,
    }
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _sync(beside)
    beside.replace(data.pointer)
    _sync(data.build)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(data: DataDir) -> None:
    """Remove what a killed build left behind; we hold the lock, so nobody is writing it."""
    for path in data.build.glob(".building-*"):
        path.unlink()


def _prune(data: DataDir) -> None:
    """Keep the newest builds; a reader that still has an older one open keeps its data."""
    builds = sorted(data.build.glob("liberometro-*.duckdb"), key=lambda path: path.stat().st_mtime)
    for path in builds[:-KEPT_BUILDS]:
        path.unlink()
