"""Where things lie. `data/` is the truth; `data/build/` is derived and can be deleted at any time."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DATA_VARIABLE: Final = "LIBEROMETRO_DATA"  # names the data folder; a relative one is a folder of the checkout
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

    def situation(self, name: str) -> Path:
        """The folder of one situation."""
        return self.root / name

    def situations(self) -> list[str]:
        """Names of the situations: every folder that holds a `situation.toml`, sorted."""
        return sorted(path.parent.name for path in self.root.glob("*/situation.toml"))


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
