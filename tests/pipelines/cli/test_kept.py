"""`status` shows how much is kept of each kind beside its limit; above one a person is told, that is all."""

import json

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core import retention
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, build_pointer
from tests.conftest import TODAY, row, write_sheet

LIMITED = ("releases", "snapshots", "inbox", "logs")


def status(data: DataDir, *words: str) -> str:
    done = CliRunner().invoke(app, ["status", *words, "--data-dir", str(data.root)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def filled(data: DataDir) -> DataDir:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row()])
    build.build(data, today=TODAY)
    reports = data.situation("islandia") / "inbox" / "reports"
    reports.mkdir(parents=True)
    (reports / "a.html").write_bytes(b"x" * 1000)
    (reports / "b.html").write_bytes(b"x" * 500)
    return data


def test_every_kind_is_shown_with_its_number_its_size_and_its_limits(filled: DataDir) -> None:
    told = {each["what"]: each for each in json.loads(status(filled, "--json"))["kept"]}
    assert tuple(told) == LIMITED
    assert (told["inbox"]["files"], told["inbox"]["bytes"]) == (2, 1500)
    assert (told["releases"]["files"], told["releases"]["most_files"]) == (1, build_pointer.KEPT_BUILDS)
    assert all(each["most_files"] > 0 and each["most_bytes"] > 0 for each in told.values())
    text = status(filled)
    assert all(f"kept: {what}:" in text for what in LIMITED)
    assert "above" not in text
    assert "free on the disk" in text


def test_above_a_limit_a_person_is_told_and_nothing_is_removed(
    filled: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST", {**retention.MOST, "inbox": (1, 1_000_000)})
    assert "inbox are above their limit" in status(filled)
    build.build(filled, today=TODAY)
    assert len(list((filled.situation("islandia") / "inbox" / "reports").iterdir())) == 2
