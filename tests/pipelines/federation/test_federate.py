"""Other groups' situations: taken only as they were signed, left out where they are bad or old."""

import io
import json
import shutil
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from dashboards.app.server import embed_pages
from dashboards.digest.entries import collect_digest
from dashboards.digest.telegram import Telegram
from dashboards.exhibits.chart_registry import draw_shown
from dashboards.exhibits.situations import list_situations
from dashboards.export import share_picture
from dashboards.mcp_server.figures import list_caveats
from dashboards.queries.view import open_view
from dashboards.site.edition import open_edition
from dashboards.site.pages import data as data_pages
from dashboards.site.pages import embeds
from dashboards.site.render import render
from dashboards.text.readings import tell_way
from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.core.signatures import SIGNATURE, SUMS
from pipelines.core.situation import SituationError, read_situation
from pipelines.federation import signed_folder, taking
from pipelines.federation.taking import FILE, take_all
from pipelines.intake.crawler.polite_client import Outside
from pipelines.warehouse import build
from pipelines.warehouse.build import BuildError
from tests.conftest import TODAY, row
from tests.dashboards.site.conftest import ROWS, small_data
from tests.pipelines.federation.conftest import (
    NAME,
    change,
    name_group,
    sign_anew,
    statements,
    take,
    write_signed,
)
from tests.pipelines.intake.crawler.test_http_transfer import make_certificate

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_a_folder_becomes_a_situation_with_the_same_statements(ours: DataDir, theirs: Path) -> None:
    before = statements(ours, "islandia")
    done = CliRunner().invoke(app, ["federate", "--data-dir", str(ours.root)])
    assert done.exit_code == 0, done.output
    assert "signed by Los otros" in done.output
    found = statements(ours, NAME)
    assert found == statements(DataDir(theirs / "data"), "islandia")
    assert len(found) > 5
    assert statements(ours, "islandia") == before
    again = CliRunner().invoke(app, ["federate", "--data-dir", str(ours.root)])
    assert "as before" in again.output


def test_what_they_withheld_is_nowhere_in_what_is_taken(ours: DataDir) -> None:
    take(ours)
    claims = pl.read_csv(ours.situation(NAME) / "transcriptions" / "claims.csv")
    assert claims.height > 0
    assert claims.filter(pl.col("breakdown") == "age=adolescent").is_empty()
    assert claims["value"].null_count() == 0


def test_pages_and_answers_say_who_signed(ours: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    take(ours)
    build.build(ours, today=TODAY)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(ours.root))
    rows = {each.id: each.signed for each in list_situations(open_view(None, "es")).rows}
    copied = open_view(NAME, "es")
    assert "firmó Los otros" in tell_way(copied, "transcriptions/claims.csv")
    assert "Los otros" in rows[NAME]
    assert rows["islandia"] == ""
    for name, signed in ((NAME, True), ("islandia", False)):
        edition = open_edition(name, day=TODAY)
        page = render(edition, data_pages.make_page(edition, edition.first))
        assert ("Los otros" in page) == signed
        caveats = list_caveats(edition.first, [])
        assert any("Los otros" in each for each in caveats) == signed
        view = edition.first
        chart, exhibit = next(draw_shown(view))
        framed = embeds.make_embed(edition, view, chart, exhibit, pinned=True)
        assert ("Los otros" in render(edition, framed)) == signed
        embedded = embed_pages._render_chart(view, chart.name, exhibit)
        assert ("Los otros" in embedded) == signed
        assert ("Los otros" in share_picture.write_page(view, [share_picture.make_home(view)])) == signed
        digest = collect_digest(edition, view, date(2014, 1, 1), TODAY)
        assert digest.entries
        for message in Telegram("@channel", None).make_messages(digest):
            assert ("Los otros" in json.loads(message.body)["text"]) == signed


@pytest.mark.parametrize(
    "path", ["data/claims.parquet", "data/settings.json", "data/datapackage.json", SUMS, SIGNATURE]
)
def test_a_changed_byte_leaves_it_out_and_the_rest_stands(ours: DataDir, path: str) -> None:
    assert take(ours).signed_by
    change(ours.root.parent / "published", path)
    taken = take(ours)
    assert taken.signed_by is None
    assert taken.trouble
    assert ours.situations() == ["islandia"]
    build.build(ours, today=TODAY)
    assert [each[8] for each in statements(ours, "islandia")] == [805, 810]


