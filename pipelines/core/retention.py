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
MOST: Final = {  # files, bytes
    "releases": (KEPT_BUILDS, 20_000 * _MB),
    "snapshots": (5_000, 5_000 * _MB),
    "inbox": (50_000, 20_000 * _MB),
    "logs": (100, 500 * _MB),
}


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
    found = {
        "releases": (data.build.glob("*.duckdb"), "build", "`build` removes the oldest"),
        "snapshots": (data.snapshots.rglob("*"), "build/figures", "copy the oldest elsewhere first"),
        "inbox": (
            itertools.chain(*(each.rglob("*") for each in inboxes)),
            "<situation>/inbox",
            "move decided reports to an archive of your own",
        ),
        "logs": ((data.root / "logs").rglob("*"), "logs", "rotate them"),
    }
    return [
        Kept(what, where, *_measure(paths), *MOST[what], above)
        for what, (paths, where, above) in found.items()
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
