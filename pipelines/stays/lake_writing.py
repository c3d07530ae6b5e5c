"""Writing a lake: one office at a time, each write one snapshot, acknowledged once it was read again.

Whoever writes holds an advisory lock of PostgreSQL, in a transaction on a session of its own: it ends with
the writer, however that ends. DuckDB does not sync the Parquet files that it writes, so that is done here,
before the catalogue names them.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines.core.private_files import make_folder, open_private
from pipelines.stays.lake import (
    SQL,
    Agreement,
    Lake,
    LakeError,
    Snapshot,
    ask_catalogue,
    attach,
    check_grain,
    check_of,
    list_snapshots,
    open_gate,
    read_agreement,
    read_key,
    run_sql,
    set_key,
    show_snapshot,
    without_words,
)
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import Grain, Mapping

_LOCK: Final = "SELECT pg_try_advisory_xact_lock(4712046598133071) AS got"
_POLL_SECONDS: Final = 0.1
_UNCONFIRMED: Final = (
    "the lake: the write was not confirmed. It is there whole or not at all (python -m pipelines lake "
    "snapshots); to write the list again is harmless"
)
Tell = Callable[[str], None]


def create_lake(
    con: duckdb.DuckDBPyConnection, lake: Lake, grain: Grain, shared_ids: bool, tell: Tell
) -> bool:
    """Make a lake, its folder and its key; False where there is one with the same agreement.

    `shared_ids`: a code is the same person in the list of every office. Raises LakeError.
    """
    open_gate(con, lake)
    with only_writer(con, wait=60, tell=tell):
        make_folder(lake.files)
        attach(con, lake, writes=True, creates=True)
        if con.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = 'lake'").fetchone():
            if read_agreement(con) != (grain.value, shared_ids, check_of(read_key(lake))):
                raise LakeError("the lake: there is one already, with another grain, ids or key")
            return False
        if _list_files(lake):  # `clean` would delete them
            raise LakeError(f"{lake.files}: holds files of another lake or list; name an empty folder")
        if not lake.key.exists():
            with open_private(lake.key, "w", encoding="ascii") as file:
                file.write(f"{secrets.token_hex(32)}\n")
                file.flush()
                os.fsync(file.fileno())
        agreed = Agreement(grain.value, shared_ids, check_of(read_key(lake)))
        con.execute("CALL lake.set_option('data_inlining_row_limit', 0)")
        con.execute("BEGIN")
        run_sql(con, "1_agreement")
        run_sql(con, "2_stays")
        con.execute("INSERT INTO lake.agreement VALUES ($1, $2, $3)", list(agreed))
        _sync_new(lake, set())
        con.execute("COMMIT")
        return True


class ArrivingRows(ListFile):
    """One office's list on its way into the lake: judged as by `count`, then kept by `write_office`."""

    def __init__(self, path: Path, lake: Lake, office: str) -> None:
        super().__init__(path)
        self._lake, self._office = lake, office

    def define(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
        """Define the table `rows_typed`, once and for all: the list may change while it is judged."""
        with without_words():
            open_gate(con, self._lake)
            attach(con, self._lake, writes=True)
            agreed = read_agreement(con)
            check_grain(con, mapping)
        key = read_key(self._lake)
        if agreed.key_check != check_of(key):
            raise LakeError(f"{self._lake.key.name}: not the key of this lake")
        set_key(con, key, "shared" if agreed.shared_ids else self._office)
        super().define(con, mapping)
        con.execute("CREATE TABLE rows_taken AS FROM rows_typed")
        con.execute("DROP VIEW rows_typed")
        con.execute("ALTER TABLE rows_taken RENAME TO rows_typed")


def write_office(
    con: duckdb.DuckDBPyConnection, lake: Lake, office: str, wait: float, tell: Tell
) -> Snapshot:
    """Put what `ArrivingRows` defined in the place of the office's rows, as one snapshot.

    It is returned once a new connection has read it from catalogue and files. Raises LakeError.
    """
    con.execute("SET VARIABLE office = $1::VARCHAR", [office])
    run_sql(con, "rows_kept")
    kept = _sum(con)
    with only_writer(con, wait, tell) as hold:
        before = _list_files(lake)
        con.execute("BEGIN")
        con.execute("DELETE FROM lake.stays WHERE office = $1", [office])
        con.execute("INSERT INTO lake.stays FROM rows_kept")
        con.execute("CALL lake.set_commit_message($1, $2)", [office, f"{kept[0]} rows"])
        _sync_new(lake, before)
        if not _still_holds(hold):
            raise LakeError("the lake: the lock was lost; nothing was written")
        try:
            con.execute("COMMIT")
            found = con.execute("FROM lake.last_committed_snapshot()").fetchone()
            number = (found and found[0]) or con.execute("FROM lake.current_snapshot()").fetchall()[0][0]
            return _read_again(lake, office, number, kept)
        except (duckdb.Error, LakeError):
            unconfirmed = LakeError(_UNCONFIRMED)
    raise unconfirmed


def clean(
    con: duckdb.DuckDBPyConnection, lake: Lake, keep_since: datetime | None, wait: float, tell: Tell
) -> tuple[int, int]:
    """Remove what killed writers left and, with `keep_since`, older snapshots and what only they hold.

    Returns how many snapshots and files went. The last snapshot always stays. Raises LakeError.
    """
    open_gate(con, lake)
    with only_writer(con, wait, tell):
        attach(con, lake, writes=True)
        snapshots, before = len(list_snapshots(con)), _list_files(lake)
        if keep_since is not None:
            con.execute("CALL ducklake_expire_snapshots('lake', older_than => $1::TIMESTAMPTZ)", [keep_since])
        con.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
        con.execute("CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)")
        return snapshots - len(list_snapshots(con)), len(before - _list_files(lake))


@contextmanager
def only_writer(
    con: duckdb.DuckDBPyConnection, wait: float, tell: Tell
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Nobody else writes meanwhile; `wait`: seconds that are waited for that. Yields who holds the lock."""
    hold = con.cursor()
    hold.execute("BEGIN")  # while it lasts, the session is this cursor's
    try:
        until, told = time.monotonic() + wait, False
        while ask_catalogue(hold, _LOCK) != (True,):
            if not told:
                tell("another office is writing; waiting for it")
                told = True
            if time.monotonic() > until:
                raise LakeError(
                    f"the lake: another office has been writing for {wait:g} s; nothing was written"
                )
            time.sleep(_POLL_SECONDS)
        yield hold
    finally:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")  # what was begun under the lock does not outlive it
        with suppress(duckdb.Error):
            hold.execute("ROLLBACK")
        hold.close()


def _still_holds(hold: duckdb.DuckDBPyConnection) -> bool:
    """Whether the session that took the lock is still there, and takes it again."""
    try:
        return ask_catalogue(hold, _LOCK) == (True,)
    except duckdb.Error:
        return False


def _sum(con: duckdb.DuckDBPyConnection) -> tuple[int, str | None]:
    (row,) = con.execute((SQL / "sum.sql").read_text(encoding="utf-8")).fetchall()
    return row[0], row[1]


def _read_again(lake: Lake, office: str, number: int, kept: tuple[int, str | None]) -> Snapshot:
    """Read a snapshot as somebody does who was not there when it was made."""
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        open_gate(con, lake)
        attach(con, lake)
        show_snapshot(con, number)
        con.execute("SET VARIABLE office = $1::VARCHAR", [office])
        if _sum(con) != kept:
            raise LakeError("the lake: what is read again is not what was written")
        return next(each for each in list_snapshots(con) if each.number == number)


def _list_files(lake: Lake) -> set[Path]:
    return set(lake.files.rglob("*.parquet"))


def _sync_new(lake: Lake, before: set[Path]) -> None:
    """See that new files, and the folders that name them, are on the disk."""
    new = _list_files(lake) - before
    folders = {folder for path in new for folder in path.parents if folder.is_relative_to(lake.files)}
    for path in [*new, *folders]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