def test_another_key_than_the_named_one_signs_nothing(ours: DataDir, theirs: Path) -> None:
    write_signed(DataDir(theirs / "data"), ours.root.parent / "forged", OTHER)
    name_group(ours, "../forged")
    assert "not signed by the key" in take(ours).trouble


def test_an_unsigned_folder_is_not_taken(ours: DataDir, theirs: Path) -> None:
    write_signed(DataDir(theirs / "data"), ours.root.parent / "unsigned", None)
    name_group(ours, "../unsigned")
    taken = take(ours)
    assert taken.signed_by is None
    assert SIGNATURE in taken.trouble


def test_one_that_cannot_be_read_now_stays_until_it_is_too_old(ours: DataDir) -> None:
    take(ours)
    (ours.root.parent / "published").rename(ours.root.parent / "elsewhere")
    taken = take(ours)
    assert taken.signed_by
    assert "cannot be read" in taken.trouble
    assert NAME in ours.situations()
    assert take(ours, timedelta(days=46)).signed_by is None
    assert NAME not in ours.situations()


def test_one_that_is_too_old_or_from_the_future_is_left_out(ours: DataDir) -> None:
    assert "older than the 45 days" in take(ours, timedelta(days=46)).trouble
    assert "has not come" in take(ours, timedelta(days=-3)).trouble


@pytest.mark.usefixtures("made_anew")
def test_an_old_copy_served_again_is_refused(ours: DataDir) -> None:
    published = ours.root.parent / "published"
    old = shutil.copytree(published, ours.root.parent / "old")
    root = ours.root.parent / "newer"
    newer = small_data(root, [*ROWS, row(value=590, as_of="2026-02-22", published="2026-02-22")])
    shutil.rmtree(published)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "_CLOCKS_APART", timedelta(days=9999))
        write_signed(newer, published)
        first = take(ours, timedelta(days=1))
        assert first.signed_by
        if first.signed_by.created == read_created(old):
            pytest.fail("both were made in one second")
        shutil.rmtree(published)
        old.rename(published)
        assert "somebody serves an old copy" in take(ours, timedelta(days=1)).trouble


def read_created(folder: Path) -> datetime:
    descriptor = taking.msgspec.json.decode((folder / "data" / "datapackage.json").read_bytes())
    return datetime.fromisoformat(descriptor["created"])


def test_a_group_that_is_named_no_longer_goes(ours: DataDir) -> None:
    take(ours)
    build.build(ours, today=TODAY)
    (ours.root / FILE).write_text("", encoding="utf-8")
    assert take_all(ours, datetime.now(UTC), Outside()) == []
    assert ours.situations() == ["islandia"]
    build.build(ours, today=TODAY)  # and is no loss of ours


def test_our_own_situation_is_never_written_over(ours: DataDir) -> None:
    text = (ours.root / FILE).read_text(encoding="utf-8").replace(NAME, "islandia")
    (ours.root / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SituationError, match="a situation of your own"):
        take_all(ours, datetime.now(UTC), Outside())


@pytest.mark.parametrize("folder", ["keys", "build"])
def test_no_other_folder_of_ours_is_written_over(ours: DataDir, folder: str) -> None:
    (ours.root / folder).mkdir(exist_ok=True)
    text = (ours.root / FILE).read_text(encoding="utf-8").replace(NAME, folder)
    (ours.root / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SituationError, match="another folder of"):
        take_all(ours, datetime.now(UTC), Outside())
    assert (ours.root / folder).is_dir()


@pytest.mark.parametrize("active", [b"javascript:alert(1)//", b"java\\tscript:alert(1)//"])
def test_settings_that_a_browser_would_run_are_refused(ours: DataDir, active: bytes) -> None:
    sign_anew(ours, lambda content: content.replace(b"https://ayuda.example/", active))
    assert "a browser would run" in take(ours).trouble


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[]", b'{"situation": []}', b"\xff"])
def test_settings_in_another_form_are_left_out(ours: DataDir, content: bytes) -> None:
    sign_anew(ours, lambda _: content)
    assert "not in the form" in take(ours).trouble
    assert ours.situations() == ["islandia"]


