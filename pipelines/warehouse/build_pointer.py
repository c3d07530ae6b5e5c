"""Release files and the pointer: how a finished build becomes the one that readers see.

One writer at a time; readers need no lock, because a release file never changes once it has its name.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Final

from pipelines.core import private_files
from pipelines.core.paths import DataDir, sync
from pipelines.warehouse import published_build, snapshots

KEPT_BUILDS: Final = 8


@contextmanager
def hold_write_lock(data: DataDir, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of the data folder; a second writer waits, and `waiting` is called once if it must.

    The operating system drops the lock when its holder dies, so a killed build blocks nobody.
    """
    private_files.make_folder(data.build)
    with private_files.open_private(data.build / ".lock", "w") as handle:
        _lock(handle, waiting)
        yield


def _lock(handle: IO[Any], waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)


def find_unchanged_build(data: DataDir, made_from: str, today: date) -> published_build.Build | None:
    """The current build where it was made from these inputs and no day that it left out has come since."""
    try:
        current = published_build.find_current(data)
        pointer = json.loads(data.pointer.read_text(encoding="utf-8"))
    except published_build.NoBuildError:
        return None
    recheck = pointer["recheck_from"]
    expired = recheck is not None and today.isoformat() >= recheck
    return current if pointer["made_from"] == made_from and not expired else None


def publish(data: DataDir, made_from: str, private: Path, today: date, recheck_from: date | None) -> None:
    """Give a finished build its name and move the pointer to it, each step synced to the disk.

    `made_from` is the fingerprint of the inputs and names the build. Where figures were left out because
    their day lies in the future, the same inputs give another build from `recheck_from` on, so the day
    becomes part of the name: a name never stands for two contents.
    """
    identity = made_from if recheck_from is None else f"{made_from}-{today:%Y%m%d}"
    target = data.build / f"liberometro-{identity}.duckdb"
    private.chmod(private_files.FILE)  # rows set aside stand in it raw
    sync(private)
    private.replace(target)
    snapshots.write_snapshot(data, identity, target)
    content = {
        "id": identity,
        "file": target.name,
        "made_from": made_from,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "recheck_from": recheck_from.isoformat() if recheck_from else None,
    }
    _move_pointer(data, content)
    _prune(data)


def _move_pointer(data: DataDir, content: dict[str, str | None]) -> None:
    """Move the pointer: written beside, synced, renamed over."""
    beside = data.pointer.with_suffix(".json.new")
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    sync(beside)
    beside.replace(data.pointer)
    sync(data.build)


def sweep(data: DataDir) -> None:
    """Remove what a killed build left behind; we hold the lock, so nobody is writing it."""
    for path in data.build.glob(".building-*"):
        path.unlink()


def _prune(data: DataDir) -> None:
    """Keep the newest builds; a reader that still has an older one open keeps its data."""
    builds = sorted(data.build.glob("liberometro-*.duckdb"), key=lambda path: path.stat().st_mtime)
    for path in builds[:-KEPT_BUILDS]:
        path.unlink()
