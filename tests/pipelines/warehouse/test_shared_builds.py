"""Builds sent to a store and followed from it, over a real S3-compatible server: whole, or not at all."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from obstore.store import MemoryStore
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.cli.build import NOT_SENT
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build, published_build, releases, shared_builds
from pipelines.warehouse.build_store import BuildStore, DamagedStoreError, StoreError, open_store
from pipelines.warehouse.shared_builds import BehindError, Follower, OvertakenError
from tests.conftest import TODAY, row, write_sheet, write_situation
from tests.stores import KEY, SECRET, Line, Server, run_server


def publish(data: DataDir, value: int) -> None:
    """Build here, and nowhere else."""
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=value)])
    build.build(data, today=TODAY)


def values(data: DataDir) -> list[int]:
    with published_build.open_current(data) as con:
        return [value for (value,) in con.sql("SELECT value FROM claims").fetchall()]


def open_as(environment: dict[str, str]) -> BuildStore:
    """The store as a machine with this environment sees it, asked once so that it is open."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        store = open_store()
        assert store is not None
        store.list_sizes("releases")
    return store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with run_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["bucket", "folder"])
def environment(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> dict[str, str]:
    """Of a machine: an empty place of this test's own."""
    if request.param == "bucket":
        return server.environment() | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    (tmp_path / "share").mkdir()
    return {"LIBEROMETRO_BUILDS": str(tmp_path / "share")}


@pytest.fixture
def store(environment: dict[str, str]) -> BuildStore:
    return open_as(environment)


@pytest.fixture
def place(environment: dict[str, str], server: Server) -> Path:
    """Where the store keeps its objects."""
    stated = environment["LIBEROMETRO_BUILDS"]
    return server.bucket / stated.removeprefix("s3://builds/") if "://" in stated else Path(stated)


@pytest.fixture
def reader(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "reader")


def list_snapshots(data: DataDir) -> list[str]:
    return sorted(path.name for path in data.snapshots.glob("*"))


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


def test_what_was_spoilt_in_the_store_is_sent_again(data: DataDir, store: BuildStore, place: Path) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    (there,) = place.glob("releases/*.duckdb")
    whole = there.read_bytes()
    there.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    shared_builds.send(store, data)
    assert there.read_bytes() == whole


def test_old_releases_are_removed_from_the_store_and_snapshots_stay(
    data: DataDir, store: BuildStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_builds, "KEPT_BUILDS", 2)
    (place / "releases").mkdir(parents=True, exist_ok=True)
    (place / "releases" / "somebody-elses.txt").write_text("kept", "utf-8")
    for value in (1, 2, 3, 4):
        publish(data, value)
        shared_builds.send(store, data)
    kept = sorted(path.name for path in (place / "releases").glob("0*"))
    assert [name[:9] for name in kept] == ["000000003", "000000003", "000000004", "000000004"]
    assert len(list((place / "figures").iterdir())) == 4
    assert (place / "releases" / "somebody-elses.txt").exists()
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


Spoil = Callable[[Path], object]


def _edit(place: Path, **changed: object) -> None:
    path = place / "current.json"
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | changed))


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _newest(place: Path) -> Path:
    return max(place.glob("releases/*.duckdb"))


SPOILT: dict[str, Spoil] = {
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
    "the release is cut": lambda place: _cut(_newest(place)),
    "the release is empty": lambda place: _newest(place).write_bytes(b""),
    "the release is another": lambda place: shutil.copy(min(place.glob("releases/*.duckdb")), _newest(place)),
    "the release is gone": lambda place: _newest(place).unlink(),
    "the release has bytes behind it": lambda place: _newest(place).open("ab").write(b"more"),
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
    shared_builds.send(open_as(server.environment() | stated), data)
    _cut(_newest(server.bucket / tmp_path.name))
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
    data: DataDir, reader: DataDir, store: BuildStore, place: Path
) -> None:
    for value in (1, 2, 3):
        publish(data, value)
    shared_builds.send(store, data)
    damaged = sorted((place / "figures").iterdir())[0]
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedStoreError, match=f"figures/{damaged.name[:12]}"):
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
    _cut(releases.find_named(reader).path)
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


def copy_machine(data: DataDir, name: str) -> DataDir:
    return DataDir(Path(shutil.copytree(data.root, data.root.parent / name)))


