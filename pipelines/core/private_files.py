"""Files that are readable by their owner alone, whatever umask the caller has: 0600 in folders of 0700.

Private is what may hold a person: reports, candidates, the crawl and its state, and the builds, in which rows
set aside stand raw. Both commands and the app run under `keep_private`; what a person asked for by its place
(`--out`) is written `as_caller`, and what is published states its own mode.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from pipelines.core.paths import DataDir

FOLDER: Final = 0o700
FILE: Final = 0o600
UMASK: Final = 0o077
_callers: list[int] = []  # the umask that the command was called with, while it runs


@contextmanager
def keep_private() -> Iterator[None]:
    """Whatever is created meanwhile is private, in this process and in those that it starts."""
    _callers.append(os.umask(UMASK))
    try:
        yield
    finally:
        os.umask(_callers.pop())


@contextmanager
def as_caller() -> Iterator[None]:
    """What is created meanwhile is readable as the caller's own umask says."""
    private = os.umask(_callers[0]) if _callers else None
    try:
        yield
    finally:
        if private is not None:
            os.umask(private)


def write_for_caller(path: Path, content: bytes) -> None:
    """Write what was asked for with `--out`."""
    with as_caller():
        path.write_bytes(content)


def make_folder(path: Path) -> None:
    """Make a private folder, with those above it that are missing; a looser one is tightened."""
    before = os.umask(UMASK)
    try:
        path.mkdir(parents=True, exist_ok=True)
    finally:
        os.umask(before)
    close_to_others(path, FOLDER)


def open_private(path: Path, mode: str, **options: Any) -> IO[Any]:
    """`path.open` for writing; the file is private from its first byte, and one that was looser is now."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | (os.O_TRUNC if "w" in mode else 0), FILE)
    close_to_others(path, FILE)
    return os.fdopen(handle, mode, **options)


def tighten(data: DataDir) -> list[Path]:
    """Make private what an earlier version or a copy left open; returns what is another user's."""
    places = [data.build, *(data.situation(name) / "inbox" for name in data.situations())]
    refused = []
    for place in places:
        for folder, _, files in os.walk(place):
            paths = [(Path(folder), FOLDER), *((Path(folder, name), FILE) for name in files)]
            refused += [path for path, mode in paths if not close_to_others(path, mode)]
    return refused


def close_to_others(path: Path, mode: int = FILE) -> bool:
    """Take every right but the owner's; whether nobody else has one now. A link has none of its own."""
    try:
        if not path.is_symlink() and path.stat().st_mode & UMASK:
            path.chmod(path.stat().st_mode & mode)
    except FileNotFoundError:  # another process has just moved it
        return True
    except OSError:  # of another user, or on what cannot be written
        return False
    return True
