"""Programs that tests run: the app as it is served, and Debian's, with nginx before what is tested."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from pipelines.core.paths import ROOT

T = TypeVar("T")

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
    {http}
    include {folder}/ours.conf;
}}
"""

STARTS_WITHIN_SECONDS = 60


class App(NamedTuple):
    """One process that serves the app."""

    port: int
    pid: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Call = Callable[[Callable[[], Any]], Any]


@contextmanager
def run_app(
    root: Path, *, prefix: Sequence[str] = (), call: Call = lambda work: work(), **settings: str
) -> Iterator[App]:
    """The app over a data folder on a free port, as `make run` serves it; `settings` join the environment.

    `prefix` is a command that runs it elsewhere, and `call` calls what asks it there.
    """
    port = free_port()
    command = [*prefix, sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    surroundings = {**os.environ, "LIBEROMETRO_DATA": str(root), **settings}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            server = subprocess.Popen(
                command, cwd=ROOT, env=surroundings, stdout=written, stderr=subprocess.STDOUT
            )
        try:
            call(lambda: _wait_for_app(server, f"http://127.0.0.1:{port}/_stcore/health", log))
            yield App(port, server.pid, log)
        finally:
            server.terminate()
            server.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for_app(server: subprocess.Popen[bytes], health: str, log: Path) -> None:
    """Until the server answers. Fails with what it wrote where it never does."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text('utf-8')}")


def find_program(name: str, package: str) -> str:
    """Where a program is. Where it is missing the test is skipped, and fails with CI=true."""
    beside = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"))]  # Debian's
    path = shutil.which(name, path=":".join([os.environ["PATH"], "/usr/sbin", *beside]))
    if path is None:
        message = f"{name} is missing: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@contextmanager
def run_nginx(
    folder: Path, name: str, places: Mapping[str, str], address: str, http: str = "access_log off;"
) -> Iterator[None]:
    """Debian's nginx with `docs/<name>`, in which each of `places` stands once and is replaced.

    It works in `folder` and has to answer at `address`; `http` are further lines of its http block.
    """
    program = find_program("nginx", "nginx-light")
    ours = (ROOT / "docs" / name).read_text("utf-8")
    for stated, here in places.items():
        assert ours.count(stated) == 1
        ours = ours.replace(stated, here)
    (folder / "ours.conf").write_text(ours, "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user, http=http), "utf-8")
    server = subprocess.Popen(
        [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(server, address)
        yield
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


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where the process has a loop already, as that of a browser test is."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()
