"""Files that go to a store in parts: what is there and right is not sent again, whoever was killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build_pointer, build_store, published_build, releases, shared_builds
from pipelines.warehouse.build_store import BuildStore
from pipelines.warehouse.shared_builds import Follower, OvertakenError
from tests.conftest import TODAY
from tests.pipelines.warehouse.machines import (
    copy_machine,
    list_snapshots,
    open_as,
    publish,
    read_whole,
    values,
)
from tests.stores import Line, Server

LARGE_PART = 5 << 20  # of a release of 40 MB
PART = 600_000  # of one of 5 MB
BALLAST = 1_100_000  # rows of 32 bytes that nothing makes smaller
OTHER_BYTES = 200_000  # at most, of all else that is sent: requests, pointers, snapshots

SEND = """
import sys
from pathlib import Path
from pipelines.core.paths import DataDir
from pipelines.warehouse import build_store, shared_builds
shared_builds.PART_BYTES = int(sys.argv[2])
shared_builds.send(build_store.open_store(), DataDir(Path(sys.argv[1])))
"""


@pytest.fixture(autouse=True)
def part_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_builds, "PART_BYTES", PART)


def publish_large(data: DataDir, value: int) -> int:
    """Publish here a release of some 40 MB; its bytes."""
    publish(data, value)
    private = data.build / ".building-large.duckdb"
    shutil.copy(releases.find_named(data).path, private)
    with duckdb.connect(str(private)) as con:
        con.execute(f"DROP TABLE {releases.RECORD}")
        con.execute(
            "CREATE TABLE ballast AS SELECT unhex(sha256($value || '-' || i)) AS x FROM range($rows) t (i)",
            {"value": str(value), "rows": BALLAST},
        )
        tables = releases.measure(con)
    build_pointer.publish(data, f"{value:012x}", private, TODAY, None, tables)
    return releases.read_pointer(data).size


def kill_amid(data: DataDir, environment: dict[str, str], count: Callable[[], int], more: int) -> None:
    """Send in a process of its own, and kill it with signal 9 once so much more is counted."""
    before = count()
    words = [sys.executable, "-c", SEND, str(data.root), str(shared_builds.PART_BYTES)]
    child = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment})
    while count() - before < more:
        assert child.poll() is None, "it ended before it was killed"
        time.sleep(0.0005)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL


def list_parts(store: BuildStore, number: int) -> dict[str, int]:
    """Parts of the release of this number that lie there, with their sizes."""
    return {
        key: size
        for key, size in store.list_sizes("releases").items()
        if f"/{number:09d}-" in key and "-of-" in key
    }


@dataclass
class Bucket:
    """A bucket of this test's own, as one sees it who is near, and by way of a line that counts."""

    stated: dict[str, str]
    line: Line
    store: BuildStore
    far: BuildStore


