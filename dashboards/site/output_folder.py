"""The folder that a site is written into: made beside its place, and put there whole or not at all."""

import contextlib
import ctypes
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_HERE: Final = -100  # AT_FDCWD: paths are as they are written
_EXCHANGE: Final = 2  # RENAME_EXCHANGE
LOCK: Final = "lock"  # in a working folder: held by the process that works in it
MARK: Final = ".liberometro-site"  # what a folder must hold for a publish to replace it


class NotASiteError(RuntimeError):
    """The place is taken by something that no publish made; the message says what to do."""


class Folder:
    """Files by their path within the site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths: set[str] = set()

    def write(self, path: str, content: bytes | str) -> None:
        """Write one file. Raises ValueError where two pages claim one path or a path leaves the folder."""
        target = self.root / path
        if path in self.paths or ".." in Path(path).parts or Path(path).is_absolute():
            raise ValueError(f"{path!r} cannot be written: taken, or outside the site")
        self.paths.add(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def keep(self, source: Path, path: str) -> None:
        """Take one file over from an earlier publish."""
        self.write(path, source.read_bytes())


@contextmanager
def open_folder(out: Path) -> Iterator[Folder]:
    """A new folder that takes the place of `out` at the end; on a failure `out` stays as it was.

    Where the system can, the two change places in one step; else the old one is moved aside first, and back
    where the second step fails. Raises NotASiteError where `out` holds anything that no publish wrote.
    """
    place = out.resolve()
    check_place(place)
    _make_open_folders(place.parent)
    _clear(place)
    work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    new, old = work / "new", work / "old"
    with (work / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system lets go of it when this process ends, however it ends
        try:
            new.mkdir()
            folder = Folder(new)
            yield folder
            folder.write(MARK, "")
            _take_place(new, place, old)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _clear(place: Path) -> None:
    """Remove the working folders of publishes that were killed: nobody holds their locks."""
    for lock in place.parent.glob(f".{glob.escape(place.name)}-*/{LOCK}"):
        with contextlib.suppress(OSError), lock.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: that publish is at work
            shutil.rmtree(lock.parent, ignore_errors=True)


def check_place(place: Path) -> None:
    """Raises NotASiteError where a publish would delete what it did not make."""
    if place.is_file() or (place.is_dir() and any(place.iterdir()) and not (place / MARK).exists()):
        raise NotASiteError(f"{place} is not empty and no site was published there; name a new folder")


def _make_open_folders(path: Path) -> None:
    """Make the folders above a site that are missing; whoever serves it has to reach it."""
    if not path.exists():
        _make_open_folders(path.parent)
        path.mkdir()
        path.chmod(0o755)


def _open_to_readers(site: Path) -> None:
    """A site is for everybody, and nginx is another user: its modes are stated, whatever the umask."""
    for folder, _, files in os.walk(site):
        Path(folder).chmod(0o755)
        for name in files:
            Path(folder, name).chmod(0o644)


def _take_place(new: Path, place: Path, old: Path) -> None:
    _open_to_readers(new)
    if not place.exists():
        new.replace(place)
        return
    if _exchange(new, place):
        return
    place.replace(old)
    try:
        new.replace(place)
    except OSError:
        old.replace(place)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step, as Linux can: a reader always finds one."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
