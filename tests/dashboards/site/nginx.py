"""Debian's nginx before a published site, with docs/site.nginx.conf."""

import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.core.paths import ROOT
from tests.browser.conftest import free_port

MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log off;
    include {folder}/site.conf;
}}
"""


@contextmanager
def nginx(site: Path, folder: Path) -> Iterator[str]:
    """The address at which nginx serves a site. Without nginx the test is skipped, and fails with CI=true."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        message = "nginx is missing: apt-get install nginx-light"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    port = free_port()
    ours = (ROOT / "docs" / "site.nginx.conf").read_text("utf-8")
    for stated, here in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "/srv/liberometro/public/site": str(site),
    }.items():
        assert ours.count(stated) == 1
        ours = ours.replace(stated, here)
    (folder / "site.conf").write_text(ours, "utf-8")
    main = MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else "")
    (folder / "nginx.conf").write_text(main, "utf-8")
    server = subprocess.Popen(
        [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(server, f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait(server: subprocess.Popen[str], address: str) -> None:
    for _ in range(100):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    server.terminate()
    pytest.fail(f"nginx does not answer: {server.communicate(timeout=20)[1]}")
