"""What does not fit into a build's memory lies in a private folder meanwhile, and never longer."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build, published_build
from pipelines.warehouse.disclosure import attack
from tests.benchmarks.generated import figures, write_situation
from tests.conftest import TODAY

FIGURES = 15_000
LITTLE = 60_000_000  # bytes: less than a build of so many figures would hold
KILLED_WHILE_SPILLED = f"""
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, lives
data, run_file = DataDir(Path(sys.argv[1])), lives.run_file

def die_once_spilled(con, name):
    run_file(con, name)
    if any(data.build.glob(".building-*.tmp/*")):
        os.kill(os.getpid(), signal.SIGKILL)

build.LEAST_MEMORY = {LITTLE}
lives.run_file = die_once_spilled
build.build(data, today=date.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def many(tmp_path: Path) -> DataDir:
    """A situation of so many figures."""
    folder = write_situation(tmp_path / "data")
    figures(FIGURES).write_csv(folder / "transcriptions" / "sheet.csv")
    return DataDir(tmp_path / "data")


@pytest.mark.usefixtures("made_anew")
def test_what_a_build_spills_is_private_and_gone_in_the_end(
    many: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    check_shown = attack.check_shown

    def look(con: duckdb.DuckDBPyConnection) -> None:
        (folder,) = many.build.glob(".building-*.tmp")
        assert list(folder.iterdir())
        seen.append(stat.S_IMODE(many.build.stat().st_mode))
        check_shown(con)

    monkeypatch.setattr(build, "LEAST_MEMORY", LITTLE)
    monkeypatch.setattr(attack, "check_shown", look)
    build.build(many, today=TODAY)
    assert seen == [0o700]
    assert not list(many.build.glob(".building-*"))
    with published_build.open_current(many) as con:
        assert con.table("claims").count("*").fetchall() == [(FIGURES,)]


def test_what_a_killed_build_had_spilled_is_gone_with_the_next(many: DataDir) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_SPILLED, str(many.root), str(TODAY)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert list(many.build.glob(".building-*.tmp/*"))
    (many.root / "generated" / "transcriptions" / "sheet.csv").unlink()
    build.build(many, today=TODAY)
    assert not list(many.build.glob(".building-*"))
