"""`python -m pipelines collect` as a person runs it, with the grammar and the queue that are in use."""

import json
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from pipelines.intake.crawler.source_list import read_sources
from pipelines.intake.inbox import read_queue
from pipelines.warehouse import build as warehouse_build
from tests import personal_places as places
from tests.conftest import TODAY
from tests.invented import PLANTED
from tests.pipelines.intake.crawler.conftest import article, item, rss
from tests.pipelines.intake.crawler.server import Server, reply, status

run = CliRunner().invoke


def command(data: DataDir, *options: str) -> list[str]:
    return ["collect", "--data-dir", str(data.root), *options]


@pytest.fixture
def sources(data: DataDir, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One feed with one article; the limits are such that nothing waits."""
    monkeypatch.setenv("LIBEROMETRO_COLLECT_ALLOW_PRIVATE", "1")
    server.paths["/a"] = reply(article(812).replace("La organización publicó", "La Lista publicó"))
    server.paths["/feed"] = reply(rss(item(f"{server.url}/a")), "application/rss+xml")
    path = data.situation("islandia") / "sources.toml"
    path.write_text(
        'contact = "https://islandia.example"\n[limits]\ndelay_seconds = 0\nattempts = 1\n'
        "patience_seconds = 0.1\n[[source]]\nname = 'diario'\nkind = 'feed'\npublisher = 'El Diario'\n"
        f"url = '{server.url}/feed'\nports = [{server.port}]\nmax_age_days = 36500\n",
        encoding="utf-8",
    )
    return path


def test_what_is_collected_waits_in_the_queue(data: DataDir, sources: Path) -> None:
    assert sources.exists()
    result = run(app, command(data, "--json"))
    assert result.exit_code == 0, result.output
    (outcome,) = json.loads(result.stdout)["outcomes"]
    assert (outcome["new_reports"], outcome["silent"]) == (1, False)
    queued = read_queue(data.situation("islandia"))
    assert queued.height == outcome["queued"]
    assert 812 in queued["value"].to_list()
    assert set(queued["publisher"]) <= {"El Diario"}


def test_a_source_that_cannot_be_read_ends_with_3(data: DataDir, sources: Path, server: Server) -> None:
    assert sources.exists()
    server.paths["/feed"] = status(404)
    result = run(app, command(data))
    assert result.exit_code == 3
    assert "diario: 127.0.0.1 answers 404" in result.stdout


def test_a_silent_source_ends_with_4(data: DataDir, sources: Path, server: Server) -> None:
    old = item(f"{server.url}/a", "Mon, 05 Jan 2015 10:00:00 +0000")
    server.paths["/feed"] = reply(rss(old), "application/rss+xml")
    sources.write_text(sources.read_text(encoding="utf-8") + "rhythm_days = 7\n", encoding="utf-8")
    result = run(app, command(data))
    assert result.exit_code == 4
    assert "SILENT" in result.stdout
    assert "diario: El Diario is silent: nothing new for" in result.stdout


def test_a_mistake_in_the_sources_ends_with_2_and_names_it(data: DataDir, sources: Path) -> None:
    sources.write_text("contct = 'x@y.example'\n", encoding="utf-8")
    result = run(app, command(data))
    assert result.exit_code == 2
    assert "contct" in result.stderr


def test_without_an_enabled_source_it_says_what_to_fill_in(data: DataDir, sources: Path) -> None:
    text = sources.read_text(encoding="utf-8").replace("https://islandia.example", "")
    sources.write_text(f"{text}enabled = false\n", encoding="utf-8")
    result = run(app, command(data))
    assert result.exit_code == 0
    assert str(sources) in result.stdout
    assert "no source that is switched on" in result.stdout


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_source_that_the_file_lacks_is_refused_before_anybody_is_named(
    data: DataDir, sources: Path, more: tuple[str, ...]
) -> None:
    text = sources.read_text(encoding="utf-8").replace("https://islandia.example", "")
    sources.write_text(text, encoding="utf-8")
    result = run(app, [*command(data), "--source", "diaryo", *more])
    assert result.exit_code == 2
    assert "no source 'diaryo'; there are: diario" in result.stderr


def test_one_line_with_a_contact_switches_the_sources_on(
    data: DataDir, sources: Path, server: Server
) -> None:
    whole = sources.read_text(encoding="utf-8")
    sources.write_text(whole.replace("https://islandia.example", ""), encoding="utf-8")
    result = run(app, command(data))
    assert (result.exit_code, len(result.stdout.strip().splitlines())) == (0, 1)
    assert "nothing was asked: write `contact" in result.stdout
    assert "diario" in result.stdout
    assert server.asked == []
    sources.write_text(whole, encoding="utf-8")
    assert json.loads(run(app, command(data, "--json")).stdout)["outcomes"][0]["new_reports"] == 1


def test_what_is_off_in_venezuela_s_sources_is_on_once_its_lines_are_changed(tmp_path: Path) -> None:
    written = (ROOT / "data" / "venezuela" / "sources.toml").read_text(encoding="utf-8")
    path = tmp_path / "sources.toml"
    path.write_text(written, encoding="utf-8")
    as_it_is = read_sources(tmp_path)
    assert (as_it_is.asked, as_it_is.archive.address) == ([], "")
    off = {source.name for source in as_it_is.source if not source.enabled}
    assert "foro-penal-figures" in off
    changed = written.replace('\ncontact = ""', '\ncontact = "https://islandia.example"')
    changed = changed.replace("\nenabled = false", "").replace(
        "\n# [archive]\n# address", "\n[archive]\naddress"
    )
    path.write_text(changed, encoding="utf-8")
    sources = read_sources(tmp_path)
    assert sources.archive.address == "https://web.archive.org"
    assert {source.name for source in sources.asked} == {source.name for source in as_it_is.source}


def test_a_dry_run_says_what_it_would_ask_and_fetch(data: DataDir, sources: Path, server: Server) -> None:
    result = run(app, command(data, "--dry-run"))
    assert f"diario: feed {server.url}/feed" in result.stdout
    assert server.count("/a") == 0
    whole = sources.read_text(encoding="utf-8")
    sources.write_text(whole.replace("https://islandia.example", ""), encoding="utf-8")
    asked = len(server.asked)
    told = run(app, command(data, "--dry-run")).stdout
    assert f"with a contact, this would be asked:\n  diario: feed {server.url}/feed" in told
    assert len(server.asked) == asked


def test_private_addresses_are_refused_without_the_setting_for_tests(
    data: DataDir, sources: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sources.exists()
    monkeypatch.delenv("LIBEROMETRO_COLLECT_ALLOW_PRIVATE")
    result = run(app, command(data))
    assert result.exit_code == 3
    assert "not a public address" in result.stdout
    assert server.asked == []


def test_no_address_of_an_article_is_printed(data: DataDir, sources: Path, server: Server) -> None:
    assert sources.exists()
    url = f"{server.url}/liberan-a-fulano-de-tal"
    server.paths["/feed"] = reply(rss(item(url)), "application/rss+xml")
    result = run(app, command(data))
    assert "1 not got: 127.0.0.1 answers 404" in result.stdout
    assert "fulano" not in result.output


@pytest.mark.parametrize("kind", PLANTED)
def test_what_a_served_page_says_of_a_person_reaches_nothing_that_leaves(
    data: DataDir, sources: Path, server: Server, kind: str
) -> None:
    """Planted in titles, links, the text and the answer that a page is not there."""
    text, core = PLANTED[kind]
    named = quote(text, safe="")
    page = article(812, lead=f"{escape(text)}.").replace("La organización publicó", "La Lista publicó")
    server.paths[f"/{named}"] = reply(page.replace("Informe", f"Informe: {escape(text)}"))
    items = [item(f"{server.url}/{path}", title=escape(text)) for path in (named, f"lost/{named}")]
    server.paths["/feed"] = reply(rss(*items), "application/rss+xml")
    assert sources.exists()
    outcome = run(app, command(data, "--json"))
    assert json.loads(outcome.stdout)["outcomes"][0]["new_reports"] == 1
    warehouse_build.build(data, today=TODAY)
    queue = read_queue(data.situation("islandia"))
    assert 812 in queue["value"].to_list()
    shown = [("said", outcome.output), ("said again", run(app, command(data)).output)]
    shown += [("queue", str(queue.rows())), *places.read_all_that_leaves(data)]
    assert [where for where, words in shown if places.holds(words, core)] == []
