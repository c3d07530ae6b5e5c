"""A lake as several offices use it: real PostgreSQL, real DuckLake, real processes."""

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.core.situation import read_situation
from pipelines.stays import lake_writing
from pipelines.stays.lake import LakeRows, read_lake
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import read_mapping
from pipelines.stays.tally import Rows, open_tally
from tests.attacks import killed_lakes
from tests.lakes import Catalogue, open_lake
from tests.pipelines.stays.lists import MAPPING, write_list
from tests.pipelines.stays.naive import Stay
from tests.pipelines.stays.offices import OFFICES, Group, people
from tests.pipelines.stays.test_tally import ask, stays

LISTS = st.tuples(*(st.lists(stays(), max_size=15) for _ in OFFICES))


@pytest.mark.parametrize("kind", ["own", "shared", "placements"])
def test_a_lake_counts_as_one_file_of_the_same_rows(catalogue: Catalogue, tmp_path: Path, kind: str) -> None:
    """Mistakes too, within one list and over two, whether a code is one person in both or not."""
    is_shared, mapping = kind != "own", MAPPING
    agreed = ["--shared-ids"] if is_shared else []
    if kind == "placements":
        agreed += ["--grain", "placements"]
        mapping = MAPPING.replace('"stays"', '"placements"\ngap_hours = 48\nstay = "Motivo"')
    group = Group(tmp_path, catalogue.make_lake(kind), *agreed, mapping=mapping)

    situation = read_situation(tmp_path / "data" / "islandia")
    known = read_mapping(tmp_path / "mapping.toml", situation)

    def count(rows: Rows) -> list[object]:
        with open_tally(rows, known, situation, ask(), tmp_path / "private") as tally:
            faults = Counter[str]()
            for each in tally.read_mistakes():
                faults[each.fault] += each.rows
            told = [tally.read_cells().rows(), tally.read_durations(), tally.read_gaps(), tally.count_late()]
            return [*told, faults]

    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(lists=LISTS)
    def check(lists: tuple[list[Stay], ...]) -> None:
        together = []
        for office, rows in zip(OFFICES, lists, strict=True):
            assert group.write(rows, office, "--lenient").exit_code == 0
            together += rows if is_shared else [replace(row, person=f"{office} {row.person}") for row in rows]
        path = write_list(tmp_path / "together.csv", together)
        assert count(LakeRows(group.settings, None)) == count(ListFile(path))

    check()


def test_a_lake_that_nobody_has_written_to_is_refused_like_a_list_without_rows(group: Group) -> None:
    refused = group.count(group.settings)
    assert refused.exit_code == 1
    assert "lake.toml: it has no rows" in refused.output


def test_a_list_is_judged_as_by_count_and_a_mistake_names_its_office(group: Group) -> None:
    rows = people(9, "n")
    assert group.write(people(6, "s"), "south").exit_code == 0
    refused = group.write([*rows, rows[4]], "north")
    assert refused.exit_code == 1
    assert "north.csv: twice: 1 row: 11" in refused.output
    assert group.write([*rows, rows[4]], "north", "--lenient").exit_code == 0
    counted = group.count(group.settings)
    assert counted.exit_code == 1
    assert "lake.toml: north: twice: 1 row: 11" in counted.output
    assert "15 rows" not in counted.output
    said = group.count(group.settings, "--lenient").output
    assert "16 rows of stays" in said
    assert "snapshot 3: north, south" in said


def test_a_count_of_an_old_snapshot_says_byte_for_byte_what_it_said(group: Group) -> None:
    said = {}
    for number in range(1, 4):
        office = OFFICES[number % 2]
        written = json.loads(group.write(people(20 * number, office), office, "--json").output)
        said[written["number"], written["moment"]] = group.sheet()
    assert len(set(said.values())) == 3
    for (number, moment), sheet in said.items():
        assert group.sheet("--as-of", str(number)) == sheet
        assert group.sheet("--as-of", moment.replace(" ", "T")) == sheet
    assert group.sheet("--as-of", datetime.now(UTC).date().isoformat()) == sheet
    listed = group.run("lake", "snapshots", *group.of_lake).output.splitlines()
    assert [line.split("Z  ")[1] for line in listed] == [
        "made", "south, 20 rows", "north, 40 rows", "south, 60 rows",
    ]  # fmt: skip


