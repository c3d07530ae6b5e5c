"""Builds sent to a store and followed from it, over a real S3-compatible server: whole, or not at all."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pipelines.cli.build import NOT_SENT
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import published_build, releases, shared_builds
from pipelines.warehouse.build_store import AbsentError, BuildStore, DamagedStoreError, StoreError
from pipelines.warehouse.shared_builds import BehindError, Follower
from tests.conftest import row, write_sheet, write_situation
from tests.pipelines.warehouse.machines import (
    find_newest,
    list_snapshots,
    open_as,
    publish,
    read_whole,
    run,
    values,
)
from tests.stores import Line, Server, run_server


def test_what_is_sent_is_followed_with_every_snapshot(
    data: DataDir, reader: DataDir, store: BuildStore
) -> None:
    follower = Follower(store, reader)
    for value in (1, 2, 3):
        publish(data, value)
        shared_builds.send(store, data)
        assert follower.look()
        assert values(reader) == [value]
        assert not follower.look()
    assert list_snapshots(reader) == list_snapshots(data)
    assert published_build.list_faults(reader) == []
    here, there = releases.find_named(reader).path, releases.find_named(data).path
    assert here.read_bytes() == there.read_bytes()
    assert here.stat().st_mode & 0o077 == 0
    assert {path.suffix for path in reader.build.iterdir()} == {"", ".json", ".duckdb"}


def test_one_who_comes_late_gets_what_earlier_builds_said_too(
    data: DataDir, reader: DataDir, store: BuildStore
) -> None:
    for value in (1, 2):
        publish(data, value)
    shared_builds.send(store, data)
    Follower(store, reader).look()
    assert values(reader) == [2]
    assert len(list_snapshots(reader)) == 2


def test_what_is_there_is_not_sent_again(data: DataDir, server: Server, tmp_path: Path) -> None:
    line = Line(server.port)
    store = open_as(server.environment(line.port) | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"})
    publish(data, 1)
    shared_builds.send(store, data)
    size = releases.read_pointer(data).size
    assert line.sent > size
    before = line.sent
    shared_builds.send(store, data)
    assert line.sent - before < 20_000
    line.close()


def test_what_was_spoilt_in_the_store_is_sent_again(data: DataDir, store: BuildStore) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    there = find_newest(store)
    whole = read_whole(store, there)
    store.write(there, whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    shared_builds.send(store, data)
    assert read_whole(store, there) == whole


def test_old_releases_are_removed_from_the_store_and_snapshots_stay(
    data: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_builds, "KEPT_BUILDS", 2)
    store.write("releases/somebody-elses.txt", b"kept")
    for value in (1, 2, 3, 4):
        publish(data, value)
        shared_builds.send(store, data)
    kept = sorted(key.removeprefix("releases/") for key in store.list_sizes("releases"))
    assert [name[:9] for name in kept[:4]] == ["000000003", "000000003", "000000004", "000000004"]
    assert kept[4:] == ["somebody-elses.txt"]
    assert len(store.list_sizes("figures")) == 4
    Follower(store, reader := DataDir(data.root.parent / "late")).look()
    assert values(reader) == [4]


def test_what_a_killed_upload_left_in_a_folder_is_removed_a_day_later(data: DataDir, tmp_path: Path) -> None:
    store, left = open_as({"LIBEROMETRO_BUILDS": str(tmp_path)}), tmp_path / "releases" / "a.duckdb#1"
    left.parent.mkdir()
    left.write_bytes(b"half")
    publish(data, 1)
    shared_builds.send(store, data)
    assert left.exists()
    os.utime(left, (time.time() - 90_000,) * 2)
    shared_builds.send(store, data)
    assert not left.exists()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _edit(place: Path, **changed: object) -> None:
    path = place / "current.json"
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | changed))


def _list_releases(place: Path) -> list[Path]:
    return sorted(place.glob("releases/*.duckdb"))


SPOILT: dict[str, Callable[[Path], object]] = {
    "the pointer is empty": lambda place: (place / "current.json").write_bytes(b""),
    "the pointer is garbage": lambda place: (place / "current.json").write_bytes(os.urandom(300)),
    "the pointer is long": lambda place: (place / "current.json").write_bytes(b" " * 200_000),
    "the pointer is deep": lambda place: (place / "current.json").write_bytes(b"[" * 60_000),
    "the pointer names a path": lambda place: _edit(place, file="../../liberometro-0123456789ab.duckdb"),
    "the pointer has another sha256": lambda place: _edit(place, sha256="0" * 64),
    "the pointer has a sha256 that is none": lambda place: _edit(place, sha256="../x"),
    "the pointer has another size": lambda place: _edit(place, size=1),
    "the pointer has an enormous size": lambda place: _edit(place, size=1 << 40),
    "the pointer has another number": lambda place: _edit(place, number=7),
    "the pointer has another day": lambda place: _edit(place, day="2020-01-01"),
    "the release is cut": lambda place: cut(_list_releases(place)[-1]),
    "the release is empty": lambda place: _list_releases(place)[-1].write_bytes(b""),
    "the release is another": lambda place: shutil.copy(_list_releases(place)[0], _list_releases(place)[-1]),
    "the release is gone": lambda place: _list_releases(place)[-1].unlink(),
    "the release has bytes behind it": lambda place: _list_releases(place)[-1].open("ab").write(b"more"),
}


@pytest.fixture(scope="module")
def two_sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publishing machine with two releases, in `data`, the first sent to `share`, both to `both`."""
    root = tmp_path_factory.mktemp("two")
    data = DataDir(root / "data")
    write_situation(data.root)
    for name in ("share", "both"):
        (root / name).mkdir()
    publish(data, 1)
    for name in ("share", "both"):
        shared_builds.send(open_as({"LIBEROMETRO_BUILDS": str(root / name)}), data)
    publish(data, 2)
    shared_builds.send(open_as({"LIBEROMETRO_BUILDS": str(root / "both")}), data)
    return root


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_reader_keeps_what_it_has_whatever_the_store_says_and_a_build_mends_it(
    two_sent: Path, tmp_path: Path, spoilt: str
) -> None:
    reader, place = DataDir(tmp_path / "reader"), tmp_path / "place"
    Follower(open_as({"LIBEROMETRO_BUILDS": str(two_sent / "share")}), reader).look()
    shutil.copytree(two_sent / "both", place)
    SPOILT[spoilt](place)
    store = open_as({"LIBEROMETRO_BUILDS": str(place)})
    follower = Follower(store, reader)
    for _ in range(2):
        with pytest.raises((DamagedStoreError, OSError)) as refused:
            follower.look()
        assert "\n" not in str(refused.value)
        assert values(reader) == [1]
        assert published_build.list_faults(reader) == []
    publisher = DataDir(Path(shutil.copytree(two_sent / "data", tmp_path / "data")))
    shared_builds.send(store, publisher)
    Follower(store, reader).look()
    assert values(reader) == [2]


