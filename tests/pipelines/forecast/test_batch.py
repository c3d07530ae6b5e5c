"""Many series from a manifest."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli.outlook import BatchError, outlook, read_series
from tests.pipelines.forecast.simulate import simulate

APP = typer.Typer()
APP.command("outlook")(outlook)
HEADER = "as_of,published,kind,value,qualifier,period_start\n"


def manifest(folder: Path, *names: str) -> Path:
    """A manifest of series that lie beside it."""
    path = folder / "manifest.jsonl"
    lines = [
        json.dumps({"id": name, "path": f"{name}.csv", "as_known_on": "2026-01-05", "horizons": [7, 28]})
        for name in names
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def series(folder: Path, name: str, seed: int = 1) -> None:
    simulate("constant", seed).rows.write_csv(folder / f"{name}.csv")


def test_each_id_horizon_and_target_has_one_line(tmp_path: Path) -> None:
    series(tmp_path, "a")
    series(tmp_path, "b", 2)
    result = CliRunner().invoke(APP, ["--batch", str(manifest(tmp_path, "a", "b"))])
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["id"], line["target"], line["horizon"]) for line in lines] == [
        (name, target, horizon) for name in "ab" for target in ("stock", "cumulative") for horizon in (7, 28)
    ]
    for line in lines:
        assert ("refused" in line) != ("median" in line)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    series(tmp_path, "a")
    path = str(manifest(tmp_path, "a"))
    assert (
        CliRunner().invoke(APP, ["--batch", path]).stdout == CliRunner().invoke(APP, ["--batch", path]).stdout
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2025-01-01,2025-01-01,stock,many,exact,", "many"),
        ("2025-13-01,2025-01-01,stock,5,exact,", "2025-13-01"),
        ("2025-01-01,2025-01-01,people,5,exact,", "people"),
        ("2025-01-01,2025-01-01,stock,-5,exact,", "-5"),
        ("2025-01-01,2025-01-01,stock,5,roughly,", "roughly"),
        ("2025-01-01,2025-01-01,stock,5", "cells"),
        ("2025-01-01,,stock,5,exact,", "published"),
    ],
)
def test_a_broken_row_is_named_and_the_others_come_out(tmp_path: Path, row: str, fault: str) -> None:
    (tmp_path / "bad.csv").write_text(
        f"{HEADER}2025-01-01,2025-01-01,stock,5,exact,\n{row}\n", encoding="utf-8"
    )
    series(tmp_path, "good")
    result = CliRunner().invoke(APP, ["--batch", str(manifest(tmp_path, "bad", "good"))])
    assert result.exit_code == 1
    assert "bad.csv row 3" in result.stderr
    assert fault in result.stderr
    assert {json.loads(line)["id"] for line in result.stdout.splitlines()} == {"good"}


def test_a_missing_file_and_a_broken_line_are_named(tmp_path: Path) -> None:
    path = manifest(tmp_path, "absent")
    path.write_text(path.read_text(encoding="utf-8") + "{not json\n", encoding="utf-8")
    result = CliRunner().invoke(APP, ["--batch", str(path)])
    assert result.exit_code == 1
    assert "absent.csv" in result.stderr
    assert "line 2" in result.stderr


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("as_of,kind,value\n", encoding="utf-8")
    with pytest.raises(BatchError, match="published, qualifier, period_start"):
        read_series(path)


def test_an_empty_value_is_a_missing_figure_not_a_zero(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}2025-01-08,2025-01-08,flow,,exact,2025-01-01\n", encoding="utf-8")
    assert read_series(path)["value"].to_list() == [None]
