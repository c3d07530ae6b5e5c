"""`federate` as a group runs it: its exit code says whether all is shown, and whether the store has it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.cli.build import NOT_SENT
from pipelines.cli.federate import LEFT_OUT
from pipelines.core.paths import DataDir
from tests.pipelines.federation.conftest import NAME, change, statements


def run(ours: DataDir) -> Result:
    return CliRunner().invoke(app, ["federate", "--data-dir", str(ours.root)])


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that the environment names and nobody has put there."""
    place = tmp_path / "nowhere"
    monkeypatch.setenv("LIBEROMETRO_BUILDS", str(place))
    return place


def test_where_the_store_lacks_the_build_all_is_shown_here_and_it_says_so(ours: DataDir, away: Path) -> None:
    done = run(ours)
    assert done.exit_code == NOT_SENT, done.output
    assert "is published here only" in done.stderr
    assert f"{NAME}: new, build" in done.stdout
    assert statements(ours, NAME)
    away.mkdir()
    assert run(ours).exit_code == 0
    assert list(away.rglob("*.duckdb*"))


@pytest.mark.usefixtures("away")
def test_a_folder_that_is_left_out_says_more_than_the_store(ours: DataDir) -> None:
    change(ours.root.parent / "published", "data/claims.parquet")
    done = run(ours)
    assert done.exit_code == LEFT_OUT, done.output
    assert "is published here only" in done.stderr
    assert "LEFT OUT" in done.stdout
