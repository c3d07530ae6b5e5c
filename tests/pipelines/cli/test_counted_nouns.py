"""What commands count agrees with its number: 1 text, 2 texts."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.cli.name_warnings import print_named
from pipelines.core.counted import count_of
from pipelines.core.paths import ROOT, DataDir
from tests.conftest import row, write_sheet

COUNTED = re.compile(
    r"\} (more )?(cells|claims|days|decisions|distractors|documents|figures|files|labels|pages|readings"
    r"|refusals|repeats|reports|rows|snapshots|stays|tables|texts|times)\b"
)
# Numbers that are never one, or that stand for a limit.
LIMITS = re.compile(r"most|limits\.|than|least|:,")


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (1, ("text",), "1 text"),
        (0, ("text",), "0 texts"),
        (36, ("running total does", "running totals do"), "36 running totals do"),
        (1, ("running total does", "running totals do"), "1 running total does"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, words: tuple[str, ...], told: str) -> None:
    assert count_of(number, *words) == told


def test_build_says_one_figure_one_repeat_and_one_text(
    data: DataDir, capsys: pytest.CaptureFixture[str]
) -> None:
    once, again = row(), row(publisher="La Tarde", url="https://tarde.example/1")
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [once, again])
    told = CliRunner().invoke(app, ["build", "--data-dir", str(data.root)]).output
    assert "islandia: 2 figures, " in told
    assert re.search(r"\b1 (figures|repeats|rows)\b", told) is None
    print_named({"islandia": {"title": 1}})
    assert "islandia: 1 text may name a person" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", sorted((ROOT / "pipelines" / "cli").glob("*.py")), ids=lambda path: path.name
)
def test_no_command_sets_a_number_before_a_noun_that_cannot_be_one(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if COUNTED.search(line) and not LIMITS.search(line)] == []
