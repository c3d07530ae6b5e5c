"""The snapshot: what each build said of each figure can still be read when the build itself is gone."""

import re
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, build_pointer, published_build, snapshots, table_registry
from pipelines.warehouse.snapshots import UnknownBuildError
from tests.conftest import TODAY, row, write_sheet

HELD = row(value=806, as_of="2026-01-05", published="2026-01-05")
REVISED = row(value=820, as_of="2026-01-05", published="2026-01-19")
LATER = row(value=700, as_of="2026-02-02", published="2026-02-02")
FLOW = row(measure="released", value=5, period_start="2026-01-05", as_of="2026-01-12", published="2026-01-12")


def publish(data: DataDir, *rows: dict[str, str], today: date = TODAY) -> str:
    """Publish these rows; returns the build's id."""
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    return build.build(data, today=today).build.id


def the_figures(data: DataDir) -> pl.DataFrame:
    """The table `figures` of the current build."""
    with published_build.open_current(data) as con:
        return table_registry.read_table(con, "figures").sort("figure_id", "published", "claim_id")


def the_id(data: DataDir, value: int) -> str:
    """The id of the figure that now has this value."""
    found: str = the_figures(data).filter(pl.col("value") == value)["figure_id"].item()
    return found


def test_a_figure_keeps_its_id_when_its_value_is_revised_and_another_moment_has_another(
    data: DataDir,
) -> None:
    publish(data, HELD, LATER)
    held, later = the_id(data, 806), the_id(data, 700)
    publish(data, HELD, REVISED, LATER)
    assert the_id(data, 820) == held
    assert held != later
    assert re.fullmatch("[0-9a-f]{16}", held)


def test_a_window_that_we_infer_is_no_part_of_the_id(data: DataDir) -> None:
    unwindowed = {**FLOW, "period_start": ""}
    publish(data, unwindowed)
    flow = the_id(data, 5)
    publish(data, unwindowed, HELD)  # a bulletin a week before: now the window is known
    assert the_figures(data).filter(pl.col("value") == 5)["window_basis"].to_list() == ["previous_bulletin"]
    assert the_id(data, 5) == flow


def test_an_earlier_build_still_says_what_it_said_when_its_file_is_gone(data: DataDir) -> None:
    first = publish(data, HELD, LATER)
    figure = the_id(data, 806)
    second = publish(data, HELD, REVISED)
    (data.build / f"liberometro-{first}.duckdb").unlink()
    assert snapshots.read_figure(data, first, figure)["value"].to_list() == [806]
    assert snapshots.read_figure(data, second, figure)["value"].to_list() == [820]


def test_two_values_for_one_moment_stay_two_under_one_id(data: DataDir) -> None:
    build = publish(
        data, HELD, row(value=700, as_of="2026-01-05", published="2026-01-05", url="https://b.example")
    )
    assert snapshots.read_figure(data, build, the_id(data, 806))["value"].sort().to_list() == [700, 806]


@pytest.mark.parametrize("whole_up_to", [0, snapshots.WHOLE_UP_TO])
def test_a_snapshot_of_changes_says_the_same_as_a_whole_one(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, whole_up_to: int
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (whole_up_to,))
    sequence = ([HELD, LATER], [HELD, REVISED, LATER], [REVISED, FLOW], [HELD, LATER, FLOW])
    expected = {publish(data, *rows): the_figures(data) for rows in sequence}
    builds = list(expected)
    for built, shown in expected.items():
        assert snapshots.read_figures(data, built).equals(shown)
        for figure in shown["figure_id"]:
            assert snapshots.read_figure(data, built, figure).height
    gone = set(expected[builds[0]]["figure_id"]) - set(expected[builds[2]]["figure_id"])
    assert gone
    assert snapshots.read_figure(data, builds[2], gone.pop()).is_empty()
    lengths = [snapshots.read_snapshot(data.snapshots, build).length for build in expected]
    assert lengths == ([1, 2, 3, 4] if whole_up_to == 0 else [1, 1, 1, 1])


@pytest.mark.parametrize("whole_up_to", [0, snapshots.WHOLE_UP_TO])
def test_what_is_drawn_in_doubt_is_kept_and_no_pinned_link_shows_it(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, whole_up_to: int
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (whole_up_to,))
    odd = row(value=100, as_of="2026-01-12", published="2026-01-12", publisher="La Tarde")
    near = row(value=800, as_of="2026-01-12", published="2026-01-13")
    builds = [publish(data, HELD, near, LATER, *more) for more in ((), (odd,), ())]
    for built, kept in zip(builds, ([], [100], []), strict=True):
        drawn = snapshots.read_drawn(data, built)
        assert drawn.filter(standing="contradicted")["value"].to_list() == kept
        assert sorted(snapshots.read_figures(data, built)["value"]) == [700, 800, 806]
        (figure,) = drawn.filter(value=800)["figure_id"]
        assert snapshots.read_figure(data, built, figure)["value"].to_list() == [800]


