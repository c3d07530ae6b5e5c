"""`python -m dashboards chart`: files by name, a list of names, and refusals in a sentence."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.exhibits import chart_registry
from dashboards.export import formats
from dashboards.queries.view import View
from pipelines.core.paths import ROOT
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published


@pytest.fixture(scope="module", autouse=True)
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("command") / "data", figures()) as shown:
        yield shown


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["chart", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.mark.browser
@pytest.mark.parametrize("form", [*formats.PICTURES, *formats.TABLES])
def test_the_ending_of_the_file_or_the_option_chooses_the_format(form: str, tmp_path: Path) -> None:
    assert run("held", "--out", tmp_path / f"a.{form}") == (0, "")
    assert run("held", "--format", form, "--lang", "en", "--out", tmp_path / "b") == (0, "")
    assert formats.read((tmp_path / f"a.{form}").read_bytes()).kind == form
    record = formats.read((tmp_path / "b").read_bytes()).record
    assert record is not None
    assert (record["language"], record["chart"]) == ("en", "held")


@pytest.mark.browser
def test_the_command_leaves_no_trace_of_an_error_behind_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dashboards", "chart", "held", "--out", str(tmp_path / "a.png")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_list_names_every_chart_with_its_formats(view: View) -> None:
    code, said = run("--list")
    assert code == 0
    lines = [line.split("\t") for line in said.splitlines()]
    assert [line[0] for line in lines] == list(chart_registry.list_charts(view))
    (held,) = [line for line in lines if line[0] == "held"]
    assert held[1] == ",".join((*formats.PICTURES, *formats.TABLES))
    assert held[2].startswith("La Lista contaba 1.591 personas en prisión")


def test_a_day_gone_back_to_and_the_builders_options_are_heeded(tmp_path: Path) -> None:
    chosen = ["--option", "what=released_to_date", "--option", "who=lista", "--known-on", "2026-02-10"]
    assert run("builder", *chosen, "--out", tmp_path / "a.csv") == (0, "")
    held = formats.read((tmp_path / "a.csv").read_bytes())
    assert [row[held.columns.index("value")] for row in held.rows] == ["400"]


def test_of_a_chart_that_there_is_not_the_nearest_names_are_said_and_how_to_list_all(view: View) -> None:
    code, output = run("contradiction", "--out", "x.csv")
    assert code == 2
    said = " ".join(output.replace("│", " ").split())
    assert "nearest: contradictions, " in said
    assert "`python -m dashboards chart --list` prints all" in said
    assert sum(f" {name}" in said for name in chart_registry.list_charts(view)) < 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--out", "x.csv"], "no chart is called"),
        (["held", "--out", "x.exe"], "no format is called"),
        (["held", "--out", "x.svg", "--size", "huge"], "no size is called"),
        (["held", "--out", "x.csv", "--lang", "xx"], "no language is called"),
        (["held", "--out", "x.csv", "--situation", "nowhere"], "no situation is called"),
        (["builder", "--out", "x.csv", "--option", "who=nobody"], "who can not be"),
        (["contradictions", "--out", "x.png"], "has csv, xlsx, json, and no picture"),
        (["held"], "--out FILE"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*arguments)
    assert code == 2
    assert said in " ".join(output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []
