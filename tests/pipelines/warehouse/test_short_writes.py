"""A short write anywhere leaves the last good build and a message: real limits, in processes of their own."""

from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.attacks import short_writes
from tests.attacks.short_writes import DISK, FILES, INODES
from tests.conftest import TODAY, row, write_sheet

SIZES = {
    FILES: (0, 30_000, 3_000_000, 8_500_000, 50_000_000),
    DISK: (0, 2_000_000, 8_600_000, 50_000_000),
    INODES: (0, 1, 2, 3),
}


@pytest.mark.parametrize("kind", [FILES, *([DISK, INODES] if short_writes.can_mount() else [])])
def test_what_the_disk_does_not_take_is_not_published(tmp_path: Path, kind: str) -> None:
    seen, wrong = short_writes.attack(tmp_path / "data", SIZES[kind], kind)
    assert not wrong
    assert seen["refused"] >= 2
    assert seen["published"] >= 1


def test_a_build_whose_snapshot_cannot_be_written_is_not_published(data: DataDir) -> None:
    sheet = data.situation("islandia") / "transcriptions" / "sheet.csv"
    write_sheet(sheet, [row()])
    first = build.build(data, today=TODAY).build
    for path in data.snapshots.iterdir():
        path.unlink()
    data.snapshots.rmdir()
    data.snapshots.write_text("a file where the folder of snapshots should be")
    write_sheet(sheet, [row(value=7)])
    with pytest.raises(build.BuildError, match="figures"):
        build.build(data, today=TODAY)
    assert published_build.find_current(data) == first
    assert [path.name for path in data.build.glob("*.duckdb")] == [first.path.name]
