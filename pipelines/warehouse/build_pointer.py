"""Release files and the pointer: how a finished build becomes the one that readers see.

One writer at a time; readers need no lock, because a release file never changes once it has its name.
"""

import fcntl
import itertools
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
import msgspec

from pipelines.core import private_files
from pipelines.core.paths import DataDir, hash_file, sync
from pipelines.core.retention import KEPT_BUILDS
from pipelines.warehouse import releases, snapshots
from pipelines.warehouse.published_build import read_query
from pipelines.warehouse.releases import DamagedError, Pointer, Record, Release, TableContent

_log: Final = logging.getLogger("liberometro")


@contextmanager
def hold_write_lock(data: DataDir, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of the data folder; a second writer waits, and `waiting` is called once if it must.

    The operating system drops the lock when its holder dies, so a killed build blocks nobody.
    """
    private_files.make_folder(data.build)
    # Not for writing alone: what lies there may be a pipe, and opening one would wait for a reader.
    flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(data.build / ".lock", flags, private_files.FILE)
    try:
        _lock(handle, waiting)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)


def find_last_good(data: DataDir) -> Release | None:
    """What the pointer names, or where that is damaged the newest release that is whole."""
    try:
        return releases.find_named(data)
    except DamagedError:
        return next(releases.walk_good(data), None)


def is_current(data: DataDir, last: Release, made_from: str, today: date) -> bool:
    """Whether readers are sent to this release, it was made from these inputs, and no day that it left out
    has come since.
    """
    try:
        named = releases.find_named(data)
    except DamagedError:
        return False
    recheck = last.record.recheck_from
    expired = recheck is not None and today >= recheck
    return named.path == last.path and last.record.made_from == made_from and not expired


def publish(
    data: DataDir,
    made_from: str,
    private: Path,
    today: date,
    recheck_from: date | None,
    tables: dict[str, TableContent],
) -> Release:
    """Give a finished build its record, its seal and its name, and move the pointer to it.

    `tables` is what it held before it was closed. Closing alone hides what the disk refused, so the file is
    opened anew and every row of it compared with that. Raises DamagedError, OSError or duckdb.Error, and
    leaves then what was there before.

    `made_from` is the fingerprint of the inputs and names the build. Where figures were left out because
    their day lies in the future, the same inputs give another build from `recheck_from` on, so the day
    becomes part of the name: a name never stands for two contents.
    """
    record = Record(
        id=made_from if recheck_from is None else f"{made_from}-{today:%Y%m%d}",
        number=_find_newest_number(data) + 1,
        made_from=made_from,
        built_at=datetime.now(UTC).replace(microsecond=0),
        day=today,
        recheck_from=recheck_from,
        duckdb=duckdb.__version__,
        tables=tables,
    )
    _write_record(private, record)
    private.chmod(private_files.FILE)  # rows set aside stand in it raw
    stated = msgspec.structs.asdict(record)
    size, sha256 = private.stat().st_size, hash_file(private)
    snapshots.write_snapshot(data, record.id, private)
    return adopt(data, Pointer(**stated, file="", size=size, sha256=sha256), private)


def adopt(data: DataDir, pointer: Pointer, private: Path) -> Release:
    """Give a whole release file its name here, whatever it is called elsewhere, and move the pointer to it.

    Raises DamagedError or OSError, and leaves then what was there before.
    """
    target = _choose_name(data, pointer)
    try:
        private.replace(target)
        sync(data.build)
        _move_pointer(data, msgspec.structs.replace(pointer, file=target.name))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Release(pointer, target)


def _write_record(private: Path, record: Record) -> None:
    """Put the record into the finished file, seal it, and read all of it again."""
    con = duckdb.connect(str(private), config={"autoinstall_known_extensions": "false"})
    try:
        con.execute(read_query("write_release_record"), {"record": msgspec.json.encode(record).decode()})
        con.execute("CHECKPOINT")
    finally:
        con.close()
    releases.seal(private, record)
    if releases.check_release(private).record != record:
        raise DamagedError(f"{private}: it was not written whole")


def _find_newest_number(data: DataDir) -> int:
    try:
        named = releases.read_pointer(data).number
    except DamagedError:
        named = 0
    return max([named, *(number for number, _ in releases.list_releases(data))])


def _choose_name(data: DataDir, record: Record) -> Path:
    """A name that no file has: a process that still reads a damaged file would be given that one again."""
    plain = data.build / f"liberometro-{record.id}.duckdb"
    others = (plain.with_stem(f"{plain.stem}-r{number}") for number in itertools.count(record.number))
    return next(path for path in itertools.chain([plain], others) if not os.path.lexists(path))


def _move_pointer(data: DataDir, pointer: Pointer) -> None:
    """Move the pointer: written beside, synced, read again, renamed over."""
    beside = data.pointer.with_suffix(".json.new")
    content = releases.encode_pointer(pointer)
    try:
        beside.write_bytes(content)
        sync(beside)
        if beside.read_bytes() != content:
            raise DamagedError(f"{beside}: it was not written whole")
        if data.pointer.is_dir() and not data.pointer.is_symlink():
            shutil.rmtree(data.pointer)
        beside.replace(data.pointer)
    finally:
        beside.unlink(missing_ok=True)
    sync(data.build)


def sweep(data: DataDir) -> None:
    """Remove what a killed build left behind; we hold the lock, so nobody is writing it.

    A release never has a log of writes of its own: what lies beside it is somebody else's.
    """
    for pattern in (".building-*", "*.wal", "*.tmp", "*.new", "figures/*.new"):
        for path in data.build.glob(pattern):
            _remove(path)


def prune(data: DataDir) -> None:
    """Keep the newest releases and what the pointer names; a reader that has another one open keeps its data.

    What is no release, or has a seal that does not fit, is removed. A folder that cannot be cleaned fails no
    build.
    """
    try:
        named = releases.read_pointer(data).file
    except DamagedError:
        return
    kept = 0
    for number, path in releases.list_releases(data):
        kept += number > 0
        if path.name == named or (number > 0 and kept <= KEPT_BUILDS):
            continue
        try:
            _remove(path)
        except OSError as error:
            _log.warning("%s: cannot be removed (%s)", path, error.strerror)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
