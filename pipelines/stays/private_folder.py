"""A folder for what DuckDB spills: its owner's alone, gone at the end; after a kill, at the next run."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import duckdb

from pipelines.core.private_files import make_folder, open_private

MEMORY: Final = "2500MB"  # what is more is spilled
_LOCK: Final = "lock"


@contextmanager
def make_private_folder(parent: Path) -> Iterator[Path]:
    """A new private folder below `parent` (made private too); what earlier runs left there is removed.

    A folder is somebody's while its lock is held, and a lock ends with its process, however that ends.
    """
    make_folder(parent)
    folder = parent / f"count-{os.getpid()}"
    with ExitStack() as held:
        with _one_by_one(parent):  # or another run takes a folder that has no lock yet for one left behind
            sweep(parent)
            make_folder(folder)
            held.callback(shutil.rmtree, folder, ignore_errors=True)
            lock = held.enter_context(open_private(folder / _LOCK, "w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder


@contextmanager
def _one_by_one(parent: Path) -> Iterator[None]:
    """Hold the lock of the folder itself, which leaves nothing behind in it."""
    handle = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sweep(parent: Path) -> None:
    """Remove the folders of runs that are no more."""
    for folder in parent.glob("count-*"):
        try:
            with (folder / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        except FileNotFoundError:  # killed between the folder and its lock
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_private_database(parent: Path, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory; what takes more than `memory` is spilled, enciphered, to a private folder."""
    with make_private_folder(parent) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "temp_directory": str(folder),
            "memory_limit": memory,
        }
        con = duckdb.connect(config=config)
        try:
            con.execute("SET force_mbedtls_unsafe = true")  # the cipher that needs no extension
            con.execute("SET temp_file_encryption = true")
            yield con
        finally:
            con.close()
