"""What a build is made from: every input file and the code that reads it, as one fingerprint.

The fingerprint of both names the build, so the same inputs give the same build and nothing is done twice.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipelines.core.paths import ROOT, DataDir, find_obstacle, hash_file, name_below, walk_files
from pipelines.warehouse import annotations, law

_SETTINGS: Final = (
    "situation.toml",
    "organisations.toml",
    "publishers.toml",
    "events.csv",
    "corrections.toml",
    "decisions.csv",
    "verifications.csv",
    "archived_copies.csv",
    "own_corrections.csv",
    "questions.csv",
    "inbox/candidates.csv",
    *annotations.FILES,
    law.FILE,
)
_FOLDERS: Final = ("transcriptions", "reports", "mappings")
_RECKONING: Final = ("duckdb", "highspy", "numpy", "polars")


@dataclass(frozen=True)
class Input:
    """One input file: its place below the data folder, and the sha256 of its bytes, or why it has none."""

    path: Path
    name: str
    sha256: str


def list_inputs(data: DataDir) -> list[Input]:
    """Every input file of every situation, in a fixed order."""
    return [
        Input(path, name_below(path, data.root), _hash(path, data.situation(situation)))
        for situation in data.situations()
        for path in _list_files(data.situation(situation))
    ]


def _hash(path: Path, folder: Path) -> str:
    """A file that cannot be opened is an input as well: its obstacle is what is said of it."""
    obstacle = find_obstacle(path, folder)
    if obstacle is not None:
        return obstacle
    try:
        return hash_file(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _list_files(folder: Path) -> Iterator[Path]:
    for name in _SETTINGS:
        if (folder / name).is_file():
            yield folder / name
    for name in _FOLDERS:
        yield from walk_files(folder / name)


def fingerprint(files: Iterable[Input]) -> str:
    """Twelve hex digits that stand for the inputs and for the code that reads them."""
    digest = hashlib.sha256()
    for entry in files:
        digest.update(f"{entry.name}\0{entry.sha256}\n".encode())
    digest.update(hash_code().encode())
    return digest.hexdigest()[:12]


@cache
def hash_code() -> str:
    """What stands for this code, and for the libraries that reckon in it; read once, as code itself is."""
    digest = hashlib.sha256("".join(version(name) for name in _RECKONING).encode())
    code = [path for kind in ("py", "sql", "toml") for path in (ROOT / "pipelines").rglob(f"*.{kind}")]
    for path in sorted(code):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
