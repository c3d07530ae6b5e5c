"""How much is kept, and of what: every limit stands here, `status` shows each beside what there is.

Releases are derived, so the oldest are removed. What cannot be made again (snapshots, collected reports) is
never removed by itself: above its limit a person is told, and decides.
"""

import itertools
import stat
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.core.paths import DataDir

KEPT_BUILDS: Final = 8
_MB: Final = 1_000_000


@dataclass(frozen=True)
class Kept:
    """One kind of thing that is kept: how much there is, how much there may be, and what happens above."""

    what: str
    where: str
    files: int
    bytes: int
    most_files: int
    most_bytes: int
    above: str

    @property
    def is_above(self) -> bool:
        return self.files > self.most_files or self.bytes > self.most_bytes

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_above": self.is_above}


def measure_kept(data: DataDir) -> list[Kept]:
    """What lies in a data folder now, kind by kind."""
    inboxes = [data.situation(name) / "inbox" for name in data.situations()]
    releases = _measure(data.build.glob("*.duckdb"))
    snapshots = _measure(data.snapshots.rglob("*"))
    inbox = _measure(itertools.chain(*(each.rglob("*") for each in inboxes)))
    logs = _measure((data.root / "logs").rglob("*"))
    return [
        Kept("releases", "build", *releases, KEPT_BUILDS, 20_000 * _MB, "`build` removes the oldest"),
        Kept("snapshots", "build/figures", *snapshots, 5_000, 5_000 * _MB, "copy the oldest elsewhere first"),
        Kept(
            "inbox", "<situation>/inbox", *inbox, 50_000, 20_000 * _MB, "move decided reports to an archive"
        ),
        Kept("logs", "logs", *logs, 100, 500 * _MB, "rotate them"),
    ]


def _measure(paths: Iterable[Path]) -> tuple[int, int]:
    """How many files, and their bytes together."""
    sizes = []
    for path in paths:
        try:
            info = path.lstat()
        except OSError:  # gone meanwhile, or not ours to look at
            continue
        if stat.S_ISREG(info.st_mode):
            sizes.append(info.st_size)
    return len(sizes), sum(sizes)
