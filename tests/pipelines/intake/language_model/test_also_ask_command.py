"""`extract --also-ask` as a person meets it: what is said of each candidate, and what it cost."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli.asking import Asking, describe_comparison
from pipelines.cli.read import extract
from pipelines.intake.language_model.settings import ADDRESS, KEY, NAME, REMOTE
from pipelines.intake.prose.extraction import Candidate
from tests.pipelines.intake.crawler.server import Behaviour, Server, status
from tests.pipelines.intake.language_model.conftest import (
    PATH,
    PLAIN,
    PUBLISHED,
    SECRET,
    World,
    claim,
    complete,
)
from tests.pipelines.intake.language_model.test_agreement import READ

app = typer.Typer()
app.command("extract")(extract)
FIGURE = replace(READ, span=(21, 24))  # 444, as the other reader reads it, and is sure of


@dataclass(frozen=True)
class Entry:
    """A text of a manifest."""

    published: date | None = PUBLISHED
    language: str | None = None


def compare(
    world: World, behaviour: Behaviour
) -> tuple[Asking, dict[int, tuple[Candidate, dict[str, object]]]]:
    """What stands beside each value, where the other reader found one figure."""
    world.server.paths[PATH] = behaviour
    asking = Asking(world.reader())
    rows = asking.compare("page.txt", PLAIN, Entry(), [FIGURE])
    return asking, {candidate.value: (candidate, beside) for candidate, beside in rows}


def test_a_figure_that_is_read_otherwise_is_no_longer_sure(world: World) -> None:
    _, rows = compare(world, complete({"claims": [claim(1, "444 presos políticos", organisation="vigilia")]}))
    candidate, beside = rows[444]
    assert beside == {
        "asked": "otherwise",
        "asked_fields": {"organisation": "vigilia", "as_of": "2026-02-26"},
    }
    assert candidate == replace(FIGURE, auto=False)
    assert describe_comparison(beside) == "organisation vigilia; as_of 2026-02-26"


def test_a_number_that_it_takes_for_no_claim_is_told(world: World) -> None:
    _, rows = compare(world, complete({"claims": []}))
    assert rows[444][1] == {"asked": "no_claim", "asked_fields": {}}
    assert not rows[444][0].auto


def test_what_it_alone_takes_for_a_claim_is_added(world: World) -> None:
    _, rows = compare(world, complete({"claims": [claim(2, "entre ellos 31 mujeres")]}))
    candidate, beside = rows[31]
    assert (beside["asked"], candidate.rule, candidate.auto) == ("asked_alone", "es.asked", False)


def test_a_server_in_trouble_leaves_the_other_reader_as_it_is(world: World) -> None:
    _, rows = compare(world, status(401))
    assert rows == {444: (FIGURE, {"asked": "no_answer", "asked_fields": {}})}


def test_costs_and_what_was_dropped_are_told_at_the_end(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.settings = {"price_in": 2.0, "price_out": 10.0, "currency": "EUR"}
    asking, _ = compare(world, complete({"claims": [claim(9, "444")]}))
    asking.print_costs()
    told = " ".join(capsys.readouterr().err.split())
    assert "dropped 1 time: a number that is not asked about" in told
    assert all(word in told for word in ("page.txt", "1200", "80", "0.0032", "EUR"))


@pytest.fixture
def page(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ADDRESS, server.url)
    monkeypatch.setenv(NAME, "small")
    monkeypatch.setenv(KEY, SECRET)
    monkeypatch.delenv(REMOTE, raising=False)
    path = tmp_path / "page.txt"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def run(folder: Path, *arguments: object, code: int = 0) -> tuple[str, str]:
    words = [*map(str, arguments), "--published", "2026-02-26", "--data-dir", str(folder.parent)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == code, done.output
    assert SECRET not in done.output
    return done.stdout, done.stderr


def test_each_row_of_the_command_says_what_was_asked(
    islandia_folder: Path, page: Path, server: Server
) -> None:
    server.paths[PATH] = complete({"claims": [claim(2, "entre ellos 31 mujeres")]})
    output, told = run(islandia_folder, page, "--also-ask", "--json")
    rows = {row["value"]: row for row in map(json.loads, output.splitlines())}
    assert rows[31]["asked"] in ("same", "otherwise", "asked_alone")
    assert "tokens" in told
    assert "asked" in run(islandia_folder, page, "--also-ask")[0]


def test_nothing_is_asked_unless_it_is_said(islandia_folder: Path, page: Path, server: Server) -> None:
    output, told = run(islandia_folder, page, "--json")
    assert server.asked == []
    assert "asked" not in output + told


def test_a_dry_run_prints_the_request_and_sends_none(
    islandia_folder: Path, page: Path, server: Server
) -> None:
    output, _ = run(islandia_folder, page, "--also-ask", "--dry-run")
    first, _, body = output.partition("\n\n")
    assert first.startswith(f"POST {server.url}{PATH}\n")
    assert json.loads(body)["model"] == "small"
    assert server.asked == []
    page.write_text("Nada.", encoding="utf-8")
    assert "nothing would be sent about page.txt" in run(islandia_folder, page, "--also-ask", "--dry-run")[0]


def test_what_is_set_wrongly_is_said(
    islandia_folder: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "give both" in run(islandia_folder, page, "--dry-run", code=2)[1]
    monkeypatch.delenv(NAME)
    assert "no language model is set" in run(islandia_folder, page, "--also-ask", code=2)[1]
    monkeypatch.setenv(NAME, "small")
    monkeypatch.setenv(ADDRESS, "http://192.0.2.7:8080")
    told = run(islandia_folder, page, "--also-ask", code=2)[1]
    assert "only this one is asked" in " ".join(told.split())
