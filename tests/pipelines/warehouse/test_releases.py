"""A damaged release or pointer: readers get the last good release, `status` says so, a build mends it."""

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import duckdb
import msgspec
import pytest
from typer.testing import CliRunner

from dashboards.queries import database
from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, build_pointer, published_build, releases
from tests.attacks import damaged_releases
from tests.conftest import TODAY, row, write_sheet, write_situation

Damage = Callable[[Path], object]


def fill(data: DataDir, value: int) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=value)])


def values(data: DataDir) -> list[int]:
    with published_build.open_current(data) as con:
        return [value for (value,) in con.sql("SELECT value FROM claims").fetchall()]


def run(data: DataDir, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data.root)])
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose first release says 1, and its second, the current one, 2."""
    data = DataDir(tmp_path_factory.mktemp("releases") / "data")
    write_situation(data.root)
    for value in (1, 2):
        fill(data, value)
        build.build(data, today=date.today())
    return data.root


@pytest.fixture
def two(two_releases: Path, tmp_path: Path) -> DataDir:
    return DataDir(Path(shutil.copytree(two_releases, tmp_path / "data")))


def flip(path: Path) -> None:
    """One byte in the middle; size and times stay."""
    info = path.stat()
    with path.open("r+b") as file:
        file.seek(info.st_size // 2)
        byte = file.read(1)[0]
        file.seek(info.st_size // 2)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


def write_otherwise(path: Path) -> None:
    """Rows changed by a program that knows DuckDB: every checksum is right."""
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE claims_stored SET value = 77")


def delete_rows(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("DELETE FROM claims_stored")


def put_foreign_database(path: Path) -> None:
    path.unlink()
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE claims (value INTEGER)")


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x")


def put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_link(path: Path) -> None:
    moved = path.with_name(f"moved-{path.name}")
    path.rename(moved)
    path.symlink_to(moved.name)


DAMAGE: dict[str, Damage] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "last byte gone": lambda path: os.truncate(path, path.stat().st_size - 1),
    "longer": lambda path: os.truncate(path, path.stat().st_size + 4096),
    "one bit": flip,
    "text": lambda path: path.write_text("not a database\n" * 1000),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "rows changed": write_otherwise,
    "rows gone": delete_rows,
    "another database": put_foreign_database,
    "a folder": put_folder,
    "a pipe": put_pipe,
    "a link": put_link,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_readers_get_the_last_good_release_until_a_build_mends_the_damaged_one(
    two: DataDir, damage: str
) -> None:
    assert values(two) == [2]
    DAMAGE[damage](published_build.find_current(two).path)
    assert values(two) == [1]
    code, said = run(two, "status")
    assert code == 1
    assert "damaged" in said
    assert "python -m pipelines build" in said
    assert run(two, "build")[0] == 0
    assert values(two) == [2]
    assert published_build.list_faults(two) == []
    assert run(two, "status")[0] == 0


POINTERS: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{",
    "zeros": bytes(4096),
    "no text": b"\xff\xfe\x80\x81",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "nested": b"[" * 30_000,
    "nested in a key": b'{"other": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "huge": b'{"id": "' + b"a" * 5_000_000 + b'"}',
    "an earlier version's": b'{"id": "0123456789ab", "file": "liberometro-0123456789ab.duckdb"}',
}
CHANGED: dict[str, dict[str, object]] = {
    "file is a number": {"file": 5},
    "file is null": {"file": None},
    "file leads out": {"file": "../../etc/passwd"},
    "file is absolute": {"file": "/etc/passwd"},
    "file holds a zero byte": {"file": "liberometro-0123456789ab.duckdb\0"},
    "file is a folder": {"file": "figures"},
    "file is not there": {"file": "liberometro-0123456789ab.duckdb"},
    "id is a list": {"id": ["x"]},
    "id is another": {"id": "0123456789ab"},
    "number is huge": {"number": 10**40},
    "number is a text": {"number": "3"},
    "number is below one": {"number": 0},
    "size is wrong": {"size": 1},
    "sha256 is wrong": {"sha256": "0" * 64},
    "built_at is no moment": {"built_at": "yesterday"},
    "built_at has no zone": {"built_at": "2026-01-01T00:00:00"},
    "recheck_from is a number": {"recheck_from": 20260101},
}


@pytest.mark.parametrize("name", [*POINTERS, *CHANGED])
def test_whatever_lies_in_the_pointer_readers_get_the_newest_release_and_a_build_mends_it(
    two: DataDir, name: str
) -> None:
    stated = msgspec.json.decode(two.pointer.read_bytes())
    content = POINTERS.get(name) or msgspec.json.encode({**stated, **CHANGED.get(name, {})})
    two.pointer.write_bytes(b"" if name == "empty" else content)
    assert values(two) == [2]
    assert published_build.check_build(two).faults
    code, said = run(two, "status")
    assert (code, "current.json" in said or "liberometro-" in said) == (1, True)
    assert len(said) < 20_000
    if name in {"empty", "nested", "number is huge", "file leads out", "file is not there"}:
        assert run(two, "build")[0] == 0
        assert published_build.list_faults(two) == []
        assert values(two) == [2]


@pytest.mark.parametrize("put", [put_folder, put_pipe, put_link])
def test_a_pointer_that_is_no_file_is_mended(two: DataDir, put: Damage) -> None:
    put(two.pointer)
    assert values(two) == [2]
    assert run(two, "status")[0] == 1
    assert run(two, "build")[0] == 0
    assert two.pointer.is_file()
    assert not two.pointer.is_symlink()
    assert published_build.list_faults(two) == []


def test_where_all_is_damaged_a_reader_is_told_and_a_build_makes_it_anew(two: DataDir) -> None:
    for path in [*two.build.glob("*.duckdb"), two.pointer]:
        path.write_bytes(b"damaged")
    with pytest.raises(published_build.NoBuildError, match="python -m pipelines build"):
        published_build.find_current(two)
    assert run(two, "status")[0] == 1
    assert run(two, "build")[0] == 0
    assert values(two) == [2]
    assert published_build.list_faults(two) == []
    assert len(list(two.build.glob("*.duckdb"))) == 1


def test_a_reader_that_has_a_damaged_file_open_reads_the_mended_one(
    two: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process a file of the same name would still be the old one, as long as it is open."""
    monkeypatch.setenv("LIBEROMETRO_DATA", str(two.root))
    before = database.find_current_build()
    database.open_connection(before)
    os.truncate(before.path, 300_000)
    assert run(two, "build")[0] == 0
    after = database.find_current_build()
    assert after.path != before.path
    assert database.open_connection(after).cursor().sql("SELECT value FROM claims").fetchall() == [(2,)]


