"""The commands: what they refuse says what to write instead, and a published site is served as files are."""

import os
import subprocess
import urllib.request
from pathlib import Path
from threading import Thread

import duckdb
import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.cli.publish import make_server
from pipelines.cli.build import NOT_SENT
from pipelines.core.paths import ROOT
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row
from tests.dashboards.site.conftest import Published, small_data

run = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base-url", "example.org"], "write https://example.org/folder"),
        (["--day", "ayer"], "YYYY-MM-DD or today"),
        (["--situation", "nowhere"], "no situation is called 'nowhere'"),
    ],
)
def test_publish_refuses_what_it_cannot_read_and_writes_nothing(
    served: Published, tmp_path: Path, arguments: list[str], said: str
) -> None:
    result = run.invoke(app, ["publish", str(tmp_path / "out"), *arguments])
    assert result.exit_code != 0
    assert said in " ".join(result.output.replace("│", " ").split())
    assert served.out.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_build_of_another_version_is_answered_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = small_data(tmp_path / "data", [row(value=806, as_of="2026-01-05", published="2026-01-05")])
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    with duckdb.connect(str(published_build.find_current(data).path)) as con:
        con.execute("DROP VIEW figures; ALTER TABLE statements_stored DROP COLUMN carriers")
    result = run.invoke(app, ["publish", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "run `python -m pipelines build`, then publish again" in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_a_mistyped_id_of_a_situations_own_words_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = small_data(tmp_path / "data", [row(value=806, as_of="2026-01-05", published="2026-01-05")])
    settings = data.situation("islandia") / "situation.toml"
    own = '[wording]\n"overview.titel" = { es = "¿?" }\n"zero.title" = { es = "¿Cuándo?" }\n'
    settings.write_text(f"{settings.read_text('utf-8')}\n{own}", "utf-8")
    build.build(data, today=TODAY)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept").touch()  # no site, so that nothing is written
    result = run.invoke(app, ["publish", str(tmp_path / "out")])
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "islandia/situation.toml: wording: 'overview.titel' is not shown" in said
    assert "zero.title" not in said


def test_serve_site_refuses_a_folder_without_a_site(tmp_path: Path) -> None:
    result = run.invoke(app, ["serve-site", str(tmp_path)])
    assert result.exit_code != 0
    assert "holds no index.html" in " ".join(result.output.replace("│", " ").split())


def test_a_site_is_served_with_its_types_and_its_own_page_where_there_is_none(site: Published) -> None:
    with make_server(site.out) as serving:
        thread = Thread(target=serving.serve_forever)
        thread.start()
        try:
            root = f"http://127.0.0.1:{serving.server_address[1]}/"
            for path, kind in (
                ("", "text/html"),
                ("es/feeds/all.atom", "application/atom+xml"),
                ("es/charts/held.svg", "image/svg+xml"),
                ("assets/style.css", "text/css"),
            ):
                with urllib.request.urlopen(root + path, timeout=10) as answer:
                    assert answer.headers.get_content_type() == kind
                    assert len(answer.read()) > 100
            for path, page in (("nothing", "404.html"), ("en/charts/gone.html", "en/404.html")):
                with pytest.raises(urllib.error.HTTPError) as lost:
                    urllib.request.urlopen(root + path, timeout=10)
                assert lost.value.code == 404
                assert lost.value.read().decode() == site.text(page)
        finally:
            serving.shutdown()
            thread.join()


@pytest.mark.parametrize("signed", [True, False])
def test_a_round_of_the_timer_verifies_what_it_wrote_with_its_own_key(tmp_path: Path, signed: bool) -> None:
    """docs/publish.sh with commands that only say how they were called."""
    python = tmp_path / "python"
    python.write_text(
        "#!/bin/sh\nif [ $3 = keys ]; then echo PUBLIC; exit; fi\n"
        f'exec >>{tmp_path}/said\necho "$*"\nif [ $3 = verify ]; then cat $6; umask; fi\n'
    )
    python.chmod(0o755)
    environment = {**os.environ, "LIBEROMETRO_PYTHON": str(python), "LIBEROMETRO_SITE": "/a/site"}
    if signed:
        environment["LIBEROMETRO_KEY"] = "/a/key.pem"
    done = subprocess.run(["sh", ROOT / "docs" / "publish.sh"], env=environment, stdin=subprocess.DEVNULL)
    said = (tmp_path / "said").read_text()
    assert done.returncode == 0
    assert ("PUBLIC" in said) == ("--public-key" in said) == ("--key /a/key.pem" in said) == signed
    assert ("verify /a/site --unsigned" in said) != signed
    assert "0077" in said


@pytest.mark.parametrize(("built", "ended", "published"), [(0, 0, True), (1, 1, False), (NOT_SENT, 5, True)])
def test_a_round_goes_on_where_only_the_store_of_builds_is_away(
    tmp_path: Path, built: int, ended: int, published: bool
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$3" >>{tmp_path}/said\nif [ $3 = build ]; then exit {built}; fi\n')
    python.chmod(0o755)
    environment = {**os.environ, "LIBEROMETRO_PYTHON": str(python), "LIBEROMETRO_SITE": "/a/site"}
    done = subprocess.run(["sh", ROOT / "docs" / "publish.sh"], env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == ended
    assert ("publish" in (tmp_path / "said").read_text()) == published
