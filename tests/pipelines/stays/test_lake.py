"""A lake as several offices use it: real PostgreSQL, real DuckLake, real processes."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import ROOT
from pipelines.core.situation import read_situation
from pipelines.stays import lake_writing
from pipelines.stays.lake import LakeRows, check_catalogue, read_key, read_lake
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import CountError, read_mapping
from pipelines.stays.tally import Rows, open_tally
from tests.attacks import killed_lakes
from tests.conftest import write_situation
from tests.invented import PLANTED
from tests.lakes import Catalogue, open_lake, run_catalogue
from tests.pipelines.stays.lists import HEADER, MAPPING, NAME, PARTS, make_cells, write_list, write_rows
from tests.pipelines.stays.naive import Stay
from tests.pipelines.stays.test_tally import ask, stays

CUT, SINCE = "2026-04-27", "2026-04-20"
BORN = date(1980, 5, 5)
OFFICES = ("north", "south")


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Catalogue]:
    with run_catalogue() as started:
        yield started


class Group:
    """A group's data folder and lake, and what its offices run."""

    def __init__(self, folder: Path, settings_file: Path, *agreed: str, mapping: str = MAPPING) -> None:
        self.folder, self.settings = folder, settings_file
        path = write_situation(folder / "data") / "situation.toml"
        path.write_text(path.read_text() + PARTS)
        (folder / "mapping.toml").write_text(mapping)
        assert self.run("lake", "create", *self.of_lake, *agreed).exit_code == 0

    @property
    def of_lake(self) -> list[str]:
        return ["--lake", str(self.settings)]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data-dir", str(self.folder / "data")])

    def words_to_write(self, path: Path, office: str) -> list[str]:
        mapping = str(self.folder / "mapping.toml")
        return ["lake", "write", str(path), *self.of_lake, "--office", office, "--mapping", mapping]

    def write(self, rows: Sequence[Stay], office: str, *words: str) -> Result:
        path = write_list(self.folder / f"{office}.csv", rows)
        return self.run(*self.words_to_write(path, office), *words)

    def count(self, path: Path, *words: str) -> Result:
        out = self.folder / "sheet.csv"
        out.unlink(missing_ok=True)
        asked = ["--mapping", str(self.folder / "mapping.toml"), "--cut", CUT, "--since", SINCE]
        return self.run("count", str(path), *asked, "--out", str(out), *words)

    def sheet(self, *words: str) -> bytes:
        """The sheet of a count of the lake."""
        done = self.count(self.settings, *words)
        assert done.exit_code == 0, done.output
        return (self.folder / "sheet.csv").read_bytes()


@pytest.fixture
def group(catalogue: Catalogue, tmp_path: Path, request: pytest.FixtureRequest) -> Group:
    name = f"lake_{abs(hash(request.node.name))}"
    return Group(tmp_path, catalogue.make_lake(name))


def people(count: int, office: str) -> list[Stay]:
    """People of one office, a third of them released."""
    found = []
    for number in range(count):
        left = date(2026, 4, 2) + timedelta(days=number % 20) if number % 3 == 0 else None
        how, sex = ("Indulto" if left else None), ("F" if number % 3 == 0 else "M")
        found.append(Stay(f"{office}{number}", date(2026, 2, 1), left, how, sex, BORN, "Norte"))
    return found


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
    assert "0 snapshots and 1 files removed" in group.run("lake", "clean", *group.of_lake).output
    assert not left.exists()
    assert all(path.exists() for path in first)
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    said = group.run("lake", "clean", *group.of_lake, "--keep-since", tomorrow).output
    assert "2 snapshots and 1 files removed" in said
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


def test_nobody_of_the_lists_is_found_anywhere(
    group: Group, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Names, numbers and ids planted in every column, the mapped ones too; looked for in all that is left."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    planted = [NAME, *NAME.split(), *(text for text, _ in PLANTED.values())]
    rows = [make_cells(each) for each in people(60, "código-")]
    for column in range(len(HEADER)):
        rows += [[*rows[0][:column], text, *rows[0][column + 1 :]] for text in planted]
    path = write_rows(elsewhere / "list.csv", rows)
    words = [*group.words_to_write(path, "north"), "--data-dir", str(group.folder / "data")]
    said = b""
    for more, code in (([], 1), (["--lenient"], 0)):
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *words, *more],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(group.folder), "HOME": str(group.folder)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        said += done.stdout + done.stderr
    name = group.settings.parent.name
    key = read_lake(group.settings).key.read_text().strip()
    with open_lake(group.settings) as (_, con):
        deciphered = con.sql("SELECT lake.stays::VARCHAR FROM lake.stays").fetchall()
        born = con.sql("SELECT count(born) FROM lake.stays").fetchall()
    assert len(deciphered) == len(rows)
    assert born[0][0] > 60  # days of birth are kept: docs/count.md says so
    everything = {
        "what was said": said,
        "the rows": repr(deciphered).encode(),
        "the catalogue": catalogue.dump(name),
        **{str(path): path.read_bytes() for path in catalogue.cluster.rglob("*") if path.is_file()},
        **{str(path): path.read_bytes() for path in group.folder.rglob("*") if path.is_file()},
        **{str(path): path.read_bytes() for path in group.settings.parent.rglob("*") if path.is_file()},
    }
    words_sought = [*planted, "código-", key[:32]]
    found = [
        f"{where}: {word}"
        for where, content in everything.items()
        for word in words_sought
        if word.encode() in content and not (word == key[:32] and where.endswith("/key"))
    ]
    assert found == []
    for day in (BORN.isoformat(), "1980-05"):  # nor is a day of birth in what DuckLake notes of each file
        assert day.encode() not in everything["the catalogue"]