@pytest.mark.parametrize("knows_conditions", [True, False])
def test_two_machines_that_publish_at_once_end_with_one_build_and_go_on_from_it(
    data: DataDir, tmp_path: Path, server: Server, knows_conditions: bool
) -> None:
    if knows_conditions:
        store = BuildStore("memory", MemoryStore)
    else:
        store = open_as(server.environment() | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"})
    publish(data, 1)
    shared_builds.send(store, data)
    machines = [data, copy_machine(data, "second")]
    told: list[str] = []

    def work(machine: DataDir) -> None:
        try:
            shared_builds.send(store, machine)
        except OvertakenError as error:
            told.append(str(error))

    for turn in range(2):
        for number, machine in enumerate(machines):
            publish(machine, 10 + 2 * turn + number)
        threads = [threading.Thread(target=work, args=(machine,)) for machine in machines]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        reader = DataDir(data.root.parent / f"reader{turn}")
        assert Follower(store, reader).look()
        won = [machine for machine in machines if values(machine) == values(reader)]
        assert len(won) == 1
        for machine in machines:
            Follower(store, machine).look()
            assert values(machine) == values(reader)
            publish(machine, values(reader)[0])
            shared_builds.send(store, machine)
    assert all("another machine published release" in each for each in told)


def test_a_new_machine_takes_over_with_numbers_and_snapshots(data: DataDir, store: BuildStore) -> None:
    for value in (1, 2, 3):
        publish(data, value)
    shared_builds.send(store, data)
    second = DataDir(data.root.parent / "second")
    write_situation(second.root)
    assert Follower(store, second).look()
    publish(second, 4)
    assert releases.read_pointer(second).number == 4
    shared_builds.send(store, second)
    assert len(list_snapshots(second)) == 4
    publish(data, 5)
    publish(data, 6)
    publish(second, 7)
    shared_builds.send(store, data)
    with pytest.raises(OvertakenError, match="another machine published release 5"):
        shared_builds.send(store, second)


def run(data: DataDir, environment: dict[str, str], *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data.root)], env=environment)
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    for secret in (SECRET, KEY):
        assert secret not in done.output
    return done.exit_code, done.output


def test_build_sends_and_says_in_one_line_what_kept_it_from_that(
    data: DataDir, reader: DataDir, environment: dict[str, str]
) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=1)])
    away = environment | {"LIBEROMETRO_BUILDS": str(data.root / "nowhere")}
    code, told = run(data, away, "build")
    assert code == NOT_SENT
    assert len([line for line in told.splitlines() if "is published here only" in line]) == 1
    assert values(data) == [1]
    code, told = run(data, environment, "build")
    assert (code, "no input changed" in told) == (0, True)
    Follower(open_as(environment), reader).look()
    assert values(reader) == [1]


def test_a_second_machine_starts_from_what_the_first_published_and_may_not_lose_it(
    data: DataDir, environment: dict[str, str], tmp_path: Path
) -> None:
    sheet = "islandia/transcriptions/sheet.csv"
    days = [f"2026-02-{day:02}" for day in range(1, 13)]
    write_sheet(
        data.root / sheet, [row(value=900 - n, as_of=day, published=day) for n, day in enumerate(days)]
    )
    assert run(data, environment, "build")[0] == 0
    second = DataDir(tmp_path / "second")
    write_situation(second.root)
    write_sheet(second.root / sheet, [row(value=1)])
    code, told = run(second, environment, "build")
    assert (code, "another machine published" in told, "--accept-loss" in told) == (1, True, True)
    assert releases.read_pointer(second).id == releases.read_pointer(data).id
    shutil.copy(data.root / sheet, second.root / sheet)
    code, told = run(second, environment, "build")
    assert (code, "no input changed" in told) == (0, True)
    write_sheet(second.root / sheet, [row(value=1)])
    assert run(second, environment, "build", "--accept-loss")[0] == 0
    assert releases.read_pointer(second).number == 2


@pytest.mark.parametrize("place", ["s3://builds", "ftp://x/y"])
def test_build_with_a_store_that_is_none_builds_and_says_so(data: DataDir, place: str) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=1)])
    code, told = run(data, {"LIBEROMETRO_BUILDS": place, "AWS_ACCESS_KEY_ID": ""}, "build")
    assert (code, told.count("LIBEROMETRO_BUILDS")) == (NOT_SENT, 1)
    assert values(data) == [1]


def test_ingest_keeps_its_files_where_the_store_is_away(data: DataDir, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "new.csv", [row(value=9)])
    stated = {"LIBEROMETRO_BUILDS": str(tmp_path / "nowhere"), "LIBEROMETRO_DATA": str(data.root)}
    done = CliRunner().invoke(app, ["ingest", str(sheet)], env=stated)
    assert (done.exit_code, "is published here only" in done.output) == (0, True)
    assert values(data) == [9]


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
