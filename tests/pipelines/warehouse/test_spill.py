"""What does not fit into a build's memory lies in a private folder meanwhile, and never longer."""

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build, lives, published_build
from tests.conftest import TODAY, row, write_sheet

SPILL = """
SET memory_limit = '60MB';
CREATE TEMP TABLE large AS SELECT range AS number, md5(range::VARCHAR) AS print FROM range(2_000_000);
"""
KILLED_WHILE_SPILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, lives

def work_out(con):
    con.execute(sys.argv[3])
    os.kill(os.getpid(), signal.SIGKILL)

lives.work_out = work_out
build.build(DataDir(Path(sys.argv[1])), today=date.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def sheet(data: DataDir) -> Path:
    return write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row()])


@pytest.mark.usefixtures("made_anew", "sheet")
def test_what_a_build_spills_lies_in_its_folder_and_is_gone_in_the_end(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    spilled: list[Path] = []
    work_out = lives.work_out

    def spill(con: duckdb.DuckDBPyConnection) -> None:
        con.execute(SPILL)
        spilled.extend(data.build.glob(".building-*.tmp/*"))
        con.execute("SET memory_limit = '1GB'")
        work_out(con)

    monkeypatch.setattr(lives, "work_out", spill)
    build.build(data, today=TODAY)
    assert spilled
    assert not list(data.build.glob(".building-*"))
    with published_build.open_current(data) as con:
        assert con.table("claims").count("*").fetchall() == [(1,)]


def test_what_a_killed_build_had_spilled_is_gone_with_the_next(data: DataDir, sheet: Path) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_SPILLED, str(data.root), str(TODAY), SPILL]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert [path for path in data.build.glob(".building-*.tmp/*") if path.stat().st_size]
    write_sheet(sheet, [row(value=7)])
    build.build(data, today=TODAY)
    assert not list(data.build.glob(".building-*"))


def test_a_build_may_hold_more_memory_the_more_it_reads_but_not_all(
    data: DataDir, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def allowed() -> str:
        return str(build._configure(data.build / "x.duckdb", build.list_inputs(data))["memory_limit"])

    assert allowed() == f"{build.LEAST_MEMORY // 10**6}MB"
    read = sum(each.path.stat().st_size for each in build.list_inputs(data))
    monkeypatch.setattr(build, "LEAST_MEMORY", 1)
    monkeypatch.setattr(build, "MEMORY_OF_INPUT", 10**5)
    assert allowed() == f"{read // 10}MB"
    monkeypatch.setattr(build, "MOST_MEMORY", 50_000_000)
    assert allowed() == "50MB"
    sheet.unlink()
    sheet.symlink_to("nowhere.csv")
    assert allowed().endswith("MB")