def test_a_snapshot_of_changes_holds_only_what_changed(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (0,))
    publish(data, HELD, LATER)
    second = publish(data, HELD, LATER, FLOW)
    assert pl.read_parquet(data.snapshots / f"{second}.parquet")["value"].to_list() == [5]


def test_after_sixteen_snapshots_of_changes_one_is_whole_again(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (0,))
    monkeypatch.setattr(snapshots, "LONGEST", 2)
    builds = [
        publish(data, HELD, row(value=value, as_of="2026-02-02", published="2026-02-02"))
        for value in (1, 2, 3)
    ]
    assert [snapshots.read_snapshot(data.snapshots, build).length for build in builds] == [1, 2, 1]


def test_a_snapshot_is_never_rewritten(data: DataDir) -> None:
    first = publish(data, HELD)
    before = (data.snapshots / f"{first}.parquet").stat()
    publish(data, HELD, REVISED)
    assert publish(data, HELD) == first
    after = (data.snapshots / f"{first}.parquet").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_builds_are_pruned_and_snapshots_stay(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_pointer, "KEPT_BUILDS", 1)
    builds = [publish(data, row(value=value)) for value in (1, 2)]
    assert len(list(data.build.glob("liberometro-*.duckdb"))) == 1
    assert sorted(path.stem for path in data.snapshots.glob("*.parquet")) == sorted(builds)


def test_a_build_that_is_not_known_is_an_error_that_says_so(data: DataDir) -> None:
    publish(data, HELD)
    for wrong in ("", "000000000000", "../current", "x" * 500, "liberometro", "a/b", "é", "\x00"):
        with pytest.raises(UnknownBuildError, match="no snapshot of a build"):
            snapshots.read_figure(data, wrong, "0" * 16)


def test_changes_without_the_snapshot_that_they_change_are_unknown_and_not_guessed(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (0,))
    first = publish(data, HELD, LATER)
    figure = the_id(data, 806)
    second = publish(data, HELD, LATER, FLOW)
    (data.snapshots / f"{first}.parquet").unlink()
    with pytest.raises(UnknownBuildError):
        snapshots.read_figure(data, second, figure)


def test_snapshots_are_copied_to_an_archive_and_back_and_nothing_there_is_overwritten(
    data: DataDir, tmp_path: Path
) -> None:
    build = publish(data, HELD)
    figure = the_id(data, 806)
    archive = tmp_path / "archive"
    assert snapshots.copy_snapshots(data.snapshots, archive) == [build]
    (archive / "notes.parquet").write_bytes(b"no snapshot")
    for path in data.snapshots.iterdir():
        path.unlink()
    assert snapshots.copy_snapshots(archive, data.snapshots) == [build]
    assert snapshots.copy_snapshots(archive, data.snapshots) == []
    assert snapshots.read_figure(data, build, figure)["value"].to_list() == [806]


def test_a_build_of_an_earlier_version_is_followed_by_a_whole_snapshot(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots.write_snapshot, "__defaults__", (0,))
    publish(data, HELD)
    current = published_build.find_current(data).path
    with duckdb.connect(str(current)) as con:
        con.execute("DROP VIEW figures; DROP MACRO figure_identity")
    second = publish(data, HELD, REVISED)
    assert snapshots.read_snapshot(data.snapshots, second).length == 1


def test_a_withheld_value_is_in_no_snapshot(data: DataDir) -> None:
    build = publish(data, HELD, row(value=3, breakdown="age=adolescent"))
    shown = snapshots.read_figures(data, build).filter(pl.col("breakdown") == "age=adolescent")
    assert shown.select("withheld", "value").rows() == [(True, None)]


def test_what_is_withheld_later_is_no_longer_said_of_an_earlier_build(data: DataDir) -> None:
    part = {"breakdown": "age=adolescent", "as_of": "2026-01-05", "published": "2026-01-05"}
    first = publish(data, HELD, row(**part, value=217))
    figure = the_id(data, 217)
    assert snapshots.read_figure(data, first, figure)["value"].to_list() == [217]
    publish(data, HELD, row(**part, value=217), row(**{**part, "published": "2026-01-12"}, value=3))
    said = snapshots.read_figure(data, first, figure)
    assert said.select("qualifier", "value", "value_high", "withheld").rows() == [(None, None, None, True)]
    assert snapshots.read_figure(data, first, figure).height == 1


def test_a_guarded_part_that_is_told_no_more_is_withheld_in_what_an_earlier_build_said(
    data: DataDir,
) -> None:
    part = row(value=797, breakdown="sex=female", as_of="2026-01-05", published="2026-01-05")
    guarded = {**part, "breakdown": "age=adult"}
    first = publish(data, HELD, part, guarded)
    of = {each["breakdown"]: each["figure_id"] for each in the_figures(data).to_dicts()}
    publish(data, HELD)
    assert snapshots.read_figure(data, first, of["sex=female"])["value"].to_list() == [797]
    assert snapshots.read_figure(data, first, of["age=adult"])["value"].to_list() == [None]
