"""More than one machine that publishes to one store: one wins, the other is told, and nothing is lost."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.cli.build import NOT_SENT
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import releases, shared_builds
from pipelines.warehouse.build_store import BuildStore
from pipelines.warehouse.shared_builds import Follower, OvertakenError
from tests.conftest import row, write_sheet, write_situation
from tests.pipelines.warehouse.machines import (
    copy_machine,
    list_snapshots,
    open_as,
    publish,
    read_whole,
    run,
    values,
)

ROUNDS = 3

SEND = """
import sys
from pathlib import Path
from pipelines.core.paths import DataDir
from pipelines.warehouse import build_store, shared_builds
shared_builds.PART_BYTES = 2_000_000
store, data = build_store.open_store(), DataDir(Path(sys.argv[1]))
store.list_sizes("releases")
print("ready", flush=True)
for _ in sys.stdin:
    try:
        shared_builds.send(store, data)
        print("won", flush=True)
    except shared_builds.OvertakenError as error:
        print(error, flush=True)
"""


@contextmanager
def start_publisher(data: DataDir, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that sends what its machine has built each time that it is told to, and says how it ended."""
    with subprocess.Popen(
        [sys.executable, "-c", SEND, str(data.root)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert read_line(process) == "ready"
        yield process
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_two_machines_that_publish_at_once_one_wins_and_the_other_goes_on_from_it(
    data: DataDir, environment: dict[str, str], store: BuildStore
) -> None:
    publish(data, 1)
    shared_builds.send(store, data)
    machines = [data, copy_machine(data, "second")]
    with start_publisher(data, environment) as one, start_publisher(machines[1], environment) as other:
        for turn in range(ROUNDS):
            stated = [10 + 2 * turn, 11 + 2 * turn]
            for machine, value in zip(machines, stated, strict=True):
                publish(machine, value)
            number = releases.read_pointer(data).number
            for process in (one, other):
                assert process.stdin is not None
                process.stdin.write("\n")
            for process in (one, other):
                assert process.stdin is not None
                process.stdin.flush()
            told = [read_line(one), read_line(other)]
            assert told.count("won") == 1, told
            won, lost = told.index("won"), 1 - told.index("won")
            assert f"another machine published release {number} " in told[lost]
            reader = DataDir(data.root.parent / f"reader{turn}")
            assert Follower(store, reader).look()
            assert values(reader) == [stated[won]]
            ours = releases.read_pointer(machines[won])
            key = f"releases/{ours.number:09d}-{ours.sha256}.duckdb"
            assert read_whole(store, key) == releases.find_named(machines[won]).path.read_bytes()
            Follower(store, machines[lost]).look()
            assert values(machines[lost]) == [stated[won]]
            publish(machines[lost], stated[lost])  # what was not published yet
            shared_builds.send(store, machines[lost])
            there = store.list_sizes("releases")
            named = {key.split(".")[0] for key in there if key.endswith(".json")}
            assert {key.split(".")[0] for key in there} == named  # nothing is left that nobody can read
            Follower(store, machines[won]).look()
            Follower(store, reader).look()
            assert values(machines[won]) == values(reader) == [stated[lost]]
    assert list_snapshots(machines[0]) == list_snapshots(machines[1])
    assert {f"{name[:12]}" for name in list_snapshots(data)} == {
        key.removeprefix("figures/")[:12] for key in store.list_sizes("figures")
    }


def test_a_server_without_conditions_gets_the_newest_back(
    data: DataDir, store: BuildStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that replaces whatever is there sees an older pointer put over a newer one."""
    publish(data, 1)
    shared_builds.send(store, data)
    second = copy_machine(data, "second")
    publish(data, 2)
    publish(second, 3)
    publish(second, 4)

    def replace(key: str, content: bytes, _version: str | None) -> bool:
        if raced:
            shared_builds.send(store, raced.pop())  # the other machine, between our look and our word
        store.write(key, content)
        return True

    raced = [second]
    monkeypatch.setitem(vars(store), "replace", replace)
    with pytest.raises(OvertakenError, match="another machine published release 3"):
        shared_builds.send(store, data)
    found = store.read("current.json", releases.POINTER_BYTES)
    assert found is not None
    assert releases.decode_pointer(found[0], "").id == releases.read_pointer(second).id


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


def test_each_command_that_builds_keeps_what_it_did_and_says_that_the_store_is_away(
    data: DataDir, tmp_path: Path
) -> None:
    sheet = write_sheet(tmp_path / "new.csv", [row(value=9)])
    away = {"LIBEROMETRO_BUILDS": str(tmp_path / "nowhere")}
    stated = away | {"LIBEROMETRO_DATA": str(data.root)}
    done = CliRunner().invoke(app, ["ingest", str(sheet)], env=stated)
    assert (done.exit_code, "is published here only" in done.output) == (NOT_SENT, True)
    assert values(data) == [9]
    for words in (("review",), ("review", "--json")):
        code, told = run(data, away, *words)
        assert (code, "is published here only" in told) == (NOT_SENT, True), words
    assert run(data, away, "status")[0] == 0  # it builds nothing
    (tmp_path / "nowhere").mkdir()
    assert run(data, away, "review")[0] == 0