def test_a_person_is_a_hash_under_the_groups_key(group: Group) -> None:
    import hashlib
    import hmac

    assert group.write(people(1, "ñ"), "north").exit_code == 0
    key = read_key(read_lake(group.settings))
    with open_lake(group.settings) as (_, con):
        (person,) = con.sql("SELECT person FROM lake.stays").fetchall()[0]
    assert person.hex == hmac.new(key, "north\nñ0".encode(), hashlib.sha256).hexdigest()[:32]


def test_the_files_say_nothing_without_the_catalogue(group: Group) -> None:
    assert group.write(people(5, "n"), "north").exit_code == 0
    for path in read_lake(group.settings).files.rglob("*.parquet"):
        with pytest.raises(duckdb.Error, match="encrypted"):
            duckdb.read_parquet(str(path)).fetchall()
        assert path.stat().st_mode & 0o077 == 0


def test_a_lake_says_plainly_what_is_wrong(group: Group) -> None:
    good = group.settings.read_text()
    secret = "-".join(("no", "secret", "at", "all"))
    for settings_text, says in (
        (good.replace("dbname", f"password={secret} dbname"), "without a password"),
        (good.replace("host='", f"host='{secret}/"), "does not answer, or does not let this user in"),
        (good.replace("dbname=", "user=postgres dbname="), "does not answer, or does not let this user in"),
        (good.replace("dbname=lake", "dbname=nolake"), "does not answer, or does not let this user in"),
        (good.split(" dbname=")[0] + ' dbname=postgres"\nfiles="files"\nkey="key"\n', "there is none yet"),
        (good.replace('key = "key"', 'key = "lake.toml"'), "a key is 64 signs"),
        (good.replace('key = "key"', 'key = "other"'), "not the key of this lake"),
        (good.replace('files = "files"', 'files = "elsewhere"'), "its files are not in"),
    ):
        group.settings.write_text(settings_text)
        (group.settings.parent / "other").write_text("00" * 32)
        done = group.write(people(5, "n"), "north")
        assert done.exit_code == 1
        assert says in done.output
        assert secret not in done.output
    group.settings.write_text(good)
    mapping = group.folder / "mapping.toml"
    mapping.write_text(MAPPING.replace('"stays"', '"placements"\ngap_hours = 2'))
    assert "its grain is stays, the mapping's placements" in group.write(people(5, "n"), "north").output
    assert "its grain is stays, the mapping's placements" in group.count(group.settings).output
    assert "another grain, ids or key" in group.run("lake", "create", *group.of_lake, "--shared-ids").output
    assert group.run(*group.words_to_write(mapping, "No One")).exit_code == 2
    plain = group.count(write_list(group.folder / "list.csv", people(5, "n")), "--as-of", "1")
    assert "--as-of: only a lake has snapshots" in plain.output


def test_a_folder_with_files_of_others_is_no_lakes(group: Group, catalogue: Catalogue) -> None:
    """`clean` deletes what its catalogue does not know: two lakes in one folder would delete each other."""
    other = catalogue.make_lake("lake_beside")
    for files in (read_lake(group.settings).files, other.parent / "lists"):
        files.mkdir(exist_ok=True)
        (files / "list.parquet").touch()
        settings_text = other.read_text().replace('files = "files"', f'files = "{files}"')
        (other.parent / "wrong.toml").write_text(settings_text)
        done = group.run("lake", "create", "--lake", str(other.parent / "wrong.toml"))
        assert "holds files of another lake or list; name an empty folder" in done.output
        assert group.run("lake", "clean", "--lake", str(other.parent / "wrong.toml")).exit_code == 1
        assert (files / "list.parquet").exists()


def test_a_user_with_a_password_and_no_other_rights_can_write(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "-".join(("a", "pass", "of", "words"))
    settings_file = catalogue.make_lake("lake_of_a_user")
    catalogue.ask(f"CREATE ROLE office LOGIN PASSWORD '{secret}'")
    catalogue.ask("ALTER DATABASE lake_of_a_user OWNER TO office")
    rules = Path(catalogue.ask("SHOW hba_file"))
    rules.write_text(f"local lake_of_a_user office scram-sha-256\n{rules.read_text()}")
    catalogue.ask("SELECT pg_reload_conf()")
    settings_file.write_text(settings_file.read_text().replace("dbname=", "user=office dbname="))
    monkeypatch.setenv("PGPASSWORD", f"{secret} or not")
    refused = CliRunner().invoke(app, ["lake", "create", "--lake", str(settings_file)])
    assert "does not let this user in" in refused.output
    assert secret not in refused.output
    monkeypatch.setenv("PGPASSWORD", secret)
    group = Group(tmp_path, settings_file)
    assert group.write(people(5, "n"), "north").exit_code == 0
    assert group.sheet()


def test_a_catalogue_that_may_lose_rows_is_refused(group: Group, catalogue: Catalogue) -> None:
    name = group.settings.parent.name
    catalogue.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    assert "may lose what it acknowledged: set synchronous_commit = on" in group.write([], "north").output
    said = {"lc_messages": "C", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    check_catalogue({**said, "lc_messages": "C.UTF-8"})
    for weak in ({"lc_messages": "es_ES.UTF-8"}, {"fsync": "off"}, {"full_page_writes": "off"}):
        with pytest.raises(CountError, match="its PostgreSQL"):
            check_catalogue(said | weak)


def test_without_the_extra_the_command_says_what_to_install(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.stays.lake.find_spec", lambda _: None)
    assert "install the extra" in group.write([], "north").output
