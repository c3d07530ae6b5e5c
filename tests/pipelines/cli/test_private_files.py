"""What may hold a person is its owner's alone, whatever umask a command is called with."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dashboards.__main__ import app as dashboards_app
from pipelines.__main__ import app as pipelines_app
from pipelines.core import private_files
from pipelines.core.paths import ROOT, DataDir
from tests.conftest import row, write_sheet, write_situation

ARTICLE = (
    "La Lista informó el 12 de febrero de 2026 que 640 personas siguen detenidas por motivos políticos.\n"
)


@contextmanager
def called_with(umask: int) -> Iterator[None]:
    """As where whoever calls has another umask."""
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def run(app: typer.Typer, *command: str, umask: int) -> None:
    """One command, called with a umask, which it leaves as it was."""
    with called_with(umask):
        done = CliRunner().invoke(app, command)
        assert os.umask(umask) == umask
    assert done.exit_code == 0, done.output


def list_open(*places: Path) -> list[tuple[str, str]]:
    """What others have any right to, and what is executable or a folder without its owner's rights."""
    paths = [path for place in places for path in [place, *place.rglob("*")]]
    wanted = {path: 0o700 if path.is_dir() else 0o600 for path in paths}
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    return [(str(path), oct(modes[path])) for path in paths if modes[path] != wanted[path]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """A situation in which a process without any umask has read a report and built."""
    data = DataDir(tmp_path_factory.mktemp("private") / "data")
    write_sheet(write_situation(data.root) / "transcriptions" / "sheet.csv", [row()])
    article = data.root / "nota.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    command = ("read", str(article), "--published", "2026-02-12", "--publisher", "El Diario")
    subprocess.run(
        [sys.executable, "-m", "pipelines", *command, "--data-dir", str(data.root)],
        cwd=ROOT, umask=0o000, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return data


def test_reports_queue_and_builds_are_their_owners_alone(read: DataDir) -> None:
    inbox = read.situation("islandia") / "inbox"
    for kept in (inbox.glob("*.csv"), (inbox / "reports").iterdir(), read.build.glob("*.duckdb")):
        assert list(kept)
    assert list_open(inbox, read.build) == []


@pytest.mark.parametrize("command", [("status",), ("check",), ("build",), ("export", "figures")])
def test_what_an_earlier_version_left_open_is_closed_by_any_command(
    read: DataDir, command: tuple[str, ...]
) -> None:
    inbox = read.situation("islandia") / "inbox"
    for path in [inbox, read.build, *inbox.rglob("*"), *read.build.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    outside = read.root / "not-ours.txt"
    outside.touch()
    outside.chmod(0o644)
    (inbox / "reports" / "link").symlink_to(outside)
    run(pipelines_app, *command, "--data-dir", str(read.root), umask=0o022)
    (inbox / "reports" / "link").unlink()
    assert list_open(inbox, read.build) == []
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_what_was_asked_for_by_its_place_is_as_open_as_the_caller_says(
    read: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int, mode: int
) -> None:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(read.root))
    table, chart, key = tmp_path / "table.csv", tmp_path / "chart.csv", tmp_path / "key.pem"
    run(pipelines_app, "export", "claims", "--out", str(table), umask=umask)
    run(dashboards_app, "chart", "held", "--out", str(chart), umask=umask)
    run(dashboards_app, "keys", str(key), umask=umask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (table, chart, key)] == [mode, mode, 0o600]


def test_a_private_key_that_others_can_read_is_closed_when_it_is_used(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    run(dashboards_app, "keys", str(key), umask=0o000)
    key.chmod(0o644)
    run(dashboards_app, "keys", str(key), "--show", umask=0o000)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_private_file_is_private_from_its_first_byte_and_a_looser_one_is_closed(tmp_path: Path) -> None:
    with called_with(0):
        (tmp_path / "old").touch(0o666)
        for name in ("new", "old"):
            with private_files.open_private(tmp_path / name, "wb") as handle:
                assert stat.S_IMODE(os.fstat(handle.fileno()).st_mode) == 0o600
        private_files.make_folder(tmp_path / "one" / "two")
        with private_files.keep_private(), private_files.as_caller():
            (tmp_path / "mine").touch()
        assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o666
        assert os.umask(0) == 0
    assert list_open(tmp_path / "one") == []


def test_what_the_app_writes_is_its_own() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import os, app; print(oct(os.umask(0)))"],
        cwd=ROOT, umask=0o000, check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert told.stdout.split()[-1] == "0o77"
