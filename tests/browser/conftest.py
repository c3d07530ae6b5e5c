"""The app served as `make run` serves it, and Debian's Chromium to look at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation

STARTS_WITHIN_SECONDS = 60


@pytest.fixture(scope="session")
def served_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small build of the tests' own."""
    root = tmp_path_factory.mktemp("served") / "data"
    folder = write_situation(root)
    left = {"measure": "released_to_date", "period_start": "2026-01-08"}
    rows = [
        row(value=1806, as_of="2026-01-05", published="2026-01-05"),
        row(value=1591, as_of="2026-02-15", published="2026-02-15"),
        row(**left, value=400, as_of="2026-02-08", published="2026-02-08"),
        row(**left, value=464, as_of="2026-02-15", published="2026-02-15"),
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(DataDir(root), today=TODAY)
    return root


@pytest.fixture(scope="session")
def address(served_data: Path) -> Iterator[str]:
    """Where the app is served, with a small build of its own."""
    with served(served_data) as address:
        yield address


@contextmanager
def served(root: Path) -> Iterator[str]:
    """One more process that serves the app over a data folder; its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    surroundings = {
        **os.environ,
        "LIBEROMETRO_DATA": str(root),
        "LIBEROMETRO_TODAY": TODAY.isoformat(),
    }
    server = subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(server, f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait(server: subprocess.Popen[str], health: str) -> None:
    """Until the server answers. Fails with what it wrote where it never does."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    server.terminate()
    pytest.fail(f"the app did not start:\n{server.communicate(timeout=20)[0]}")
