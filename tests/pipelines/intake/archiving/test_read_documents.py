"""What `collect` and `recheck` read of cited documents is noted with day and sha256, and kept as a WARC."""

import gzip
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.intake.archiving.read_documents import record_documents
from pipelines.intake.crawler.address_guard import parse_place
from pipelines.intake.crawler.http_transfer import HttpAnswer
from pipelines.intake.crawler.report_archive import Archive, Carrier
from pipelines.intake.crawler.warc_file import keep_warc
from pipelines.sheets import archived_copies
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_sheet
from tests.pipelines.intake.crawler.conftest import article, item, rss, server
from tests.pipelines.intake.crawler.server import Server, in_turn, redirect, reply, status
from tests.pipelines.intake.recheck.conftest import Recheck, asking, cites, folder, page, recheck, save

__all__ = ["asking", "folder", "recheck", "server"]  # fixtures


def noted(data: DataDir) -> pl.DataFrame:
    """The rows of the file, in its order."""
    path = data.situation("islandia")
    return archived_copies.read_archived_copies(path, datetime.now().astimezone().date())


def digest(body: str | bytes) -> str:
    return sha256(body.encode() if isinstance(body, str) else body).hexdigest()


def list_warcs(data: DataDir) -> dict[str, bytes]:
    files = (data.situation("islandia") / "inbox" / "warc").glob("*")
    return {path.name: gzip.decompress(path.read_bytes()) for path in files}


def test_recheck_notes_each_page_that_it_got_and_keeps_its_warc(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    body = page(800)
    server.paths |= {"/a": reply(body), "/gone": status(404), "/moved": redirect("/a")}
    rows = [cites(f"{server.url}{path}") for path in ("/a", "/gone", "/moved")]
    recheck(rows)
    first = noted(data)
    assert sorted(first.select("url", "sha256", "bytes").rows()) == [
        (f"{server.url}/a", digest(body), len(body.encode())),
        (f"{server.url}/moved", digest(body), len(body.encode())),
    ]
    assert first["archive"].null_count() == first.height
    (name,) = list_warcs(data)
    assert name == f"{digest(body)}.warc.gz"
    recheck(rows)
    assert noted(data).equals(first)


def test_saved_pages_are_not_noted(data: DataDir, folder: Path, recheck: Recheck) -> None:
    save(folder, "https://diario.example/1", page(800))
    recheck([cites("https://diario.example/1")], "--from", str(folder))
    assert noted(data).is_empty()


def collect(data: DataDir) -> dict[str, object]:
    done = CliRunner().invoke(app, ["collect", "--data-dir", str(data.root), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_collect_notes_a_document_once_a_figure_cites_it(
    data: DataDir, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBEROMETRO_COLLECT_ALLOW_PRIVATE", "1")
    body, later = article(812), article(799)
    server.paths |= {
        "/a": in_turn(reply(body), reply(later)),
        "/b": reply(article(5, words="Sale Zutanito Inventado Perengano.")),
        "/feed": reply(rss(item(f"{server.url}/a"), item(f"{server.url}/b")), "application/rss+xml"),
    }
    (data.situation("islandia") / "sources.toml").write_text(
        'contact = "https://islandia.example"\n[limits]\ndelay_seconds = 0\n[[source]]\nname = "diario"\n'
        f"kind = 'feed'\npublisher = 'El Diario'\nurl = '{server.url}/feed'\nports = [{server.port}]\n"
        "max_age_days = 36500\n",
        encoding="utf-8",
    )
    assert collect(data)["documents_noted"] == 0
    assert sorted(list_warcs(data)) == sorted(
        f"{each.sha256}.warc.gz" for each in Archive(data.situation("islandia") / "inbox/reports").reports()
    )
    sheet = data.situation("islandia") / "transcriptions" / "sheet.csv"
    write_sheet(sheet, [row(value=812, url=f"{server.url}/a?utm_source=boletin")])
    build.build(data, today=TODAY)
    assert [collect(data)["documents_noted"] for _ in range(2)] == [1, 0]
    (found,) = noted(data).to_dicts()
    assert (found["url"], found["sha256"]) == (f"{server.url}/a?utm_source=boletin", digest(body))
    assert "/b" not in (data.situation("islandia") / archived_copies.FILE).read_text(encoding="utf-8")


def keep(data: DataDir, body: str, hour: datetime, url: str = "https://diario.example/1") -> None:
    carrier = Carrier(source="s", publisher="El Diario", url=url, final_url=url, retrieved=hour)
    Archive(data.situation("islandia") / "inbox" / "reports").keep(body.encode(), "text/html", carrier, None)


def test_of_one_document_one_row_a_day_is_noted_the_newest(data: DataDir) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row()])
    build.build(data, today=TODAY)
    first, second, third = (f"<html><p>{number} personas</p></html>" for number in (1, 2, 3))
    keep(data, first, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert record_documents(data, "islandia", TODAY) == 1
    keep(data, second, datetime(2026, 11, 20, 13, tzinfo=UTC))
    assert record_documents(data, "islandia", TODAY) == 0
    keep(data, third, datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert [record_documents(data, "islandia", TODAY) for _ in range(2)] == [1, 0]
    assert noted(data)["sha256"].to_list() == [digest(first), digest(third)]


def test_without_a_build_nothing_is_noted(data: DataDir) -> None:
    keep(data, "<html><p>1 persona</p></html>", datetime(2026, 11, 20, tzinfo=UTC))
    assert record_documents(data, "islandia", TODAY) == 0


@pytest.mark.parametrize("body", ["<p>ñandú</p>".encode(), b"", b"\r\n\r\nWARC/1.1\r\n" + bytes(range(256))])
def test_a_warc_holds_the_answer_to_the_byte(tmp_path: Path, body: bytes) -> None:
    headers = {
        "content-type": "text/html",
        "content-encoding": "gzip",
        "x-odd": "a\r\nb",
        "content-length": "9",
    }
    answer = HttpAnswer(parse_place("https://diario.example/ñ?a=1"), 200, headers, body)
    path = keep_warc(tmp_path, answer, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert path.stat().st_mode & 0o077 == 0
    record = gzip.decompress(path.read_bytes())
    head, _, rest = record.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    block = rest[: int(fields["Content-Length"])]
    assert rest[len(block) :] == b"\r\n\r\n"
    http, _, payload = block.partition(b"\r\n\r\n")
    assert payload == body
    assert http.decode().split("\r\n") == [
        "HTTP/1.1 200 OK", "content-type: text/html", "x-odd: a b", f"content-length: {len(body)}",
    ]  # fmt: skip
    assert fields["WARC-Payload-Digest"] == f"sha256:{digest(body)}"
    assert (fields["WARC-Type"], fields["WARC-Date"]) == ("response", "2026-11-20T12:00:00Z")
    assert fields["WARC-Target-URI"] == answer.place.url
    before = path.read_bytes()
    keep_warc(tmp_path, answer, datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert path.read_bytes() == before