@pytest.fixture
def bucket(server: Server, tmp_path: Path) -> Iterator[Bucket]:
    line = Line(server.port)
    place = {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    stated = server.environment(line.port) | place
    yield Bucket(stated, line, open_as(server.environment() | place), open_as(stated))
    line.close()


def test_a_publisher_killed_amid_a_large_file_goes_on_with_the_part_that_was_missing(
    data: DataDir, reader: DataDir, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_builds, "PART_BYTES", LARGE_PART)
    publish(data, 1)
    shared_builds.send(bucket.store, data)
    follower = Follower(bucket.store, reader)
    follower.look()
    size = publish_large(data, 2)
    first = bucket.line.sent
    for _ in range(2):
        kill_amid(data, bucket.stated, lambda: bucket.line.sent, 12_000_000)
        assert not follower.look()
        assert published_build.list_faults(reader) == []
    there = list_parts(bucket.store, releases.read_pointer(data).number)
    assert len(there) >= 3
    assert set(there.values()) == {LARGE_PART}
    before = bucket.line.sent
    shared_builds.send(bucket.far, data)
    missing = size - LARGE_PART * len(there)
    # A part that was on its way at the kill may have come whole after we looked.
    assert missing - LARGE_PART < bucket.line.sent - before < missing + OTHER_BYTES
    assert size < bucket.line.sent - first < size + 2 * LARGE_PART + 3 * OTHER_BYTES
    assert follower.look()
    assert values(reader) == [2]
    assert releases.find_named(reader).path.read_bytes() == releases.find_named(data).path.read_bytes()


def test_in_a_folder_the_parts_that_were_written_stay_too(
    data: DataDir, reader: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_builds, "PART_BYTES", LARGE_PART)
    place = tmp_path / "share"
    place.mkdir()
    stated = {"LIBEROMETRO_BUILDS": str(place)}
    publish_large(data, 2)
    kill_amid(data, stated, lambda: len(list(place.glob("releases/*/*-of-?????"))), 3)
    written = {path: path.stat().st_ino for path in place.glob("releases/*/*-of-?????")}
    store = open_as(stated)
    shared_builds.send(store, data)
    assert {path: path.stat().st_ino for path in written} == written
    assert read_whole(store, find_file(data)) == releases.find_named(data).path.read_bytes()
    Follower(store, reader).look()
    assert values(reader) == [2]


def find_file(data: DataDir) -> str:
    """The key of what is published here."""
    ours = releases.read_pointer(data)
    return f"releases/{ours.number:09d}-{ours.sha256}.duckdb"


def test_only_parts_that_are_damaged_or_gone_are_sent_again(data: DataDir, bucket: Bucket) -> None:
    store = bucket.store
    publish(data, 1)
    shared_builds.send(store, data)
    keys = sorted(list_parts(store, 1))
    flipped = bytearray(read_whole(store, keys[1]))
    flipped[PART // 2] ^= 1
    store.write(keys[1], bytes(flipped))
    store.write(keys[3], read_whole(store, keys[3])[:-1])
    store.remove([keys[4]])
    before = bucket.line.sent
    shared_builds.send(bucket.far, data)
    assert 3 * PART < bucket.line.sent - before < 3 * PART + OTHER_BYTES
    assert read_whole(store, find_file(data)) == releases.find_named(data).path.read_bytes()
    assert sorted(list_parts(store, 1)) == keys


def test_a_file_that_lies_there_as_one_or_in_other_parts_is_left_whole(
    data: DataDir, reader: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(data, 1)
    key = find_file(data)
    for part, damaged, number in (
        (1 << 30, False, 0),
        (PART, False, 0),
        (PART, True, 9),
        (3 * PART, False, 3),
    ):
        monkeypatch.setattr(shared_builds, "PART_BYTES", part)
        if damaged:
            store.write(key, b"damaged")
        shared_builds.send(store, data)
        assert len(store.list_sizes(key)) == number
    Follower(store, reader).look()
    assert values(reader) == [1]


def test_an_upload_that_another_build_came_after_is_removed(
    data: DataDir, reader: DataDir, bucket: Bucket
) -> None:
    publish(data, 2)
    killed = releases.read_pointer(data).number
    kill_amid(data, bucket.stated, lambda: bucket.line.sent, 3 * PART)
    assert list_parts(bucket.store, killed)
    publish(data, 3)
    shared_builds.send(bucket.store, data)
    assert releases.read_pointer(data).number > killed
    stem = find_file(data).split(".")[0]
    assert {key.split(".")[0] for key in bucket.store.list_sizes("releases")} == {stem}
    Follower(bucket.store, reader).look()
    assert values(reader) == [3]
    assert list_snapshots(reader) == list_snapshots(data)


def test_what_another_machine_may_still_publish_is_left_to_it_and_what_it_may_not_is_removed(
    data: DataDir, bucket: Bucket
) -> None:
    store = bucket.store
    publish(data, 1)
    shared_builds.send(store, data)
    ahead, behind = copy_machine(data, "ahead"), copy_machine(data, "behind")
    for machine, built in ((ahead, (2, 3, 4)), (behind, (5, 6)), (data, (7, 8))):
        for value in built:
            publish(machine, value)
    for machine in (ahead, behind):
        kill_amid(machine, bucket.stated, lambda: bucket.line.sent, 3 * PART)
    assert list_parts(store, 3)
    there = list_parts(store, 4)
    shared_builds.send(store, data)
    assert list_parts(store, 4).items() >= there.items()
    numbers = {int(key.split("/")[1][:9]) for key in store.list_sizes("releases")}
    assert numbers == {1, 3, 4}
    assert (
        len({key.split(".")[0] for key in store.list_sizes("releases")}) == 3
    )  # of two with 3, the winner's
    with pytest.raises(OvertakenError, match="another machine published release 3"):
        shared_builds.send(store, behind)
    before = bucket.line.sent
    shared_builds.send(bucket.far, ahead)
    size = releases.read_pointer(ahead).size
    assert bucket.line.sent - before < size - PART * len(there) + OTHER_BYTES
    assert read_whole(store, find_file(ahead)) == releases.find_named(ahead).path.read_bytes()


def test_who_is_overtaken_while_it_sends_is_told_so_and_its_parts_are_gone(
    data: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    second = copy_machine(data, "second")
    publish(data, 2)
    publish(second, 3)
    raced, find_hash = [second], store.hash

    def send_other_before(key: str) -> str:
        if raced and "/00003-of-" in key:
            shared_builds.send(store, raced.pop())
        return find_hash(key)

    monkeypatch.setitem(vars(store), "hash", send_other_before)
    with pytest.raises(OvertakenError, match="another machine published release 2"):
        shared_builds.send(store, data)
    assert set(list_parts(store, 2)) == set(store.list_sizes(find_file(second)))


def test_a_snapshot_that_is_not_whole_is_none_and_its_parts_go_a_day_later(
    data: DataDir, reader: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    (key,) = store.list_sizes("figures")
    half = f"{key}/00001-of-00002"
    store.remove([key])
    store.write(half, b"half of it")
    Follower(store, reader).look()
    assert list_snapshots(reader) == []
    shared_builds.send(store, reader)  # a machine that lacks the snapshot
    assert list(store.list_sizes("figures")) == [half]
    monkeypatch.setattr(build_store, "_DAY", timedelta(0))
    shared_builds.send(store, reader)
    assert list(store.list_sizes("figures")) == []


def test_a_large_snapshot_goes_in_parts_and_comes_whole(
    data: DataDir, reader: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_builds, "PART_BYTES", 1 << 30)
    publish(data, 1)
    shared_builds.send(store, data)
    (key,) = store.list_sizes("figures")
    (path,) = data.snapshots.iterdir()
    store.remove([key])
    monkeypatch.setattr(shared_builds, "PART_BYTES", part := path.stat().st_size // 3 + 1)
    store.write(f"{key}/00001-of-00003", path.read_bytes()[:part])  # what a killed upload left
    shared_builds.send(store, data)
    assert len(store.list_sizes(key)) == 3
    Follower(store, reader).look()
    assert (reader.snapshots / path.name).read_bytes() == path.read_bytes()
