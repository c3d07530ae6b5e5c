"""Servers that a benchmark starts and ends, each on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from dashboards.app.server.guard import SESSIONS
from pipelines.core.paths import ROOT

APPS = Path(__file__).resolve().parent / "apps"
VENV = ROOT / ".venv-bench"
PLAIN = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")


class Server(NamedTuple):
    """One process and where it answers."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def megabytes(self) -> float:
        """Resident memory of the process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def ours() -> list[str]:
    """The command of the app itself."""
    return [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port={port}"]


def plain(name: str) -> list[str]:
    """The command of one of the Streamlit apps beside, with Streamlit's own settings."""
    return [sys.executable, "-m", "streamlit", "run", str(APPS / name), "--server.port={port}", *PLAIN]


def other(name: str, content: Path) -> list[str]:
    """The command of an app of another framework, in an environment of its own."""
    return [str(_other_python()), str(APPS / name), str(content), "{port}"]


def _other_python() -> Path:
    """Made once, from comparison.txt."""
    python, pins = VENV / "bin" / "python", Path(__file__).with_name("comparison.txt")
    made = VENV / "ready"
    if not made.exists() or made.read_text("utf-8") != pins.read_text("utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        install = ["install", "--quiet", "--no-deps", "--require-hashes", "-r", str(pins)]
        subprocess.run([str(python), "-m", "pip", *install], check=True)
        made.write_text(pins.read_text("utf-8"), "utf-8")
    return python


@contextmanager
def serving(command: list[str], data: Path, folder: Path) -> Iterator[Server]:
    """The server, once it answers. Raises RuntimeError where it never does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = [part.format(port=port) for part in command]
    here = ROOT if str(ROOT / "app.py") in told else folder  # settings are read from where it is started
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),  # the plain page shows our words
        "LIBEROMETRO_DATA": str(data),
        SESSIONS: "3000",  # all visitors are of one address
    }
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(told, cwd=here, env=surroundings, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"{process.args} does not answer")