def test_a_damaged_snapshot_of_the_current_build_is_written_anew(two: DataDir) -> None:
    snapshot = two.snapshots / f"{published_build.find_current(two).id}.parquet"
    whole = snapshot.read_bytes()
    for content in (b"", whole[: len(whole) // 2], b"text"):
        snapshot.write_bytes(content)
        code, said = run(two, "status")
        assert (code, snapshot.name in said) == (1, True)
        assert run(two, "build")[0] == 0
        assert run(two, "status")[0] == 0
    assert not list(two.snapshots.glob("*.new"))


def test_what_a_killed_process_left_beside_the_releases_is_swept(two: DataDir) -> None:
    current = published_build.find_current(two).path
    for name in (
        f"{current.name}.wal",
        f"{current.name}.tmp",
        ".building-x-1.duckdb",
        ".building-x-1.duckdb.wal",
        "current.json.new",
    ):
        (two.build / name).write_bytes(b"left over")
    (two.snapshots / "x.new").write_bytes(b"left over")
    assert values(two) == [1]  # a log of writes beside a release would be taken as part of it
    assert run(two, "build")[0] == 0
    assert values(two) == [2]
    left = {path.suffix for folder in (two.build, two.snapshots) for path in folder.iterdir()}
    assert left == {".duckdb", ".json", "", ".parquet"}


@pytest.mark.parametrize("put", [put_folder, put_pipe])
def test_what_stands_in_place_of_the_lock_never_makes_a_build_wait_for_ever(
    two: DataDir, put: Damage
) -> None:
    put(two.build / ".lock")
    code, said = run(two, "build")
    assert code == (1 if put is put_folder else 0), said


def test_no_damage_by_chance_passes_as_whole_or_takes_the_process_down(tmp_path: Path) -> None:
    seen, wrong = damaged_releases.attack(tmp_path / "data", rounds=40, seed=1)
    assert not wrong
    assert seen["refused"] >= 20


# --- order --------------------------------------------------------------------------------------------------


def test_releases_are_ordered_by_what_they_say_and_not_by_the_times_of_their_files(two: DataDir) -> None:
    older, newer = (path for _, path in reversed(releases.list_releases(two)))
    os.utime(older, (2_000_000_000, 2_000_000_000))
    os.utime(newer, (1, 1))
    two.pointer.unlink()
    assert values(two) == [2]
    fill(two, 3)
    build.build(two, today=date.today())
    assert [number for number, _ in releases.list_releases(two)] == [3, 2, 1]


def test_a_release_that_an_earlier_version_sealed_has_its_number_as_well(two: DataDir) -> None:
    path = releases.find_named(two).path
    held = path.read_bytes()
    blocks = held[: held.rindex(b"\nliberometro release 2 ")]
    path.write_bytes(blocks + b"\nliberometro sha256 " + hashlib.sha256(blocks).hexdigest().encode())
    assert [number for number, _ in releases.list_releases(two)] == [2, 1]
    two.pointer.unlink()
    assert values(two) == [2]


def test_a_release_under_the_name_of_another_has_no_number(two: DataDir) -> None:
    path = releases.find_named(two).path
    path.rename(path.with_name("liberometro-0123456789ab.duckdb"))
    assert [number for number, _ in releases.list_releases(two)] == [1, 0]


def test_numbers_grow_where_the_clock_goes_back(two: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = SimpleNamespace(now=lambda zone: datetime(2001, 1, 1, tzinfo=zone))
    monkeypatch.setattr(build_pointer, "datetime", long_ago)
    fill(two, 3)
    build.build(two, today=date.today())
    assert releases.find_named(two).record.built_at == datetime(2001, 1, 1, tzinfo=UTC)
    two.pointer.unlink()
    assert values(two) == [3]


def test_pruning_leaves_what_the_pointer_names_and_what_was_just_published(
    two: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = min(releases.list_releases(two))[1]
    pointed = releases.check_release(first).record
    size, digest = first.stat().st_size, releases.hash_file(first)
    stated = {**msgspec.structs.asdict(pointed), "file": first.name, "size": size, "sha256": digest}
    two.pointer.write_bytes(msgspec.json.encode(releases.Pointer(**stated)))
    monkeypatch.setattr(build_pointer, "KEPT_BUILDS", 1)
    build_pointer.prune(two)
    assert first.exists()
    assert values(two) == [1]
    for value in (3, 4):
        fill(two, value)
        new = build.build(two, today=date.today()).build
        for path in two.build.glob("*.duckdb"):
            os.utime(path, (1, 1) if path == new.path else None)
        assert new.path.exists()
        assert values(two) == [value]


def test_a_release_of_another_folder_under_our_name_is_not_ours(two: DataDir, tmp_path: Path) -> None:
    other = DataDir(tmp_path / "other")
    write_situation(other.root)
    fill(other, 99)
    foreign = build.build(other, today=TODAY).build.path
    ours = published_build.find_current(two).path
    shutil.copyfile(foreign, ours)
    assert values(two) == [1]


# --- what `check_build` says of it --------------------------------------------------------------------------


def test_health_tells_the_age_of_the_build_and_of_its_data(two: DataDir) -> None:
    built_at = datetime.fromisoformat(published_build.find_current(two).built_at)
    health = published_build.check_build(two, built_at + timedelta(hours=3))
    assert (health.age, health.newest_published, health.faults) == (
        timedelta(hours=3), date(2026, 1, 5), (),
    )  # fmt: skip
    published_build.find_current(two).path.unlink()
    health = published_build.check_build(two)
    assert health.build is not None
    assert "no such file" in health.faults[0]
    shutil.rmtree(two.build)
    assert published_build.check_build(two).build is None


def test_looking_again_at_a_release_that_nobody_touched_reads_nothing(
    two: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_build.find_current(two)

    def read_again(path: Path) -> str:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(releases, "hash_file", read_again)
    path = published_build.find_current(two).path
    os.utime(path)
    with pytest.raises(AssertionError, match="was read again"):
        published_build.find_current(two)
