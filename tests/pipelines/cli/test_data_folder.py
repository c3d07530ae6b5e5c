"""Which data folder the commands work in: the one named on the line, else the one that the app serves."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.queries import database
from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from tests.conftest import GOOD_ROW, write_sheet

run = CliRunner()


def test_build_works_in_the_folder_that_the_app_serves(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [GOOD_ROW])
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    assert run.invoke(app, ["build"]).exit_code == 0
    assert database.find_data_dir().pointer == data.pointer
    assert data.pointer.is_file()


def test_a_folder_on_the_line_is_taken_before_the_one_of_the_environment(
    data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(tmp_path / "nowhere"))
    assert "nowhere" in run.invoke(app, ["build"]).output
    assert "nowhere" not in run.invoke(app, ["build", "--data-dir", str(data.root)]).output


def test_a_relative_folder_of_the_environment_is_one_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIBEROMETRO_DATA", "no-such-folder")
    there = ROOT / "no-such-folder"
    assert str(there) in run.invoke(app, ["build"]).output.replace("\n", "")
    assert database.find_data_dir().root == there
    assert str(there) not in run.invoke(app, ["build", "--data-dir", "no-such-folder"]).output