def test_a_damaged_release_is_not_fetched_again_and_again(
    data: DataDir, reader: DataDir, server: Server, tmp_path: Path
) -> None:
    stated = {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    publish(data, 1)
    store = open_as(server.environment() | stated)
    shared_builds.send(store, data)
    whole = read_whole(store, find_newest(store))
    store.write(find_newest(store), whole[: len(whole) // 2])
    passed = [0]

    class Counted(Line):
        def _spoil(self, piece: bytes, answered: int) -> bytes:
            passed[0] += len(piece)
            return super()._spoil(piece, answered)

    line = Counted(server.port)
    line.fault = "counted"
    follower = Follower(open_as(server.environment(line.port) | stated), reader)
    for _ in range(5):
        with pytest.raises(DamagedStoreError, match="not the bytes that were published"):
            follower.look()
    assert passed[0] < releases.read_pointer(data).size
    line.close()


def test_a_pointer_that_goes_back_is_not_followed(data: DataDir, reader: DataDir, store: BuildStore) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    (first, _) = store.read("current.json", releases.POINTER_BYTES) or (b"", None)
    publish(data, 2)
    shared_builds.send(store, data)
    follower = Follower(store, reader)
    follower.look()
    store.write("current.json", first)
    for _ in range(2):
        with pytest.raises(BehindError, match="names release 1, here is 2 already"):
            follower.look()
    assert values(reader) == [2]
    shared_builds.send(store, data)  # puts the newest back
    assert not follower.look()


def test_a_damaged_snapshot_is_told_and_the_build_is_served_with_all_others(
    data: DataDir, reader: DataDir, store: BuildStore
) -> None:
    for value in (1, 2, 3):
        publish(data, value)
    shared_builds.send(store, data)
    damaged = min(store.list_sizes("figures"))
    store.write(damaged, read_whole(store, damaged)[:-1] + b"x")
    with pytest.raises(DamagedStoreError, match=damaged[:20]):
        Follower(store, reader).look()
    assert values(reader) == [3]
    assert len(list_snapshots(reader)) == 2


def test_a_release_that_is_damaged_here_is_fetched_again(
    data: DataDir, reader: DataDir, store: BuildStore
) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    follower = Follower(store, reader)
    follower.look()
    cut(releases.find_named(reader).path)
    assert follower.look()
    assert values(reader) == [1]


def test_a_copy_never_fills_the_disk(
    data: DataDir, reader: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    monkeypatch.setattr(shared_builds, "SPARE_BYTES", 1 << 60)
    with pytest.raises(OSError, match="No space left"):
        Follower(store, reader).look()


def test_a_publisher_killed_anywhere_leaves_the_store_whole(server: Server, tmp_path: Path) -> None:
    """Twelve kills with signal 9 after some random number of bytes, over a line that is slow."""
    chance = random.Random(20261126)
    stated = {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    direct = open_as(server.environment() | stated)
    data, reader = DataDir(tmp_path / "data"), DataDir(tmp_path / "reader")
    write_situation(data.root)
    publish(data, 1)
    shared_builds.send(direct, data)
    follower = Follower(direct, reader)
    follower.look()
    publish(data, 2)
    size = releases.read_pointer(data).size
    line = Line(server.port)
    killed = 0
    for _ in range(12):
        before, after = line.sent, chance.randrange(1, size + 60_000)
        child = subprocess.Popen(
            [sys.executable, "-c", SEND, str(data.root)],
            cwd=ROOT,
            env={**os.environ, **server.environment(line.port), **stated},
            stderr=subprocess.DEVNULL,
        )
        while line.sent - before < after and child.poll() is None:
            time.sleep(0.0005)
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.wait()
        follower.look()
        assert values(reader) in ([1], [2])
        assert published_build.list_faults(reader) == []
    assert killed >= 1
    shared_builds.send(direct, data)
    follower.look()
    assert values(reader) == [2]
    line.close()


SEND = """
import sys
from pathlib import Path
from pipelines.core.paths import DataDir
from pipelines.warehouse import build_store, shared_builds
shared_builds.send(build_store.open_store(), DataDir(Path(sys.argv[1])))
"""


def test_a_store_that_is_killed_comes_back(data: DataDir, reader: DataDir, tmp_path: Path) -> None:
    with run_server(tmp_path / "s3") as server:
        store = open_as(server.environment())
        publish(data, 1)
        shared_builds.send(store, data)
        follower = Follower(store, reader)
        follower.look()
        server.kill()
        publish(data, 2)
        with pytest.raises(StoreError, match="cannot be reached"):
            shared_builds.send(store, data)
        for _ in range(2):
            with pytest.raises(StoreError, match="cannot be reached"):
                follower.look()
        assert values(reader) == [1]
        server.start()
        shared_builds.send(store, data)
        assert follower.look()
        assert values(reader) == [2]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("deaf", "overwrites what it was asked not to"), ("501", "does not know what is asked")],
)
def test_nothing_is_sent_to_a_store_that_ignores_conditions_unless_one_machine_alone_publishes(
    data: DataDir, reader: DataDir, tmp_path: Path, fault: str, reason: str
) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=1)])
    with run_server(tmp_path / "s3", anonymous=True) as server:
        line = Line(server.port)
        line.fault = fault
        stated = server.environment(line.port) | {"AWS_SKIP_SIGNATURE": "true"}
        for _ in range(2):
            code, told = run(data, stated, "build")
            assert (code, told.count("is published here only")) == (NOT_SENT, 1)
            assert reason in told
            assert "LIBEROMETRO_SOLE_PUBLISHER=yes" in told
            assert values(data) == [1]
            near = open_as(server.environment())
            assert [*near.list_sizes("releases"), *near.list_sizes("figures")] == []
            with pytest.raises(AbsentError):
                near.read("current.json", 1)
        alone = stated | {"LIBEROMETRO_SOLE_PUBLISHER": "yes"}
        for value in (1, 2):
            write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=value)])
            assert run(data, alone, "build")[0] == 0
            Follower(open_as(stated), reader).look()
            assert values(reader) == [value]
        line.fault = ""  # the store has learnt it
        assert run(data, stated, "build")[0] == 0
        line.close()
