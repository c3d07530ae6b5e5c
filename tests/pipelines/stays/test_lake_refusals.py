"""What a lake lets nobody see, and what it refuses in plain words."""

import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import ROOT
from pipelines.stays.lake import check_catalogue, read_key, read_lake
from pipelines.stays.mapping import CountError
from tests.invented import PLANTED
from tests.lakes import Catalogue, open_lake
from tests.pipelines.stays.lists import HEADER, MAPPING, NAME, make_cells, write_list, write_rows
from tests.pipelines.stays.offices import BORN, Group, people


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