def test_a_table_of_a_great_many_rows_is_refused_unread(ours: DataDir) -> None:
    many = io.BytesIO()
    pl.DataFrame({"claim_id": pl.repeat("x", 1_000_001, eager=True)}).write_parquet(many)
    sign_anew(ours, lambda _: many.getvalue(), "claims.parquet")
    assert "more than 1,000,000 rows" in take(ours).trouble


def test_a_manifest_that_is_too_long_is_not_read(ours: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_folder, "LARGEST_LIST", 100)
    assert f"{SUMS} is larger than 100 bytes" in take(ours).trouble


def test_no_other_group_has_a_say_in_how_we_work(ours: DataDir) -> None:
    theirs = {"default": True, "accept_auto": True, "digest": {"webhook": "https://theirs.example/"}}

    def change_settings(content: bytes) -> bytes:
        settings = json.loads(content)
        return json.dumps(settings | {"situation": settings["situation"] | theirs}).encode()

    sign_anew(ours, change_settings)
    assert take(ours).signed_by
    found = read_situation(ours.situation(NAME))
    assert (found.default, found.accept_auto, found.digest) == (False, False, None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BuildError("a check found a wrong row"), "a check found a wrong row"),
        (duckdb.ConversionException("a value"), "no build can be made of it (ConversionException)"),
    ],
)
def test_a_folder_that_no_build_can_be_made_of_is_left_out(
    ours: DataDir, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(taking.build, "build", fail)
    assert take(ours).trouble == said
    assert ours.situations() == ["islandia"]
    assert not list(ours.root.glob(".federating-*"))


def test_what_a_killed_run_left_behind_goes(ours: DataDir) -> None:
    (ours.root / ".federating-killed" / NAME).mkdir(parents=True)
    take(ours)
    assert not list(ours.root.glob(".federating-*"))
    assert read_situation(ours.situation(NAME)).signed_by


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Outside]]:
    """The published folder served over TLS on loopback, and a world that trusts its certificate."""
    key, certificate = make_certificate("otros.example")
    (tmp_path / "pair.pem").write_bytes(key + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "published"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    outside = Outside(
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cadata=certificate.decode()),
        allow_private=True,
    )
    yield f"https://otros.example:{server.server_port}/", outside
    server.shutdown()
    server.server_close()


def test_a_folder_on_the_web_is_read_over_tls_alone(ours: DataDir, web: tuple[str, Outside]) -> None:
    address, outside = web
    name_group(ours, address)
    assert take(ours, outside=outside).signed_by
    name_group(ours, address.replace("https", "http"))
    assert "https only" in take(ours, outside=outside).trouble
    name_group(ours, address)
    blind = Outside(resolve=outside.resolve, tls=outside.tls)  # a name that leads into one's own network
    assert "not a public address" in take(ours, outside=blind).trouble


def test_a_group_s_shrinking_list_is_no_loss_of_ours(ours: DataDir) -> None:
    take(ours)
    build.build(ours, today=TODAY)
    sheet = ours.situation(NAME) / "transcriptions" / "claims.csv"
    (ours.situation(NAME) / "verifications.csv").unlink()
    (ours.situation(NAME) / "corrections.toml").unlink()
    (ours.situation(NAME) / "publishers.toml").unlink()
    sheet.write_text("\n".join(sheet.read_text(encoding="utf-8").splitlines()[:2]) + "\n", encoding="utf-8")
    build.build(ours, today=TODAY)
    assert len(statements(ours, NAME)) <= 1


@pytest.mark.parametrize(
    "command",
    [
        ["ingest", "SHEET"],
        ["read", "SHEET", "--published", "2026-03-01", "--publisher", "Diario"],
        ["recheck"],
        ["review"],
        ["collect"],
    ],
)
def test_nothing_is_written_beside_what_the_next_folder_replaces(ours: DataDir, command: list[str]) -> None:
    take(ours)
    sheet = ours.situation("islandia") / "transcriptions" / "sheet.csv"
    before = {path: path.read_bytes() for path in ours.situation(NAME).rglob("*") if path.is_file()}
    asked = [str(sheet) if each == "SHEET" else each for each in command]
    done = CliRunner().invoke(app, [*asked, "--situation", NAME, "--data-dir", str(ours.root)])
    assert (done.exit_code, "Los otros" in done.output) == (2, True), done.output
    assert before == {path: path.read_bytes() for path in ours.situation(NAME).rglob("*") if path.is_file()}