@pytest.mark.parametrize("as_of", ["99", "2019-01-01", "2019-01-01T10:00", "yesterday"])
def test_a_snapshot_that_is_not_there_is_refused(group: Group, as_of: str) -> None:
    done = group.count(group.settings, "--as-of", as_of)
    assert done.exit_code == 1
    assert "--as-of" in done.output
    assert isinstance(done.exception, SystemExit)


def test_several_offices_write_at_once(group: Group) -> None:
    """Nine writes of three offices from processes of their own: each is acknowledged and is a snapshot."""

    def write(number: int) -> tuple[str, int, int]:
        office, rows = f"office{number % 3}", 10 + number
        path = write_list(group.folder / f"{rows}.csv", people(rows, office))
        words = [*group.words_to_write(path, office), "--data-dir", str(group.folder / "data"), "--json"]
        code, said = killed_lakes.Command(*words).wait()
        assert code == 0, said
        return office, rows, json.loads(said)["number"]

    with ThreadPoolExecutor(3) as together:
        written = list(together.map(write, range(9)))
    assert len({number for _, _, number in written}) == len(written)
    with open_lake(group.settings) as (_, con):
        for office, rows, number in written:
            kept = con.sql(f"FROM lake.stays AT (VERSION => {number})").filter(f"office = '{office}'")
            assert kept.aggregate("count(*), count(DISTINCT person)").fetchall() == [(rows, rows)]


def test_who_has_to_wait_is_told_and_gives_up_in_time(group: Group) -> None:
    with open_lake(group.settings) as (_, con), lake_writing.only_writer(con, 5, print):
        done = group.write(people(5, "n"), "north", "--wait", "0.3")
    assert done.exit_code == 1
    assert "another office is writing; waiting for it" in done.output
    assert "another office has been writing for 0.3 s; nothing was written" in done.output
    assert group.write(people(5, "n"), "north", "--wait", "0").exit_code == 0


def test_who_lost_the_lock_writes_nothing(
    group: Group, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = lake_writing._sync_new

    def lose_the_lock(*arguments: object) -> None:
        sync(*arguments)  # type: ignore[arg-type]
        catalogue.ask("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")

    assert group.write(people(5, "n"), "north").exit_code == 0
    monkeypatch.setattr(lake_writing, "_sync_new", lose_the_lock)
    assert "the lock was lost; nothing was written" in group.write(people(9, "n"), "north").output
    with open_lake(group.settings) as (_, con):
        assert con.execute("SELECT count(*) FROM lake.stays").fetchone() == (5,)


def test_files_are_on_the_disk_before_the_catalogue_names_them(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, real = set(), os.fsync

    def watch(handle: int) -> None:
        synced.add(Path(f"/proc/self/fd/{handle}").readlink())
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    assert group.write(people(5, "n"), "north").exit_code == 0
    files = read_lake(group.settings).files
    assert {path for path in files.rglob("*.parquet") if "stays" in str(path)} <= synced
    assert {files, files / "main", files / "main" / "stays"} <= synced


def test_what_killed_writers_left_and_what_is_forgotten_is_removed(group: Group) -> None:
    files = read_lake(group.settings).files
    assert group.write(people(9, "n"), "north").exit_code == 0
    first = {path for path in files.rglob("*.parquet") if "stays" in str(path)}
    assert group.write(people(12, "n"), "north").exit_code == 0
    sheet = group.sheet()
    left = files / "main" / "stays" / "ducklake-left.parquet"
    left.write_bytes(b"PAR1")
    os.utime(left, (0, 0))
    assert "0 snapshots and 1 file removed" in group.run("lake", "clean", *group.of_lake).output
    assert not left.exists()
    assert all(path.exists() for path in first)
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    said = group.run("lake", "clean", *group.of_lake, "--keep-since", tomorrow).output
    assert "2 snapshots and 1 file removed" in said
    assert not any(path.exists() for path in first)
    assert group.sheet() == sheet
    assert group.count(group.settings, "--as-of", "2").exit_code == 1


def test_killed_at_any_moment_nothing_acknowledged_is_lost() -> None:
    seen, wrong = killed_lakes.attack(rounds=6, seed=5)
    assert wrong == []
    assert {what.partition(":")[0] for what in seen} >= {"the writer", "the catalogue", "a reader", "nobody"}


def test_the_command_of_the_documentation_may_be_given_again(catalogue: Catalogue) -> None:
    key = (catalogue.folder / "key").read_text()
    assert "is there" in catalogue.start()
    catalogue.kill()
    assert "is there" in catalogue.start()
    assert (catalogue.folder / "key").read_text() == key
