"""A build that would lose days or rows against the last good one is refused, until somebody insists."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, write_sheet


def fill(data: DataDir, good: int, bad: int = 0, name: str = "sheet.csv") -> None:
    rows = [row(value=800 + number, as_of="2025-01-01") for number in range(good)]
    rows += [row(value=f"many {number}") for number in range(bad)]
    write_sheet(data.situation("islandia") / "transcriptions" / name, rows)


def count(data: DataDir) -> int:
    with published_build.open_current(data) as con:
        return len(con.table("claims").fetchall())


@pytest.mark.parametrize("changed", [True, False])
@pytest.mark.parametrize("days", [1, 200])
def test_a_day_before_the_last_build_is_refused_and_said(data: DataDir, days: int, changed: bool) -> None:
    fill(data, 3)
    build.build(data, today=TODAY)
    fill(data, 4 if changed else 3)
    earlier = TODAY - timedelta(days=days)
    if changed:
        with pytest.raises(build.BuildError, match=rf"(?s){earlier}.*{TODAY}.*--accept-loss"):
            build.build(data, today=earlier)
    else:
        assert not build.build(data, today=earlier).is_new  # where nothing changed, nothing can be lost
    assert count(data) == 3
    assert build.build(data, today=earlier, accept_loss=True).is_new
    assert count(data) == (4 if changed else 3)
    assert not build.build(data, today=earlier).is_new  # from now on that day is the last build's


@pytest.mark.parametrize(
    ("good", "bad"),
    [(4, 0), (0, 0), (4, 6), (10, 11)],
    ids=["fewer than half", "none", "half of them wrong", "as many, drowned in wrong ones"],
)
def test_a_collapse_of_accepted_rows_is_refused_with_numbers_and_reasons(
    data: DataDir, good: int, bad: int
) -> None:
    fill(data, 10)
    build.build(data, today=TODAY)
    fill(data, good, bad)
    with pytest.raises(build.BuildError) as refused:
        build.build(data, today=TODAY)
    assert f"islandia: {good} rows are accepted and {bad} quarantined" in str(refused.value)
    assert "--accept-loss" in str(refused.value)
    assert ("value: expected a whole number" in str(refused.value)) == (bad > 0)
    assert count(data) == 10
    assert build.build(data, today=TODAY, accept_loss=True).is_new
    assert count(data) == good


@pytest.mark.parametrize(("good", "bad"), [(5, 0), (10, 10), (9, 3), (40, 40)])
def test_what_a_situation_loses_day_by_day_is_no_collapse(data: DataDir, good: int, bad: int) -> None:
    fill(data, 10)
    build.build(data, today=TODAY)
    fill(data, good, bad)
    assert build.build(data, today=TODAY).is_new


def test_many_unreadable_files_beside_good_ones_are_no_collapse(data: DataDir) -> None:
    fill(data, 12)
    build.build(data, today=TODAY)
    for number in range(30):
        (data.situation("islandia") / "transcriptions" / f"bad-{number}.csv").write_bytes(b"\x00\x01\x02\x03")
    assert build.build(data, today=TODAY).is_new
    assert count(data) == 12


def test_a_small_situation_collapses_beside_a_large_one(data: DataDir) -> None:
    other = data.root / "grande"
    folder = data.situation("islandia")
    other.mkdir()
    for name in ("situation.toml", "organisations.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace('id = "islandia"', 'id = "grande"')
        (other / name).write_text(text, encoding="utf-8")
    rows = [row(value=number, as_of="2025-01-01") for number in range(300)]
    write_sheet(other / "transcriptions" / "sheet.csv", rows)
    fill(data, 12)
    build.build(data, today=TODAY)
    fill(data, 1)
    with pytest.raises(build.BuildError, match="islandia: 1 row is"):
        build.build(data, today=TODAY)


def test_the_command_refuses_with_its_exit_code_and_insists_when_told(data: DataDir) -> None:
    fill(data, 10)
    build.build(data, today=TODAY + timedelta(days=3_650))
    fill(data, 11)
    words = ["build", "--data-dir", str(data.root)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    assert "the last build is of 2036" in refused.output
    assert "the last good build is still served" in refused.output
    assert CliRunner().invoke(app, [*words, "--accept-loss"]).exit_code == 0
    assert count(data) == 11


def test_an_ingest_that_would_drown_the_good_rows_is_refused_and_not_kept(
    data: DataDir, tmp_path: Path
) -> None:
    fill(data, 10)
    build.build(data, today=TODAY)
    incoming = write_sheet(tmp_path / "bad.csv", [row(value=f"many {n}") for n in range(40)])
    words = ["ingest", str(incoming), "--data-dir", str(data.root)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    assert "--accept-loss" in refused.output
    assert not (data.situation("islandia") / "transcriptions" / "bad.csv").exists()
    assert CliRunner().invoke(app, [*words, "--accept-loss"]).exit_code == 0
    assert (data.situation("islandia") / "transcriptions" / "bad.csv").exists()
