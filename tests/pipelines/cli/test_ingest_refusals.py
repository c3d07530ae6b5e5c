"""An `ingest` that does not end well leaves no file behind and says why, whatever it was given."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.conftest import row, write_sheet


def run(data: DataDir, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data.root)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def kept(data: DataDir) -> list[str]:
    return sorted(path.name for path in (data.situation("islandia") / "transcriptions").iterdir())


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_sheet(path: Path) -> None:
    write_sheet(path, [row()])


REFUSED: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "hidden": (".hidden.csv", make_sheet, "hidden"),
    "two dots": ("..csv", make_sheet, "hidden"),
    "line end": ("a\nb.csv", make_sheet, "a\\nb.csv"),
    "control character": ("a\x1b[2Jb.csv", make_sheet, "control character"),
    "no text": (os.fsdecode(b"a\xff.csv"), make_sheet, "control character"),
    "too long": ("a" * 240 + ".csv", make_sheet, "longer than"),
    "folder": ("folder.csv", Path.mkdir, "folder"),
    "pipe": ("pipe.csv", make_pipe, "pipe"),
    "dangling link": ("link.csv", lambda path: path.symlink_to("nowhere"), "no such file"),
    "link to itself": ("loop.csv", make_loop, "loop.csv"),
    "missing": ("missing.csv", lambda _: None, "no such file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_kept_is_refused_by_name(data: DataDir, tmp_path: Path, case: str) -> None:
    name, make, said = REFUSED[case]
    (tmp_path / "in").mkdir()
    make(tmp_path / "in" / name)
    code, output = run(data, "ingest", str(tmp_path / "in" / name))
    assert (code, kept(data)) == (1, []), output
    assert said in output.replace("\n", "")
    assert "\x1b[2J" not in output


def add_mapping(data: DataDir) -> None:
    """Let the situation have a mapping, which reads nothing of what these tests bring."""
    folder = data.situation("islandia") / "mappings"
    folder.mkdir()
    own = ROOT / "data" / "us_immigration_detention" / "mappings" / "ice-detention-statistics.toml"
    shutil.copy(own, folder)


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("name", ["text.txt", "page.html"])
def test_prose_is_pointed_to_the_command_that_reads_it(
    data: DataDir, tmp_path: Path, name: str, mapped: bool
) -> None:
    if mapped:
        add_mapping(data)
    (tmp_path / name).write_text("<p>The group says that 12 people were released on 3 May.</p>\n" * 9)
    code, output = run(data, "ingest", str(tmp_path / name))
    assert (code, kept(data)) == (1, []), output
    assert f"pipelines read {tmp_path / name} --published" in output.replace("\n", "")


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize(
    "head", ["Código,Nombre,Fecha de ingreso", "Z0,Zulmara Quintevar,01/01/2026", "Lista de 2026,,"]
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_list_of_people_is_not_kept_and_no_word_of_it_is_said(
    data: DataDir, tmp_path: Path, suffix: str, head: str, mapped: bool
) -> None:
    if mapped:
        add_mapping(data)
    path = tmp_path / f"lista.{suffix}"
    rows = [head.split(","), *(["Z1", "Zulmara Quintevar", "02/01/2026"] for _ in range(9))]
    if suffix == "csv":
        path.write_text("\n".join(map(",".join, rows)))
    else:
        book = openpyxl.Workbook()
        for cells in rows:
            book.active.append(cells)
        book.save(path)
    code, output = run(data, "ingest", str(path))
    assert (code, kept(data)) == (1, []), output
    assert "Zulmara" not in output
    assert "Quintevar" not in output


def test_a_device_is_refused(data: DataDir) -> None:
    assert run(data, "ingest", "/dev/zero")[0] == 1
    assert kept(data) == []


def test_a_link_to_a_sheet_is_copied_as_the_sheet(data: DataDir, tmp_path: Path) -> None:
    make_sheet(tmp_path / "sheet.csv")
    (tmp_path / "link.csv").symlink_to("sheet.csv")
    assert run(data, "ingest", str(tmp_path / "link.csv"))[0] == 0
    assert kept(data) == ["link.csv"]
    assert not (data.situation("islandia") / "transcriptions" / "link.csv").is_symlink()


@pytest.mark.parametrize(
    "error",
    [
        build.BuildError("stopped"),
        ValueError("unforeseen"),
        MemoryError(),
        KeyboardInterrupt(),
        SystemExit(3),
    ],
)
def test_whatever_stops_the_build_the_new_file_is_taken_away_and_the_old_ones_stay(
    data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    make_sheet(data.situation("islandia") / "transcriptions" / "old.csv")
    write_sheet(tmp_path / "new.csv", [row(value=9)])

    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(build, "_build", stop)
    code, output = run(data, "ingest", str(tmp_path / "new.csv"))
    assert code != 0
    assert "were not kept" in output
    assert kept(data) == ["old.csv"]


def test_broken_settings_stop_an_ingest_with_a_message(data: DataDir, tmp_path: Path) -> None:
    make_sheet(tmp_path / "new.csv")
    for name in ("organisations.toml", "situation.toml", "corrections.toml"):
        path = data.situation("islandia") / name
        before = path.read_bytes() if path.exists() else None
        for content in (b"= = =", b"\xff\xfe", b"a = " + b"[" * 5_000):
            path.write_bytes(content)
            code, output = run(data, "ingest", str(tmp_path / "new.csv"))
            assert (code, name in output, kept(data)) == (1, True, []), output
        path.unlink() if before is None else path.write_bytes(before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_ingest_that_is_told_to_stop_leaves_nothing(data: DataDir, tmp_path: Path, number: int) -> None:
    make_sheet(data.situation("islandia") / "transcriptions" / "old.csv")
    write_sheet(tmp_path / "new.csv", [row(value=n, as_of="2025-01-01") for n in range(20_000)])
    command = [sys.executable, "-m", "pipelines", "ingest", str(tmp_path / "new.csv")]
    child = subprocess.Popen(
        [*command, "--data-dir", str(data.root)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while kept(data) == ["old.csv"] and child.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    child.send_signal(number)
    said = child.communicate(timeout=60)[1]
    assert child.returncode not in (0, -number), said
    assert kept(data) == ["old.csv"]
    assert "Traceback" not in said
    assert not list(data.build.glob(".building-*"))


@pytest.fixture
def locked(data: DataDir, tmp_path: Path) -> Iterator[DataDir]:
    """A data folder with one sheet and a build; what is locked in it is unlocked again at the end."""
    make_sheet(data.situation("islandia") / "transcriptions" / "old.csv")
    write_sheet(tmp_path / "new.csv", [row(value=9)])
    assert run(data, "build")[0] == 0
    yield data
    for path in [data.root, *data.root.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def run_bound(data: DataDir, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own that modes bind: without the rights of root to ignore them."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *words, "--data-dir", str(data.root)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, preexec_fn=_give_up_rights,
    )  # fmt: skip


def _give_up_rights() -> None:
    if os.getuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert libc.prctl(24, capability, 0, 0, 0) == 0  # PR_CAPBSET_DROP


@pytest.mark.parametrize("folder", ["islandia/transcriptions", "build", "."])
def test_a_folder_that_may_not_be_written_is_a_message(locked: DataDir, folder: str) -> None:
    (locked.root / folder).chmod(0o555)
    if folder == ".":
        for path in locked.root.rglob("*"):
            path.chmod(0o555)
    done = run_bound(locked, "ingest", str(locked.root.parent / "new.csv"))
    assert (done.returncode, kept(locked)) == (1, ["old.csv"]), done.stderr
    assert "Traceback" not in done.stderr
    assert "Permission denied" in done.stderr
    assert run_bound(locked, "status").returncode == 0


def test_a_sheet_that_may_not_be_read_is_quarantined_and_the_others_count(locked: DataDir) -> None:
    sheets = locked.situation("islandia") / "transcriptions"
    write_sheet(sheets / "secret.csv", [row(value=9)]).chmod(0)
    done = run_bound(locked, "build")
    assert done.returncode == 0, done.stderr
    told = run(locked, "export", "quarantine")[1]
    assert "secret.csv" in told
    assert "Permission denied" in told
    assert run(locked, "export", "claims")[1].count("El Diario") == 1
