"""Where things lie. `data/` is the truth; `data/build/` is derived and can be deleted at any time."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DATA_VARIABLE: Final = "LIBEROMETRO_DATA"  # names the data folder; a relative one is a folder of the checkout
_LEFTOVERS: Final = ("", ".swp", ".swo", ".tmp", ".part", ".new")
_UNSEEN: Final = ("Cc", "Cs", "Zl", "Zp")  # control characters, bytes that are no text, line ends
SQL: Final = ROOT / "pipelines" / "warehouse" / "sql"


@dataclass(frozen=True)
class DataDir:
    """The data folder of one installation: a folder for each situation, and `build/`."""

    root: Path

    @property
    def build(self) -> Path:
        """Release files and the pointer."""
        return self.root / "build"

    @property
    def pointer(self) -> Path:
        """Names the release file that readers open."""
        return self.build / "current.json"

    @property
    def snapshots(self) -> Path:
        """What each published build said of each figure; outlives them (`warehouse.snapshots`)."""
        return self.build / "figures"

    @property
    def kept(self) -> Path:
        """What one build worked out for the next (`core.kept_results`)."""
        return self.build / "kept"

    def situation(self, name: str) -> Path:
        """The folder of one situation."""
        return self.root / name

    def situations(self) -> list[str]:
        """Names of the situations: every folder that holds a `situation.toml`, sorted."""
        return sorted(path.parent.name for path in self.root.glob("*/situation.toml"))


def walk_files(folder: Path) -> Iterator[Path]:
    """Everything below a folder that somebody may mean as a file, sorted: also what cannot be read as one.

    Left out is what programmes leave behind: hidden files that are empty or have no ending of their own.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        leftover = path.suffix.lower() in _LEFTOVERS or path.name.endswith(("#", "~"))
        if path.name.startswith(".") and (leftover or not path.lstat().st_size):
            continue
        yield path


def find_obstacle(path: Path, folder: Path) -> str | None:
    """Why a file that lies below `folder` is not opened, in words that end a sentence; None if it may be."""
    if path.name.startswith("."):
        return "its name is hidden (it starts with a dot); rename it, or move it away"
    try:
        info = path.stat()
    except OSError as error:
        return f"it cannot be looked at ({error.strerror})"
    if not stat.S_ISREG(info.st_mode):
        return "it is a pipe, a device or a folder, not a file"
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "it is a link to a file elsewhere; put the file itself here"
    return None


def name_below(path: Path, folder: Path) -> str:
    """A file's place below a folder as text that can be stored and printed on one line."""
    text = path.relative_to(folder).as_posix()
    return "".join(map(_show_character, text))


def _show_character(each: str) -> str:
    return each.encode("unicode_escape").decode() if unicodedata.category(each) in _UNSEEN else each


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def hash_file(path: Path) -> str:
    """Hex sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
