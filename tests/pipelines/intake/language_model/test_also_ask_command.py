"""`extract --also-ask` as a person meets it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli.read import extract
from pipelines.intake.language_model.settings import ADDRESS, KEY, NAME, REMOTE
from tests.pipelines.intake.crawler.server import Server, status
from tests.pipelines.intake.language_model.conftest import PATH, PLAIN, SECRET, claim, complete

app = typer.Typer()
app.command("extract")(extract)


@pytest.fixture
def page(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ADDRESS, server.url)
    monkeypatch.setenv(NAME, "small")
    monkeypatch.setenv(KEY, SECRET)
    monkeypatch.delenv(REMOTE, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "page.txt"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def run(folder: Path, *arguments: object, code: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(
        app, [*map(str, arguments), "--published", "2026-02-26", "--data-dir", str(folder.parent)]
    )
    assert done.exit_code == code, done.output
    assert SECRET not in done.output
    return done.stdout, done.stderr


def test_each_row_says_what_the_asked_reader_reads(islandia_folder: Path, page: Path, server: Server) -> None:
    whole = claim(1, "444 presos políticos", organisation="vigilia")
    server.paths[PATH] = complete({"claims": [whole, claim(9, "444")]})
    output, told = run(islandia_folder, page, "--also-ask", "--json")
    rows = {row["value"]: row for row in map(json.loads, output.splitlines())}
    assert rows[444]["asked"] == "otherwise"
    assert rows[444]["asked_fields"]["organisation"] == "vigilia"
    assert rows[444]["organisation"] == "lista"
    assert not rows[444]["auto"]
    assert rows[31]["asked"] == "no_claim"
    assert "1200" in told
    assert "dropped 1 times: a number that is not asked about" in told


def test_what_it_alone_takes_for_a_claim_is_added(islandia_folder: Path, page: Path, server: Server) -> None:
    page.write_text("Vigilia cuenta 120 presos políticos hoy. Hubo 15 rosas.", encoding="utf-8")
    server.paths[PATH] = complete({"claims": [claim(2, "Hubo 15 rosas")]})
    output, _ = run(islandia_folder, page, "--also-ask", "--json")
    rows = {row["value"]: row for row in map(json.loads, output.splitlines())}
    assert (rows[15]["asked"], rows[15]["rule"], rows[15]["auto"]) == ("asked_alone", "es.asked", False)


def test_a_table_shows_it_to_people(islandia_folder: Path, page: Path, server: Server) -> None:
    server.paths[PATH] = complete({"claims": []})
    output, told = run(islandia_folder, page, "--also-ask")
    assert "no claim" in output
    assert "tokens" in told


def test_a_server_in_trouble_leaves_the_other_reader_as_it_is(
    islandia_folder: Path, page: Path, server: Server
) -> None:
    plain = json.loads(run(islandia_folder, page, "--json")[0].splitlines()[0])
    server.paths[PATH] = status(401)
    output, told = run(islandia_folder, page, "--also-ask", "--json")
    row = json.loads(output.splitlines()[0])
    assert row == plain | {"asked": "no_answer", "asked_fields": {}}
    assert "the key is wrong" in told


def test_nothing_is_asked_unless_it_is_said(islandia_folder: Path, page: Path, server: Server) -> None:
    run(islandia_folder, page)
    assert server.asked == []


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
    assert "only this one is asked" in " ".join(run(islandia_folder, page, "--also-ask", code=1)[1].split())
