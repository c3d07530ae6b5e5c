"""A folder for what DuckDB spills: its owner's alone, gone at the end; after a kill, at the next run."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipelines.core.private_files import make_folder, open_private

_LOCK: Final = "lock"


@contextmanager
def make_private_folder(parent: Path) -> Iterator[Path]:
    """A new private folder below `parent` (made private too); what earlier runs left there is removed.

    A folder is somebody's while its lock is held, and a lock ends with its process, however that ends.
    """
    make_folder(parent)
    sweep(parent)
    folder = parent / f"count-{os.getpid()}"
    make_folder(folder)
    try:
        with open_private(folder / _LOCK, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
