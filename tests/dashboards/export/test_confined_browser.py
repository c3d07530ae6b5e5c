"""Chromium draws in its sandbox and asks nobody, whoever starts it; what it draws reads no file of ours."""

import io
import json
import os
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest

from dashboards.export import chromium, confined_browser
from pipelines.core.paths import ROOT

pytestmark = pytest.mark.browser

ORDINARY = (
    "unshare",
    "--user",
    "--map-user=1000",
    "--map-group=1000",
)  # a user without any right but their own
# Draws one picture and tells of every process below it: how it was started, what confines it, what it knows.
LOOK = """
import json, os
from pathlib import Path
from dashboards.export import chromium
assert chromium.print_png("<p>Cifra</p>", 200, 100).startswith(b"\\x89PNG")
below, found = {os.getpid()}, []
for place in sorted(Path("/proc").glob("[0-9]*"), key=lambda each: int(each.name)):
    try:
        status = dict(line.split(":\\t", 1) for line in (place / "status").read_text().splitlines())
        if int(status["PPid"]) in below:
            below.add(int(place.name))
            found.append({
                "command": (place / "cmdline").read_bytes().decode().replace("\\0", " ").split(" "),
                "seccomp": status["Seccomp"], "network": os.readlink(place / "ns/net"),
                "environment": (place / "environ").read_bytes().decode(),
            })
    except (OSError, KeyError):
        continue
print(json.dumps({"processes": found, "network": os.readlink("/proc/self/ns/net"), "user": os.geteuid()}))
"""


@pytest.mark.parametrize("before", [(), ORDINARY], ids=["as it runs here", "as an ordinary user"])
def test_every_page_is_drawn_in_a_sandbox_without_a_network(before: tuple[str, ...]) -> None:
    command = [*before, sys.executable, "-c", LOOK]
    with tempfile.TemporaryDirectory() as place:  # of a short name: Chromium puts a socket there
        environment = {**os.environ, "TMPDIR": place, "STREAMLIT_SERVER_COOKIE_SECRET": "geheim"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert list(Path(place).iterdir()) == []  # its profile is gone with it
    seen = json.loads(done.stdout.splitlines()[-1])
    pages = [each for each in seen["processes"] if "--type=renderer" in each["command"]]
    assert pages
    assert {each["seccomp"] for each in pages} == {"2"}
    assert seen["network"] not in {each["network"] for each in pages}
    whole = next(each for each in seen["processes"] if "--remote-debugging-pipe" in each["command"][3:])
    assert not {"--no-sandbox", "--disable-web-security", "--allow-file-access-from-files"} & {
        *whole["command"]
    }
    assert "--disable-extensions" in whole["command"]
    assert "geheim" not in whole["environment"] + pages[0]["environment"]


def test_a_page_reads_no_file_and_asks_no_host_not_even_this_one(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    secret = tmp_path / "secret.txt"
    secret.write_text("nombre reservado", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"http://127.0.0.1:{server.server_address[1]}"
        page = (
            f"<p>Cifra</p><img src='{host}/a.png'><link rel=stylesheet href='{host}/b.css'>"
            f"<iframe src='{host}/c'></iframe><iframe src='file://{secret}'></iframe>"
            f"<object data='file://{secret}'></object><style>@import url({host}/d.css);</style>"
        )
        drawn = chromium.print_pdf(page)
        server.shutdown()
    text = "".join(each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(io.BytesIO(drawn)))
    assert "Cifra" in text
    assert "reservado" not in text
    assert asked == []


def test_where_there_is_no_sandbox_it_says_so_and_still_draws_the_same(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined_browser, "NAMESPACES", ("false",))
    monkeypatch.setattr(confined_browser, "_NET", ("false",))
    monkeypatch.setattr(confined_browser, "_has_sandbox", lambda _: False)
    confined_browser.choose_confinement.cache_clear()
    try:
        with caplog.at_level("INFO", "liberometro"):
            for _ in range(3):
                chosen = confined_browser.choose_confinement("chromium")
        assert chosen == confined_browser.Confinement((), sandbox=False)
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert "WITHOUT its sandbox" in caplog.text
    finally:
        confined_browser.choose_confinement.cache_clear()
